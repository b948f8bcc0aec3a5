using System.Globalization;
using System.Numerics.Tensors;
using Xunit;

namespace Polyad.Decomposition;

public class CpAlsTests
{
    [Theory]
    [InlineData(CpInitialization.GramEigen)]
    [InlineData(CpInitialization.Random)]
    public void Planted_components_are_recovered(CpInitialization initialization)
    {
        int recovered = 0;
        for (ulong seed = 0; seed < 20; seed++)
        {
            Tensor<double>[] planted = Planted.Factors<double>(seed, 4, 14, 12, 10);
            CpResult<double> result = new CpAls { Initialization = initialization, Seed = seed, Restarts = 3, Tolerance = 1e-10 }.Fit(Planted.Cp(planted), 4);
            recovered += Planted.Match(planted, result.Factors) > 0.9999 ? 1 : 0;
        }

        Assert.True(recovered >= 18, $"{recovered} of 20");
    }

    [Theory]
    [InlineData(new[] { 9, 8 }, 2)]
    [InlineData(new[] { 6, 7, 5 }, 3)]
    [InlineData(new[] { 5, 4, 6, 3 }, 2)]
    [InlineData(new[] { 4, 3, 2, 3, 4 }, 2)]
    [InlineData(new[] { 3, 1, 3, 2, 4, 3 }, 2)]
    public void A_tensor_of_any_order_is_reached_by_a_model_of_its_rank(int[] lengths, int rank)
    {
        Tensor<double> x = Planted.Cp(Planted.Factors<double>(3, rank, [.. lengths.Select(static n => (nint)n)]));
        CpResult<double> result = new CpAls { MaxIterations = 3000, Tolerance = 1e-12, Restarts = 3 }.Fit(x, rank);
        Assert.True(result.RelativeError < 1e-6, result.RelativeError.ToString(CultureInfo.InvariantCulture));
        Assert.Equal(result.RelativeError, Planted.Distance(x, result.Reconstruct()), 1e-14);
    }

    [Fact]
    public void Sweeps_never_raise_the_error()
    {
        Tensor<double> x = new CounterRandom(5).Normal<double>(13, 9, 11, 4);
        CpResult<double> result = new CpAls { Tolerance = 0, MaxIterations = 60 }.Fit(x, 6);
        Assert.Equal(60, result.Iterations);
        Assert.False(result.Converged);
        for (int i = 1; i < 60; i++)
        {
            Assert.True(result.ErrorHistory[i] <= result.ErrorHistory[i - 1] + 1e-12);
        }

        Assert.Equal(result.ErrorHistory[^1], result.RelativeError, 1e-10);
        Assert.Equal(1 - (result.RelativeError * result.RelativeError), result.Fit, 1e-15);
    }

    [Fact]
    public void Weights_descend_columns_are_unit_and_signs_are_settled()
    {
        CpResult<double> result = new CpAls().Fit(new CounterRandom(6).Normal<double>(8, 7, 6), 5);
        double[] weights = result.Weights.ToArray();
        Assert.Equal(weights.OrderDescending(), weights);
        Assert.True(weights[^1] >= 0);
        for (int n = 0; n < 3; n++)
        {
            for (int r = 0; r < 5; r++)
            {
                double[] column = [.. Enumerable.Range(0, (int)result.Factors[n].Lengths[0]).Select(i => result.Factors[n][i, r])];
                Assert.Equal(1, column.Sum(static v => v * v), 1e-13);
                Assert.True(n == 2 || column.MaxBy(Math.Abs) > 0);
            }
        }
    }

    [Fact]
    public void Threads_and_runs_do_not_change_a_bit_and_the_input_is_untouched()
    {
        Tensor<double> x = new CounterRandom(7).Normal<double>(60, 50, 40);
        double[] before = x.ToArray();
        CpAls one = new() { Backend = new ManagedBackend(1), MaxIterations = 5, Seed = 9 }, two = new() { Backend = new ManagedBackend(2), MaxIterations = 5, Seed = 9 };
        CpResult<double> a = one.Fit(x, 7), b = two.Fit(x, 7), c = one.Fit(x, 7);
        for (int n = 0; n < 3; n++)
        {
            Assert.Equal(a.Factors[n].ToArray(), b.Factors[n].ToArray());
            Assert.Equal(a.Factors[n].ToArray(), c.Factors[n].ToArray());
        }

        Assert.Equal(a.RelativeError, b.RelativeError);
        Assert.Equal(before, x.ToArray());
    }

