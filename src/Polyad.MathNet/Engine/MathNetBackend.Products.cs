using System.Numerics;
using Transpose = MathNet.Numerics.Providers.LinearAlgebra.Transpose;

namespace Polyad.MathNet;

public sealed partial class MathNetBackend
{
    /// <inheritdoc/>
    protected override void MatMulCore<T>(T alpha, in ReadOnlyMatrixView<T> a, in ReadOnlyMatrixView<T> b, T beta, in MatrixView<T> c)
    {
        if (c.RowStride > c.ColumnStride)
        {
            // Row by row, C is the column-major C' = B'A': what is row-major is then copied as it lies.
            MatMulCore(alpha, b.Transpose, a.Transpose, beta, c.Transpose);
            return;
        }

        using CallArrays arrays = new(_shelf);
        T[] product = T.IsZero(beta) ? arrays.Create<T>(c.Rows, c.Columns) : arrays.CopyOf<T>(c);
        using (ControlThreads.Limit(Threads))
        {
            Own<T>().MatrixMultiplyWithUpdate(
                Transpose.DontTranspose, Transpose.DontTranspose, alpha, arrays.CopyOf(a), a.Rows, a.Columns, arrays.CopyOf(b), b.Rows, b.Columns, beta, product);
        }

        ColumnMajorArray.Write(product, c.Rows, c);
    }

    /// <inheritdoc/>
    protected override void GramCore<T>(T alpha, in ReadOnlyMatrixView<T> a, T beta, in MatrixView<T> c)
    {
        using CallArrays arrays = new(_shelf);
        T[] input = arrays.CopyOf(a), gram = T.IsZero(beta) ? arrays.Create<T>(c.Rows, c.Rows) : arrays.CopyOf<T>(c);
        using (ControlThreads.Limit(Threads))
        {
            Own<T>().MatrixMultiplyWithUpdate(Transpose.DontTranspose, Transpose.Transpose, alpha, input, a.Rows, a.Columns, input, a.Rows, a.Columns, beta, gram);
        }

        MirrorLower(gram, c.Rows);
        ColumnMajorArray.Write(gram, c.Rows, c);
    }

    /// <inheritdoc/>
    protected override void TriangularSolveCore<T>(Triangle triangle, bool unitDiagonal, in ReadOnlyMatrixView<T> a, in MatrixView<T> b)
        => _managed.TriangularSolve(triangle, unitDiagonal, a, b);

    private static void MirrorLower<T>(T[] square, int order)
    {
        for (int j = 0; j < order; j++)
        {
            for (int i = j + 1; i < order; i++)
            {
                square[j + (i * order)] = square[i + (j * order)];
            }
        }
    }
}
