using System.Numerics;
using System.Runtime.CompilerServices;

namespace Polyad.Managed;

/// <summary>
/// A = L L^T in blocks of columns: the block on the diagonal is factored, what lies below it solved against it, the trailing triangle updated by half a product, which finds what was solved in panels already.
/// The next block on the diagonal is factored beside that product, as one of its parts, so that no thread waits for it; the first one beside the copying. Blocks on the diagonal are factored by halving,
/// and those of up to 64 rows in cache, left-looking in strips of four columns.
/// </summary>
internal static unsafe class CholeskyFactorization
{
    private const int BaseRows = 64;

    /// <summary>Blocks on the diagonal are halved at multiples of this, and blocks of columns are such multiples: the panels of all vector lengths end there.</summary>
    private const int Granule = 48;

    /// <summary>Fewer are not worth a second thread: n^3/3 flops pass it from about n = 490 on.</summary>
    private const double FlopsPerThread = 2e7;

    /// <summary>Work on an entry of the next block on the diagonal, updated and factored, in that of one which is only updated.</summary>
    private const double DiagonalWork = 1.2;

    /// <summary>Flops of the solving below a block that are worth a second thread: helpers are awake then.</summary>
    private const double SolveFlopsPerThread = 5e5;

    /// <summary>Writes L with a zero strict upper triangle. Returns 0, or the order of the first leading minor that is not positive (L is undefined then).</summary>
    /// <param name="a">n x n, any strides; the lower triangle is read.</param>
    /// <param name="l">n x n, any strides.</param>
    /// <param name="most">Threads.</param>
    public static int Run<T>(in MatrixBlock<T> a, in MatrixBlock<T> l, Parallelism most)
        where T : unmanaged, INumberBase<T>
    {
        int n = a.Rows, block = BlockColumns(n), minor = CopyAndFactorFirst(a, l, Math.Min(block, n), most);
        if (minor > 0 || n <= block)
        {
            return minor;
        }

        Parallelism parallelism = most.ForFactorization((double)n * n * n / 3, FlopsPerThread);
        using Scratch<T> panels = Workspace.Rent<T>(PanelElements<T>(n));
        for (int j = 0; minor == 0 && j + block < n; j += block)
        {
            int next = j + block, rest = n - next;
            PackedRows<T> below = new(panels.Pointer, rest, block);
            Solve(l.Slice(j, j, block, block), l.Slice(next, j, rest, block), below, parallelism);
            minor = UpdateAndFactorNext(below, l.Slice(next, next, rest, rest), Math.Min(block, rest), parallelism);
            minor += minor > 0 ? next : 0;
        }

        return minor;
    }

    /// <summary>Elements of the panels for the rows below the first block.</summary>
    public static nint PanelElements<T>(int n)
        where T : unmanaged
    {
        int block = BlockColumns(n);
        return n <= block ? 0 : PackedRows<T>.Elements(n - block, block);
    }

    /// <summary>Elements of scratch that a thread needs beside them.</summary>
    public static int SolverElements<T>(int n)
        where T : unmanaged
        => PanelSolver.ScratchElements<T>(Math.Min(n, BlockColumns(n)));

    /// <summary>Columns of a block: wide enough that the products run at speed, narrow enough that what is done once per block and by one thread stays small beside them.</summary>
    private static int BlockColumns(int n) => n <= BaseRows ? BaseRows : n <= 320 ? Granule : n <= 2500 ? 3 * Granule : 5 * Granule;

    /// <summary>X L_11^T = A_21: X is written over A_21 and into panels.</summary>
    private static void Solve<T>(MatrixBlock<T> diagonal, MatrixBlock<T> below, PackedRows<T> panels, Parallelism parallelism)
        where T : unmanaged, INumberBase<T>
    {
        int threads = parallelism.ForFactorization((double)below.Rows * below.Columns * below.Columns, SolveFlopsPerThread).MaxThreads;
        WorkTeam.Run(threads, threads, part =>
        {
            (int from, int to) = WorkTeam.Range(below.Rows, threads, part, PackedRows<T>.PanelRows);
            PanelSolver.Run(diagonal, below, panels, from, to, shared: threads > 1);
        });
    }

    /// <summary>A_22 -= L_21 L_21^T, and the leading block of what results is factored. Returns the order of its first minor that is not positive, or 0.</summary>
    private static int UpdateAndFactorNext<T>(PackedRows<T> below, MatrixBlock<T> trailing, int width, Parallelism parallelism)
        where T : unmanaged, INumberBase<T>
    {
        int rest = trailing.Rows, threads = parallelism.ThreadsForFlops((double)rest * rest * below.Columns), parts = threads == 1 ? 1 : WorkTeam.MeetingParts(threads), minor = 0;

        // Threads take lines of memory, so that none writes where another one's lines are fetched ahead.
        bool byRow = nint.Abs(trailing.ColumnStride) <= nint.Abs(trailing.RowStride);
        MatrixBlock<T> lines = byRow ? trailing.Transpose : trailing;
        WorkTeam.Run(parts + 1, threads, part =>
        {
            if (part == 0)
            {
                Update(0, width, 0, width);
                minor = FactorDiagonal(trailing.Slice(0, 0, width, width));
                return;
            }

            int from = Cut(part - 1), to = Cut(part), after = Math.Max(from, width);
            if (byRow)
            {
                Update(after, to, 0, to);
            }
            else
            {
                Update(from, Math.Min(to, width), width, rest);
                Update(after, to, after, rest);
            }
        });
        return minor;

        // Entries first .. end - 1 of lines from .. to - 1, as far as they are in the triangle.
        void Update(int from, int to, int first, int end)
        {
            if (from < to && first < end)
            {
                int panel = PackedRows<T>.PanelRows, start = first / panel * panel;
                GemmLoops.Run(-T.One, below, T.One, lines.Slice(start, from, end - start, to - from), byRow ? ProductRegion.Upper : ProductRegion.Lower, start, from);
            }
        }

        int Cut(int index) => threads == 1 ? index * rest : WorkTeam.MeetingLine(threads, index, rest, GemmBlocking.TileColumns, DiagonalWork * width * width, Entries);

        // Of the first so many lines, beside the next block on the diagonal.
        double Entries(int first)
        {
            double count = first, corner = Math.Min(count, width);
            return byRow ? Math.Max(0, (count * count) - ((double)width * width)) / 2 : (count * rest) - (count * count / 2) - (corner * (width - (corner / 2)));
        }
    }

