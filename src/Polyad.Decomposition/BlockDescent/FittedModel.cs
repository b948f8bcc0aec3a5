using System.Numerics;
using System.Numerics.Tensors;

namespace Polyad.Decomposition;

/// <summary>Brings the unscaled factors of a fit into the form that results have.</summary>
internal static class FittedModel
{
    /// <summary>
    /// Weights and copies of the factors: unit columns in modes that are free of scale (a column of zeros stays, and makes the weight 0), components by descending size, and in symmetric modes
    /// but the last of them the entry of largest magnitude of each column positive.
    /// </summary>
    public static (Tensor<T> Weights, Tensor<T>[] Factors) Of<T>(IReadOnlyList<Tensor<T>> factors, FactorUpdate<T>[] updates)
        where T : unmanaged, INumberBase<T>
    {
        int rank = (int)factors[0].Lengths[1];
        double[] weights = new double[rank], sizes = new double[rank];
        double[][] divisors = [.. factors.Select(_ => new double[rank])];
        for (int r = 0; r < rank; r++)
        {
            weights[r] = sizes[r] = 1;
            for (int n = 0; n < factors.Count; n++)
            {
                double norm = ColumnNorm(factors[n], r);
                sizes[r] *= norm;
                weights[r] *= updates[n].IsScaleFree ? norm : 1;
                divisors[n][r] = updates[n].IsScaleFree && norm > 0 ? norm : 1;
            }
        }

        int[] order = ComponentOrder.ByWeight(sizes);
        Tensor<T>[] sorted = [.. factors.Select(static f => Tensor.CreateFromShape<T>(f.Lengths))];
        int carrier = Array.FindLastIndex(updates, static u => u.IsSymmetric);
        for (int r = 0; r < rank; r++)
        {
            double carried = 1;
            for (int n = 0; n < sorted.Length; n++)
            {
                double sign = n == carrier ? carried : updates[n].IsSymmetric ? PeakSign(factors[n], order[r]) : 1;
                carried *= sign;
                CopyColumn(factors[n], order[r], sorted[n], r, sign / divisors[n][order[r]]);
            }
        }

        return (Tensor.Create([.. order.Select(r => T.CreateTruncating(weights[r]))], [rank]), sorted);
    }

    private static double ColumnNorm<T>(Tensor<T> factor, int column)
        where T : unmanaged, INumberBase<T>
    {
        double norm = 0;
        ReadOnlySpan<T> x = DenseData.Elements(factor);
        for (int i = column; i < x.Length; i += (int)factor.Lengths[1])
        {
            norm = double.Hypot(norm, double.CreateTruncating(x[i]));
        }

        return norm;
    }

    private static double PeakSign<T>(Tensor<T> factor, int column)
        where T : unmanaged, INumberBase<T>
    {
        double peak = 0;
        ReadOnlySpan<T> x = DenseData.Elements(factor);
        for (int i = column; i < x.Length; i += (int)factor.Lengths[1])
        {
            double value = double.CreateTruncating(x[i]);
            peak = Math.Abs(value) > Math.Abs(peak) ? value : peak;
        }

        return peak < 0 ? -1 : 1;
    }

    private static void CopyColumn<T>(Tensor<T> from, int column, Tensor<T> to, int target, double times)
        where T : unmanaged, INumberBase<T>
    {
        int rank = (int)from.Lengths[1];
        ReadOnlySpan<T> x = DenseData.Elements(from);
        Span<T> y = DenseData.Elements(to);
        for (int i = 0; i < x.Length; i += rank)
        {
            // Not through a negative zero: what was 0 stays 0.
            double value = double.CreateTruncating(x[i + column]);
            y[i + target] = value == 0 ? T.Zero : T.CreateTruncating(value * times);
        }
    }
}
