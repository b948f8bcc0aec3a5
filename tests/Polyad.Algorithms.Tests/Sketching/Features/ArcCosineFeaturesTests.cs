using System.Numerics.Tensors;
using Xunit;

namespace Polyad.Sketching;

public sealed class ArcCosineFeaturesTests
{
    /// <summary>A feature estimates k_n by 2 step step (w'x)^n (w'y)^n, whose variance is 2 k_2n - k_n^2; k_0 and k_2 are the library's, k_4 is by its closed form.</summary>
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public void Features_are_unbiased_with_the_variance_of_theory(int order)
    {
        const int Samples = 200_000;
        Tensor<double> rows = FeatureSpread.Rows(6), features = new ArcCosineFeatures<double> { Order = order, Dimension = Samples }.FitTransform(rows, seed: 5);
        foreach ((int x, int y) in FeatureSpread.Pairs)
        {
            double[] a = SketchSpread.Row(rows, x), b = SketchSpread.Row(rows, y);
            double k = new ArcCosineKernel(order).Value(a, b), doubled = order == 2 ? Fourth(a, b) : new ArcCosineKernel(2 * order).Value(a, b);
            FeatureSpread.Holds(features, static t => [t], Samples, (x, y), k, (2 * doubled) - (k * k));
        }
    }

    [Theory]
    [InlineData(ProjectionSampling.Orthogonal, 0)]
    [InlineData(ProjectionSampling.Fastfood, 0)]
    [InlineData(ProjectionSampling.StructuredOrthogonal, 0.01)]
    public void Structured_projections_are_unbiased(ProjectionSampling sampling, double bias)
    {
        const int Seeds = 3000;
        Tensor<double> rows = FeatureSpread.Rows(20);
        double[][] samples = [.. FeatureSpread.Pairs.Select(static _ => new double[Seeds])];
        for (int seed = 0; seed < Seeds; seed++)
        {
            double[] estimates = SketchSpread.Inner(new ArcCosineFeatures<double> { Dimension = 64, Sampling = sampling }.FitTransform(rows, (ulong)seed), FeatureSpread.Pairs);
            for (int p = 0; p < samples.Length; p++)
            {
                samples[p][seed] = estimates[p];
            }
        }

        for (int p = 0; p < samples.Length; p++)
        {
            double k = new ArcCosineKernel().Value(SketchSpread.Row(rows, FeatureSpread.Pairs[p].X), SketchSpread.Row(rows, FeatureSpread.Pairs[p].Y)), mean = samples[p].Average();
            double error = Math.Sqrt(samples[p].Average(v => (v - mean) * (v - mean)) / Seeds);
            Assert.True(Math.Abs(mean - k) <= bias + (4 * error), $"{sampling}, pair {p}: {mean} for {k}, standard error {error}");
        }
    }

    [Fact]
    public void Features_scale_with_the_rows_as_the_kernel_does()
    {
        Tensor<double> rows = FeatureSpread.Rows(6), doubled = Tensor.Create([.. rows.ToArray().Select(static v => 2 * v)], [4, 6]);
        foreach (int order in (int[])[0, 1, 2])
        {
            FeatureMap<double> map = new ArcCosineFeatures<double> { Order = order, Dimension = 33 }.Fit(rows);
            Tensor<double> features = map.Transform(rows), larger = map.Transform(doubled);
            Assert.Equal(Math.Pow(2, order) * features[1, 20], larger[1, 20], 1e-15);
        }
    }

    [Fact]
    public void Hyper_parameters_out_of_range_are_refused()
    {
        Tensor<double> rows = FeatureSpread.Rows(6);
        Assert.Throws<ArgumentOutOfRangeException>(() => new ArcCosineFeatures<double> { Order = 3 }.Fit(rows));
        Assert.Throws<ArgumentOutOfRangeException>(() => new ArcCosineFeatures<double> { Order = -1 }.Fit(rows));
        Assert.Throws<ArgumentOutOfRangeException>(() => new ArcCosineFeatures<double> { Dimension = 0 }.Fit(rows));
    }

    /// <summary>J_4 = (pi - t)(9 + 72 c^2 + 24 c^4) + s c (55 + 50 c^2), from the general formula of Cho and Saul.</summary>
    private static double Fourth(double[] a, double[] b)
    {
        double na = Math.Sqrt(a.Sum(static v => v * v)), nb = Math.Sqrt(b.Sum(static v => v * v)), c = Math.Min(1, a.Zip(b, static (p, q) => p * q).Sum() / (na * nb)), t = Math.Acos(c), s = Math.Sin(t);
        return Math.Pow(na * nb, 4) * (((Math.PI - t) * (9 + (72 * c * c) + (24 * c * c * c * c))) + (s * c * (55 + (50 * c * c)))) / Math.PI;
    }
}
