using System.Numerics;
using System.Runtime.CompilerServices;

namespace Polyad.Managed;

/// <summary>
/// P A = L U with partial pivoting in blocks of columns (LAPACK's xGETRF): a block is factored, its swaps and its triangle are applied to the columns right of it, the rest of
/// which is updated by one product. The next block is updated and factored beside the others' update, as one of its parts, so that no thread waits for it (look-ahead).
/// Swaps reach the columns left of a block at the end. Several threads work on a copy in which every block of columns lies apart, so that
/// what the processor fetches ahead of one thread's columns never belongs to another thread.
/// A block is factored by halving its columns (Toledo 1997; LAPACK's xGETRF2), and up to 32 columns in a column-major copy.
/// </summary>
internal static unsafe class LuFactorization
{
    /// <summary>Fewer are not worth a second thread: 2/3 n^3 flops pass it from about n = 530 on.</summary>
    private const double FlopsPerThread = 5e7;

    /// <summary>Parts of lines are cut at multiples of this.</summary>
    private const int PartLines = 32;

    /// <summary>Writes L (unit diagonal, below) and U in one matrix. Returns the index of the first pivot that is exactly zero, or -1.</summary>
    /// <param name="a">m x n, any strides.</param>
    /// <param name="lu">m x n, any strides.</param>
    /// <param name="pivots">min(m, n) row swaps, 0-based.</param>
    /// <param name="parallelism">Threads for the products.</param>
    public static int Run<T>(in MatrixBlock<T> a, in MatrixBlock<T> lu, Span<int> pivots, Parallelism parallelism)
        where T : unmanaged, INumberBase<T>
    {
        if (lu.ColumnStride == 1 || lu.RowStride == 1)
        {
            return Factor(a, lu, pivots, parallelism);
        }

        using Scratch<T> scratch = Workspace.Rent<T>((nint)lu.Rows * lu.Columns);
        MatrixBlock<T> work = MatrixBlock<T>.RowMajor(scratch.Pointer, lu.Rows, lu.Columns);
        int zero = Factor(a, work, pivots, parallelism);
        BlockCopy.Run(work, lu, parallelism);
        return zero;
    }

    private static int Factor<T>(in MatrixBlock<T> source, in MatrixBlock<T> a, Span<int> pivots, Parallelism most)
        where T : unmanaged, INumberBase<T>
    {
        int k = Math.Min(a.Rows, a.Columns), block = Math.Min(BlockColumns(k), k);
        Parallelism parallelism = Limit(a.Rows, a.Columns, most);
        if (a.Columns <= 2 * block)
        {
            BlockCopy.Run(source, a, most);
            return FactorHalves(a, pivots, parallelism);
        }

        fixed (int* swaps = pivots)
        {
            nint size = CopyElements(a.Rows, a.Columns, most);
            using Scratch<T> copy = size > 0 ? Workspace.Rent<T>(size) : default;
            ColumnBlocks<T> blocks = new(a, size > 0 ? copy.Pointer : null, block);
            int zero = CopyAndFactorFirst(source, blocks, swaps, parallelism, most);
            zero = FactorBlocks(blocks, swaps, k, zero, parallelism);
            if (size > 0)
            {
                WriteBlocks(blocks, swaps, k, parallelism);
            }
            else
            {
                SwapLeft(a, swaps, k, block);
            }

            for (int i = 0; i < k; i++)
            {
                swaps[i] += i / block * block;
            }

            return zero;
        }
    }

    /// <summary>Elements of the copy on which several threads work; none for one thread or few columns.</summary>
    public static nint CopyElements(int rows, int columns, Parallelism most)
    {
        int k = Math.Min(rows, columns);
        return columns > 2 * Math.Min(BlockColumns(k), k) && Limit(rows, columns, most).MaxThreads > 1 ? (nint)rows * columns : 0;
    }

    private static Parallelism Limit(int rows, int columns, Parallelism most)
        => most.ForFactorization(2.0 / 3 * Math.Min(rows, columns) * rows * columns, FlopsPerThread);

    /// <summary>Columns of a block: wide enough that the products run at speed, narrow enough that factoring the next block takes no longer than the others' update beside it.</summary>
    private static int BlockColumns(int k) => k <= 512 ? 64 : k <= 1200 ? 120 : k <= 3000 ? 144 : 256;

