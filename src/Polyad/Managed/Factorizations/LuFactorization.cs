using System.Numerics;

namespace Polyad.Managed;

/// <summary>
/// P A = L U with partial pivoting in blocks of columns (LAPACK's xGETRF): a block is factored, its swaps and its triangle are applied to the columns right of it, the rest of
/// which is updated by one product. The next block is updated and factored beside the others' update, as one of its parts, so that no thread waits for it (look-ahead).
/// Swaps reach the columns left of a block at the end. A block is factored by halving its columns (Toledo 1997; LAPACK's xGETRF2), and up to 32 columns in a column-major copy.
/// </summary>
internal static unsafe class LuFactorization
{
    /// <summary>Work on a column of the next block, updated and factored, in that of a column which is only updated.</summary>
    private const double PanelWork = 1.7;

    /// <summary>Parts of columns are cut at multiples of this.</summary>
    private const int PartColumns = 32;

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
            BlockCopy.Run(a, lu, parallelism);
            return Factor(lu, pivots, parallelism);
        }

        using Scratch<T> scratch = Workspace.Rent<T>((nint)lu.Rows * lu.Columns);
        MatrixBlock<T> work = MatrixBlock<T>.RowMajor(scratch.Pointer, lu.Rows, lu.Columns);
        BlockCopy.Run(a, work, parallelism);
        int zero = Factor(work, pivots, parallelism);
        BlockCopy.Run(work, lu, parallelism);
        return zero;
    }

    private static int Factor<T>(in MatrixBlock<T> a, Span<int> pivots, Parallelism parallelism)
        where T : unmanaged, INumberBase<T>
    {
        int k = Math.Min(a.Rows, a.Columns), block = Math.Min(BlockColumns(k), k);
        if (a.Columns <= 2 * block)
        {
            return FactorHalves(a, pivots, parallelism);
        }

        fixed (int* swaps = pivots)
        {
            int zero = FactorBlocks(a, swaps, k, block, parallelism);
            SwapLeft(a, swaps, k, block, parallelism);
            for (int i = 0; i < k; i++)
            {
                swaps[i] += i / block * block;
            }

            return zero;
        }
    }

    /// <summary>Columns of a block: wide enough that the products run at speed, narrow enough that factoring the next block takes no longer than the others' update beside it.</summary>
    private static int BlockColumns(int k) => k <= 512 ? 64 : k <= 3000 ? 144 : 256;

    /// <summary>Swaps are counted from the first row of their block here.</summary>
    private static int FactorBlocks<T>(in MatrixBlock<T> a, int* pivots, int k, int block, Parallelism parallelism)
        where T : unmanaged, INumberBase<T>
    {
        int m = a.Rows, n = a.Columns, zero = FactorHalves(a.Slice(0, 0, m, block), new Span<int>(pivots, block), parallelism);
        for (int j = 0; j < k; j += block)
        {
            int width = Math.Min(block, k - j), next = j + width;
            int threads = parallelism.ThreadsForFlops(2.0 * (m - j) * (n - next) * width);
            int later = UpdateAndFactorNext(a, pivots, j, width, Math.Min(block, k - next), threads);
            zero = zero >= 0 || later < 0 ? zero : next + later;
        }

        return zero;
    }

    /// <summary>
    /// Applies the block of <paramref name="width"/> columns at <paramref name="start"/> to all columns right of it, and factors the first <paramref name="nextWidth"/> of those.
    /// A thread takes columns from swap to product: what it has swapped it finds in its caches.
    /// </summary>
    private static int UpdateAndFactorNext<T>(MatrixBlock<T> a, int* pivots, int start, int width, int nextWidth, int threads)
        where T : unmanaged, INumberBase<T>
    {
        int next = start + width, others = next + nextWidth, right = a.Columns - others, zero = -1;
        if (threads == 1)
        {
            Update(a, pivots, start, width, next, a.Columns);
            return FactorNext(a, pivots, next, nextWidth);
        }

        WorkTeam.Run(1 + WorkTeam.MeetingParts(threads), threads, part =>
        {
            if (part == 0)
            {
                Update(a, pivots, start, width, next, others);
                zero = FactorNext(a, pivots, next, nextWidth);
                return;
            }

            Update(a, pivots, start, width, others + Cut(part - 1), others + Cut(part));
        });
        return zero;

        int Cut(int index)
        {
            double lead = PanelWork * nextWidth, end = (WorkTeam.MeetingCut(threads, index) * (right + lead)) - lead;
            return index == WorkTeam.MeetingParts(threads) ? right : Math.Clamp((int)end / PartColumns * PartColumns, 0, right);
        }
    }

    private static int FactorNext<T>(in MatrixBlock<T> a, int* pivots, int start, int width)
        where T : unmanaged, INumberBase<T>
    {
        int below = a.Rows - start;
        return width == 0 ? -1 : FactorHalves(a.Slice(start, start, below, width), new Span<int>(pivots + start, Math.Min(below, width)), Parallelism.Sequential);
    }

    /// <summary>Swaps, triangle and product of a block on columns from .. to - 1.</summary>
    private static void Update<T>(in MatrixBlock<T> a, int* pivots, int start, int width, int from, int to)
        where T : unmanaged, INumberBase<T>
    {
        SwapAndSolve(a, pivots, start, width, from, to);
        Subtract(a, start, width, from, to);
    }

    /// <summary>Rows of the block in columns from .. to - 1: swaps, then the block's triangle.</summary>
    private static void SwapAndSolve<T>(in MatrixBlock<T> a, int* pivots, int start, int width, int from, int to)
        where T : unmanaged, INumberBase<T>
    {
        if (from < to)
        {
            MatrixBlock<T> columns = a.Slice(start, from, a.Rows - start, to - from);
            SwapRows(columns, new ReadOnlySpan<int>(pivots + start, width));
            TriangularSolver.Block(Triangle.Lower, unitDiagonal: true, a.Slice(start, start, width, width), columns.Slice(0, 0, width, to - from));
        }
    }

    /// <summary>Takes the block's product from the rows below it and columns from .. to - 1.</summary>
    private static void Subtract<T>(in MatrixBlock<T> a, int start, int width, int from, int to)
        where T : unmanaged, INumberBase<T>
    {
        int next = start + width, below = a.Rows - next;
        if (from < to && below > 0)
        {
            Gemm.Run(
                -T.One, a.Slice(next, start, below, width), a.Slice(start, from, width, to - from), T.One, a.Slice(next, from, below, to - from), Parallelism.Sequential);
        }
    }

    /// <summary>The swaps of every block on the columns left of it.</summary>
    private static void SwapLeft<T>(MatrixBlock<T> a, int* pivots, int k, int block, Parallelism parallelism)
        where T : unmanaged, INumberBase<T>
    {
        int columns = (k - 1) / block * block, threads = parallelism.ThreadsForBytes((double)k * k * sizeof(T)), parts = threads == 1 ? 1 : 4 * threads;
        WorkTeam.Run(parts, threads, part =>
        {
            (int from, int to) = WorkTeam.Range(columns, parts, part, 16);
            for (int j = block; j < k; j += block)
            {
                int end = Math.Min(to, j);
                if (from < end)
                {
                    SwapRows(a.Slice(j, from, a.Rows - j, end - from), new ReadOnlySpan<int>(pivots + j, Math.Min(block, k - j)));
                }
            }
        });
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