    /// <summary>A block on the diagonal, by one thread.</summary>
    private static int FactorDiagonal<T>(in MatrixBlock<T> a)
        where T : unmanaged, INumberBase<T>
    {
        int n = a.Rows;
        if (n <= BaseRows)
        {
            return FactorBase(a);
        }

        int half = ((n / 2) + Granule - 1) / Granule * Granule, rest = n - half;
        MatrixBlock<T> leading = a.Slice(0, 0, half, half), below = a.Slice(half, 0, rest, half), trailing = a.Slice(half, half, rest, rest);
        int minor = FactorDiagonal(leading);
        if (minor > 0)
        {
            return minor;
        }

        TriangularSolver.Run(Triangle.Lower, unitDiagonal: false, leading, below.Transpose, Parallelism.Sequential);
        Gemm.Lower(-T.One, below, below.Transpose, T.One, trailing, Parallelism.Sequential);
        minor = FactorDiagonal(trailing);
        return minor > 0 ? half + minor : 0;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static int FactorBase<T>(in MatrixBlock<T> a)
        where T : unmanaged, INumberBase<T>
    {
        int n = a.Rows;
        using Scratch<T> scratch = Workspace.Rent<T>(n * n);
        MatrixBlock<T> work = MatrixBlock<T>.ColumnMajor(scratch.Pointer, n, n);
        CopyLower(a, work, 0, n);
        T* w = work.Data;
        for (int c = 0; c < n; c += CompactWy.Strip)
        {
            int width = Math.Min(CompactWy.Strip, n - c);
            if (c > 0)
            {
                ColumnKernels.Subtract(n - c, c, width, w + c, n, w + c, n, 1, w + c + (c * n), n);
            }

            for (int j = c; j < c + width; j++)
            {
                T* column = w + (j * n);
                T pivot = column[j];
                if (T.IsNaN(pivot) || T.IsNegative(pivot) || T.IsZero(pivot))
                {
                    return j + 1;
                }

                T root = VectorKernels.SquareRoot(pivot);
                VectorKernels.Scale(n - j - 1, T.One / root, column + j + 1);
                column[j] = root;
                for (int k = j + 1; k < c + width; k++)
                {
                    VectorKernels.Axpy(n - k, -column[k], column + k, w + k + (k * n));
                }
            }
        }

        for (int j = 0; j < n; j++)
        {
            BlockCopy.Run(work.Slice(j, j, n - j, 1), a.Slice(j, j, n - j, 1));
        }

        return 0;
    }

    private static int CopyAndFactorFirst<T>(in MatrixBlock<T> source, in MatrixBlock<T> target, int width, Parallelism parallelism)
        where T : unmanaged, INumberBase<T>
    {
        int n = source.Rows, threads = parallelism.ThreadsForBytes(1.5 * sizeof(T) * n * n);
        if (threads == 1)
        {
            CopyLower(source, target, 0, n);
            return FactorDiagonal(target.Slice(0, 0, width, width));
        }

        return ShareCopyAndFactorFirst(source, target, width, threads);
    }

    private static int ShareCopyAndFactorFirst<T>(MatrixBlock<T> source, MatrixBlock<T> target, int width, int threads)
        where T : unmanaged, INumberBase<T>
    {
        int minor = 0;
        WorkTeam.Run(1 + (4 * threads), threads, part =>
        {
            if (part == 0)
            {
                CopyLower(source, target, 0, width);
                minor = FactorDiagonal(target.Slice(0, 0, width, width));
                return;
            }

            (int from, int to) = WorkTeam.Range(source.Rows - width, 4 * threads, part - 1, 16);
            CopyLower(source, target, width + from, width + to);
        });
        return minor;
    }

    /// <summary>Copies the lower triangle and zeroes the strict upper one, of the target's lines from .. to - 1.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void CopyLower<T>(in MatrixBlock<T> source, in MatrixBlock<T> target, int from, int to)
        where T : unmanaged
    {
        int n = source.Rows;
        bool byColumn = nint.Abs(target.RowStride) < nint.Abs(target.ColumnStride);
        for (int i = from; i < to; i++)
        {
            if (byColumn)
            {
                target.Slice(0, i, i, 1).Clear();
                BlockCopy.Run(source.Slice(i, i, n - i, 1), target.Slice(i, i, n - i, 1));
            }
            else
            {
                BlockCopy.Run(source.Slice(i, 0, 1, i + 1), target.Slice(i, 0, 1, i + 1));
                target.Slice(i, i + 1, 1, n - i - 1).Clear();
            }
        }
    }
}
