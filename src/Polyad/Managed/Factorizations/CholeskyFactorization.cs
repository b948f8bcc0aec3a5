using System.Numerics;

namespace Polyad.Managed;

/// <summary>
/// A = L L^T in blocks of columns: the block on the diagonal is factored, what lies below it solved against it, the trailing triangle updated by half a product.
/// The next block on the diagonal is factored beside that product, as one of its parts, so that no thread waits for it. Blocks on the diagonal are factored by halving,
/// and those of up to 64 rows in cache, left-looking in strips of four columns.
/// </summary>
internal static unsafe class CholeskyFactorization
{
    private const int BaseRows = 64;

    /// <summary>Fewer are not worth a second thread: n^3/3 flops pass it from about n = 490 on.</summary>
    private const double FlopsPerThread = 2e7;

    /// <summary>Parts of the update are cut at multiples of so many lines.</summary>
    private const int PartLines = 16;

    /// <summary>Writes L with a zero strict upper triangle. Returns 0, or the order of the first leading minor that is not positive (L is undefined then).</summary>
    /// <param name="a">n x n, any strides; the lower triangle is read.</param>
    /// <param name="l">n x n, any strides.</param>
    /// <param name="parallelism">Threads for the products.</param>
    public static int Run<T>(in MatrixBlock<T> a, in MatrixBlock<T> l, Parallelism parallelism)
        where T : unmanaged, INumberBase<T>
    {
        CopyLower(a, l, parallelism);
        return Factor(l, parallelism);
    }

    /// <summary>Factors the lower triangle in place; the strict upper one is neither read nor written. n^3/3 flops.</summary>
    public static int Factor<T>(in MatrixBlock<T> a, Parallelism most)
        where T : unmanaged, INumberBase<T>
    {
        Parallelism parallelism = most.ForFactorization((double)a.Rows * a.Rows * a.Rows / 3, FlopsPerThread);
        int n = a.Rows, block = BlockColumns(n), minor = FactorDiagonal(a.Slice(0, 0, Math.Min(block, n), Math.Min(block, n)));
        for (int j = 0; minor == 0 && j + block < n; j += block)
        {
            int next = j + block, rest = n - next;
            MatrixBlock<T> below = a.Slice(next, j, rest, block);

            // X L_11^T = A_21, read as L_11 X^T = A_21^T.
            TriangularSolver.Run(Triangle.Lower, unitDiagonal: false, a.Slice(j, j, block, block), below.Transpose, parallelism);
            minor = UpdateAndFactorNext(below, a.Slice(next, next, rest, rest), Math.Min(block, rest), parallelism);
            minor += minor > 0 ? next : 0;
        }

        return minor;
    }

    /// <summary>Columns of a block: wide enough that the products run at speed, narrow enough that what is done once per block and by one thread stays small beside them.</summary>
    private static int BlockColumns(int n) => n <= 256 ? 64 : n <= 2500 ? 128 : 256;

    /// <summary>A_22 -= L_21 L_21^T, and the leading block of what results is factored. Returns the order of its first minor that is not positive, or 0.</summary>
    private static int UpdateAndFactorNext<T>(MatrixBlock<T> below, MatrixBlock<T> trailing, int width, Parallelism parallelism)
        where T : unmanaged, INumberBase<T>
    {
        int rest = trailing.Rows, threads = parallelism.ThreadsForFlops((double)rest * rest * below.Columns), parts = threads == 1 ? 1 : WorkTeam.MeetingParts(threads), minor = 0;

        // Threads take lines of memory, so that none writes where another one's lines are fetched ahead.
        bool byRow = nint.Abs(trailing.ColumnStride) <= nint.Abs(trailing.RowStride);
        WorkTeam.Run(parts + 1, threads, part =>
        {
            if (part == 0)
            {
                MatrixBlock<T> rows = below.Slice(0, 0, width, below.Columns), next = trailing.Slice(0, 0, width, width);
                Gemm.Lower(-T.One, rows, rows.Transpose, T.One, next, Parallelism.Sequential);
                minor = FactorDiagonal(next);
                return;
            }

            int from = Cut(part - 1), to = Cut(part);
            if (byRow)
            {
                UpdateRows(below, trailing, Math.Max(from, width), to);
            }
            else
            {
                UpdateColumns(below, trailing, from, Math.Min(to, width), width);
                UpdateColumns(below, trailing, Math.Max(from, width), to, Math.Max(from, width));
            }
        });
        return minor;

        // The next block on the diagonal takes as long as so many other entries.
        int Cut(int index) => threads == 1 ? index * rest : WorkTeam.MeetingLine(threads, index, rest, PartLines, (double)width * width, Entries);

        // Of the first so many lines, beside the next block on the diagonal.
        double Entries(int first)
        {
            double lines = first, corner = Math.Min(lines, width);
            return byRow ? Math.Max(0, (lines * lines) - ((double)width * width)) / 2 : (lines * rest) - (lines * lines / 2) - (corner * (width - (corner / 2)));
        }
    }

    /// <summary>Rows from .. to - 1 of the update, up to the diagonal.</summary>
    private static void UpdateRows<T>(in MatrixBlock<T> below, in MatrixBlock<T> trailing, int from, int to)
        where T : unmanaged, INumberBase<T>
    {
        if (from < to)
        {
            MatrixBlock<T> left = below.Slice(from, 0, to - from, below.Columns), right = below.Transpose;
            Gemm.Run(-T.One, left, right.Slice(0, 0, below.Columns, from), T.One, trailing.Slice(from, 0, to - from, from), Parallelism.Sequential);
            Gemm.Lower(-T.One, left, left.Transpose, T.One, trailing.Slice(from, from, to - from, to - from), Parallelism.Sequential);
        }
    }

    /// <summary>Columns from .. to - 1 of the update, on and below the diagonal and from row <paramref name="first"/> on.</summary>
    private static void UpdateColumns<T>(in MatrixBlock<T> below, in MatrixBlock<T> trailing, int from, int to, int first)
        where T : unmanaged, INumberBase<T>
    {
        if (from >= to)
        {
            return;
        }

        int k = below.Columns, width = to - from;
        MatrixBlock<T> right = below.Slice(from, 0, width, k).Transpose;
        if (first < to)
        {
            Gemm.Lower(-T.One, right.Transpose, right, T.One, trailing.Slice(from, from, width, width), Parallelism.Sequential);
            first = to;
        }

        int rows = trailing.Rows - first;
        Gemm.Run(-T.One, below.Slice(first, 0, rows, k), right, T.One, trailing.Slice(first, from, rows, width), Parallelism.Sequential);
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

        int half = ((n / 2) + BaseRows - 1) / BaseRows * BaseRows, rest = n - half;
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

    private static void CopyLower<T>(in MatrixBlock<T> source, in MatrixBlock<T> target, Parallelism parallelism)
        where T : unmanaged
    {
        int n = source.Rows, threads = parallelism.ThreadsForBytes(1.5 * sizeof(T) * n * n);
        if (threads == 1)
        {
            CopyLower(source, target, 0, n);
        }
        else
        {
            ShareCopy(source, target, threads);
        }
    }

    private static void ShareCopy<T>(MatrixBlock<T> source, MatrixBlock<T> target, int threads)
        where T : unmanaged
        => WorkTeam.Run(4 * threads, threads, part =>
        {
            (int from, int to) = WorkTeam.Range(source.Rows, 4 * threads, part, 16);
            CopyLower(source, target, from, to);
        });

    /// <summary>Copies the lower triangle and zeroes the strict upper one, of the target's lines from .. to - 1.</summary>
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
