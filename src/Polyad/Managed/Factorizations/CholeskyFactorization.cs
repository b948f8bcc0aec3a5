using System.Numerics;

namespace Polyad.Managed;

/// <summary>
/// A = L L^T by halving: the leading half is factored, the block below it solved against it, the trailing half updated by half a product and
/// factored in turn. Blocks of up to 64 rows are factored in cache, left-looking in strips of four columns.
/// </summary>
internal static unsafe class CholeskyFactorization
{
    private const int BaseRows = 64;

    /// <summary>Writes L with a zero strict upper triangle. Returns 0, or the order of the first leading minor that is not positive (L is undefined then).</summary>
    /// <param name="a">n x n, any strides; the lower triangle is read.</param>
    /// <param name="l">n x n, any strides.</param>
    /// <param name="parallelism">Threads for the products.</param>
    public static int Run<T>(in MatrixBlock<T> a, in MatrixBlock<T> l, Parallelism parallelism)
        where T : unmanaged, INumberBase<T>
    {
        CopyLower(a, l);
        return Factor(l, parallelism);
    }

    /// <summary>Factors the lower triangle in place; the strict upper one is neither read nor written. n^3/3 flops.</summary>
    public static int Factor<T>(in MatrixBlock<T> a, Parallelism parallelism)
        where T : unmanaged, INumberBase<T>
    {
        int n = a.Rows;
        if (n <= BaseRows)
        {
            return FactorBase(a);
        }

        int half = ((n / 2) + BaseRows - 1) / BaseRows * BaseRows, rest = n - half;
        MatrixBlock<T> leading = a.Slice(0, 0, half, half), below = a.Slice(half, 0, rest, half), trailing = a.Slice(half, half, rest, rest);
        int minor = Factor(leading, parallelism);
        if (minor > 0)
        {
            return minor;
        }

        // X L_11^T = A_21, read as L_11 X^T = A_21^T.
        TriangularSolver.Run(Triangle.Lower, unitDiagonal: false, leading, below.Transpose, parallelism);
        Gemm.Lower(-T.One, below, below.Transpose, T.One, trailing, parallelism);
        minor = Factor(trailing, parallelism);
        return minor > 0 ? half + minor : 0;
    }

    private static int FactorBase<T>(in MatrixBlock<T> a)
        where T : unmanaged, INumberBase<T>
    {
        int n = a.Rows;
        using Scratch<T> scratch = Workspace.Rent<T>(n * n);
        MatrixBlock<T> work = MatrixBlock<T>.ColumnMajor(scratch.Pointer, n, n);
        CopyLower(a, work);
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

    /// <summary>Copies the lower triangle and zeroes the strict upper one, walking the target along its lines.</summary>
    private static void CopyLower<T>(in MatrixBlock<T> source, in MatrixBlock<T> target)
        where T : unmanaged, INumberBase<T>
    {
        int n = source.Rows;
        if (nint.Abs(target.RowStride) < nint.Abs(target.ColumnStride))
        {
            for (int j = 0; j < n; j++)
            {
                target.Slice(0, j, j, 1).Clear();
                BlockCopy.Run(source.Slice(j, j, n - j, 1), target.Slice(j, j, n - j, 1));
            }

            return;
        }

        for (int i = 0; i < n; i++)
        {
            BlockCopy.Run(source.Slice(i, 0, 1, i + 1), target.Slice(i, 0, 1, i + 1));
            target.Slice(i, i + 1, 1, n - i - 1).Clear();
        }
    }
}
