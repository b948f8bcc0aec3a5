using System.Numerics;
using System.Numerics.Tensors;

namespace Polyad.Decomposition;

/// <summary>The order and the signs (phases) of the components of a CP model.</summary>
internal static class ComponentOrder
{
    /// <summary>The components by descending weight.</summary>
    public static int[] ByWeight(double[] weights) => [.. Enumerable.Range(0, weights.Length).OrderByDescending(r => weights[r])];

    /// <summary>Some columns of a dense matrix, in the order given.</summary>
    public static Tensor<T> Columns<T>(Tensor<T> matrix, int[] columns)
        where T : unmanaged, INumberBase<T>
    {
        int width = (int)matrix.Lengths[1];
        Tensor<T> chosen = FreshMemory.Zeros<T>([matrix.Lengths[0], columns.Length]);
        ReadOnlySpan<T> from = DenseData.Elements(matrix);
        Span<T> to = DenseData.Elements(chosen);
        for (int i = 0; i < to.Length; i++)
        {
            to[i] = from[(i / columns.Length * width) + columns[i % columns.Length]];
        }

        return chosen;
    }

    /// <summary>
    /// Copies of the factors with their columns in the given order; in every factor but <paramref name="carrier"/> the entry of largest magnitude (the first on ties) of each column is
    /// positive, and the carrier makes up for it.
    /// </summary>
    public static Tensor<T>[] Arrange<T>(IReadOnlyList<Tensor<T>> factors, int[] order, int carrier)
        where T : unmanaged, INumberBase<T>
    {
        Tensor<T>[] sorted = [.. factors.Select(f => Columns(f, order))];
        for (int r = 0; r < order.Length; r++)
        {
            T carried = T.One;
            for (int n = 0; n < sorted.Length; n++)
            {
                if (n != carrier)
                {
                    T phase = Phase(DenseData.Elements(sorted[n]), r, order.Length);
                    carried *= phase;
                    Multiply(sorted[n], r, Scalar.Conjugate(phase));
                }
            }

            Multiply(sorted[carrier], r, carried);
        }

        return sorted;
    }

    /// <summary>Multiplies one column in place.</summary>
    public static void Multiply<T>(Tensor<T> factor, int column, T by)
        where T : unmanaged, INumberBase<T>
    {
        Span<T> elements = DenseData.Elements(factor);
        for (int i = column; i < elements.Length && by != T.One; i += (int)factor.Lengths[1])
        {
            elements[i] *= by;
        }
    }

    /// <summary>The sign (phase) of the entry of largest magnitude (the first on ties) of a column; 1 for a column of zeros.</summary>
    public static T Phase<T>(ReadOnlySpan<T> factor, int column, int rank)
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

        return typeof(T) == typeof(Complex) ? peak / T.CreateTruncating(largest == 0 ? 1 : largest) : T.IsNegative(peak) ? -T.One : T.One;
    }
}