    /// <summary>Copies the matrix to where it is factored, and factors the first block beside that. Returns the first column whose pivot is zero, or -1.</summary>
    private static int CopyAndFactorFirst<T>(in MatrixBlock<T> source, in ColumnBlocks<T> blocks, int* pivots, Parallelism parallelism, Parallelism most)
        where T : unmanaged, INumberBase<T>
    {
        if (blocks.Apart)
        {
            return ShareFirst(source, blocks, pivots, parallelism.MaxThreads);
        }

        BlockCopy.Run(source, blocks.Matrix, most);
        return FactorPanel(blocks, pivots, 0, blocks.Width);
    }

    private static int ShareFirst<T>(MatrixBlock<T> source, ColumnBlocks<T> blocks, int* pivots, int threads)
        where T : unmanaged, INumberBase<T>
    {
        int m = source.Rows, parts = 4 * threads, zero = -1;
        WorkTeam.Run(1 + parts, threads, part =>
        {
            if (part == 0)
            {
                Copy(0, blocks.Width, 0, m);
                zero = FactorPanel(blocks, pivots, 0, blocks.Width);
                return;
            }

            (int from, int to) = WorkTeam.Range(m, parts, part - 1, PartLines);
            for (int column = blocks.Width; column < source.Columns; column += blocks.Width)
            {
                Copy(column, Math.Min(column + blocks.Width, source.Columns), from, to);
            }
        });
        return zero;

        void Copy(int column, int end, int from, int to)
        {
            MatrixBlock<T> old = source.Slice(from, column, to - from, end - column), block = blocks.Slice(from, column, to - from, end - column);
            if (block.ColumnStride != 1)
            {
                (old, block) = (old.Transpose, block.Transpose);
            }

            if (old.ColumnStride != 1)
            {
                BlockCopy.Run(old, block);
                return;
            }

            // Past the caches: changing lines that other threads have read, as in an earlier factorization, costs seven times as much.
            for (int i = 0; i < old.Rows; i++)
            {
                StreamingStore.Copy(old.Data + (i * old.RowStride), block.Data + (i * block.RowStride), old.Columns);
            }

            StreamingStore.Fence();
        }
    }

    /// <summary>Swaps are counted from the first row of their block here.</summary>
    private static int FactorBlocks<T>(in ColumnBlocks<T> blocks, int* pivots, int k, int zero, Parallelism parallelism)
        where T : unmanaged, INumberBase<T>
    {
        int m = blocks.Matrix.Rows, n = blocks.Matrix.Columns, block = blocks.Width;
        for (int j = 0; j < k; j += block)
        {
            int width = Math.Min(block, k - j), next = j + width;
            int threads = parallelism.ThreadsForFlops(2.0 * (m - j) * (n - next) * width);
            int later = UpdateAndFactorNext(blocks, pivots, j, width, Math.Min(block, k - next), threads);
            zero = zero >= 0 || later < 0 ? zero : next + later;
        }

        return zero;
    }

    /// <summary>
    /// Applies the block at <paramref name="start"/> to all columns right of it, and factors the next one, the first of those.
    /// A thread takes columns from swap to product: what it has swapped it finds in its caches.
    /// </summary>
    private static int UpdateAndFactorNext<T>(ColumnBlocks<T> blocks, int* pivots, int start, int width, int nextWidth, int threads)
        where T : unmanaged, INumberBase<T>
    {
        int n = blocks.Matrix.Columns, next = start + width, others = next + nextWidth, first = others / blocks.Width, zero = -1;
        if (threads == 1)
        {
            Update(blocks, pivots, start, width, next, n);
            return FactorPanel(blocks, pivots, next, nextWidth);
        }

        WorkTeam.Run(1 + blocks.Count - first, threads, part =>
        {
            if (part == 0)
            {
                Update(blocks, pivots, start, width, next, others);
                zero = FactorPanel(blocks, pivots, next, nextWidth);
                return;
            }

            int from = (first + part - 1) * blocks.Width;
            Update(blocks, pivots, start, width, Math.Max(from, others), Math.Min(from + blocks.Width, n));
        });
        return zero;
    }

