using System.Numerics;
using System.Numerics.Tensors;
using Xunit;

namespace Polyad.Decomposition;

public class CpRandTests
{
    [Theory]
    [InlineData(CpSampling.Leverage, false)]
    [InlineData(CpSampling.Uniform, false)]
    [InlineData(CpSampling.Uniform, true)]
    public void Planted_components_are_recovered_from_samples(CpSampling sampling, bool mixing)
    {
        int recovered = 0;
        for (ulong seed = 0; seed < 20; seed++)
        {
            Tensor<double>[] planted = Planted.Factors<double>(seed, 3, 20, 18, 16);
            CpResult<double> result = new CpRand { Sampling = sampling, Mixing = mixing, Seed = seed, Restarts = 2 }.Fit(Planted.Cp(planted), 3);
            recovered += Planted.Match(planted, result.Factors) > 0.9999 ? 1 : 0;
        }

        Assert.True(recovered >= 18, $"{recovered} of 20");
    }

    [Fact]
    public void Leverage_and_mixing_find_what_stands_in_few_rows()
    {
        // One component lives in two rows of each mode: uniform samples of 154 rows out of 3600 mostly miss its four.
        Tensor<double>[] planted = Planted.Factors<double>(3, 3, 60, 60, 60);
        foreach (Tensor<double> factor in planted)
        {
            for (int i = 0; i < 60; i++)
            {
                factor[i, 2] = i is 17 or 40 ? 5 : 0;
            }
        }

        Tensor<double> x = Planted.Cp(planted);
        double Error(CpRand method) => method.Fit(x, 3).RelativeError;
        Assert.True(Error(new CpRand { Initialization = CpInitialization.GramEigen }) < 1e-4);
        Assert.True(Error(new CpRand { Sampling = CpSampling.Uniform, Mixing = true, Initialization = CpInitialization.GramEigen }) < 1e-4);
        Assert.True(Error(new CpRand { Sampling = CpSampling.Uniform, Initialization = CpInitialization.GramEigen }) > 1e-2);
    }

    [Fact]
    public void The_estimated_error_is_near_the_exact_one_and_the_result_reports_the_exact_one()
    {
        Tensor<double> x = Planted.Noisy(Planted.Cp(Planted.Factors<double>(4, 3, 30, 30, 30)), 0.2, 1);
        CpResult<double> result = new CpRand { ErrorEntries = 4096 }.Fit(x, 3);
        Assert.Equal(result.RelativeError, Planted.Distance(x, result.Reconstruct()), 1e-12);

        // A mean of 4096 squares of normal residuals errs by sqrt(2 / 4096); five sigma of the root.
        double least = result.ErrorHistory.Min();
        Assert.InRange(least / result.RelativeError, 1 - (5 * Math.Sqrt(0.5 / 4096)) - 0.02, 1 + (5 * Math.Sqrt(0.5 / 4096)));

        // Samples of S rows cost about R / S of the squared error.
        double best = new CpAls().Fit(x, 3).RelativeError;
        Assert.InRange(result.RelativeError, best, 1.15 * best);
        Assert.Equal(best, new CpAls().Fit(x, result).RelativeError, 1e-6);
    }

    [Fact]
    public void Sampled_normal_equations_are_unbiased()
    {
        // The mean over many draws of sum w z z^T is the whole Khatri-Rao Gram matrix, for either distribution.
        Tensor<double>[] factors = Planted.Factors<double>(5, 2, 6, 7, 5);
        factors[1][3, 0] = 9;
        Tensor<double> grams = LinearAlgebra.MatMul(factors[1].AsReadOnlyMatrix().Transpose, factors[1].AsReadOnlyMatrix()), other = LinearAlgebra.MatMul(factors[2].AsReadOnlyMatrix().Transpose, factors[2].AsReadOnlyMatrix());
        double[] expected = [.. grams.ToArray().Zip(other.ToArray(), static (a, b) => a * b)];
        foreach (bool leverage in (bool[])[true, false])
        {
            IndexDistribution[] distributions = [.. factors.Select(f => leverage
                ? IndexDistribution.Leverage(f, LinearAlgebra.MatMul(f.AsReadOnlyMatrix().Transpose, f.AsReadOnlyMatrix()), ManagedBackend.Shared) : IndexDistribution.Uniform((int)f.Lengths[0]))];
            SampledRows rows = SampledRows.Draw(distributions, [6, 7, 5], 0, 200_000, new CounterRandom(1));
            Assert.Equal(35, rows.Count);
            double[] sum = new double[4];
            for (int s = 0; s < rows.Count; s++)
            {
                for (int k = 0; k < 4; k++)
                {
                    double a = factors[1][rows.Indices[(s * 3) + 1], k / 2] * factors[2][rows.Indices[(s * 3) + 2], k / 2], b = factors[1][rows.Indices[(s * 3) + 1], k % 2] * factors[2][rows.Indices[(s * 3) + 2], k % 2];
                    sum[k] += rows.Weights[s] * a * b;
                }
            }

            // Each term is at most (rows / uniform share) times its entry's share: five sigma of 200000 draws is below 5 %.
            Assert.All(sum.Zip(expected), p => Assert.Equal(p.Second, p.First, 0.05 * expected.Max()));
        }
    }

