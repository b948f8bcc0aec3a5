using System.Numerics.Tensors;
using Xunit;

namespace Polyad.Sketching.LowRank;

public sealed class RangeFinderTests
{
    private const double Eps = 1.0 / (1L << 52);

    /// <summary>Halko, Martinsson, Tropp 2011, corollary 10.10: the mean error is at most (1 + 4 sqrt(k + p) / (p - 1) sqrt(min(m, n)))^(1 / (2 q + 1)) s_(k + 1).</summary>
    [Theory]
    [InlineData("harmonic", 0)]
    [InlineData("harmonic", 1)]
    [InlineData("harmonic", 2)]
    [InlineData("linear", 2)]
    [InlineData("geometric", 1)]
    public void The_mean_error_is_within_the_bound_of_Halko_and_others(string spectrum, int power)
    {
        const int M = 300, N = 150, K = 15, P = 6, Seeds = 10;
        double[] values = Spectra.Values(spectrum, N);
        Tensor<double> a = Spectra.Matrix(M, N, values);
        double mean = Enumerable.Range(0, Seeds).Average(seed => Spectra.RangeError(a, new RangeFinder { Oversampling = P, PowerIterations = power, Probes = 0, Seed = (ulong)seed }.Fit(a, K).Basis));
        Assert.InRange(mean, 0, Math.Pow(1 + (4 * Math.Sqrt(K + P) / (P - 1) * Math.Sqrt(N)), 1.0 / ((2 * power) + 1)) * values[K]);
        Assert.True(mean >= values[K + P] * (1 - 1e-10), "no basis of k + p columns can do better than s_(k + p + 1)");
    }

    /// <summary>The bound fails with probability 10^-10 for each of 30 tests, and is about ten times the error: below 100 times.</summary>
    [Fact]
    public void The_error_bound_covers_the_error_and_is_not_idle()
    {
        Tensor<double> a = Spectra.Matrix(200, 120, Spectra.Values("harmonic", 120));
        for (ulong seed = 0; seed < 30; seed++)
        {
            RangeResult<double> range = new RangeFinder { PowerIterations = (int)(seed % 3), Seed = seed }.Fit(a, 5 + (int)seed);
            double error = Spectra.RangeError(a, range.Basis);
            Assert.InRange(range.ErrorBound, error, 100 * error);
        }
    }

    [Theory]
    [InlineData(0.3)]
    [InlineData(0.03)]
    public void A_tolerance_is_met_with_few_columns(double tolerance)
    {
        double[] values = Spectra.Values("geometric", 100);
        Tensor<double> a = Spectra.Matrix(250, 100, values);
        RangeResult<double> range = new RangeFinder { BlockSize = 4 }.FitToTolerance(a, tolerance);
        Assert.True(range.Converged);
        Assert.InRange(Spectra.RangeError(a, range.Basis), 0, tolerance);
        Assert.InRange(Spectra.Unorthogonality(range.Basis), 0, 10 * range.Basis.Lengths[1] * Eps);

        // The bound is about ten times the error: the basis may be as large as one for a hundredth of the tolerance, and one block.
        Assert.InRange(range.Basis.Lengths[1], values.Count(s => s > tolerance), values.Count(s => s > tolerance / 100) + 4);
    }

    [Fact]
    public void Columns_that_run_out_are_told()
    {
        Tensor<double> a = Spectra.Matrix(60, 40, Spectra.Values("linear", 40));
        RangeResult<double> range = new RangeFinder { BlockSize = 8 }.FitToTolerance(a, 1e-3, maxRank: 20);
        Assert.False(range.Converged);
        Assert.Equal(20, range.Basis.Lengths[1]);
        RangeResult<double> whole = new RangeFinder { BlockSize = 16 }.FitToTolerance(a, 1e-9);
        Assert.True(whole.Converged);
        Assert.Equal(40, whole.Basis.Lengths[1]);
    }

