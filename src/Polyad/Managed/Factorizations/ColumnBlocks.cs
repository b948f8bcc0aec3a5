namespace Polyad.Managed;

/// <summary>A matrix whose blocks of columns lie apart, each with its lines as those of the matrix run, or in place where there is no room for that.</summary>
/// <param name="matrix">m x n.</param>
/// <param name="apart">Room for m x n, or null.</param>
/// <param name="width">Columns of a block; the last one may have fewer.</param>
internal readonly unsafe struct ColumnBlocks<T>(MatrixBlock<T> matrix, T* apart, int width)
    where T : unmanaged
{
    public MatrixBlock<T> Matrix => matrix;

    public int Width => width;

    public int Count => (matrix.Columns + width - 1) / width;

    public bool Apart => apart != null;

    /// <summary>One past the last column that lies together with this one.</summary>
    public int End(int column) => apart == null ? matrix.Columns : (column / width * width) + width;

    /// <summary>A part of one block.</summary>
    public MatrixBlock<T> Slice(int row, int column, int rows, int columns)
    {
        if (apart == null)
        {
            return matrix.Slice(row, column, rows, columns);
        }

        int start = column / width * width;
        return CompactWy.Like(matrix, apart + ((nint)start * matrix.Rows), matrix.Rows, Math.Min(width, matrix.Columns - start)).Slice(row, column - start, rows, columns);
    }
}
