using System.Numerics.Tensors;
using Xunit;

namespace Polyad.Sketching;

/// <summary>Samples of a kernel estimate against its expected value and variance.</summary>
internal static class FeatureSpread
{
    /// <summary>Rows of d numbers of moderate size: two close ones, a far one, one of half the length.</summary>
    public static Tensor<double> Rows(int d, double size = 1)
    {
        Tensor<double> rows = new CounterRandom(77).Normal<double>(4, d);
        double scale = size / Math.Sqrt(d);
        for (int j = 0; j < d; j++)
        {
            rows[0, j] *= scale;
            rows[1, j] = rows[0, j] + (0.3 * scale * rows[1, j]);
            rows[2, j] *= scale;
            rows[3, j] *= scale / 2;
        }

        return rows;
    }

    /// <summary>Pairs of the rows.</summary>
    public static readonly (int X, int Y)[] Pairs = [(0, 1), (0, 2), (1, 3), (3, 3)];

    /// <summary>
    /// For features that are D independent groups: D times the product of each group is one sample of the estimate. Asserts mean and variance within 4 standard errors.
    /// </summary>
    /// <param name="features">The features of the rows.</param>
    /// <param name="groups">Which features belong to sample t.</param>
    /// <param name="count">The number of samples.</param>
    /// <param name="pair">The rows.</param>
    /// <param name="expected">The mean.</param>
    /// <param name="variance">The variance of one sample; null where no formula is known.</param>
    public static void Holds(Tensor<double> features, Func<int, int[]> groups, int count, (int X, int Y) pair, double expected, double? variance)
    {
        double[] x = SketchSpread.Row(features, pair.X), y = SketchSpread.Row(features, pair.Y), samples = new double[count];
        for (int t = 0; t < count; t++)
        {
            foreach (int f in groups(t))
            {
                samples[t] += count * x[f] * y[f];
            }
        }

        Holds(samples, expected, variance, $"pair {pair}");
    }

    /// <summary>Asserts mean and variance of samples within 4 standard errors.</summary>
    public static void Holds(double[] samples, double expected, double? variance, string what)
    {
        double n = samples.Length, mean = samples.Average(), found = samples.Average(v => (v - mean) * (v - mean)), fourth = samples.Average(v => Math.Pow(v - mean, 4));
        double meanError = Math.Sqrt(found / n) + (1e-12 * Math.Abs(expected)), varianceError = Math.Sqrt(Math.Max(0, fourth - (found * found)) / n) + (1e-12 * expected * expected);
        Assert.True(Math.Abs(mean - expected) <= 4 * meanError, $"{what}: mean {mean:G6}, expected {expected:G6}: {(mean - expected) / meanError:F1} standard errors apart");
        if (variance is { } v2)
        {
            Assert.True(Math.Abs(found - v2) <= 4 * varianceError, $"{what}: variance {found:G6}, expected {v2:G6}: {(found - v2) / varianceError:F1} standard errors apart");
        }
    }
}
