namespace Polyad.MathNet;

/// <summary>Matrices in the only form that Math.NET's provider takes: an array of exactly rows * columns elements, column by column.</summary>
internal static class ColumnMajorArray
{
    public static MatrixView<T> View<T>(T[] data, int rows, int columns)
        where T : unmanaged
        => MatrixView<T>.FromColumnMajor(data, rows, columns);

    /// <summary>Copies the first rows and columns of an array's matrix into a view.</summary>
    public static void Write<T>(T[] data, int leading, in MatrixView<T> target)
        where T : unmanaged
    {
        ReadOnlyMatrixView<T> all = ReadOnlyMatrixView<T>.FromColumnMajor(data, leading, data.Length / leading);
        all.Slice(0, 0, target.Rows, target.Columns).CopyTo(target);
    }
}