    [Fact]
    public void A_matrix_of_low_rank_is_spanned_exactly()
    {
        Tensor<double> a = Spectra.Matrix(90, 70, [3, 2, 1]);
        RangeResult<double> range = new RangeFinder { Oversampling = 2 }.Fit(a, 3);
        Assert.InRange(Spectra.RangeError(a, range.Basis), 0, 100 * Eps * 3);
        RangeResult<double> adaptive = new RangeFinder { BlockSize = 3 }.FitToTolerance(a, 1e-10);
        Assert.True(adaptive.Converged);
        Assert.Equal(3, adaptive.Basis.Lengths[1]);
        Assert.Equal(0, new RangeFinder().FitToTolerance(Tensor.CreateFromShape<double>([5, 4]), 1e-3).Basis.Lengths[1]);
    }

    /// <summary>The same draws multiply each form of a matrix; what differs is rounding, which the gap of the spectrum magnifies by at most 1e6.</summary>
    [Theory]
    [InlineData("gaussian")]
    [InlineData("srht")]
    [InlineData("sjlt")]
    [InlineData("sparse-sign")]
    public void Dense_sparse_and_coded_matrices_have_the_same_range(string family)
    {
        SketchDistribution distribution = family switch
        {
            "gaussian" => SketchDistribution.Gaussian,
            "srht" => SketchDistribution.Srht,
            "sjlt" => SketchDistribution.SparseJohnsonLindenstrauss(4),
            _ => SketchDistribution.SparseSign(0.2),
        };
        Tensor<double> a = Spectra.Matrix(80, 50, [.. Spectra.Values("geometric", 10)]);
        RangeFinder finder = new() { Distribution = distribution, Oversampling = 0, PowerIterations = 1 };
        Tensor<double> q = finder.Fit(a, 10).Basis;
        foreach (Tensor<double> other in new[] { finder.Fit(CsrMatrix<double>.FromDense(a), 10).Basis, finder.Fit(Spectra.Code(a), 10).Basis })
        {
            Assert.InRange(Spectra.RangeError(q, other), 0, 1e6 * 100 * Eps);
        }

        Tensor<double> turned = finder.Fit(LinearOperator.Of(CsrMatrix<double>.FromDense(a)).Adjoint, 10).Basis;
        Assert.InRange(Spectra.RangeError(finder.Fit(LinearOperator.Of(a).Adjoint, 10).Basis, turned), 0, 1e6 * 100 * Eps);
    }

    [Fact]
    public void Bad_input_is_refused()
    {
        Tensor<double> a = Spectra.Matrix(8, 5, [1, 1]), bad = Spectra.Matrix(8, 5, [1, 1]);
        bad[3, 2] = double.NaN;
        RangeFinder finder = new();
        Assert.Throws<ArgumentOutOfRangeException>(() => finder.Fit(a, 0));
        Assert.Contains("8 x 5", Assert.Throws<ArgumentOutOfRangeException>(() => finder.Fit(a, 6)).Message, StringComparison.Ordinal);
        Assert.Contains("(3, 2)", Assert.Throws<NonFiniteInputException>(() => finder.Fit(bad, 2)).Message, StringComparison.Ordinal);
        Assert.Throws<NonFiniteInputException>(() => finder.Fit(CsrMatrix<double>.FromDense(bad), 2));
        Assert.Throws<NonFiniteInputException>(() => finder.Fit(Spectra.Code(bad), 2));
        Assert.Throws<ArgumentException>(() => finder.Fit(Tensor.CreateFromShape<double>([0, 3]), 1));
        Assert.Throws<ArgumentException>(() => finder.Fit(Tensor.CreateFromShape<double>([3]), 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => finder.FitToTolerance(a, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => finder.FitToTolerance(a, double.NaN));
        Assert.Contains("Oversampling", Assert.Throws<ArgumentOutOfRangeException>(() => new RangeFinder { Oversampling = -1 }.Fit(a, 2)).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => finder.ErrorBound(LinearOperator.Of(a), Tensor.CreateFromShape<double>([7, 2])));
        Assert.Throws<OperationCanceledException>(() => finder.Fit(a, 2, new CancellationToken(canceled: true)));
        Assert.Throws<OperationCanceledException>(() => finder.FitToTolerance(a, 1e-3, cancellationToken: new CancellationToken(canceled: true)));
    }
}