    /// <summary>Factors a block that is up to date. Returns its first column whose pivot is zero, or -1.</summary>
    private static int FactorPanel<T>(in ColumnBlocks<T> blocks, int* pivots, int start, int width)
        where T : unmanaged, INumberBase<T>
    {
        if (width <= 0)
        {
            return -1;
        }

        int rows = blocks.Matrix.Rows - start;
        return FactorHalves(blocks.Slice(start, start, rows, width), new Span<int>(pivots + start, Math.Min(rows, width)), Parallelism.Sequential);
    }

    /// <summary>Swaps, triangle and product of the block at <paramref name="start"/> on columns from .. to - 1.</summary>
    private static void Update<T>(in ColumnBlocks<T> blocks, int* pivots, int start, int width, int from, int to)
        where T : unmanaged, INumberBase<T>
    {
        int rows = blocks.Matrix.Rows - start, rest = rows - width;
        MatrixBlock<T> panel = blocks.Slice(start, start, rows, width);
        for (int column = from, end; column < to; column = end)
        {
            end = Math.Min(to, blocks.End(column));
            int count = end - column;
            MatrixBlock<T> columns = blocks.Slice(start, column, rows, count), top = columns.Slice(0, 0, width, count);
            SwapRows(columns, new ReadOnlySpan<int>(pivots + start, width));
            TriangularSolver.Block(Triangle.Lower, unitDiagonal: true, panel.Slice(0, 0, width, width), top);
            if (rest > 0)
            {
                Gemm.Run(-T.One, panel.Slice(width, 0, rest, width), top, T.One, columns.Slice(width, 0, rest, count), Parallelism.Sequential);
            }
        }
    }

    /// <summary>The swaps of every block on the columns left of it, by one thread.</summary>
    private static void SwapLeft<T>(in MatrixBlock<T> a, int* pivots, int k, int block)
        where T : unmanaged, INumberBase<T>
    {
        for (int j = block; j < k; j += block)
        {
            SwapRows(a.Slice(j, 0, a.Rows - j, j), new ReadOnlySpan<int>(pivots + j, Math.Min(block, k - j)));
        }
    }

    /// <summary>Writes the blocks to their places, each row where the swaps of the later blocks move it.</summary>
    private static void WriteBlocks<T>(ColumnBlocks<T> blocks, int* pivots, int k, Parallelism parallelism)
        where T : unmanaged, INumberBase<T>
    {
        MatrixBlock<T> a = blocks.Matrix;
        int m = a.Rows, n = a.Columns, count = (k + blocks.Width - 1) / blocks.Width;
        using Scratch<int> scratch = Workspace.Rent<int>(((nint)count + 1) * m);
        int* sources = scratch.Pointer;
        LaterSwaps(m, pivots, k, blocks.Width, count, sources);
        int threads = parallelism.ThreadsForBytes((double)n * m * sizeof(T)), parts = threads == 1 ? 1 : 4 * threads;
        bool byRow = a.ColumnStride == 1, streamed = (long)m * n * sizeof(T) >= StreamingStore.LeastBytes;
        WorkTeam.Run(parts, threads, part =>
        {
            // Threads write lines of memory.
            (int from, int to) = WorkTeam.Range(byRow ? m : n, parts, part, PartLines);
            for (int j = 0, end; j < n; j = end)
            {
                end = Math.Min(blocks.End(j), n);

                // Columns that have no pivots lie as the last block does.
                int* source = sources + ((nint)Math.Min(j / blocks.Width, count - 1) * m);
                MatrixBlock<T> block = blocks.Slice(0, j, m, end - j), target = a.Slice(0, j, m, end - j);
                for (int i = from; byRow && i < to; i++)
                {
                    StreamingStore.Copy(block.Data + (source[i] * block.RowStride), target.Data + (i * target.RowStride), end - j, streamed);
                }

                for (int c = Math.Max(from, j); !byRow && c < Math.Min(to, end); c++)
                {
                    T* column = block.Data + ((c - j) * block.ColumnStride), written = target.Data + ((c - j) * target.ColumnStride);
                    for (int i = 0; i < m; i++)
                    {
                        written[i] = column[source[i]];
                    }
                }
            }

            if (streamed)
            {
                StreamingStore.Fence();
            }
        });
    }

