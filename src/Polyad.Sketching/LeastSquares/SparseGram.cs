using System.Numerics;
using System.Numerics.Tensors;

namespace Polyad.Sketching;

/// <summary>Gram matrices of sparse matrices from the pairs of entries that meet, which are few beside what products with unit vectors multiply.</summary>
internal static class SparseGram
{
    /// <summary>What a pair, whose sum is anywhere in a row, costs beside a multiplication of a product with several vectors.</summary>
    private const double PairCost = 12;

    /// <summary>Of the terms that centring adds up, what must be left of a diagonal entry: two bits may be lost, not more.</summary>
    private const double LeastLeft = 0.25;

    /// <summary>
    /// A A^T of a sparse matrix, of one with centred rows, or of the transpose of either; null where A is another operator, has too many pairs of entries, or would lose digits by centring afterwards.
    /// </summary>
    public static Tensor<T>? TryCreate<T>(LinearOperator<T> a)
        where T : unmanaged, INumberBase<T>
    {
        bool turned = a is AdjointOperator<T>;
        LinearOperator<T> rows = a is AdjointOperator<T> adjoint ? adjoint.Inner : a;
        CenteredOperator<T>? centred = rows as CenteredOperator<T>;
        if ((centred?.Inner ?? rows) is not SparseOperator<T> sparse)
        {
            return null;
        }

        (CsrMatrix<T> left, CsrMatrix<T> right) = turned ? (sparse.Turned, sparse.Matrix) : (sparse.Matrix, sparse.Turned);

        // Products with unit vectors take two multiplications for each entry and unit vector.
        if (PairCost * Pairs(right) > 2.0 * left.NonZeros * left.Rows)
        {
            return null;
        }

        Tensor<T> gram = FreshMemory.Zeros<T>([left.Rows, left.Rows]);
        left.Multiply(T.One, right, T.Zero, gram.AsMatrix());
        return centred is null || Centre(gram, turned, sparse.Matrix, centred.Mean) ? gram : null;
    }

    private static double Pairs<T>(CsrMatrix<T> right)
        where T : unmanaged, INumberBase<T>
    {
        double pairs = 0;
        ReadOnlySpan<int> pointers = right.RowPointers;
        for (int i = 0; i < right.Rows; i++)
        {
            double count = pointers[i + 1] - pointers[i];
            pairs += count * count;
        }

        return pairs;
    }

    /// <summary>
    /// (X - 1 mu^T)^T (X - 1 mu^T) = X^T X - n mu mu^T, and (X - 1 mu^T) (X - 1 mu^T)^T = X X^T - s 1^T - 1 s^T + mu.mu for s = X mu. False where a diagonal entry is nearly cancelled: then others of its row are worse.
    /// </summary>
    private static bool Centre<T>(Tensor<T> gram, bool turned, CsrMatrix<T> x, T[] mean)
        where T : unmanaged, INumberBase<T>
    {
        Span<T> elements = LinearAlgebra.Elements(gram);
        int order = (int)gram.Lengths[0];
        T[] image = turned ? [] : LinearAlgebra.Elements(x.Multiply(new ReadOnlyMatrixView<T>(mean, mean.Length, 1))).ToArray();
        T count = T.CreateTruncating(x.Rows), square = turned ? T.Zero : TensorPrimitives.Dot<T>(mean, mean);
        for (int i = 0; i < order; i++)
        {
            Span<T> row = elements.Slice(i * order, order);
            double terms = OperatorProducts.Double(row[i] + square);
            if (turned)
            {
                TensorPrimitives.MultiplyAdd(mean, -count * mean[i], row, row);
            }
            else
            {
                TensorPrimitives.Subtract(row, image, row);
                TensorPrimitives.Add(row, square - image[i], row);
            }

            if (OperatorProducts.Double(row[i]) < LeastLeft * terms)
            {
                return false;
            }
        }

        return true;
    }
}
