using System.Runtime.CompilerServices;

namespace Polyad;

/// <summary>Copies a matrix between two layouts in cache-sized tiles, so that neither side is walked with a long stride for long.</summary>
internal static unsafe class BlockCopy
{
    private const int Tile = 16;

    /// <summary>As <see cref="Run{T}(in MatrixBlock{T}, in MatrixBlock{T})"/>, a large matrix by several threads.</summary>
    public static void Run<T>(in MatrixBlock<T> source, in MatrixBlock<T> target, Parallelism parallelism)
        where T : unmanaged
    {
        int threads = parallelism.ThreadsForBytes(2.0 * sizeof(T) * source.Rows * source.Columns);
        if (threads == 1)
        {
            Run(source, target);
            return;
        }

        // Threads write separate lines of the target.
        bool byRow = nint.Abs(target.ColumnStride) <= nint.Abs(target.RowStride);
        Share(byRow ? source : source.Transpose, byRow ? target : target.Transpose, threads);
    }

    private static void Share<T>(MatrixBlock<T> source, MatrixBlock<T> target, int threads)
        where T : unmanaged
    {
        int parts = 4 * threads;
        WorkTeam.Run(parts, threads, part =>
        {
            (int from, int to) = WorkTeam.Range(source.Rows, parts, part, Tile);
            Run(source.Slice(from, 0, to - from, source.Columns), target.Slice(from, 0, to - from, source.Columns));
        });
    }

    /// <summary>Column j of the target becomes column order[j] of the source, of contiguous columns both; rows that only the target has are cleared. Many columns are shared by several threads.</summary>
    public static void Columns<T>(MatrixBlock<T> source, int* order, MatrixBlock<T> target, Parallelism parallelism)
        where T : unmanaged
    {
        int rows = source.Rows, threads = parallelism.ThreadsForBytes(2.0 * sizeof(T) * rows * target.Columns), parts = 2 * threads;
        WorkTeam.Run(parts, threads, part =>
        {
            (int from, int to) = WorkTeam.Range(target.Columns, parts, part, 1);
            for (int j = from; j < to; j++)
            {
                T* column = target.Data + (j * target.ColumnStride);
                new ReadOnlySpan<T>(source.Data + (order[j] * source.ColumnStride), rows).CopyTo(new Span<T>(column, rows));
                new Span<T>(column + rows, target.Rows - rows).Clear();
            }
        });
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run<T>(in MatrixBlock<T> source, in MatrixBlock<T> target)
        where T : unmanaged
    {
        // Walk the target along its shorter stride; the transpose of both is the same copy.
        MatrixBlock<T> s = source, d = target;
        if (nint.Abs(d.RowStride) < nint.Abs(d.ColumnStride))
        {
            (s, d) = (s.Transpose, d.Transpose);
        }

        if (s.ColumnStride == 1 && d.ColumnStride == 1)
        {
            for (int i = 0; i < d.Rows; i++)
            {
                new ReadOnlySpan<T>(s.Data + (i * s.RowStride), d.Columns).CopyTo(new Span<T>(d.Data + (i * d.RowStride), d.Columns));
            }

            return;
        }

        if (s.RowStride == 1 && d.ColumnStride == 1)
        {
            TileTranspose.Run(s.Data, d.Data, line: new(d.Rows, s.RowStride, d.RowStride), run: new(d.Columns, s.ColumnStride, d.ColumnStride));
            return;
        }

        for (int i0 = 0; i0 < d.Rows; i0 += Tile)
        {
            int iEnd = Math.Min(i0 + Tile, d.Rows);
            for (int j0 = 0; j0 < d.Columns; j0 += Tile)
            {
                int jEnd = Math.Min(j0 + Tile, d.Columns);
                for (int i = i0; i < iEnd; i++)
                {
                    T* from = s.Data + (i * s.RowStride) + (j0 * s.ColumnStride);
                    T* to = d.Data + (i * d.RowStride) + (j0 * d.ColumnStride);
                    for (int j = j0; j < jEnd; j++)
                    {
                        *to = *from;
                        from += s.ColumnStride;
                        to += d.ColumnStride;
                    }
                }
            }
        }
    }
}
