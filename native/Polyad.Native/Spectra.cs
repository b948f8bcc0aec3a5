using System.Numerics;
using Polyad.Managed;

namespace Polyad.Native;

/// <summary>xGESDD and xSYEVD. Input that is not finite is answered by info = -4 (the matrix), as xGESDD answers NaN since LAPACK 3.7.</summary>
internal static unsafe class Spectra
{
    private const int NotFinite = -4;

    private const int NotConverged = 1;

    /// <summary>A = U diag(s) V^T. Jobs N, S and A leave the matrix as it was; O puts the thin factor of the longer side into it.</summary>
    public static int Gesdd<T>(
        ReadOnlySpan<byte> routine, byte* jobz, int* m, int* n, T* a, int* lda, T* s, T* u, int* ldu, T* vt, int* ldvt, T* work, int* lwork)
        where T : unmanaged, INumberBase<T>
    {
        try
        {
            bool known = Option.IsSvdJob(jobz, out char job), tall = *m >= *n;
            int k = Math.Min(*m, *n);
            int leastU = job is 'A' or 'S' || (job == 'O' && !tall) ? *m : 1;
            int leastVt = job == 'A' || (job == 'O' && tall) ? *n : job == 'S' ? k : 1;
            int wrong = !known ? 1
                : *m < 0 ? 2
                : *n < 0 ? 3
                : *lda < Math.Max(1, *m) ? 5
                : *ldu < Math.Max(1, leastU) ? 8
                : *ldvt < Math.Max(1, leastVt) ? 10
                : !Space.Enough(*lwork) ? 12
                : 0;
            if (wrong > 0)
            {
                return ErrorReport.Illegal(routine, wrong);
            }

            *work = T.One;
            if (Space.Queried(*lwork) || k == 0)
            {
                return 0;
            }

            MatrixView<T> matrix = ColumnMajor.View(a, *m, *n, *lda);
            Span<T> values = new(s, k);
            switch (job)
            {
                case 'N':
                    ThreadLimit.Engine.SingularValues<T>(matrix, values);
                    break;
                case 'O':
                    Overwriting(matrix, values, tall ? ColumnMajor.View(vt, *n, *n, *ldvt) : ColumnMajor.View(u, *m, *m, *ldu));
                    break;
                default:
                    bool full = job == 'A';
                    ThreadLimit.Engine.Svd(matrix, ColumnMajor.View(u, *m, full ? *m : k, *ldu), values, ColumnMajor.View(vt, full ? *n : k, *n, *ldvt));
                    break;
            }

            return 0;
        }
        catch (NonFiniteInputException)
        {
            return NotFinite;
        }
        catch (NonConvergenceException)
        {
            return NotConverged;
        }
        catch (Exception exception)
        {
            return ErrorReport.Failed(routine, exception);
        }
    }

    /// <summary>A = V diag(w) V^T from the stored triangle, w ascending, V in place of A.</summary>
    public static int Syevd<T>(
        ReadOnlySpan<byte> routine, byte* jobz, byte* uplo, int* n, T* a, int* lda, T* w, T* work, int* lwork, int* iwork, int* liwork)
        where T : unmanaged, INumberBase<T>
    {
        try
        {
            bool knownJob = Option.IsVectors(jobz, out bool vectors), knownTriangle = Option.IsTriangle(uplo, out Triangle triangle);
            int wrong = !knownJob ? 1
                : !knownTriangle ? 2
                : *n < 0 ? 3
                : *lda < Math.Max(1, *n) ? 5
                : !Space.Enough(*lwork) && !Space.Queried(*liwork) ? 8
                : !Space.Enough(*liwork) && !Space.Queried(*lwork) ? 10
                : 0;
            if (wrong > 0)
            {
                return ErrorReport.Illegal(routine, wrong);
            }

            *work = T.One;
            *iwork = 1;
            if (Space.Queried(*lwork) || Space.Queried(*liwork) || *n == 0)
            {
                return 0;
            }

            MatrixBlock<T> matrix = ColumnMajor.Block(a, *n, *n, *lda), lower = ColumnMajor.LowerOf(triangle, matrix);
            Arguments.FiniteTriangle<T>(Triangle.Lower, lower.AsView(), default, nameof(a));
            if (vectors)
            {
                // The solver copies the triangle before it writes anything.
                SymmetricEigenSolver.Run(lower, w, matrix, ThreadLimit.Parallelism);
                SignConvention.ColumnsPositive(matrix.AsView(), default, *n);
            }
            else
            {
                SymmetricEigenSolver.RunValues(lower, w, ThreadLimit.Parallelism);
            }

            return 0;
        }
        catch (NonFiniteInputException)
        {
            return NotFinite;
        }
        catch (NonConvergenceException)
        {
            return NotConverged;
        }
        catch (Exception exception)
        {
            return ErrorReport.Failed(routine, exception);
        }
    }

    /// <summary>The factor of A's longer side replaces A, the square one goes to <paramref name="square"/>: V^T when A is tall, else U.</summary>
    private static void Overwriting<T>(in MatrixView<T> a, Span<T> s, in MatrixView<T> square)
        where T : unmanaged, INumberBase<T>
    {
        using Scratch<T> scratch = Workspace.Rent<T>((nint)a.Rows * a.Columns);
        MatrixView<T> longer = ColumnMajor.View(scratch.Pointer, a.Rows, a.Columns, a.Rows);
        bool tall = a.Rows >= a.Columns;
        ThreadLimit.Engine.Svd(a, tall ? longer : square, s, tall ? square : longer);
        fixed (T* target = a)
        {
            BlockCopy.Run(Pinned.Block(longer, scratch.Pointer), Pinned.Block(a, target));
        }
    }
}
