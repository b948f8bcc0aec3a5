using System.Numerics.Tensors;
using Xunit;

namespace Polyad.Decomposition;

public class CpAlsManyTests
{
    [Theory]
    [InlineData(CpInitialization.GramEigen)]
    [InlineData(CpInitialization.RandomizedSvd)]
    [InlineData(CpInitialization.Random)]
    public void Many_fits_together_are_the_same_as_one_by_one(CpInitialization kind)
    {
        Tensor<double> x = Planted.Noisy(Planted.Cp(Planted.Factors<double>(1, 4, 12, 9, 10)), 0.02, 1);
        CpAls method = new() { Initialization = kind, Restarts = 3, Seed = 4 };
        IReadOnlyList<IReadOnlyList<CpResult<double>>> fits = method.FitMany(x, [1, 4, 2]);
        Assert.Equal([1, 4, 2], fits.Select(static f => f[0].Rank));
        Assert.All(fits, static f => Assert.Equal(3, f.Count));
        for (int k = 0; k < 3; k++)
        {
            CpResult<double> alone = new CpAls { Initialization = kind, Seed = 4 }.Fit(x, fits[k][0].Rank);
            Assert.Equal(alone.RelativeError, fits[k][0].RelativeError, 1e-7);
            Assert.InRange(fits[k][0].Iterations, alone.Iterations - 2, alone.Iterations + 2);
            CpResult<double> best = method.Fit(x, fits[k][0].Rank);
            Assert.Equal(best.RelativeError, fits[k].Min(static f => f.RelativeError), 1e-7);
        }
    }

    [Fact]
    public void The_queue_is_longer_than_the_columns_and_every_fit_is_done()
    {
        // 1 + 2 + ... + 12 columns from 4 starts: more than sweep at a time.
        Tensor<double> x = Planted.Noisy(Planted.Cp(Planted.Factors<double>(2, 3, 8, 7, 6)), 0.1, 2);
        List<ManyFitsProgress> seen = [];
        IReadOnlyList<IReadOnlyList<CpResult<double>>> fits = new CpAls { Restarts = 4, MaxIterations = 40 }.FitMany(x, [.. Enumerable.Range(1, 12)], new Sink(seen.Add));
        Assert.Equal(48, fits.Sum(static f => f.Count));
        Assert.All(fits.SelectMany(static f => f), f => Assert.Equal(f.RelativeError, Planted.Distance(x, f.Reconstruct()), 1e-12));
        Assert.Equal(new ManyFitsProgress(seen.Count, 48, 48), seen[^1]);
        double[] least = [.. fits.Select(static f => f.Min(static r => r.RelativeError))];
        Assert.True(least[11] < least[0]);
    }

    [Fact]
    public void A_resumed_set_of_fits_is_bit_for_bit_the_uninterrupted_one()
    {
        Tensor<double> x = new CounterRandom(3).Normal<double>(7, 6, 5);
        List<FitCheckpoint> left = [];
        IReadOnlyList<IReadOnlyList<CpResult<double>>> whole = new CpAls { Restarts = 2, MaxIterations = 60, Checkpoint = new CheckpointPlan { Every = 7, Callback = left.Add } }.FitMany(x, [2, 50, 3, 48]);
        Assert.True(left.Count > 4);
        foreach (FitCheckpoint checkpoint in left.Where((_, k) => k % 3 == 1))
        {
            IReadOnlyList<IReadOnlyList<CpResult<double>>> resumed = new CpAls { Restarts = 2, MaxIterations = 60, Resume = checkpoint }.FitMany(x, [2, 50, 3, 48]);
            foreach ((CpResult<double> a, CpResult<double> b) in whole.SelectMany(static f => f).Zip(resumed.SelectMany(static f => f)))
            {
                Assert.Equal(a.Factors[1].ToArray(), b.Factors[1].ToArray());
                Assert.Equal(a.ErrorHistory, b.ErrorHistory);
            }
        }
    }

    [Fact]
    public void A_batch_is_bit_for_bit_its_tensors_one_by_one()
    {
        Tensor<double> batch = new CounterRandom(5).Normal<double>(6, 7, 5, 4);
        IReadOnlyList<CpResult<double>> fits = new CpAls { MaxIterations = 30, Backend = new ManagedBackend(2) }.FitBatch(batch, 3);
        Assert.Equal(6, fits.Count);
        for (int b = 0; b < 6; b++)
        {
            Tensor<double> one = Tensor.Create(batch.ToArray().AsSpan(b * 140, 140).ToArray(), [7, 5, 4]);
            CpResult<double> alone = new CpAls { MaxIterations = 30, Backend = new ManagedBackend(1) }.Fit(one, 3);
            Assert.Equal(alone.ErrorHistory, fits[b].ErrorHistory);
            Assert.Equal(alone.Factors[2].ToArray(), fits[b].Factors[2].ToArray());
        }
    }

    [Fact]
    public void Wrong_requests_are_refused()
    {
        Tensor<double> x = new CounterRandom(5).Normal<double>(4, 3, 2);
        Assert.Throws<ArgumentOutOfRangeException>(() => new CpAls().FitMany(x, []));
        Assert.Throws<ArgumentOutOfRangeException>(() => new CpAls().FitMany(x, [2, 0]));
        Assert.Throws<ArgumentException>(() => new CpAls { Initialization = CpInitialization.Given }.FitMany(x, [2]));
        Assert.Throws<ArgumentException>(() => new CpAls().FitBatch(Tensor.Create([1.0, 2, 3, 4], [2, 2]), 1));
        x[2, 1, 1] = double.NaN;
        Assert.Contains("Tensor 2 of the batch of shape [4, 3, 2] holds NaN at its row-major position 3", Assert.Throws<NonFiniteInputException>(() => new CpAls().FitBatch(x, 1)).Message, StringComparison.Ordinal);
        using CancellationTokenSource source = new();
        source.Cancel();
        Assert.ThrowsAny<OperationCanceledException>(() => new CpAls().FitMany(new CounterRandom(5).Normal<double>(4, 3, 2), [2], null, source.Token));
        Assert.ThrowsAny<OperationCanceledException>(() => new CpAls().FitBatch(new CounterRandom(5).Normal<double>(4, 3, 2), 1, null, source.Token));
    }

    private sealed class Sink(Action<ManyFitsProgress> report) : IProgress<ManyFitsProgress>
    {
        public void Report(ManyFitsProgress value) => report(value);
    }
}
