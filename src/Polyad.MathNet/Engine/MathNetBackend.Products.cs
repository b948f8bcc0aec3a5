using System.Numerics;
using Transpose = MathNet.Numerics.Providers.LinearAlgebra.Transpose;

namespace Polyad.MathNet;

public sealed partial class MathNetBackend
{
    /// <inheritdoc/>
    protected override void MatMulCore<T>(T alpha, in ReadOnlyMatrixView<T> a, in ReadOnlyMatrixView<T> b, T beta, in MatrixView<T> c)
    {
        T[] product = T.IsZero(beta) ? ColumnMajorArray.Create<T>(c.Rows, c.Columns) : ColumnMajorArray.CopyOf<T>(c);
        using (ControlThreads.Limit(Threads))
        {
            Own<T>().MatrixMultiplyWithUpdate(
                Transpose.DontTranspose, Transpose.DontTranspose, alpha, ColumnMajorArray.CopyOf(a), a.Rows, a.Columns, ColumnMajorArray.CopyOf(b), b.Rows, b.Columns, beta, product);
        }

        ColumnMajorArray.Write(product, c.Rows, c);
    }

    /// <inheritdoc/>
    protected override void GramCore<T>(T alpha, in ReadOnlyMatrixView<T> a, T beta, in MatrixView<T> c)
    {
        T[] input = ColumnMajorArray.CopyOf(a), gram = T.IsZero(beta) ? ColumnMajorArray.Create<T>(c.Rows, c.Rows) : ColumnMajorArray.CopyOf<T>(c);
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
