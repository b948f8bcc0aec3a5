namespace Polyad.Sketching;

/// <summary>The summed variance of a sketch of a power of sampled rows as a function of its number of features.</summary>
internal abstract class VarianceCurve
{
    /// <summary>The curve of a family.</summary>
    /// <param name="family">The kind of sketch.</param>
    /// <param name="sample">The pairs.</param>
    /// <param name="degree">The power.</param>
    /// <param name="dimension">The length of a row.</param>
    /// <param name="weights">The weight of each row.</param>
    public static VarianceCurve Of(SketchFamily family, PairSample sample, int degree, int dimension, double[] weights)
        => family is ProductSrhtFamily srht ? new ProductCurve(srht, sample, degree, dimension, weights) : new SampledCurve(family, sample, degree, dimension, weights);

    /// <summary>The sum at D features.</summary>
    public abstract double At(int features);

    /// <summary>
    /// Product sketches: the variance is V/m + (same pairs)/m^2 * C with sums V and C over the pairs; C depends on D only through the number of tiled rows.
    /// </summary>
    private sealed class ProductCurve(ProductSrhtFamily family, PairSample sample, int degree, int dimension, double[] weights) : VarianceCurve
    {
        private readonly Dictionary<double, (double One, double Same)> _sums = [];

        public override double At(int features)
        {
            int m = family.Outputs(features);
            double rows = HadamardMoments.Rows(dimension, m, family.Sampling), same = HadamardMoments.SamePairs(dimension, m, family.Sampling);
            if (!_sums.TryGetValue(rows, out (double One, double Same) sums))
            {
                // Two sizes give the two sums: without pairs, and with all of them.
                double[] count = new double[degree];
                Array.Fill(count, rows);
                double one = sample.Variance(factors => ProjectionMoments.Product(factors, 1, ProjectionWeights.Rademacher, family.Complex), degree, weights);
                double half = sample.SignedVariance(factors => ProjectionMoments.Product(factors, 2, ProjectionWeights.Rademacher, family.Complex, 2, count), degree, weights);
                _sums[rows] = sums = (one, (2 * half) - one);
            }

            return Math.Max(0, (sums.One / m) + (same / ((double)m * m) * sums.Same));
        }
    }

    /// <summary>Other sketches: looked at on a geometric grid of numbers of features, D * variance being smooth between.</summary>
    private sealed class SampledCurve(SketchFamily family, PairSample sample, int degree, int dimension, double[] weights) : VarianceCurve
    {
        private const double Ratio = 1.5;

        private readonly Dictionary<int, double> _values = [];

        public override double At(int features)
        {
            if (features <= 4)
            {
                return Value(features);
            }

            int step = (int)Math.Floor(Math.Log(features / 4.0) / Math.Log(Ratio)), low = Node(step), high = Node(step + 1);
            double a = Value(low) * low, b = Value(high) * high, place = Math.Log((double)features / low) / Math.Log((double)high / low);
            return Math.Max(0, a + ((b - a) * place)) / features;
        }

        private static int Node(int step) => 2 * (int)Math.Round(2 * Math.Pow(Ratio, step));

        private double Value(int features)
        {
            if (!_values.TryGetValue(features, out double value))
            {
                _values[features] = value = sample.Variance(family.Moments(degree, dimension, features), degree, weights);
            }

            return value;
        }
    }
}
