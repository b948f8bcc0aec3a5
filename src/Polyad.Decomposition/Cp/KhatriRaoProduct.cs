using System.Numerics;
using System.Numerics.Tensors;

namespace Polyad.Decomposition;

/// <summary>The Khatri-Rao product of consecutive factors, for one of the two sides into which a tensor's modes are cut: about the square root of the tensor's size.</summary>
internal static class KhatriRaoProduct
{
    /// <summary>Factors from .. to - 1, the first one slowest; the columns scaled by <paramref name="weights"/> when given.</summary>
    public static Tensor<T> Of<T>(IReadOnlyList<Tensor<T>> factors, int from, int to, ReadOnlySpan<T> weights)
        where T : unmanaged, INumberBase<T>
    {
        int rank = (int)factors[from].Lengths[1], rows = 1;
        T[] product = new T[rank];
        product.AsSpan().Fill(T.One);
        if (!weights.IsEmpty)
        {
            weights.CopyTo(product);
        }

        for (int k = from; k < to; k++)
        {
            ReadOnlySpan<T> factor = DenseData.Elements(factors[k]);
            int length = factor.Length / rank;
            T[] larger = GC.AllocateUninitializedArray<T>(checked(rows * length * rank));
            for (int i = 0; i < rows; i++)
            {
                for (int j = 0; j < length; j++)
                {
                    TensorPrimitives.Multiply(product.AsSpan(i * rank, rank), factor.Slice(j * rank, rank), larger.AsSpan(((i * length) + j) * rank, rank));
                }
            }

            (product, rows) = (larger, rows * length);
        }

        return Tensor.Create(product, [rows, rank]);
    }

    /// <summary>The number of leading modes that makes the two sides most equal, the larger one on ties (the right side then lies in fewer cache lines); 1 for a single mode.</summary>
    public static int Split(ReadOnlySpan<nint> lengths)
    {
        int best = 1;
        double least = double.MaxValue;
        for (int s = 1; s < lengths.Length; s++)
        {
            double left = 1, right = 1;
            for (int k = 0; k < lengths.Length; k++)
            {
                (left, right) = k < s ? (left * lengths[k], right) : (left, right * lengths[k]);
            }

            if (left + right <= least)
            {
                (least, best) = (left + right, s);
            }
        }

        return best;
    }
}
