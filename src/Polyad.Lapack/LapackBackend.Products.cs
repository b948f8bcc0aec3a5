using System.Numerics;
using Polyad.Managed;

namespace Polyad.Lapack;

public sealed unsafe partial class LapackBackend
{
    /// <summary>Below this order a Gram matrix without SYRK is one product; above it, products of the lower blocks alone.</summary>
    private const int GramBlock = 192;

    /// <inheritdoc/>
    protected override void MatMulCore<T>(T alpha, in ReadOnlyMatrixView<T> a, in ReadOnlyMatrixView<T> b, T beta, in MatrixView<T> c)
    {
        Routines<T> blas = _table.For<T>();
        if (!blas.Has(Routine.Gemm))
        {
            ManagedBackend.Shared.MatMul(alpha, a, b, beta, c);
            return;
        }

        fixed (T* pa = a)
        fixed (T* pb = b)
        fixed (T* pc = c)
        {
            using ThreadControl.Scope threads = ThreadsForProduct(2.0 * a.Rows * a.Columns * b.Columns);
            MatrixBlock<T> left = Pinned.Block(a, pa), right = Pinned.Block(b, pb), target = Pinned.Block(c, pc);
            if (blas.Has(Routine.Gemv) && (target.Columns == 1 || target.Rows == 1))
            {
                MultiplyVector(blas, alpha, left, right, beta, target);
            }
            else
            {
                Multiply(blas, alpha, left, right, beta, target);
            }
        }
    }

    /// <inheritdoc/>
    protected override void GramCore<T>(T alpha, in ReadOnlyMatrixView<T> a, T beta, in MatrixView<T> c)
    {
        Routines<T> blas = _table.For<T>();
        if (!blas.Has(Routine.Syrk) && !blas.Has(Routine.Gemm))
        {
            ManagedBackend.Shared.Gram(alpha, a, beta, c);
            return;
        }

        fixed (T* pa = a)
        fixed (T* pc = c)
        {
            using ThreadControl.Scope threads = ThreadsForProduct((double)a.Rows * a.Rows * a.Columns);
            MatrixBlock<T> source = Pinned.Block(a, pa), target = Pinned.Block(c, pc);
            if (blas.Has(Routine.Syrk))
            {
                using BlasOperand<T> operand = new(source, blas.LargestInteger);
                using BlasResult<T> result = new(target, blas.LargestInteger, read: !T.IsZero(beta));
                blas.Syrk(result.Uplo(Triangle.Lower), operand.Op, source.Rows, source.Columns, alpha, operand.Data, operand.LeadingDimension, beta, result.Data, result.LeadingDimension);
                result.Store();
            }
            else
            {
                LowerBlocks(blas, alpha, source, beta, target);
            }

            SymmetricCopy.LowerToUpper(target);
        }
    }

    /// <inheritdoc/>
    protected override void TriangularSolveCore<T>(Triangle triangle, bool unitDiagonal, in ReadOnlyMatrixView<T> a, in MatrixView<T> b)
    {
        Routines<T> blas = _table.For<T>();
        if (!blas.Has(Routine.Trsm))
        {
            ManagedBackend.Shared.TriangularSolve(triangle, unitDiagonal, a, b);
            return;
        }

        fixed (T* pa = a)
        fixed (T* pb = b)
        {
            using ThreadControl.Scope threads = ThreadsForProduct((double)a.Rows * a.Rows * b.Columns);
            using BlasOperand<T> operand = new(Pinned.Block(a, pa), blas.LargestInteger);
            using BlasResult<T> result = new(Pinned.Block(b, pb), blas.LargestInteger, read: true);
            char uplo = (triangle == Triangle.Lower) != operand.Transposed ? 'L' : 'U', diagonal = unitDiagonal ? 'U' : 'N';

            // B row-major is B^T to BLAS, and A X = B reads X^T A^T = B^T there.
            if (result.Transposed)
            {
                blas.Trsm('R', uplo, operand.OpOfTranspose, diagonal, b.Columns, b.Rows, operand.Data, operand.LeadingDimension, result.Data, result.LeadingDimension);
            }
            else
            {
                blas.Trsm('L', uplo, operand.Op, diagonal, b.Rows, b.Columns, operand.Data, operand.LeadingDimension, result.Data, result.LeadingDimension);
            }

            result.Store();
        }
    }

