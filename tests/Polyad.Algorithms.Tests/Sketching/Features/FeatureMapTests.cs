using System.Numerics.Tensors;
using Xunit;

namespace Polyad.Sketching;

public sealed class FeatureMapTests
{
    private static readonly Tensor<double> Rows = new CounterRandom(1).Normal<double>(5, 3);

    [Fact]
    public void A_map_that_is_not_fitted_says_so()
    {
        LinearFeatures<double> map = new();
        Assert.False(map.IsFitted);
        Assert.Equal("LinearFeatures is not fitted: call Fit first.", Assert.Throws<NotFittedException>(() => map.Transform(Rows)).Message);
        Assert.Throws<NotFittedException>(() => map.OutputDimension);
        Assert.Throws<NotFittedException>(() => map.InputDimension);
        Assert.Throws<NotFittedException>(() => map.FeatureNames);
        Assert.Throws<NotFittedException>(() => map.Save(new MemoryStream()));
    }

    [Fact]
    public void A_fit_returns_the_map_with_all_that_its_class_has()
    {
        RbfSampler<double> sampler = new RbfSampler<double> { NComponents = 7 }.Fit(Rows, seed: 1);
        Assert.Equal([3, 7], sampler.RandomWeights.Lengths);
        Assert.Equal(2, new Pca<double> { NComponents = 2 }.Fit(Rows).Components.Lengths[0]);
        IncrementalPca<double> stream = new() { NComponents = 2 };
        Assert.Same(stream, stream.PartialFit(Rows));
        FeatureMap<double> known = sampler;
        Assert.Same(sampler, known.Fit(Rows));
    }

    [Fact]
    public void A_map_that_names_another_class_as_its_own_is_refused()
        => Assert.Contains(nameof(Mistaken), Assert.Throws<NotSupportedException>(() => new Mistaken()).Message, StringComparison.Ordinal);

    [Fact]
    public void Rows_of_another_width_are_refused_with_both_widths()
    {
        FeatureMap<double> map = new LinearFeatures<double>().Fit(Rows);
        Tensor<double> wide = new CounterRandom(1).Normal<double>(5, 4);
        string message = Assert.Throws<ArgumentException>(() => map.Transform(wide)).Message;
        Assert.Contains("rows of 3 numbers; given 5 x 4", message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => map.PartialFit(wide));
    }

    [Fact]
    public void What_is_no_finite_matrix_is_refused()
    {
        LinearFeatures<double> map = new();
        Assert.Throws<ArgumentException>(() => map.Fit(Tensor.CreateFromShape<double>([2, 2, 2])));
        Assert.Throws<ArgumentException>(() => map.Fit(Tensor.CreateFromShape<double>([0, 2])));
        Assert.Throws<ArgumentNullException>(() => map.Fit((Tensor<double>)null!));
        Tensor<double> bad = Tensor.CreateFromShape<double>([2, 2]);
        bad[1, 0] = double.NaN;
        Assert.Contains("[1, 0]", Assert.Throws<NonFiniteInputException>(() => map.Fit(bad)).Message, StringComparison.Ordinal);
        CsrMatrix<double> sparse = CsrMatrix<double>.FromTriplets(3, 3, [2], [1], [double.PositiveInfinity]);
        Assert.Contains("[2, 1]", Assert.Throws<NonFiniteInputException>(() => map.Fit(sparse)).Message, StringComparison.Ordinal);
        Assert.False(map.IsFitted);
    }

