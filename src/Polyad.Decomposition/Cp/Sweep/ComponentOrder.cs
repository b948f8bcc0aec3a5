using System.Numerics;
using System.Numerics.Tensors;

namespace Polyad.Decomposition;

/// <summary>The normal form of a CP model: weights descend; in every factor but the last the entry of largest magnitude (the first on ties) of each column is positive, and the last factor carries the sign.</summary>
internal static class ComponentOrder
{
    /// <summary>The components by descending weight.</summary>
    public static int[] ByWeight(double[] weights) => [.. Enumerable.Range(0, weights.Length).OrderByDescending(r => weights[r])];

    /// <summary>Copies of the factors with their columns in the given order and their signs settled.</summary>
    public static Tensor<T>[] Arrange<T>(IReadOnlyList<Tensor<T>> factors, int[] order)
        where T : unmanaged, INumberBase<T>
    {
        int rank = (int)factors[0].Lengths[1], columns = order.Length, last = factors.Count - 1;
        Tensor<T>[] sorted = [.. factors.Select(f => Tensor.CreateFromShape<T>([f.Lengths[0], columns]))];
        for (int r = 0; r < columns; r++)
        {
            T carried = T.One;
            for (int n = 0; n <= last; n++)
            {
                ReadOnlySpan<T> from = DenseData.Elements(factors[n]);
                Span<T> to = DenseData.Elements(sorted[n]);
                T phase = n == last ? carried : Phase(from, order[r], rank);
                if (n < last)
                {
                    carried *= phase;
                    phase = Scalar.Conjugate(phase);
                }

                for (int i = 0, at = r; i < from.Length; i += rank, at += columns)
                {
                    to[at] = from[i + order[r]] * phase;
                }
            }
        }

        return sorted;
    }

    /// <summary>The sign (phase) of the entry of largest magnitude of a column.</summary>
    private static T Phase<T>(ReadOnlySpan<T> factor, int column, int rank)
        where T : unmanaged, INumberBase<T>
    {
        double largest = 0;
        T peak = T.One;
        for (int i = column; i < factor.Length; i += rank)
        {
            double magnitude = Scalar.Magnitude(factor[i]);
            if (magnitude > largest)
            {
                (largest, peak) = (magnitude, factor[i]);
            }
        }

        return typeof(T) == typeof(System.Numerics.Complex) ? peak / T.CreateTruncating(largest == 0 ? 1 : largest) : T.IsNegative(peak) ? -T.One : T.One;
    }
}
