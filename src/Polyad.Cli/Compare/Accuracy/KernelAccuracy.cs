using System.Numerics;

namespace Polyad.Cli.Compare.Accuracy;

/// <summary>
/// Judges features by the kernel values they estimate: the root of the mean squared error over that which the variance of the sketch predicts, over all pairs of the first rows. One draw gives numbers around 1;
/// many times that is a wrong sketch.
/// </summary>
internal static class KernelAccuracy
{
    /// <summary>The rows that are looked at.</summary>
    public const int Rows = 24;

    /// <param name="rows">The rows.</param>
    /// <param name="estimate">The inner product of the features of two rows.</param>
    /// <param name="kernel">What it estimates.</param>
    /// <param name="variance">The predicted variance of the estimate.</param>
    /// <param name="epsilon">The distance from 1 to the next number of the element type.</param>
    public static double Ratio(DenseMatrix rows, Func<int, int, double> estimate, Func<double[], double[], double> kernel, Func<double[], double[], double> variance, double epsilon)
    {
        double[][] x = [.. rows.Values.Chunk(rows.Columns)];
        double error = 0, predicted = 0;
        for (int i = 0; i < x.Length; i++)
        {
            for (int j = 0; j <= i; j++)
            {
                // Estimates without variance, such as that of a row with itself by sines and cosines, are good to rounding.
                double exact = kernel(x[i], x[j]), rounding = rows.Columns * epsilon * kernel(x[i], x[i]);
                error += Math.Pow(estimate(i, j) - exact, 2);
                predicted += variance(x[i], x[j]) + (rounding * rounding);
            }
        }

        return LapackRatio.Finite(Math.Sqrt(error / predicted));
    }

    /// <summary>The inner product of some columns of two rows of features.</summary>
    public static double Inner<T>(T[] features, int width, Range columns, int i, int j)
        where T : unmanaged, INumberBase<T>
    {
        double sum = 0;
        (int first, int count) = columns.GetOffsetAndLength(width);
        for (int k = first; k < first + count; k++)
        {
            sum += double.CreateTruncating(features[((long)i * width) + k]) * double.CreateTruncating(features[((long)j * width) + k]);
        }

        return sum;
    }
}