    [Fact]
    public void Features_that_overflow_are_refused()
    {
        FeatureMap<double> map = new LinearFeatures<double> { Slope = 16 }.Fit(Rows);
        double[,] huge = { { 0, 0, 0 }, { 0, 1e308, 0 } };
        Assert.Contains("Feature 1 of row 1", Assert.Throws<OverflowException>(() => map.Transform(huge)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Other_element_types_are_refused()
        => Assert.Throws<NotSupportedException>(() => new LinearFeatures<Half>());

    [Fact]
    public void Tensors_arrays_views_and_sparse_rows_give_the_same_features()
    {
        FeatureMap<double> map = new LinearFeatures<double> { Slope = 2, Constant = 3 }.Fit(Rows);
        double[] expected = [.. map.Transform(Rows)];
        double[,] array = new double[5, 3];
        double[] columnMajor = new double[15];
        for (int i = 0; i < 5; i++)
        {
            for (int j = 0; j < 3; j++)
            {
                columnMajor[(j * 5) + i] = array[i, j] = Rows[i, j];
            }
        }

        Assert.Equal(expected, (double[])[.. map.Transform(array)]);
        Assert.Equal(expected, (double[])[.. map.Transform(ReadOnlyMatrixView<double>.FromColumnMajor(columnMajor, 5, 3))]);
        Assert.Equal(expected, (double[])[.. map.Transform(CsrMatrix<double>.FromDense(Rows))]);
        double[] target = new double[4 * 5];
        map.Transform(Rows, new MatrixView<double>(target, 5, 4, 1, 5));
        Assert.Equal(expected, (double[])[.. new ReadOnlyMatrixView<double>(target, 5, 4, 1, 5).ToTensor()]);
    }

    [Fact]
    public void Features_may_not_overwrite_their_rows()
    {
        FeatureMap<double> map = new LinearFeatures<double>().Fit(Rows);
        double[] shared = new double[15];
        Assert.Throws<ArgumentException>(() => map.Transform(new ReadOnlyMatrixView<double>(shared, 5, 3), new MatrixView<double>(shared, 5, 3)));
        Assert.Throws<ArgumentException>(() => map.Transform(Rows, new MatrixView<double>(shared, 3, 5)));
    }

    [Fact]
    public void Transform_reports_its_batches_and_stops_between_them()
    {
        Tensor<double> rows = new CounterRandom(2).Normal<double>(10_000, 3);
        FeatureMap<double> map = new LinearFeatures<double>().Fit(rows);
        Recorder<FeatureProgress> progress = new();
        map.Transform(rows, progress);
        Assert.Equal(10_000, progress.Reports[^1].Done);
        Assert.All(progress.Reports, static p => Assert.Equal(10_000, p.Total));
        Assert.True(progress.Reports.Count > 1);

        using CancellationTokenSource source = new();
        progress = new() { Then = source.Cancel };
        Assert.Throws<OperationCanceledException>(() => map.Transform(rows, progress, source.Token));
        Assert.Single(progress.Reports);
        Assert.Throws<OperationCanceledException>(() => new LinearFeatures<double>().Fit(rows, 0, null, source.Token));
    }

    [Fact]
    public void Linear_features_are_the_kernel_exactly()
    {
        Tensor<double> features = new LinearFeatures<double> { Slope = 0.25, Constant = 4 }.FitTransform(Rows);
        Assert.Equal([5, 4], features.Lengths);
        Assert.Equal((0.5 * Rows[2, 0] * 0.5 * Rows[3, 0]) + (0.5 * Rows[2, 1] * 0.5 * Rows[3, 1]) + (0.5 * Rows[2, 2] * 0.5 * Rows[3, 2]) + 4, KernelAgreement.Inner(features, 2, 3), 1e-14);
        Assert.Throws<ArgumentOutOfRangeException>(() => new LinearFeatures<double> { Slope = 0 }.Fit(Rows));
        Assert.Throws<ArgumentOutOfRangeException>(() => new LinearFeatures<double> { Constant = -1 }.Fit(Rows));
        Assert.Throws<ArgumentOutOfRangeException>(() => new LinearFeatures<double> { Slope = double.NaN }.Fit(Rows));
    }

    private sealed class Mistaken : FeatureMap<double, LinearFeatures<double>>
    {
        protected override FeatureState<double> FitCore(in FeatureRows<double> x, in FitContext context) => throw new NotSupportedException();
    }
}