    [Fact]
    public void A_rank_above_the_lengths_is_fine()
    {
        CpResult<double> result = new CpAls { MaxIterations = 200 }.Fit(new CounterRandom(8).Normal<double>(3, 4, 2), 9);
        Assert.True(result.RelativeError < 1e-3, result.RelativeError.ToString(CultureInfo.InvariantCulture));
    }

    [Fact]
    public void Huge_and_tiny_tensors_are_fitted_as_well_as_plain_ones()
    {
        Tensor<double>[] planted = Planted.Factors<double>(9, 2, 6, 5, 4);
        foreach (double scale in new[] { 1e200, 1e-200 })
        {
            Tensor<double> x = Tensor.Create([.. Planted.Cp(planted).ToArray().Select(v => v * scale)], [6, 5, 4]);
            Assert.True(new CpAls { Tolerance = 1e-12 }.Fit(x, 2).RelativeError < 1e-6);
        }

        Tensor<float>[] single = Planted.Factors<float>(9, 2, 6, 5, 4);
        Assert.True(new CpAls().Fit(Planted.Cp(single), 2).RelativeError < 1e-4);
    }

    [Fact]
    public void A_zero_tensor_has_a_zero_model()
    {
        CpResult<double> result = new CpAls().Fit(Tensor.CreateFromShape<double>([3, 4, 5]), 2);
        Assert.Equal([0.0, 0.0], result.Weights.ToArray());
        Assert.Equal(0, result.RelativeError);
        Assert.True(result.Converged);
        Assert.All(result.Reconstruct().ToArray(), static v => Assert.Equal(0, v));
    }

    [Fact]
    public void Bad_input_is_refused_before_any_work()
    {
        Tensor<double> x = new CounterRandom(1).Normal<double>(3, 4, 2);
        Assert.Contains("[3, 4, 2]", Assert.Throws<ArgumentOutOfRangeException>(() => new CpAls().Fit(x, 0)).Message, StringComparison.Ordinal);
        Assert.Contains("[3, 4, 2]", Assert.Throws<ArgumentOutOfRangeException>(() => new CpAls().Fit(x, int.MaxValue)).Message, StringComparison.Ordinal);
        Assert.Contains("[3, 0, 2]", Assert.Throws<ArgumentException>(() => new CpAls().Fit(Tensor.CreateFromShape<double>([3, 0, 2]), 1)).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => new CpAls().Fit(Tensor.CreateFromShape<double>([3]), 1));
        Assert.Throws<ArgumentException>(() => new CpAls().Fit(x, [x]));
        Assert.Throws<ArgumentException>(() => new CpAls { Initialization = CpInitialization.Given }.Fit(x, 1));
        x[1, 2, 1] = double.NaN;
        Assert.Throws<NonFiniteInputException>(() => new CpAls().Fit(x, 2));
    }

    [Fact]
    public void Given_factors_are_the_start_and_stay_unchanged()
    {
        Tensor<double>[] planted = Planted.Factors<double>(2, 3, 6, 5, 7);
        double[] before = planted[1].ToArray();
        CpResult<double> result = new CpAls { MaxIterations = 2 }.Fit(Planted.Cp(planted), planted);
        Assert.True(result.RelativeError < 1e-12);
        Assert.Equal(before, planted[1].ToArray());
    }

    [Fact]
    public void Cancellation_and_progress_come_with_every_sweep()
    {
        using CancellationTokenSource source = new();
        List<int> seen = [];
        Sink sink = new(p =>
        {
            seen.Add(p.Iteration);
            if (p.Iteration == 3)
            {
                source.Cancel();
            }
        });
        Assert.Throws<OperationCanceledException>(() => new CpAls { Tolerance = 0 }.Fit(new CounterRandom(1).Normal<double>(5, 6, 7), 3, sink, source.Token));
        Assert.Equal([1, 2, 3], seen);
    }

    [Fact]
    public void Three_fluorophores_explain_the_amino_acid_data()
    {
        string? path = DataFile.Find("amino_acids_X.npy");
        Assert.SkipWhen(path is null, "The data folder is not beside the repository.");
        CpResult<double> result = new CpAls().Fit(DataFile.ReadNpy(path!), 3);
        Assert.True(result.Fit > 0.999, result.Fit.ToString(CultureInfo.InvariantCulture));
    }

    private sealed class Sink(Action<DecompositionProgress> report) : IProgress<DecompositionProgress>
    {
        public void Report(DecompositionProgress value) => report(value);
    }
}