    /// <summary>For each block of m entries: the row that the swaps of all later blocks bring to a place. The last m entries are scratch.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void LaterSwaps(int m, int* pivots, int k, int block, int blocks, int* sources)
    {
        int* own = sources + ((nint)blocks * m);
        for (int index = blocks - 1; index >= 0; index--)
        {
            int* source = sources + ((nint)index * m), later = source + m;
            for (int i = 0; i < m; i++)
            {
                source[i] = index == blocks - 1 ? i : own[later[i]];
            }

            for (int i = 0; i < m; i++)
            {
                own[i] = i;
            }

            int start = index * block;
            for (int i = start; i < Math.Min(start + block, k); i++)
            {
                (own[i], own[start + pivots[i]]) = (own[start + pivots[i]], own[i]);
            }
        }
    }

    private static int FactorHalves<T>(in MatrixBlock<T> a, Span<int> pivots, Parallelism parallelism)
        where T : unmanaged, INumberBase<T>
    {
        int m = a.Rows, n = a.Columns;
        if (n <= LuPanel.MaxColumns)
        {
            return a.RowStride == 1 ? LuPanel.Factor(a, pivots) : FactorCopy(a, pivots);
        }

        // Columns beyond the last row have no pivots: they are only solved for.
        int half = n > m ? m : ((n / 2) + LuPanel.MaxColumns - 1) / LuPanel.MaxColumns * LuPanel.MaxColumns;
        int rest = n - half, below = m - half;
        MatrixBlock<T> left = a.Slice(0, 0, m, half), right = a.Slice(0, half, m, rest);
        Span<int> leftPivots = pivots[..half], rightPivots = pivots[half..];
        int zero = FactorHalves(left, leftPivots, parallelism);
        SwapRows(right, leftPivots);
        MatrixBlock<T> top = right.Slice(0, 0, half, rest), bottom = right.Slice(half, 0, below, rest);
        TriangularSolver.Run(Triangle.Lower, unitDiagonal: true, left.Slice(0, 0, half, half), top, parallelism);
        if (below == 0)
        {
            return zero;
        }

        Gemm.Run(-T.One, left.Slice(half, 0, below, half), top, T.One, bottom, parallelism);
        int later = FactorHalves(bottom, rightPivots, parallelism);
        SwapRows(left.Slice(half, 0, below, half), rightPivots);
        for (int i = 0; i < rightPivots.Length; i++)
        {
            rightPivots[i] += half;
        }

        return zero >= 0 || later < 0 ? zero : half + later;
    }

    private static int FactorCopy<T>(in MatrixBlock<T> a, Span<int> pivots)
        where T : unmanaged, INumberBase<T>
    {
        int ld = ColumnKernels.LeadingDimension<T>(a.Rows);
        using Scratch<T> scratch = Workspace.Rent<T>((nint)ld * a.Columns);
        MatrixBlock<T> panel = new(scratch.Pointer, a.Rows, a.Columns, 1, ld);
        BlockCopy.Run(a, panel);
        int zero = LuPanel.Factor(panel, pivots);
        BlockCopy.Run(panel, a);
        return zero;
    }

    /// <summary>Swaps row i with row pivots[i], in order: whole rows where they are contiguous, column by column where those are.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void SwapRows<T>(in MatrixBlock<T> a, ReadOnlySpan<int> pivots)
        where T : unmanaged, INumberBase<T>
    {
        if (a.ColumnStride == 1)
        {
            for (int i = 0; i < pivots.Length; i++)
            {
                if (pivots[i] != i)
                {
                    Exchange(a.Columns, a.Data + (i * a.RowStride), a.Data + (pivots[i] * a.RowStride));
                }
            }

            return;
        }

        for (int j = 0; j < a.Columns; j++)
        {
            T* column = a.Data + (j * a.ColumnStride);
            for (int i = 0; i < pivots.Length; i++)
            {
                T kept = column[i * a.RowStride];
                column[i * a.RowStride] = column[pivots[i] * a.RowStride];
                column[pivots[i] * a.RowStride] = kept;
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Exchange<T>(int n, T* x, T* y)
        where T : unmanaged
    {
        int i = 0;
        if (Vector.IsHardwareAccelerated)
        {
            for (; i <= n - Vector<T>.Count; i += Vector<T>.Count)
            {
                Vector<T> kept = Vector.Load(x + i);
                Vector.Load(y + i).Store(x + i);
                kept.Store(y + i);
            }
        }

        for (; i < n; i++)
        {
            (x[i], y[i]) = (y[i], x[i]);
        }
    }
}
