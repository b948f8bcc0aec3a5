using System.Numerics;
using System.Numerics.Tensors;

namespace Polyad.Sketching;

/// <summary>Statistics of data that fits need, in double precision.</summary>
internal static class DataMoments
{
    private delegate void RowAction(ReadOnlySpan<double> row);

    /// <summary>The mean row.</summary>
    public static double[] Mean<T>(in FeatureRows<T> data)
        where T : unmanaged, INumberBase<T>
    {
        double[] sum = new double[data.Columns];
        ForEachRow(data, row => TensorPrimitives.Add(sum, row, sum));
        TensorPrimitives.Divide(sum, data.Rows, sum);
        return sum;
    }

    /// <summary>The largest |scale (x - center)|^2 of a row.</summary>
    public static double LargestSquaredNorm<T>(in FeatureRows<T> data, double[]? center, double scale)
        where T : unmanaged, INumberBase<T>
    {
        double largest = 0;
        double[] difference = new double[data.Columns];
        ForEachRow(data, row =>
        {
            if (center is null)
            {
                largest = Math.Max(largest, TensorPrimitives.SumOfSquares(row));
                return;
            }

            TensorPrimitives.Subtract(row, center, difference);
            largest = Math.Max(largest, TensorPrimitives.SumOfSquares<double>(difference));
        });
        return scale * scale * largest;
    }

    private static void ForEachRow<T>(in FeatureRows<T> data, RowAction action)
        where T : unmanaged, INumberBase<T>
    {
        T[] row = new T[data.Columns];
        double[] numbers = new double[data.Columns];
        for (int i = 0; i < data.Rows; i++)
        {
            data.Slice(i, 1).CopyTo(row.AsMatrix(1, row.Length));
            TensorPrimitives.ConvertTruncating<T, double>(row, numbers);
            action(numbers);
        }
    }

    /// <summary>1 / (2 l^2) for the median distance l of the rows.</summary>
    public static double MedianGamma(Tensor<double> rows) => GaussianKernel.FromMedianDistance<double>(rows, (int)rows.Lengths[0]).Gamma!.Value;

    /// <summary>e^(-s) times the sum of s^n / n! over n above q, rounded up.</summary>
    public static double PoissonTail(int q, double s)
    {
        if (s == 0 || double.IsPositiveInfinity(s))
        {
            return s == 0 ? 0 : 1;
        }

        // Where s is at most q + 1 terms past q fall: q of them to ratios of at most 1/2, and 60 more below all digits. Above that the rest is what the terms up to q, together little more than half, leave of 1.
        bool few = s > q + 1;
        int first = few ? 0 : q + 1, count = few ? q + 1 : q + 60;
        double sum = 0, log = -s + (first * Math.Log(s)) - DotProductKernel.LogFactorial(first);
        for (int n = first; n < first + count; n++)
        {
            sum += Math.Exp(log);
            log += Math.Log(s / (n + 1));
        }

        return few ? Math.Min(1, 1 - (sum * (1 - 1e-12)) + 1e-15) : Math.Min(1, sum * (1 + 1e-12));
    }
}
