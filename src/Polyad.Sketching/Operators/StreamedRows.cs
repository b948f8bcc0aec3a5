namespace Polyad.Sketching;

/// <summary>The check of rows that arrive in batches.</summary>
internal static class StreamedRows
{
    /// <summary>Refuses rows of another width than <paramref name="width"/>, and rows that do not lie among the <paramref name="all"/> that a sketch was made for.</summary>
    public static void Check(int all, int width, int row, int rows, int columns)
    {
        if (columns != width)
        {
            throw new ArgumentException($"Rows of {width} numbers are accumulated; given {rows} x {columns}.", nameof(rows));
        }

        if (row < 0 || rows > all - row)
        {
            throw new ArgumentException($"Rows {row} to {row + (long)rows - 1} do not lie among the {all} that the sketch was made for.", nameof(rows));
        }
    }
}
