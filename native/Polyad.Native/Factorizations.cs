using System.Numerics;
using Polyad.Managed;

namespace Polyad.Native;

/// <summary>xGETRF, xPOTRF, xGEQRF and xORGQR in LAPACK's storage. The workspaces of the last two are not used: the engine has its own pool.</summary>
internal static unsafe class Factorizations
{
    /// <summary>P A = L U. info: the first zero pivot, from 1.</summary>
    public static int Getrf<T>(ReadOnlySpan<byte> routine, int* m, int* n, T* a, int* lda, int* pivots)
        where T : unmanaged, INumberBase<T>
    {
        try
        {
            int wrong = *m < 0 ? 1 : *n < 0 ? 2 : *lda < Math.Max(1, *m) ? 4 : 0;
            if (wrong > 0)
            {
                return ErrorReport.Illegal(routine, wrong);
            }

            if (*m == 0 || *n == 0)
            {
                return 0;
            }

            MatrixBlock<T> matrix = ColumnMajor.Block(a, *m, *n, *lda);
            Span<int> swaps = new(pivots, Math.Min(*m, *n));
            int zero = LuFactorization.Run(matrix, matrix, swaps, ThreadLimit.Parallelism);
            foreach (ref int swap in swaps)
            {
                swap++;
            }

            return zero + 1;
        }
        catch (Exception exception)
        {
            return ErrorReport.Failed(routine, exception);
        }
    }

    /// <summary>A = L L^T or U^T U in the stored triangle; the other is not touched. info: the order of the first minor that is not positive.</summary>
    public static int Potrf<T>(ReadOnlySpan<byte> routine, byte* uplo, int* n, T* a, int* lda)
        where T : unmanaged, INumberBase<T>
    {
        try
        {
            int wrong = !Option.IsTriangle(uplo, out Triangle triangle) ? 1 : *n < 0 ? 2 : *lda < Math.Max(1, *n) ? 4 : 0;
            if (wrong > 0)
            {
                return ErrorReport.Illegal(routine, wrong);
            }

            // U^T U is the L L^T of the transpose.
            return *n == 0 ? 0 : CholeskyFactorization.Factor(ColumnMajor.LowerOf(triangle, ColumnMajor.Block(a, *n, *n, *lda)), ThreadLimit.Parallelism);
        }
        catch (Exception exception)
        {
            return ErrorReport.Failed(routine, exception);
        }
    }

    /// <summary>A = Q R: R on and above the diagonal, the reflectors' tails below, their factors in tau.</summary>
    public static int Geqrf<T>(ReadOnlySpan<byte> routine, int* m, int* n, T* a, int* lda, T* tau, T* work, int* lwork)
        where T : unmanaged, INumberBase<T>
    {
        try
        {
            int wrong = *m < 0 ? 1 : *n < 0 ? 2 : *lda < Math.Max(1, *m) ? 4 : !Space.Enough(*lwork) ? 7 : 0;
            if (wrong > 0)
            {
                return ErrorReport.Illegal(routine, wrong);
            }

            *work = T.One;
            int k = Math.Min(*m, *n), block = QrFactorization.BlockSize(*m, *n), ld = ColumnKernels.LeadingDimension<T>(*m);
            if (Space.Queried(*lwork) || k == 0)
            {
                return 0;
            }

            // A copy whose columns do not share cache sets, whatever lda is.
            using Scratch<T> scratch = Workspace.Rent<T>(((nint)ld * *n) + ((nint)block * k));
            MatrixBlock<T> matrix = ColumnMajor.Block(a, *m, *n, *lda), copy = ColumnMajor.Block(scratch.Pointer, *m, *n, ld);
            MatrixBlock<T> triangles = MatrixBlock<T>.ColumnMajor(scratch.Pointer + ((nint)ld * *n), block, k);
            BlockCopy.Run(matrix, copy);
            QrFactorization.Factor(copy, triangles, ThreadLimit.Parallelism);
            BlockCopy.Run(copy, matrix);
            for (int j = 0; j < k; j++)
            {
                tau[j] = triangles[j % block, j];
            }

            return 0;
        }
        catch (Exception exception)
        {
            return ErrorReport.Failed(routine, exception);
        }
    }

    /// <summary>The first n columns of the Q of k reflectors, overwriting them.</summary>
    public static int Orgqr<T>(ReadOnlySpan<byte> routine, int* m, int* n, int* k, T* a, int* lda, T* tau, T* work, int* lwork)
        where T : unmanaged, INumberBase<T>
    {
        try
        {
            int wrong = *m < 0 ? 1
                : *n < 0 || *n > *m ? 2
                : *k < 0 || *k > *n ? 3
                : *lda < Math.Max(1, *m) ? 5
                : !Space.Enough(*lwork) ? 8
                : 0;
            if (wrong > 0)
            {
                return ErrorReport.Illegal(routine, wrong);
            }

            *work = T.One;
            if (Space.Queried(*lwork) || *n == 0)
            {
                return 0;
            }

            MatrixBlock<T> q = ColumnMajor.Block(a, *m, *n, *lda);
            if (*k == 0)
            {
                q.Clear();
                for (int i = 0; i < *n; i++)
                {
                    q[i, i] = T.One;
                }

                return 0;
            }

            int block = QrFactorization.BlockSize(*m, *k), ld = ColumnKernels.LeadingDimension<T>(*m);
            using Scratch<T> scratch = Workspace.Rent<T>(((nint)ld * *k) + ((nint)block * *k));
            MatrixBlock<T> factored = ColumnMajor.Block(scratch.Pointer, *m, *k, ld), triangles = MatrixBlock<T>.ColumnMajor(scratch.Pointer + ((nint)ld * *k), block, *k);
            BlockCopy.Run(q.Slice(0, 0, *m, *k), factored);
            for (int j = 0; j < *k; j += block)
            {
                int width = Math.Min(block, *k - j);
                MatrixBlock<T> reflectors = factored.Slice(j, j, *m - j, width);
                CompactWy.MakeExplicit(reflectors);
                CompactWy.BuildT(reflectors, tau + j, triangles.Slice(0, j, width, width));
            }

            QrFactorization.FormQ(factored, triangles, q, ThreadLimit.Parallelism);
            return 0;
        }
        catch (Exception exception)
        {
            return ErrorReport.Failed(routine, exception);
        }
    }
}
