using System.Numerics.Tensors;
using Xunit;

namespace Polyad.Decomposition;

public class CpRankSelectionTests
{
    [Theory]
    [InlineData(new[] { 5, 6, 7 }, 2)]
    [InlineData(new[] { 5, 4, 3, 6 }, 3)]
    [InlineData(new[] { 8, 9 }, 2)]
    public void An_exact_model_has_a_core_consistency_of_a_hundred(int[] shape, int rank)
    {
        CpTensor<double> model = new(new CounterRandom(1).Normal<double>(rank), Planted.Factors<double>(2, rank, [.. shape.Select(static n => (nint)n)]));
        Assert.Equal(100, CoreConsistency.Of(model.Reconstruct(), model), 1e-8);
        Assert.True(CoreConsistency.Of(model.Reconstruct(), model.Select([.. Enumerable.Range(0, rank).Select(static _ => 0)])) < 99);
    }

    [Fact]
    public void Core_consistency_is_the_definition_by_Kronecker_products()
    {
        Tensor<double> x = new CounterRandom(3).Normal<double>(5, 4, 6);
        CpResult<double> model = new CpAls { MaxIterations = 20 }.Fit(x, 3);
        Tensor<double> a = model.Distribute().Factors[0], b = model.Distribute().Factors[1], c = model.Distribute().Factors[2];
        Tensor<double> kron = LinearAlgebra.Kronecker(LinearAlgebra.Kronecker(a, b), c);
        double[] core = LinearAlgebra.LeastSquares(kron, Tensor.Create(x.ToArray(), [120, 1])).Solution.ToArray();

        // Invariant under the scaling of columns only in the sense of Bro and Kiers: the balanced one is used on both sides.
        double distance = core.Select((g, i) => Math.Pow(g - (i % 13 == 0 ? 1 : 0), 2)).Sum();
        Assert.Equal(100 * (1 - (distance / 3)), CoreConsistency.Of(x, model.Distribute()), 1e-7);
    }

    [Fact]
    public void The_planted_rank_is_suggested()
    {
        Tensor<double> x = Planted.Noisy(Planted.Cp(Planted.Factors<double>(5, 3, 24, 12, 10)), 0.05, 1);
        int steps = 0;
        CpRankReport<double> report = new CpRankSelection { Method = new CpAls { Restarts = 3 } }.Run(x, 1, 5, new Sink(_ => steps++));
        Assert.Equal(3, report.Suggested);
        Assert.Equal([1, 2, 3, 4, 5], report.Rows.Select(static r => r.Rank));
        Assert.Equal(7, steps);
        Assert.True(report.Rows[2].CoreConsistency > 90 && report.Rows[2].SplitHalf > 0.98 && report.Rows[2].Fit > 0.99);
        Assert.True(report.Rows[3].CoreConsistency < 50);
        Assert.Equal(3, report.Models[2].Rank);
    }

    [Fact]
    public void Samples_too_few_to_halve_are_not_halved_and_wrong_options_are_refused()
    {
        Tensor<double> x = Planted.Cp(Planted.Factors<double>(5, 2, 3, 6, 7));
        CpRankReport<double> report = new CpRankSelection { Method = new CpAls { Restarts = 2 } }.Run(x, 2, 2);
        Assert.Null(report.Rows[0].SplitHalf);
        Assert.Equal(2, report.Suggested);
        Assert.Throws<ArgumentOutOfRangeException>(() => new CpRankSelection().Run(x, 0, 2));
        Assert.Throws<ArgumentOutOfRangeException>(() => new CpRankSelection().Run(x, 3, 2));
        Assert.Throws<ArgumentException>(() => new CpRankSelection { SplitMode = 3 }.Run(x, 1, 2));
        Assert.Throws<ArgumentException>(() => CoreConsistency.Of(x, Planted.Model(Planted.Factors<double>(5, 2, 3, 6, 6))));
    }

    [Fact]
    public void Three_fluorophores_are_found_in_the_amino_acid_data()
    {
        string? path = DataFile.Find("amino_acids_X.npy");
        Assert.SkipWhen(path is null, "The data folder is not beside the repository.");
        CpRankReport<double> report = new CpRankSelection { SplitMode = 1, Splits = 2, Method = new CpAls { Restarts = 3, MaxIterations = 300 } }.Run(DataFile.ReadNpy(path!), 1, 4);
        Assert.Equal(3, report.Suggested);
        Assert.True(report.Rows[2].CoreConsistency > 95);
    }

    [Fact]
    public void Bootstrap_intervals_hold_the_model_and_narrow_with_the_noise()
    {
        Tensor<double>[] planted = Planted.Factors<double>(7, 2, 30, 8, 6);
        double[] widths = new double[2];
        foreach ((double noise, int k) in new[] { (0.2, 0), (0.02, 1) })
        {
            Tensor<double> x = Planted.Noisy(Planted.Cp(planted), noise, 2);
            CpResult<double> model = new CpAls().Fit(x, 2);
            CpBootstrapResult<double> result = new CpBootstrap { Samples = 40 }.Run(x, model);
            Assert.Null(result.Lower[0]);
            Assert.All(result.Stability, static s => Assert.True(s > 0.95));
            foreach (int n in (int[])[1, 2])
            {
                double[] low = result.Lower[n]!.ToArray(), high = result.Upper[n]!.ToArray(), at = result.Model.Factors[n].ToArray();
                Assert.True(at.Select((v, i) => v >= low[i] - 1e-12 && v <= high[i] + 1e-12 ? 1 : 0).Average() > 0.8);
                widths[k] += low.Zip(high, static (l, h) => h - l).Average();
            }
        }

        Assert.True(widths[1] < widths[0] / 4, $"{widths[0]} {widths[1]}");
    }

    [Fact]
    public void A_bootstrap_does_not_depend_on_the_threads()
    {
        Tensor<double> x = Planted.Noisy(Planted.Cp(Planted.Factors<double>(7, 2, 9, 8, 6)), 0.1, 2);
        CpResult<double> model = new CpAls().Fit(x, 2);
        double[][] seen = [.. new[] { 1, 2 }.Select(threads =>
            new CpBootstrap { Samples = 6, Method = new CpAls { Backend = new ManagedBackend(threads) } }.Run(x, model).Upper[1]!.ToArray())];
        Assert.Equal(seen[0], seen[1]);
        Assert.Throws<ArgumentOutOfRangeException>(() => new CpBootstrap { Samples = 1 }.Run(x, model));
        Assert.Throws<ArgumentException>(() => new CpBootstrap { SampleMode = 3 }.Run(x, model));
        using CancellationTokenSource source = new();
        source.Cancel();
        Assert.ThrowsAny<OperationCanceledException>(() => new CpBootstrap().Run(x, model, null, source.Token));
    }

    private sealed class Sink(Action<ManyFitsProgress> report) : IProgress<ManyFitsProgress>
    {
        public void Report(ManyFitsProgress value) => report(value);
    }
}