    /// <summary>C = alpha A B + beta C; where C is row-major, C^T = alpha B^T A^T + beta C^T in the same memory.</summary>
    private static void Multiply<T>(Routines<T> blas, T alpha, in MatrixBlock<T> a, in MatrixBlock<T> b, T beta, in MatrixBlock<T> c)
        where T : unmanaged, INumberBase<T>
    {
        using BlasOperand<T> left = new(a, blas.LargestInteger);
        using BlasOperand<T> right = new(b, blas.LargestInteger);
        using BlasResult<T> result = new(c, blas.LargestInteger, read: !T.IsZero(beta));
        if (result.Transposed)
        {
            blas.Gemm(
                right.OpOfTranspose,
                left.OpOfTranspose,
                c.Columns,
                c.Rows,
                a.Columns,
                alpha,
                right.Data,
                right.LeadingDimension,
                left.Data,
                left.LeadingDimension,
                beta,
                result.Data,
                result.LeadingDimension);
        }
        else
        {
            blas.Gemm(left.Op, right.Op, c.Rows, c.Columns, a.Columns, alpha, left.Data, left.LeadingDimension, right.Data, right.LeadingDimension, beta, result.Data, result.LeadingDimension);
        }

        result.Store();
    }

    /// <summary>A product with one row or one column. Strides of the vectors go to BLAS as they are, unless they are not positive.</summary>
    private static void MultiplyVector<T>(Routines<T> blas, T alpha, in MatrixBlock<T> a, in MatrixBlock<T> b, T beta, in MatrixBlock<T> c)
        where T : unmanaged, INumberBase<T>
    {
        // A row is the transpose of a column: c^T = B^T a^T.
        MatrixBlock<T> matrix = c.Columns == 1 ? a : b.Transpose, x = c.Columns == 1 ? b : a.Transpose, y = c.Columns == 1 ? c : c.Transpose;
        nint stepX = x.Rows == 1 ? 1 : x.RowStride, stepY = y.Rows == 1 ? 1 : y.RowStride;
        if (stepX <= 0 || stepY <= 0 || stepX > blas.LargestInteger || stepY > blas.LargestInteger)
        {
            Multiply(blas, alpha, a, b, beta, c);
            return;
        }

        // Some libraries scale y by a beta of zero instead of overwriting it, which keeps a NaN alive.
        if (T.IsZero(beta))
        {
            for (int i = 0; i < y.Rows; i++)
            {
                y.Data[i * stepY] = T.Zero;
            }
        }

        using BlasOperand<T> operand = new(matrix, blas.LargestInteger);
        (int rows, int columns) = operand.Transposed ? (matrix.Columns, matrix.Rows) : (matrix.Rows, matrix.Columns);
        blas.Gemv(operand.Op, rows, columns, alpha, operand.Data, operand.LeadingDimension, x.Data, stepX, beta, y.Data, stepY);
    }

    /// <summary>The lower triangle of C = alpha A A^T + beta C by products of block rows, without most of the upper half's work.</summary>
    private static void LowerBlocks<T>(Routines<T> blas, T alpha, in MatrixBlock<T> a, T beta, in MatrixBlock<T> c)
        where T : unmanaged, INumberBase<T>
    {
        for (int row = 0; row < a.Rows; row += GramBlock)
        {
            int rows = Math.Min(GramBlock, a.Rows - row);
            Multiply(blas, alpha, a.Slice(row, 0, rows, a.Columns), a.Slice(0, 0, row + rows, a.Columns).Transpose, beta, c.Slice(row, 0, rows, row + rows));
        }
    }
}
