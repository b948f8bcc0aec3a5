using System.Numerics;
using System.Numerics.Tensors;

namespace Polyad.Decomposition;

/// <summary>The Khatri-Rao product of consecutive factors, for the two sides of a reconstruction: each about the square root of the tensor's size.</summary>
internal static class KhatriRaoProduct
{
    /// <summary>Factors from .. to - 1, the first one slowest; the columns scaled by <paramref name="weights"/> when given.</summary>
    public static Tensor<T> Of<T>(IReadOnlyList<Tensor<T>> factors, int from, int to, ReadOnlySpan<T> weights)
        where T : unmanaged, INumberBase<T>
    {
        Tensor<T> product = LinearAlgebra.KhatriRao<T>([.. factors.Skip(from).Take(to - from)]);
        Span<T> elements = DenseData.Elements(product);
        for (int row = 0; row < elements.Length && !weights.IsEmpty; row += weights.Length)
        {
            Span<T> line = elements.Slice(row, weights.Length);
            TensorPrimitives.Multiply(line, weights, line);
        }

        return product;
    }

    /// <summary>The number of leading modes that makes the two sides most equal.</summary>
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

            if (left + right < least)
            {
                (least, best) = (left + right, s);
            }
        }

        return best;
    }
}
