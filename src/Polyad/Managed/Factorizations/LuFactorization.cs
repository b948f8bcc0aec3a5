using System.Numerics;

namespace Polyad.Managed;

/// <summary>
/// P A = L U with partial pivoting in blocks of columns (LAPACK's xGETRF): a block is factored, its swaps and its triangle are applied to the columns right of it, the rest of
/// which is updated by one product. The next block is updated and factored beside the others' update, as one of its parts, so that no thread waits for it (look-ahead).
/// Swaps reach the columns left of a block at the end. Several threads keep finished blocks apart until then, since all of them read these. A block is factored by halving its columns (Toledo 1997; LAPACK's xGETRF2), and up to 32 columns in a column-major copy.
/// </summary>
internal static unsafe class LuFactorization
{
    /// <summary>Fewer are not worth a second thread: 2/3 n^3 flops pass it from about n = 530 on.</summary>
    private const double FlopsPerThread = 5e7;

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

    private static int Factor<T>(in MatrixBlock<T> a, Span<int> pivots, Parallelism most)
        where T : unmanaged, INumberBase<T>
    {
        int k = Math.Min(a.Rows, a.Columns), block = Math.Min(BlockColumns(k), k);
        Parallelism parallelism = Limit(a.Rows, a.Columns, most);
        if (a.Columns <= 2 * block)
        {
            return FactorHalves(a, pivots, parallelism);
        }

        fixed (int* swaps = pivots)
        {
            nint size = PanelElements(a.Rows, a.Columns, most);
            bool apart = size > 0;
            using Scratch<T> panels = apart ? Workspace.Rent<T>(size) : default;
            int zero = FactorBlocks(a, swaps, k, block, panels.Pointer, parallelism);
            if (apart)
            {
                WritePanels(a, swaps, k, block, panels.Pointer, parallelism);
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

    /// <summary>Elements of the finished blocks that several threads keep apart; none for one thread or few columns.</summary>
    public static nint PanelElements(int rows, int columns, Parallelism most)
    {
        int k = Math.Min(rows, columns), block = Math.Min(BlockColumns(k), k);
        return columns > 2 * block && Limit(rows, columns, most).MaxThreads > 1 ? Offset(rows, block, (k + block - 1) / block) : 0;
    }

    private static Parallelism Limit(int rows, int columns, Parallelism most)
        => most.ForFactorization(2.0 / 3 * Math.Min(rows, columns) * rows * columns, FlopsPerThread);

    /// <summary>Columns of a block: wide enough that the products run at speed, narrow enough that factoring the next block takes no longer than the others' update beside it.</summary>
    private static int BlockColumns(int k) => k <= 512 ? 64 : k <= 3000 ? 144 : 256;

    /// <summary>Where block <paramref name="index"/> begins among the panels: a block of columns and the rows from its diagonal on, for each block before it.</summary>
    private static nint Offset(int rows, int block, int index) => (nint)block * (((nint)index * rows) - ((nint)block * index * (index - 1) / 2));

    /// <summary>The block at column <paramref name="start"/>: with panels in memory of its own, its lines as those of A run; else in place.</summary>
    private static MatrixBlock<T> Panel<T>(in MatrixBlock<T> a, T* panels, int start, int width, int block)
        where T : unmanaged, INumberBase<T>
        => panels == null
            ? a.Slice(start, start, a.Rows - start, width)
            : CompactWy.Like(a, panels + Offset(a.Rows, block, start / block), a.Rows - start, width);

    /// <summary>Swaps are counted from the first row of their block here, and finished blocks stay among the panels, or in place when these are null.</summary>
    private static int FactorBlocks<T>(in MatrixBlock<T> a, int* pivots, int k, int block, T* panels, Parallelism parallelism)
        where T : unmanaged, INumberBase<T>
    {
        int m = a.Rows, n = a.Columns;
        MatrixBlock<T> panel = Panel(a, panels, 0, block, block);
        int zero = FactorPanel(a, pivots, 0, panel, parallelism);
        for (int j = 0; j < k; j += block)
        {
            int next = j + panel.Columns, nextWidth = Math.Min(block, k - next);
            int threads = parallelism.ThreadsForFlops(2.0 * (m - j) * (n - next) * panel.Columns);
            MatrixBlock<T> nextPanel = nextWidth > 0 ? Panel(a, panels, next, nextWidth, block) : default;
            int later = UpdateAndFactorNext(a, pivots, j, panel, nextPanel, threads);
            zero = zero >= 0 || later < 0 ? zero : next + later;
            panel = nextPanel;
        }

        return zero;
    }

    /// <summary>
    /// Applies the block at <paramref name="start"/> to all columns right of it, and factors the next one, the first of those.
    /// A thread takes columns from swap to product: what it has swapped it finds in its caches.
    /// </summary>
    private static int UpdateAndFactorNext<T>(MatrixBlock<T> a, int* pivots, int start, MatrixBlock<T> panel, MatrixBlock<T> nextPanel, int threads)
        where T : unmanaged, INumberBase<T>
    {
        int next = start + panel.Columns, others = next + nextPanel.Columns, right = a.Columns - others, zero = -1;
        if (threads == 1)
        {
            Update(a, pivots, start, panel, next, a.Columns);
            return FactorPanel(a, pivots, next, nextPanel, Parallelism.Sequential);
        }

        WorkTeam.Run(1 + WorkTeam.MeetingParts(threads), threads, part =>
        {
            if (part == 0)
            {
                Update(a, pivots, start, panel, next, others);
                zero = FactorPanel(a, pivots, next, nextPanel, Parallelism.Sequential);
                return;
            }

            Update(a, pivots, start, panel, others + Cut(part - 1), others + Cut(part));
        });
        return zero;

        int Cut(int index) => WorkTeam.MeetingLine(threads, index, right, PartColumns, PanelWork * nextPanel.Columns);
    }

    /// <summary>Factors a block that is up to date, copied to its place among the panels. Returns its first column whose pivot is zero, or -1.</summary>
    private static int FactorPanel<T>(in MatrixBlock<T> a, int* pivots, int start, in MatrixBlock<T> panel, Parallelism parallelism)
        where T : unmanaged, INumberBase<T>
    {
        if (panel.IsEmpty)
        {
            return -1;
        }

        MatrixBlock<T> source = a.Slice(start, start, panel.Rows, panel.Columns);
        if (source.Data != panel.Data)
        {
            BlockCopy.Run(source, panel);
        }

        return FactorHalves(panel, new Span<int>(pivots + start, Math.Min(panel.Rows, panel.Columns)), parallelism);
    }

    /// <summary>Swaps, triangle and product of a block on columns from .. to - 1.</summary>
    private static void Update<T>(in MatrixBlock<T> a, int* pivots, int start, in MatrixBlock<T> panel, int from, int to)
        where T : unmanaged, INumberBase<T>
    {
        if (from >= to)
        {
            return;
        }

        int width = panel.Columns, rest = panel.Rows - width;
        MatrixBlock<T> columns = a.Slice(start, from, panel.Rows, to - from), top = columns.Slice(0, 0, width, to - from);
        SwapRows(columns, new ReadOnlySpan<int>(pivots + start, width));
        TriangularSolver.Block(Triangle.Lower, unitDiagonal: true, panel.Slice(0, 0, width, width), top);
        if (rest > 0)
        {
            Gemm.Run(-T.One, panel.Slice(width, 0, rest, width), top, T.One, columns.Slice(width, 0, rest, to - from), Parallelism.Sequential);
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

    /// <summary>
    /// Writes the panels to their places, each row where the swaps of the later blocks move it. Swapping them there would change lines that all threads have read, which costs far more than writing such lines anew.
    /// </summary>
    private static void WritePanels<T>(MatrixBlock<T> a, int* pivots, int k, int block, T* panels, Parallelism parallelism)
        where T : unmanaged, INumberBase<T>
    {
        int m = a.Rows, blocks = (k + block - 1) / block;
        using Scratch<int> scratch = Workspace.Rent<int>(((nint)blocks + 1) * m);
        int* sources = scratch.Pointer;
        LaterSwaps(m, pivots, k, block, blocks, sources);
        int threads = parallelism.ThreadsForBytes((double)k * m * sizeof(T)), parts = threads == 1 ? 1 : 4 * threads;
        bool byRow = a.ColumnStride == 1;
        WorkTeam.Run(parts, threads, part =>
        {
            // Threads write lines of memory.
            (int from, int to) = WorkTeam.Range(byRow ? m : k, parts, part, PartColumns);
            for (int index = 0; index < blocks; index++)
            {
                int j = index * block, width = Math.Min(block, k - j);
                MatrixBlock<T> panel = Panel(a, panels, j, width, block), target = a.Slice(j, j, m - j, width);
                int* source = sources + ((nint)index * m) + j;
                if (byRow)
                {
                    for (int i = Math.Max(from - j, 0); i < to - j; i++)
                    {
                        new ReadOnlySpan<T>(panel.Data + ((source[i] - j) * panel.RowStride), width).CopyTo(new Span<T>(target.Data + (i * target.RowStride), width));
                    }

                    continue;
                }

                for (int c = Math.Max(from - j, 0); c < Math.Min(to - j, width); c++)
                {
                    T* column = panel.Data + (c * panel.ColumnStride), written = target.Data + (c * target.ColumnStride);
                    for (int i = 0; i < panel.Rows; i++)
                    {
                        written[i] = column[source[i] - j];
                    }
                }
            }
        });
    }

    /// <summary>For each block of m entries: the row that the swaps of all later blocks bring to a place. The last m entries are scratch.</summary>
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
