using System.Numerics;
using System.Runtime.CompilerServices;

namespace Polyad.Managed;

/// <summary>
/// Solves A X = B for triangular A by halving: the two half-size triangles are solved in turn, the square between them is a matrix product.
/// Triangles of up to 64 rows are solved strip by strip of B in cache. The right-hand form X A = B is A^T X^T = B^T: pass transposes.
/// </summary>
internal static unsafe class TriangularSolver
{
    private const int BaseRows = 64;

    /// <summary>Columns of B that one strip has: 64 rows of it fill half a first-level cache.</summary>
    private const int StripColumns = 64;

    /// <summary>Threads take multiples of so many columns of B, which the kernel takes at once.</summary>
    private const int PartColumns = 16;

    /// <summary>Right sides that are solved one vector at a time, bound by the read of A.</summary>
    private const int VectorColumns = 2;

    /// <summary>Rows between two matrix-vector products of the vector form.</summary>
    private const int VectorRows = 16;

    /// <summary>Solves in place: B becomes X. n^2 k flops.</summary>
    /// <param name="triangle">The triangle of A that is read.</param>
    /// <param name="unitDiagonal">True to take the diagonal as ones without reading it.</param>
    /// <param name="a">n x n, any strides; a zero on the diagonal yields infinities.</param>
    /// <param name="b">n x k, any strides.</param>
    /// <param name="parallelism">Threads for the products and the strips.</param>
    public static void Run<T>(Triangle triangle, bool unitDiagonal, in MatrixBlock<T> a, in MatrixBlock<T> b, Parallelism parallelism)
        where T : unmanaged, INumberBase<T>
    {
        if (b.IsEmpty)
        {
            return;
        }

        if (b.Columns > VectorColumns)
        {
            int threads = parallelism.ThreadsForFlops((double)a.Rows * a.Rows * b.Columns);
            if (threads > 1 && b.Columns >= 2 * threads * StripColumns)
            {
                Share(triangle, unitDiagonal, a, b, threads);
            }
            else
            {
                Solve(triangle, unitDiagonal, a, b, parallelism);
            }

            return;
        }

        using Scratch<T> scratch = Workspace.Rent<T>(b.Rows);
        MatrixBlock<T> x = MatrixBlock<T>.ColumnMajor(scratch.Pointer, b.Rows, 1);
        for (int j = 0; j < b.Columns; j++)
        {
            MatrixBlock<T> column = b.Slice(0, j, b.Rows, 1);
            BlockCopy.Run(column, x);
            SolveVector(triangle, unitDiagonal, a, x.Data);
            BlockCopy.Run(x, column);
        }
    }

    /// <summary>As <see cref="Run"/>, by one thread and by products however few columns B has: which columns are solved together never shows in the result.</summary>
    public static void Block<T>(Triangle triangle, bool unitDiagonal, in MatrixBlock<T> a, in MatrixBlock<T> b)
        where T : unmanaged, INumberBase<T>
        => Solve(triangle, unitDiagonal, a, b, Parallelism.Sequential);

    /// <summary>Many right sides are solved independently: one parting of the work, not one for each step of the recursion.</summary>
    private static void Share<T>(Triangle triangle, bool unitDiagonal, MatrixBlock<T> a, MatrixBlock<T> b, int threads)
        where T : unmanaged, INumberBase<T>
        => WorkTeam.Run(threads, threads, part =>
        {
            (int from, int to) = WorkTeam.Range(b.Columns, threads, part, PartColumns);
            Solve(triangle, unitDiagonal, a, b.Slice(0, from, b.Rows, to - from), Parallelism.Sequential);
        });

    private static void Solve<T>(Triangle triangle, bool unitDiagonal, in MatrixBlock<T> a, in MatrixBlock<T> b, Parallelism parallelism)
        where T : unmanaged, INumberBase<T>
    {
        int n = a.Rows;
        if (n <= BaseRows)
        {
            SolveStrips(triangle, unitDiagonal, a, b, parallelism);
            return;
        }

        int half = (((n / 2) + BaseRows - 1) / BaseRows) * BaseRows, rest = n - half;
        MatrixBlock<T> a1 = a.Slice(0, 0, half, half), a2 = a.Slice(half, half, rest, rest);
        MatrixBlock<T> b1 = b.Slice(0, 0, half, b.Columns), b2 = b.Slice(half, 0, rest, b.Columns);
        if (triangle == Triangle.Lower)
        {
            Solve(triangle, unitDiagonal, a1, b1, parallelism);
            Gemm.Run(-T.One, a.Slice(half, 0, rest, half), b1, T.One, b2, parallelism);
            Solve(triangle, unitDiagonal, a2, b2, parallelism);
        }
        else
        {
            Solve(triangle, unitDiagonal, a2, b2, parallelism);
            Gemm.Run(-T.One, a.Slice(0, half, half, rest), b2, T.One, b1, parallelism);
            Solve(triangle, unitDiagonal, a1, b1, parallelism);
        }
    }