    [Fact]
    public void Mixing_is_orthogonal()
    {
        foreach (Tensor<double> m in OrthogonalMixing.Matrices<double>([1, 2, 7, 64], new CounterRandom(1)))
        {
            Assert.True(Planted.Unorthogonality(m) < 1e-14 * m.Lengths[0]);
        }
    }

    [Fact]
    public void Threads_do_not_change_a_bit_and_a_resumed_fit_is_the_uninterrupted_one()
    {
        Tensor<double> x = Planted.Noisy(Planted.Cp(Planted.Factors<double>(4, 3, 20, 15, 10)), 0.1, 1);
        List<FitCheckpoint> left = [];
        CpResult<double>[] fits = [.. new[] { 1, 2 }.Select(threads => new CpRand { Mixing = true, Restarts = 2, Seed = 5, Backend = new ManagedBackend(threads), Checkpoint = new CheckpointPlan { Every = 3, Callback = left.Add } }.Fit(x, 3))];
        Assert.Equal(fits[0].Factors[1].ToArray(), fits[1].Factors[1].ToArray());
        foreach (FitCheckpoint checkpoint in (FitCheckpoint[])[left[0], left[(left.Count / 2) - 1]])
        {
            CpResult<double> resumed = new CpRand { Mixing = true, Restarts = 2, Seed = 5, Resume = checkpoint }.Fit(x, 3);
            Assert.Equal(fits[0].ErrorHistory, resumed.ErrorHistory);
            Assert.Equal(fits[0].Factors[1].ToArray(), resumed.Factors[1].ToArray());
        }
    }

    [Fact]
    public void Small_complex_and_zero_tensors_are_taken()
    {
        // Fewer rows than samples: all of them are used, and the sweeps are those of least squares.
        Tensor<double> small = Planted.Cp(Planted.Factors<double>(1, 2, 4, 3, 5));
        Assert.True(new CpRand { Tolerance = 1e-9, Restarts = 2 }.Fit(small, 2).RelativeError < 1e-6);
        CpTensor<Complex> model = Planted.Model(RandomFactors.Draw<Complex>([14, 13, 12], 2, new CounterRandom(2)));
        Assert.True(FactorMatch.Of(new CpRand().Fit(model.Reconstruct(), 2), model).Score > 0.9999);
        Assert.Equal(0, new CpRand { Mixing = true }.Fit(Tensor.CreateFromShape<double>([3, 4, 5]), 2).RelativeError);
    }

    [Fact]
    public void Bad_input_is_refused_and_sweeps_can_be_cancelled()
    {
        Tensor<double> x = new CounterRandom(1).Normal<double>(13, 14, 12);
        Assert.Throws<ArgumentOutOfRangeException>(() => new CpRand().Fit(x, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => new CpRand { Samples = 2 }.Fit(x, 3));
        Assert.Throws<ArgumentOutOfRangeException>(() => new CpRand { Patience = 0 }.Fit(x, 3));
        Assert.Throws<NotSupportedException>(() => new CpRand { Mixing = true }.Fit(Tensor.CreateFromShape<Complex>([3, 4, 5]), 2));
        using CancellationTokenSource source = new();
        Assert.Throws<OperationCanceledException>(() => new CpRand { Tolerance = 0 }.Fit(x, 3, new Sink(p => { if (p.Iteration == 3) { source.Cancel(); } }), source.Token));
        x[0, 0, 0] = double.NaN;
        Assert.Throws<NonFiniteInputException>(() => new CpRand().Fit(x, 2));
    }

    private sealed class Sink(Action<DecompositionProgress> report) : IProgress<DecompositionProgress>
    {
        public void Report(DecompositionProgress value) => report(value);
    }
}
