using System.Numerics.Tensors;
using Xunit;

namespace Polyad.Sketching;

public sealed class SphericalRandomFeaturesTests
{
    [Theory]
    [InlineData(8, 3, 2.0)]
    [InlineData(20, 7, 2.0)]
    [InlineData(64, 10, 3.0)]
    public void The_kernel_is_off_by_no_more_than_the_bias_and_four_standard_errors(int d, int degree, double radius)
    {
        const int Pairs = 50_000;
        Tensor<double> rows = FeatureSpread.Rows(d);
        SphericalRandomFeatures<double> map = new() { Degree = degree, Radius = radius, Dimension = 2 * Pairs };
        Tensor<double> features = map.FitTransform(rows, seed: 6);
        Assert.True(map.Bias < 0.05, $"bias {map.Bias}");
        foreach ((int x, int y) in FeatureSpread.Pairs)
        {
            double[] a = Unit(SketchSpread.Row(rows, x)), b = Unit(SketchSpread.Row(rows, y));
            double k = Math.Pow(1 - (a.Zip(b, static (p, q) => (p - q) * (p - q)).Sum() / (radius * radius)), degree), found = KernelAgreement.Inner(features, x, y);
            Assert.True(Math.Abs(found - k) <= map.Bias + (4 / Math.Sqrt(2.0 * Pairs)), $"{found} for {k}, bias {map.Bias}");
        }
    }

    /// <summary>The mixture of lengths is a kernel of its own, of which the features are unbiased estimates with the variance (1 + k(2 delta))/2 - k^2 a pair.</summary>
    [Fact]
    public void Features_are_unbiased_for_the_fitted_mixture()
    {
        const int Count = 50_000;
        Tensor<double> rows = FeatureSpread.Rows(8);
        RadialMixture mixture = RadialMixture.Nearest(static z => Math.Pow(1 - (z * z / 4), 3), 8, Math.Sqrt(6) / 2);
        Tensor<double> features = new RandomFourierFeatures<double> { Kernel = mixture, Dimension = 2 * Count }.FitTransform(rows, 3);
        foreach ((int x, int y) in FeatureSpread.Pairs)
        {
            double[] a = SketchSpread.Row(rows, x), b = SketchSpread.Row(rows, y), apart = [.. a.Zip(b, static (p, q) => (2 * p) - q)];
            double k = mixture.Value(a, b), twice = mixture.Value(apart, b);
            FeatureSpread.Holds(features, static t => [t, Count + t], Count, (x, y), k, ((1 + twice) / 2) - (k * k));
        }
    }

    [Theory]
    [InlineData(ProjectionSampling.Orthogonal)]
    [InlineData(ProjectionSampling.StructuredOrthogonal)]
    [InlineData(ProjectionSampling.Fastfood)]
    public void Any_sampling_serves(ProjectionSampling sampling)
    {
        Tensor<double> rows = FeatureSpread.Rows(20);
        SphericalRandomFeatures<double> map = new() { Degree = 3, Dimension = 20_000, Sampling = sampling };
        Tensor<double> features = map.FitTransform(rows, seed: 6);
        double[] a = Unit(SketchSpread.Row(rows, 0)), b = Unit(SketchSpread.Row(rows, 1));
        double k = Math.Pow(1 - (a.Zip(b, static (p, q) => (p - q) * (p - q)).Sum() / 4), 3);
        Assert.Equal(k, KernelAgreement.Inner(features, 0, 1), map.Bias + 0.02);
    }

    /// <summary>Omega_1 = cos, Omega_2 = J_0, Omega_3 = sin(u)/u, and the limit exp(-u^2 / (2 d)) for many dimensions.</summary>
    [Fact]
    public void The_mean_over_the_sphere_has_its_closed_forms()
    {
        foreach (double u in (double[])[0, 0.5, 3, 20])
        {
            Assert.Equal(Math.Cos(u), new SphereMean(1).Cosine(u), 1e-14);
            Assert.Equal(u == 0 ? 1 : Math.Sin(u) / u, new SphereMean(3).Cosine(u), 1e-13);
            Assert.Equal(Math.Exp(-u * u / 2e6), new SphereMean(1_000_000).Cosine(u), 1e-6);
        }

        // Abramowitz and Stegun, table 9.1: J_0(1) and J_0(10).
        Assert.Equal(0.765197686557967, new SphereMean(2).Cosine(1), 1e-13);
        Assert.Equal(-0.245935764451348, new SphereMean(2).Cosine(10), 1e-13);
    }

    [Fact]
    public void Only_directions_count_and_zero_rows_have_none()
    {
        Tensor<double> rows = FeatureSpread.Rows(6), longer = Tensor.Create([.. rows.ToArray().Select(static v => 3 * v)], [4, 6]), zero = Tensor.CreateFromShape<double>([2, 6]);
        FeatureMap<double> map = new SphericalRandomFeatures<double> { Dimension = 40 }.Fit(rows);
        double[] features = map.Transform(rows).ToArray(), same = map.Transform(longer).ToArray();
        Assert.All(features.Zip(same), static p => Assert.Equal(p.First, p.Second, 1e-14));
        zero[0, 0] = 1;
        Assert.Contains("Row 1 is zero", Assert.Throws<ArgumentException>(() => map.Transform(zero)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Hyper_parameters_out_of_range_are_refused()
    {
        Tensor<double> rows = FeatureSpread.Rows(6);
        Assert.Throws<ArgumentOutOfRangeException>(() => new SphericalRandomFeatures<double> { Degree = 0 }.Fit(rows));
        Assert.Throws<ArgumentOutOfRangeException>(() => new SphericalRandomFeatures<double> { Radius = 1.9 }.Fit(rows));
        Assert.Throws<ArgumentOutOfRangeException>(() => new SphericalRandomFeatures<double> { Dimension = 7 }.Fit(rows));
    }

    /// <summary>Lawson and Hanson against a problem whose solution is known: the unconstrained one where it is positive, its face else.</summary>
    [Fact]
    public void Non_negative_least_squares_meets_its_optimality_conditions()
    {
        Tensor<double> a = new CounterRandom(8).Normal<double>(30, 12);
        double[] b = [.. new CounterRandom(9).Normal<double>(30).ToArray()], x = NonNegativeLeastSquares.Solve(a, b);
        Assert.Contains(x, static v => v > 0);
        Assert.Contains(x, static v => v == 0);
        double[] residual = [.. b.Select((v, i) => v - Enumerable.Range(0, 12).Sum(j => a[i, j] * x[j]))];
        for (int j = 0; j < 12; j++)
        {
            double gradient = Enumerable.Range(0, 30).Sum(i => a[i, j] * residual[i]);
            Assert.True(x[j] >= 0 && gradient <= 1e-10 && (x[j] == 0 || Math.Abs(gradient) < 1e-10), $"{j}: x {x[j]}, gradient {gradient}");
        }
    }

    private static double[] Unit(double[] x)
    {
        double length = Math.Sqrt(x.Sum(static v => v * v));
        return [.. x.Select(v => v / length)];
    }
}
