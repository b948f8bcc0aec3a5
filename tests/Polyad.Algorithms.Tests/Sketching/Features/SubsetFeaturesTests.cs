using System.Numerics.Tensors;
using Xunit;

namespace Polyad.Sketching;

public sealed class SubsetFeaturesTests
{
    private const int Samples = 100_000;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(7)]
    public void Anova_features_are_unbiased_with_the_variance_of_their_definition(int degree)
    {
        Tensor<double> rows = FeatureSpread.Rows(8, 3), features = new AnovaFeatures<double> { Degree = degree, Dimension = Samples }.FitTransform(rows, seed: 2);
        foreach ((int x, int y) in FeatureSpread.Pairs)
        {
            double[] a = SketchSpread.Row(rows, x), b = SketchSpread.Row(rows, y);
            double k = new AnovaKernel(degree).Value(a, b), square = OverSigns(8, w => Math.Pow(Elementary(degree, a, w) * Elementary(degree, b, w), 2));
            FeatureSpread.Holds(features, static t => [t], Samples, (x, y), k, square - (k * k));
        }
    }

    /// <summary>Newton's identities against adding one column at a time, to a small multiple of eps |x|^m.</summary>
    [Theory]
    [InlineData(2)]
    [InlineData(5)]
    [InlineData(16)]
    public void Anova_features_are_elementary_symmetric_polynomials(int degree)
    {
        Tensor<double> rows = FeatureSpread.Rows(30, 2);
        AnovaFeatures<double> map = new() { Degree = degree, Dimension = 50 };
        Tensor<double> features = map.FitTransform(rows, seed: 3), signs = new CounterRandom(3, DrawStream.Signs).Signs<double>(50, 30);
        for (int t = 0; t < 50; t++)
        {
            double expected = Elementary(degree, SketchSpread.Row(rows, 0), SketchSpread.Row(signs, t)) / Math.Sqrt(50);
            double length = Math.Sqrt(SketchSpread.Row(rows, 0).Sum(static v => v * v));
            Assert.Equal(expected, features[0, t], 30 * Math.Pow(length, degree) / (1L << 52));
        }
    }

    /// <summary>Atarashi et al. 2019 with signs: the variance of a feature is product (1 + x^2 + y^2 + 4 x y + x^2 y^2) - k^2.</summary>
    [Fact]
    public void All_subsets_features_are_unbiased_with_the_variance_of_theory()
    {
        Tensor<double> rows = FeatureSpread.Rows(8), features = new AllSubsetsFeatures<double> { Dimension = Samples }.FitTransform(rows, seed: 4);
        foreach ((int x, int y) in FeatureSpread.Pairs)
        {
            double[] a = SketchSpread.Row(rows, x), b = SketchSpread.Row(rows, y);
            double k = new AllSubsetsKernel().Value(a, b), square = a.Zip(b, static (p, q) => 1 + (p * p) + (q * q) + (4 * p * q) + (p * p * q * q)).Aggregate(static (p, q) => p * q);
            FeatureSpread.Holds(features, static t => [t], Samples, (x, y), k, square - (k * k));
        }
    }

    [Fact]
    public void Sparse_rows_have_the_features_of_dense_ones()
    {
        Tensor<double> rows = FeatureSpread.Rows(8);
        (rows[0, 3], rows[1, 0], rows[2, 7]) = (0, 0, 0);
        foreach (FeatureMap<double> map in (FeatureMap<double>[])[new AnovaFeatures<double> { Degree = 3, Dimension = 37 }, new AllSubsetsFeatures<double> { Dimension = 37 }])
        {
            double[] dense = map.FitTransform(rows).ToArray(), sparse = map.Transform(CsrMatrix<double>.FromDense(rows)).ToArray();
            Assert.All(dense.Zip(sparse), static p => Assert.Equal(p.First, p.Second, 1e-15));
        }
    }

    [Fact]
    public void Hyper_parameters_out_of_range_and_overflow_are_refused()
    {
        Tensor<double> rows = FeatureSpread.Rows(8), huge = Tensor.CreateFromShape<double>([1, 8]);
        huge.Fill(1e60);
        Assert.Throws<ArgumentOutOfRangeException>(() => new AnovaFeatures<double> { Degree = 0 }.Fit(rows));
        Assert.Throws<ArgumentOutOfRangeException>(() => new AnovaFeatures<double> { Dimension = 0 }.Fit(rows));
        Assert.Throws<ArgumentOutOfRangeException>(() => new AllSubsetsFeatures<double> { Dimension = -1 }.Fit(rows));
        Assert.Throws<OverflowException>(() => new AllSubsetsFeatures<double>().Fit(rows).Transform(huge));
        Assert.Throws<OverflowException>(() => new AnovaFeatures<double> { Degree = 8 }.Fit(rows).Transform(huge));
    }

    private static double Elementary(int degree, double[] x, double[] w)
    {
        double[] sums = new double[degree + 1];
        sums[0] = 1;
        for (int j = 0; j < x.Length; j++)
        {
            for (int m = degree; m >= 1; m--)
            {
                sums[m] += w[j] * x[j] * sums[m - 1];
            }
        }

        return sums[degree];
    }

    /// <summary>The mean over all sign vectors.</summary>
    private static double OverSigns(int d, Func<double[], double> f)
        => Enumerable.Range(0, 1 << d).Average(bits => f([.. Enumerable.Range(0, d).Select(j => (bits >> j & 1) == 0 ? 1.0 : -1)]));
}
