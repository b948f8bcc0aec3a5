using System.Diagnostics;
using System.Numerics.Tensors;
using Xunit;

namespace Polyad.Sketching;

public sealed class PredictionBoundsTests
{
    /// <summary>P(N > 0) = 1 - e^(-s), P(N > 1) = 1 - (1 + s) e^(-s), to 12 digits on the upper side.</summary>
    [Theory]
    [InlineData(1e-3)]
    [InlineData(0.5)]
    [InlineData(1)]
    [InlineData(1.5)]
    [InlineData(3)]
    [InlineData(40)]
    [InlineData(800)]
    public void The_tail_of_Poisson_is_bounded_closely_from_above(double s)
    {
        // The differences of the references leave their rounding of 1.
        const double Rounding = 1.0 / (1L << 52);
        Assert.InRange(DataMoments.PoissonTail(0, s) - (1 - Math.Exp(-s)), -4 * Rounding, 2e-12);
        Assert.InRange(DataMoments.PoissonTail(1, s) - (1 - ((1 + s) * Math.Exp(-s))), -4 * Rounding, 2e-12);
    }

    /// <summary>The tail falls with the degree, also across the place where the shorter sum changes.</summary>
    [Fact]
    public void The_tail_falls_by_one_term_of_the_series()
    {
        const double S = 20;
        for (int q = 1; q < 60; q++)
        {
            double term = Math.Exp(-S + (q * Math.Log(S)) - DotProductKernel.LogFactorial(q)), fall = DataMoments.PoissonTail(q - 1, S) - DataMoments.PoissonTail(q, S);
            Assert.InRange(fall, term - 3e-12, term + 3e-12);
        }
    }

    [Fact]
    public void Far_rows_have_the_tail_one_at_once()
    {
        Stopwatch watch = Stopwatch.StartNew();
        Assert.Equal(1, DataMoments.PoissonTail(30, 1e9));
        Assert.Equal(1, DataMoments.PoissonTail(30, 1e18));
        Assert.Equal(1, DataMoments.PoissonTail(30, double.PositiveInfinity));
        Assert.Equal(0, DataMoments.PoissonTail(30, 0));
        Assert.InRange(watch.Elapsed.TotalSeconds, 0, 1);
    }

    [Fact]
    public void Numbers_that_are_not_finite_are_refused_where_they_are_given()
    {
        VarianceModel model = new(SketchFamily.TensorSketch, 2, 2, 8);
        double[] good = [1, 2], bad = [1, double.NaN];
        Assert.Throws<NonFiniteInputException>(() => model.Predict(good, bad));
        Assert.Throws<NonFiniteInputException>(() => model.Predict(bad, good));
        Assert.Throws<NonFiniteInputException>(() => model.PredictProduct([good, bad], [good, good]));
        Assert.Throws<NonFiniteInputException>(() => VarianceModel.TensorSketchBound(2, bad, good, 8));
        Assert.Equal("squaredDistance", Assert.Throws<ArgumentOutOfRangeException>(() => RandomFourierVariance.Predict(double.PositiveInfinity, 1, 8, orthogonalDimension: 4)).ParamName);
        Assert.Equal("squaredDistance", Assert.Throws<ArgumentOutOfRangeException>(() => RandomFourierVariance.Predict(double.NaN, 1, 8)).ParamName);
        Assert.Equal("gamma", Assert.Throws<ArgumentOutOfRangeException>(() => RandomFourierVariance.Predict(1, double.PositiveInfinity, 8)).ParamName);
        Assert.Throws<ArgumentOutOfRangeException>(() => DotProductKernel.Exponential().Tail(-1, 1));
        Assert.Throws<InvalidOperationException>(() => new OptimizedMaclaurin { Families = [SketchFamily.Product(), null!] }.Fit<double>(new CounterRandom(1).Normal<double>(5, 3), DotProductKernel.Exponential(), 20));
    }

    [Fact]
    public void A_kernel_beyond_the_range_of_double_has_no_predicted_error()
    {
        // |x|^2 is about 1e160: its square has no double.
        Tensor<double> rows = Tensor.Multiply<double>(new CounterRandom(1).Normal<double>(6, 3), 1e80);
        VarianceModel model = new(SketchFamily.TensorSketch, 1, 3, 8);
        Assert.Contains("scale the rows down", Assert.Throws<OverflowException>(() => model.Predict<double>(rows)).Message, StringComparison.Ordinal);
    }
}
