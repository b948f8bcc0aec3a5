using System.Numerics;

namespace Polyad;

/// <summary>
/// C += A^T B for compressed rows A and dense B and C of any strides: row i of B is added to the rows of C that the entries of row i of A name, in order. Threads share the columns of B.
/// </summary>
internal static unsafe class ScatterProduct
{
    /// <summary>Bytes of the lines of C that one part keeps in the second-level cache.</summary>
    private const int CacheBytes = 512 << 10;

    /// <summary>Rows of a strided B that are brought into lines at a time.</summary>
    private const int TileRows = 128;

    public static void Run<T>(SparseRows<T> rows, MatrixBlock<T> b, MatrixBlock<T> c)
        where T : unmanaged, INumberBase<T>
    {
        int n = b.Columns, line = 64 / sizeof(T);
        bool lines = b.ColumnStride == 1 && c.ColumnStride == 1;

        // A part owns some columns of C; strided ones go through a copy, a cache line wide.
        int width = lines ? Math.Clamp(CacheBytes / sizeof(T) / Math.Max(c.Rows, 1) / line, 4, 32) * line : line;
        WorkTeam.Run((n + width - 1) / width, Parallelism.Current.ThreadsForFlops(2.0 * (rows.Pointers[rows.Count] - rows.Pointers[0]) * n), part =>
        {
            int first = part * width, count = Math.Min(width, n - first);
            MatrixBlock<T> source = b.Slice(0, first, b.Rows, count), sums = c.Slice(0, first, c.Rows, count);
            if (lines)
            {
                SparseRowKernels.Scatter(rows, source, sums);
                return;
            }

            using Scratch<T> scratch = Workspace.Rent<T>(((nint)c.Rows + TileRows) * count);
            MatrixBlock<T> dense = MatrixBlock<T>.RowMajor(scratch.Pointer, c.Rows, count), tile = MatrixBlock<T>.RowMajor(scratch.Pointer + ((nint)c.Rows * count), TileRows, count);
            BlockCopy.Run(sums, dense);
            for (int i = 0; i < b.Rows; i += TileRows)
            {
                MatrixBlock<T> some = tile.Slice(0, 0, Math.Min(TileRows, b.Rows - i), count);
                BlockCopy.Run(source.Slice(i, 0, some.Rows, count), some);
                SparseRowKernels.Scatter(rows.Slice(i, some.Rows), some, dense);
            }

            BlockCopy.Run(dense, sums);
        });
    }
}
