using System.Numerics;
using Polyad.Managed;

namespace Polyad.Native;

/// <summary>xGEMM, xSYRK and xTRSM: argument checks in the order of the reference BLAS, then the engine on views of the caller's memory.</summary>
internal static unsafe class Products
{
    /// <summary>C = alpha op(A) op(B) + beta C.</summary>
    public static void Gemm<T>(
        ReadOnlySpan<byte> routine, byte* transA, byte* transB, int* m, int* n, int* k, T* alpha, T* a, int* lda, T* b, int* ldb, T* beta, T* c, int* ldc)
        where T : unmanaged, INumberBase<T>
    {
        try
        {
            bool knownA = Option.IsTranspose(transA, out bool ta), knownB = Option.IsTranspose(transB, out bool tb);
            int wrong = !knownA ? 1
                : !knownB ? 2
                : *m < 0 ? 3
                : *n < 0 ? 4
                : *k < 0 ? 5
                : *lda < Math.Max(1, ta ? *k : *m) ? 8
                : *ldb < Math.Max(1, tb ? *n : *k) ? 10
                : *ldc < Math.Max(1, *m) ? 13
                : 0;
            if (wrong > 0)
            {
                ErrorReport.Illegal(routine, wrong);
                return;
            }

            bool scaleOnly = *k == 0 || T.IsZero(*alpha);
            if (*m == 0 || *n == 0 || (scaleOnly && *beta == T.One))
            {
                return;
            }

            if (scaleOnly)
            {
                Scale(*beta, ColumnMajor.Block(c, *m, *n, *ldc));
                return;
            }

            ReadOnlyMatrixView<T> left = ta ? ColumnMajor.View(a, *k, *m, *lda).Transpose : ColumnMajor.View(a, *m, *k, *lda);
            ReadOnlyMatrixView<T> right = tb ? ColumnMajor.View(b, *n, *k, *ldb).Transpose : ColumnMajor.View(b, *k, *n, *ldb);
            ThreadLimit.Engine.MatMul(*alpha, left, right, *beta, ColumnMajor.View(c, *m, *n, *ldc));
        }
        catch (Exception exception)
        {
            ErrorReport.Failed(routine, exception);
        }
    }

    /// <summary>One triangle of C = alpha op(A) op(A)^T + beta C; the other is not touched.</summary>
    public static void Syrk<T>(ReadOnlySpan<byte> routine, byte* uplo, byte* trans, int* n, int* k, T* alpha, T* a, int* lda, T* beta, T* c, int* ldc)
        where T : unmanaged, INumberBase<T>
    {
        try
        {
            bool knownTriangle = Option.IsTriangle(uplo, out Triangle triangle), knownForm = Option.IsTranspose(trans, out bool transposed);
            int wrong = !knownTriangle ? 1
                : !knownForm ? 2
                : *n < 0 ? 3
                : *k < 0 ? 4
                : *lda < Math.Max(1, transposed ? *k : *n) ? 7
                : *ldc < Math.Max(1, *n) ? 10
                : 0;
            if (wrong > 0)
            {
                ErrorReport.Illegal(routine, wrong);
                return;
            }

            bool scaleOnly = *k == 0 || T.IsZero(*alpha);
            if (*n == 0 || (scaleOnly && *beta == T.One))
            {
                return;
            }

            // The product is symmetric: the upper triangle of C is the lower one of its transpose.
            MatrixBlock<T> lower = ColumnMajor.LowerOf(triangle, ColumnMajor.Block(c, *n, *n, *ldc));
            if (scaleOnly)
            {
                ScaleLower(*beta, lower);
                return;
            }

            MatrixBlock<T> left = transposed ? ColumnMajor.Block(a, *k, *n, *lda).Transpose : ColumnMajor.Block(a, *n, *k, *lda);
            Managed.Gemm.Lower(*alpha, left, left.Transpose, *beta, lower, ThreadLimit.Parallelism);
        }
        catch (Exception exception)
        {
            ErrorReport.Failed(routine, exception);
        }
    }

    /// <summary>op(A) X = alpha B or X op(A) = alpha B for triangular A, X overwriting B. A zero on the diagonal is not looked for: X holds infinities then.</summary>
    public static void Trsm<T>(
        ReadOnlySpan<byte> routine, byte* side, byte* uplo, byte* transA, byte* diag, int* m, int* n, T* alpha, T* a, int* lda, T* b, int* ldb)
        where T : unmanaged, INumberBase<T>
    {
        try
        {
            bool knownSide = Option.IsSide(side, out bool left), knownTriangle = Option.IsTriangle(uplo, out Triangle triangle);
            bool knownForm = Option.IsTranspose(transA, out bool transposed), knownDiagonal = Option.IsDiagonal(diag, out bool unit);
            int wrong = !knownSide ? 1
                : !knownTriangle ? 2
                : !knownForm ? 3
                : !knownDiagonal ? 4
                : *m < 0 ? 5
                : *n < 0 ? 6
                : *lda < Math.Max(1, left ? *m : *n) ? 9
                : *ldb < Math.Max(1, *m) ? 11
                : 0;
            if (wrong > 0)
            {
                ErrorReport.Illegal(routine, wrong);
                return;
            }

            if (*m == 0 || *n == 0)
            {
                return;
            }

            MatrixBlock<T> right = ColumnMajor.Block(b, *m, *n, *ldb);
            Scale(*alpha, right);
            if (T.IsZero(*alpha))
            {
                return;
            }

            // X op(A) = B is op(A)^T X^T = B^T, so A is transposed when exactly one of the two asks for it; its triangle changes sides with it.
            int order = left ? *m : *n;
            MatrixBlock<T> factor = ColumnMajor.Block(a, order, order, *lda);
            if (transposed == left)
            {
                factor = factor.Transpose;
                triangle = triangle == Triangle.Lower ? Triangle.Upper : Triangle.Lower;
            }

            TriangularSolver.Run(triangle, unit, factor, left ? right : right.Transpose, ThreadLimit.Parallelism);
        }
        catch (Exception exception)
        {
            ErrorReport.Failed(routine, exception);
        }
    }

    /// <summary>Columns are contiguous. Zero writes zeros whatever was there, NaN included.</summary>
    private static void Scale<T>(T factor, in MatrixBlock<T> c)
        where T : unmanaged, INumberBase<T>
    {
        for (int j = 0; j < c.Columns && factor != T.One; j++)
        {
            ScaleLine(factor, c.Rows, c.Data + (j * c.ColumnStride));
        }
    }

    /// <summary>The lower triangle, line by line along whichever lines are contiguous.</summary>
    private static void ScaleLower<T>(T factor, in MatrixBlock<T> c)
        where T : unmanaged, INumberBase<T>
    {
        for (int i = 0; i < c.Rows; i++)
        {
            if (c.RowStride == 1)
            {
                ScaleLine(factor, c.Rows - i, c.Data + i + (i * c.ColumnStride));
            }
            else
            {
                ScaleLine(factor, i + 1, c.Data + (i * c.RowStride));
            }
        }
    }

    private static void ScaleLine<T>(T factor, int length, T* line)
        where T : unmanaged, INumberBase<T>
    {
        if (T.IsZero(factor))
        {
            new Span<T>(line, length).Clear();
            return;
        }

        VectorKernels.Scale(length, factor, line);
    }
}