    private static void SolveStrips<T>(Triangle triangle, bool unitDiagonal, in MatrixBlock<T> a, in MatrixBlock<T> b, Parallelism parallelism)
        where T : unmanaged, INumberBase<T>
    {
        int n = a.Rows, strips = (b.Columns + StripColumns - 1) / StripColumns;
        bool reversed = triangle == Triangle.Upper;
        using Scratch<T> packed = Workspace.Rent<T>(n * (n + 1));
        T* lower = packed.Pointer;
        T* inverse = lower + (n * n);

        // An upper triangle is a lower one with rows and columns counted from the end.
        for (int i = 0; i < n; i++)
        {
            int row = reversed ? n - 1 - i : i;
            for (int p = 0; p < i; p++)
            {
                lower[(i * n) + p] = a[row, reversed ? n - 1 - p : p];
            }

            T diagonal = unitDiagonal ? T.One : a[row, row];
            lower[(i * n) + i] = diagonal;
            inverse[i] = T.One / diagonal;
        }

        MatrixBlock<T> right = b;
        WorkTeam.Run(strips, parallelism.ThreadsForFlops((double)n * n * b.Columns), index =>
        {
            int start = index * StripColumns, columns = Math.Min(StripColumns, right.Columns - start);
            MatrixBlock<T> strip = right.Slice(0, start, n, columns);
            using Scratch<T> scratch = Workspace.Rent<T>(n * StripColumns);
            int padded = Math.Min(StripColumns, (columns + 15) / 16 * 16);
            MatrixBlock<T> x = new(scratch.Pointer, n, columns, padded, 1);
            if (padded != columns)
            {
                new Span<T>(scratch.Pointer, n * padded).Clear();
            }

            if (reversed)
            {
                x = new(scratch.Pointer + ((n - 1) * padded), n, columns, -padded, 1);
            }

            BlockCopy.Run(strip, x);
            Substitute(n, padded, lower, inverse, scratch.Pointer);
            BlockCopy.Run(x, strip);
        });
    }

    /// <summary>Forward substitution with a packed row-major triangle on n x k contiguous rows, four rows at a time.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Substitute<T>(int n, int k, T* lower, T* inverse, T* x)
        where T : unmanaged, INumberBase<T>
    {
        for (int i = 0; i < n; i += 4)
        {
            int rows = Math.Min(4, n - i);
            if (i > 0)
            {
                // Rows of X are the contiguous columns of its transpose: X_i^T -= X_0^T L_i0^T.
                ColumnKernels.Subtract(k, i, rows, x, k, lower + (i * n), 1, n, x + (i * k), k);
            }

            for (int r = i; r < i + rows; r++)
            {
                T* row = x + (r * k);
                for (int p = i; p < r; p++)
                {
                    VectorKernels.Axpy(k, -lower[(r * n) + p], x + (p * k), row);
                }

                if (T.IsFinite(inverse[r]))
                {
                    VectorKernels.Scale(k, inverse[r], row);
                    continue;
                }

                // The reciprocal of a subnormal is infinite where the quotient need not be.
                for (int j = 0; j < k; j++)
                {
                    row[j] /= lower[(r * n) + r];
                }
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void SolveVector<T>(Triangle triangle, bool unitDiagonal, in MatrixBlock<T> a, T* x)
        where T : unmanaged, INumberBase<T>
    {
        int n = a.Rows;
        bool lower = triangle == Triangle.Lower;
        int blocks = (n + VectorRows - 1) / VectorRows;
        for (int step = 0; step < blocks; step++)
        {
            int start = (lower ? step : blocks - 1 - step) * VectorRows, end = Math.Min(start + VectorRows, n);
            if (lower && start > 0)
            {
                Gemv.Run(-T.One, a.Slice(start, 0, end - start, start), x, T.One, x + start);
            }
            else if (!lower && end < n)
            {
                Gemv.Run(-T.One, a.Slice(start, end, end - start, n - end), x + end, T.One, x + start);
            }

            for (int s = 0; s < end - start; s++)
            {
                int i = lower ? start + s : end - 1 - s;
                T sum = x[i];
                for (int p = lower ? start : i + 1; p < (lower ? i : end); p++)
                {
                    sum -= a[i, p] * x[p];
                }

                x[i] = unitDiagonal ? sum : sum / a[i, i];
            }
        }
    }
}
