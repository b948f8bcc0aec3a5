using System.Numerics.Tensors;
using Polyad.Sketching.LowRank;
using Xunit;

namespace Polyad.Sketching.Estimators;

public sealed class RandomProjectionTests
{
    /// <summary>scikit-learn 1.2.1: johnson_lindenstrauss_min_dim.</summary>
    [Theory]
    [InlineData(1_000_000, 0.5, 663)]
    [InlineData(1_000_000, 0.1, 11841)]
    [InlineData(1_000_000, 0.01, 1112658)]
    [InlineData(10_000, 0.1, 7894)]
    [InlineData(1, 0.3, 0)]
    [InlineData(5, 0.99, 38)]
    public void The_minimum_dimension_is_that_of_scikit_learn(long points, double distortion, long expected)
        => Assert.Equal(expected, JohnsonLindenstrauss.MinimumDimension(points, distortion));

    [Fact]
    public void Distances_are_kept_within_the_distortion()
    {
        const int N = 60, D = 4000;
        const double Distortion = 0.4;
        Tensor<double> x = new CounterRandom(3).Normal<double>(N, D);
        foreach (FeatureMap<double> map in new FeatureMap<double>[] { new GaussianRandomProjection<double> { Distortion = Distortion }, new SparseRandomProjection<double> { Distortion = Distortion } })
        {
            Tensor<double> y = map.FitTransform(x, seed: 2), again = map.Transform(CsrMatrix<double>.FromDense(x));
            Assert.Equal(JohnsonLindenstrauss.MinimumDimension(N, Distortion), map.OutputDimension);
            int outside = 0;
            for (int i = 0; i < N; i++)
            {
                for (int j = 0; j < i; j++)
                {
                    outside += Math.Abs((Distance(y, i, j) / Distance(x, i, j)) - 1) > Distortion ? 1 : 0;
                }
            }

            // A pair fails with probability at most 2 / n^2 (Dasgupta, Gupta 2003): one of 1770 expected, more than 8 less often than once in 10^5.
            Assert.InRange(outside, 0, 8);
            Near(y, again, 1e-11);
        }
    }

    [Fact]
    public void The_matrices_are_those_of_the_sketches_and_go_back_to_rows_of_least_norm()
    {
        Tensor<double> x = new CounterRandom(3).Normal<double>(5, 40);
        GaussianRandomProjection<double> gaussian = new() { NComponents = 7 };
        SparseRandomProjection<double> sparse = new() { NComponents = 7, Density = 0.5 };
        Tensor<double> y = gaussian.FitTransform(x, seed: 9), z = sparse.FitTransform(x, seed: 9);
        GaussianSketch<double> g = new(7, 40, 9);
        Near(Tensor.Create([.. g.ToDense().ToArray().Select(static v => v / Math.Sqrt(7))], [7, 40]), gaussian.Components, 1e-15);
        Assert.Equal(new SparseSignSketch<double>(7, 40, 0.5, 9).ToSparse().ColumnIndices.ToArray(), sparse.Components.ColumnIndices.ToArray());
        Assert.All(sparse.Components.Values.ToArray(), static v => Assert.Equal(1 / Math.Sqrt(3.5), Math.Abs(v), 1e-15));
        Near(y, gaussian.Transform(gaussian.InverseTransform(y)), 1e-12);
        Near(z, sparse.Transform(sparse.InverseTransform(z)), 1e-12);
        Assert.Equal(1 / Math.Sqrt(40), ((SparseRandomProjection<double>)new SparseRandomProjection<double> { NComponents = 3 }.Fit(x)).FittedDensity);
        Assert.Equal(gaussian.Components.ToArray(), ((GaussianRandomProjection<double>)new GaussianRandomProjection<double> { NComponents = 7 }.PartialFit(x, seed: 9).PartialFit(x, seed: 1)).Components.ToArray());
    }

    [Fact]
    public void Dimensions_that_do_not_fit_are_refused_as_scikit_learn_does()
    {
        Tensor<double> x = new CounterRandom(3).Normal<double>(100, 40);
        Assert.Contains("larger than that of the rows, 40", Assert.Throws<ArgumentException>(() => new GaussianRandomProjection<double>().Fit(x)).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => new SparseRandomProjection<double>().Fit(x.AsReadOnlyMatrix().Slice(0, 0, 1, 40)));
        Assert.Throws<ArgumentOutOfRangeException>(() => new GaussianRandomProjection<double> { NComponents = 0 }.Fit(x));
        Assert.Throws<ArgumentOutOfRangeException>(() => new SparseRandomProjection<double> { NComponents = 4, Density = 2 }.Fit(x));
        Assert.Throws<ArgumentOutOfRangeException>(() => new GaussianRandomProjection<double> { Distortion = 1 }.Fit(x));
        Assert.Throws<ArgumentOutOfRangeException>(() => JohnsonLindenstrauss.MinimumDimension(0));
        Assert.Throws<ArgumentOutOfRangeException>(() => JohnsonLindenstrauss.MinimumDimension(5, double.NaN));

        // More components than columns are allowed where they are asked for.
        Assert.Equal(60, new GaussianRandomProjection<double> { NComponents = 60 }.Fit(x).OutputDimension);
    }

    private static double Distance(Tensor<double> x, int i, int j)
    {
        ReadOnlyMatrixView<double> view = x.AsReadOnlyMatrix();
        double sum = 0;
        for (int k = 0; k < view.Columns; k++)
        {
            double step = view[i, k] - view[j, k];
            sum += step * step;
        }

        return sum;
    }

    private static void Near(Tensor<double> expected, Tensor<double> actual, double tolerance)
        => Assert.Equal(expected.ToArray(), actual.ToArray(), (p, q) => Math.Abs(p - q) <= tolerance);
}
