using System.Numerics;

namespace Polyad.MathNet;

/// <summary>Matrices in the only form that Math.NET's provider takes: an array of exactly rows * columns elements, column by column.</summary>
internal static class ColumnMajorArray
{
    /// <summary>An array for a matrix, zeroed: Math.NET relies on it.</summary>
    /// <exception cref="NotSupportedException">The matrix has more elements than an array.</exception>
    public static T[] Create<T>(int rows, int columns)
    {
        long count = (long)rows * columns;
        return count <= Array.MaxLength ? new T[count]
            : throw new NotSupportedException($"Math.NET keeps a matrix in one array; {rows} x {columns} has {count} elements, an array at most {Array.MaxLength}.");
    }

    public static T[] CopyOf<T>(in ReadOnlyMatrixView<T> a)
        where T : unmanaged
    {
        T[] copy = Create<T>(a.Rows, a.Columns);
        a.CopyTo(View(copy, a.Rows, a.Columns));
        return copy;
    }

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
