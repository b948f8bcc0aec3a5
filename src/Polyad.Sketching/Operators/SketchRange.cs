namespace Polyad.Sketching;

/// <summary>A block of a sketch: rows from <paramref name="Row"/> on and columns from <paramref name="Column"/> on.</summary>
internal readonly record struct SketchRange(int Row, int Column, int Rows, int Columns)
{
    /// <summary>A block of a sketch, which it must not leave.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It does.</exception>
    public static SketchRange Within(int row, int column, int rows, int columns, int allRows, int allColumns)
        => row >= 0 && column >= 0 && rows >= 0 && columns >= 0 && rows <= allRows - row && columns <= allColumns - column ? new(row, column, rows, columns)
            : throw new ArgumentOutOfRangeException(nameof(row), $"A block of {rows} x {columns} at ({row}, {column}) leaves the sketch ({allRows} x {allColumns}).");

    /// <summary>A block of this block.</summary>
    public SketchRange Slice(int row, int column, int rows, int columns) => new(Row + row, Column + column, rows, columns);
}
