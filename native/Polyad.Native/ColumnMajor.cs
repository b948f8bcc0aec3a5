namespace Polyad.Native;

/// <summary>Fortran's matrices: a pointer, rows, columns and a leading dimension.</summary>
internal static unsafe class ColumnMajor
{
    public static MatrixView<T> View<T>(T* data, int rows, int columns, int leading)
        where T : unmanaged
        => MatrixView<T>.FromPointer(data, rows, columns, 1, leading);

    public static MatrixBlock<T> Block<T>(T* data, int rows, int columns, int leading)
        where T : unmanaged
        => new(data, rows, columns, 1, leading);

    /// <summary>A symmetric matrix so turned that its stored triangle is the lower one.</summary>
    public static MatrixBlock<T> LowerOf<T>(Triangle stored, in MatrixBlock<T> a)
        where T : unmanaged
        => stored == Triangle.Lower ? a : a.Transpose;
}
