using System.Numerics.Tensors;
using Xunit;

namespace Polyad.Sketching;

public sealed class FeatureMapTests
{
    private static readonly Tensor<double> Rows = new CounterRandom(1).Normal<double>(5, 3);

    [Fact]
    public void A_map_that_is_not_fitted_says_so()
    {
        Identity map = new();
        Assert.False(map.IsFitted);
        Assert.Equal("Identity is not fitted: call Fit first.", Assert.Throws<NotFittedException>(() => map.Transform(Rows)).Message);
        Assert.Throws<NotFittedException>(() => map.OutputDimension);
    }

    [Fact]
    public void Rows_of_another_width_are_refused_with_both_widths()
    {
        FeatureMap<double> map = new Identity().Fit(Rows);
        string message = Assert.Throws<ArgumentException>(() => map.Transform(new CounterRandom(1).Normal<double>(5, 4))).Message;
        Assert.Contains("rows of 3 numbers; given 5 x 4", message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_no_finite_matrix_is_refused()
    {
        Assert.Throws<ArgumentException>(() => new Identity().Fit(Tensor.CreateFromShape<double>([2, 2, 2])));
        Assert.Throws<ArgumentException>(() => new Identity().Fit(Tensor.CreateFromShape<double>([0, 2])));
        Tensor<double> bad = Tensor.CreateFromShape<double>([2, 2]);
        bad[1, 0] = double.NaN;
        Assert.Contains("[1, 0]", Assert.Throws<NonFiniteInputException>(() => new Identity().Fit(bad)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Fit_and_transform_give_what_FitTransform_gives()
        => Assert.Equal([.. new Identity().Fit(Rows).Transform(Rows)], (double[])[.. new Identity().FitTransform(Rows)]);

    private sealed class Identity : FeatureMap<double>
    {
        private int _width;

        protected override int FittedOutputDimension => _width;

        protected override void FitCore(in ReadOnlyMatrixView<double> x, ulong seed, ILinearAlgebraBackend backend) => _width = x.Columns;

        protected override void TransformCore(in ReadOnlyMatrixView<double> x, in MatrixView<double> features, ILinearAlgebraBackend backend) => x.CopyTo(features);
    }
}
