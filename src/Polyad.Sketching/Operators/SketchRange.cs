namespace Polyad.Sketching;

/// <summary>A block of a sketch: rows from <paramref name="Row"/> on and columns from <paramref name="Column"/> on.</summary>
internal readonly record struct SketchRange(int Row, int Column, int Rows, int Columns)
{
    /// <summary>A block of this block.</summary>
    public SketchRange Slice(int row, int column, int rows, int columns) => new(Row + row, Column + column, rows, columns);
}
