namespace Polyad.Managed;

/// <summary>Turns a view whose memory a <c>fixed</c> statement holds into a block.</summary>
internal static unsafe class Pinned
{
    public static MatrixBlock<T> Block<T>(in ReadOnlyMatrixView<T> view, T* origin)
        where T : unmanaged
        => new(origin, view.Rows, view.Columns, view.RowStride, view.ColumnStride);

    public static MatrixBlock<T> Block<T>(in MatrixView<T> view, T* origin)
        where T : unmanaged
        => new(origin, view.Rows, view.Columns, view.RowStride, view.ColumnStride);
}
