using System.Numerics.Tensors;
using Xunit;

namespace Polyad.Sketching;

/// <summary>Measures mean and variance of kernel estimates over seeds against what is predicted.</summary>
internal static class SketchSpread
{
    /// <summary>Rows of which pairs are compared: equal, close, almost orthogonal and sparse vectors.</summary>
    public static Tensor<double> Rows(int dimension, ulong seed = 1)
    {
        Tensor<double> rows = new CounterRandom(seed).Normal<double>(4, dimension);
        for (int j = 0; j < dimension; j++)
        {
            rows[1, j] = rows[0, j] + (0.5 * rows[1, j]);
            rows[3, j] = j % 2 == 0 ? rows[3, j] : 0;
        }

        return rows;
    }

    /// <summary>The pairs of rows.</summary>
    public static readonly (int X, int Y)[] Pairs = [(0, 0), (0, 1), (0, 2), (1, 3), (3, 3)];

    /// <summary>Asserts that estimates are unbiased and spread as predicted, each within so many standard errors.</summary>
    /// <param name="estimate">The estimates of all pairs for a seed.</param>
    /// <param name="values">The exact values.</param>
    /// <param name="variances">The predicted variances.</param>
    /// <param name="seeds">How many seeds.</param>
    /// <param name="sigmas">The bound.</param>
    public static void Holds(Func<ulong, double[]> estimate, double[] values, double[] variances, int seeds, double sigmas = 4)
    {
        int n = values.Length;
        double[] sum = new double[n], square = new double[n], fourth = new double[n];
        Lock gate = new();
        System.Threading.Tasks.Parallel.For(0, seeds, seed =>
        {
            double[] k = estimate((ulong)seed);
            lock (gate)
            {
                for (int i = 0; i < n; i++)
                {
                    double e = k[i] - values[i];
                    sum[i] += e;
                    square[i] += e * e;
                    fourth[i] += e * e * e * e;
                }
            }
        });
        for (int i = 0; i < n; i++)
        {
            // An isometry has no spread but rounding.
            double rounding = 1e-12 * values[i] * values[i], mean = sum[i] / seeds, variance = square[i] / seeds;
            double meanError = Math.Sqrt((variances[i] + rounding) / seeds), varianceError = Math.Sqrt(Math.Max(0, (fourth[i] / seeds) - (variance * variance)) / seeds) + rounding;
            Assert.True(Math.Abs(mean) <= sigmas * meanError, $"pair {i}: the mean is off by {mean / meanError:F1} standard errors ({mean:G3} of {values[i]:G3})");
            Assert.True(Math.Abs(variance - variances[i]) <= sigmas * varianceError, $"pair {i}: variance {variance:G5}, predicted {variances[i]:G5}: {(variance - variances[i]) / varianceError:F1} standard errors apart");
        }
    }

    /// <summary>As <see cref="Holds"/> for a family of sketches.</summary>
    public static void Holds(SketchFamily family, PolynomialKernel kernel, int dimension, int features, int seeds = 3000)
    {
        Tensor<double> rows = Rows(dimension);
        VarianceModel model = new(family, kernel, dimension, features);
        double[][] x = [.. Enumerable.Range(0, 4).Select(i => Row(rows, i))];
        double[] values = [.. Pairs.Select(p => kernel.Evaluate(TensorPrimitives.Dot(x[p.X], x[p.Y])))];
        VariancePrediction[] predicted = [.. Pairs.Select(p => model.Predict(x[p.X], x[p.Y]))];
        Assert.All(predicted, p => Assert.Equal(PredictionKind.Exact, p.Kind));
        Holds(seed => Inner(family.Create<double>(dimension, kernel, features, seed).Apply(rows), Pairs), values, [.. predicted.Select(p => p.Variance)], seeds);
    }

    /// <summary>The inner products of pairs of rows.</summary>
    public static double[] Inner(Tensor<double> features, (int X, int Y)[] pairs)
        => [.. pairs.Select(p => TensorPrimitives.Dot<double>(Row(features, p.X), Row(features, p.Y)))];

    /// <summary>A row.</summary>
    public static double[] Row(Tensor<double> matrix, int row)
    {
        double[] numbers = new double[matrix.Lengths[1]];
        matrix.AsReadOnlyMatrix().Slice(row, 0, 1, numbers.Length).CopyTo(numbers.AsMatrix(1, numbers.Length));
        return numbers;
    }
}
