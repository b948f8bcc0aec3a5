using System.Numerics.Tensors;
using Xunit;

namespace Polyad.Decomposition;

public class TensorRingAlsTests
{
    [Fact]
    public void A_planted_ring_is_found_again()
    {
        // The case of TensorLy's tests (bound there 1e-2).
        Tensor<double> x = TrTensor<double>.Random(new CounterRandom(1), [20, 18, 19], [6, 2, 3]).Reconstruct();
        TensorRingResult<double> result = new TensorRingAls { MaxIterations = 1000, Tolerance = 1e-10, Restarts = 2 }.Fit(x, [6, 2, 3]);
        Assert.True(result.RelativeError < 1e-4, $"{result.RelativeError} after {result.Iterations}");
        Assert.Equal(result.RelativeError, Planted.Distance(x, result.Reconstruct()), 1e-10);
        for (int i = 1; i < result.ErrorHistory.Count; i++)
        {
            Assert.True(result.ErrorHistory[i] <= result.ErrorHistory[i - 1] + 1e-7);
        }
    }

    [Theory]
    [InlineData(new[] { 7, 6, 5, 8 }, new[] { 2, 2, 3, 2 })]
    [InlineData(new[] { 5, 4, 6, 3, 5 }, new[] { 2, 1, 2, 2, 2 })]
    [InlineData(new[] { 9, 10 }, new[] { 2, 2 })]
    [InlineData(new[] { 12 }, new[] { 3 })]
    public void Rings_of_any_order_are_fitted_and_the_contractions_are_those_of_the_definition(int[] lengths, int[] ranks)
    {
        nint[] shape = [.. lengths.Select(static n => (nint)n)];
        Tensor<double> x = TrTensor<double>.Random(new CounterRandom(2), shape, ranks).Reconstruct();
        TensorRingResult<double> result = new TensorRingAls { MaxIterations = 2000, Tolerance = 1e-9, Restarts = 3 }.Fit(x, ranks);
        Assert.True(result.RelativeError < 1e-4, $"{result.RelativeError}");
        Assert.True(result.Converged);

        // At a least-squares solution of the last core no change of it lowers the error: the residual is orthogonal to every ring that differs in it.
        double[] residual = [.. x.ToArray().Zip(result.Reconstruct().ToArray(), static (a, b) => a - b)];
        Tensor<double> other = new CounterRandom(3).Normal<double>(result.Cores[^1].Lengths);
        Tensor<double> direction = new TrTensor<double>([.. result.Cores.SkipLast(1), other]).Reconstruct();
        Assert.Equal(0, TensorAlgebra.Inner(Tensor.Create(residual, x.Lengths), direction), 1e-9 * TensorAlgebra.FrobeniusNorm(x) * TensorAlgebra.FrobeniusNorm(direction));
    }

    [Fact]
    public void Sampled_rows_find_a_large_ring_to_high_accuracy()
    {
        // The case of TensorLy's tests, with its bound.
        Tensor<double> x = TrTensor<double>.Random(new CounterRandom(4), [10, 11, 12, 13, 14], [2, 3, 2, 3, 2]).Reconstruct();
        TensorRingResult<double> result = new TensorRingAls { Samples = 2000, MaxIterations = 100, Tolerance = 1e-12, Restarts = 2 }.Fit(x, [2, 3, 2, 3, 2]);
        Assert.True(result.RelativeError < 1e-7, $"{result.RelativeError}");
        Assert.Equal(result.RelativeError, Planted.Distance(x, result.Reconstruct()), 1e-9);
        Assert.False(result.ErrorIsSampled);
        TensorRingResult<double> estimated = new TensorRingAls { Samples = 2000, MaxIterations = 30, UniformSampling = true, ExactError = false }.Fit(x, [2, 3, 2, 3, 2]);
        Assert.True(estimated.ErrorIsSampled);
        Assert.Equal(estimated.ErrorHistory[^1], estimated.RelativeError);
    }

    [Fact]
    public void As_many_samples_as_rows_are_the_full_iteration()
    {
        Tensor<double> x = new CounterRandom(5).Normal<double>(6, 5, 4);
        TrTensor<double> start = TrTensor<double>.Random(new CounterRandom(6), [6, 5, 4], [2, 2, 2]);
        TensorRingResult<double> full = new TensorRingAls { MaxIterations = 5, Tolerance = 0 }.Fit(x, start), sampled = new TensorRingAls { MaxIterations = 5, Tolerance = 0, Samples = 1000 }.Fit(x, start);
        Assert.Equal(full.RelativeError, sampled.RelativeError, 1e-10);
        Assert.True(full.Distance(sampled) < 1e-8 * full.Norm());
    }

    [Fact]
    public void Iteration_improves_on_the_direct_method()
    {
        Tensor<double> x = new CounterRandom(7).Normal<double>(8, 7, 6);
        TensorRingResult<double> direct = new TensorRing().Fit(x, [2, 3, 3]), improved = new TensorRingAls { Initialization = TensorRingInitialization.Svd }.Fit(x, [2, 3, 3]), from = new TensorRingAls().Fit(x, direct);
        Assert.True(improved.RelativeError < direct.RelativeError);
        Assert.Equal(improved.RelativeError, from.RelativeError, 1e-6);

        // Ranks that the direct method cannot have: it begins at those it can.
        Assert.True(new TensorRingAls { Initialization = TensorRingInitialization.Svd, MaxIterations = 50 }.Fit(x, [4, 4, 4]).RelativeError < improved.RelativeError);
    }

    [Fact]
    public void Threads_do_not_change_a_bit_and_floats_work()
    {
        Tensor<double> x = new CounterRandom(8).Normal<double>(30, 40, 50);
        TensorRingResult<double> a = new TensorRingAls { MaxIterations = 3, Backend = new ManagedBackend(1) }.Fit(x, [3, 3, 3]), b = new TensorRingAls { MaxIterations = 3, Backend = new ManagedBackend(2) }.Fit(x, [3, 3, 3]);
        Assert.All(a.Cores.Zip(b.Cores), static p => Assert.Equal(p.First.ToArray(), p.Second.ToArray()));
        Tensor<float> y = TrTensor<float>.Random(new CounterRandom(9), [9, 8, 7], [2, 2, 2]).Reconstruct();
        Assert.True(new TensorRingAls { Tolerance = 1e-6, Restarts = 2 }.Fit(y, [2, 2, 2]).RelativeError < 1e-2);
    }

    [Fact]
    public void A_fit_that_goes_on_from_a_checkpoint_ends_as_the_uninterrupted_one()
    {
        Tensor<double> x = new CounterRandom(10).Normal<double>(6, 5, 4);
        foreach (int? samples in new int?[] { null, 15 })
        {
            FitCheckpoint? eighth = null;
            TensorRingAls method = new() { MaxIterations = 10, Tolerance = 0, Restarts = 2, Samples = samples, Checkpoint = new CheckpointPlan { Every = 8, Callback = c => eighth = c } };
            TensorRingResult<double> whole = method.Fit(x, [2, 2, 2]);
            TensorRingResult<double> resumed = new TensorRingAls { MaxIterations = 10, Tolerance = 0, Restarts = 2, Samples = samples, Resume = eighth }.Fit(x, [2, 2, 2]);
            Assert.Equal(whole.ErrorHistory, resumed.ErrorHistory);
            Assert.All(whole.Cores.Zip(resumed.Cores), static p => Assert.Equal(p.First.ToArray(), p.Second.ToArray()));
            Assert.Throws<ArgumentException>(() => new TensorRingAls { Resume = eighth }.Fit(x, [2, 2, 2]));
        }
    }

    [Fact]
    public void Too_few_sweeps_zero_tensors_the_disk_and_bad_input()
    {
        Tensor<double> x = new CounterRandom(1).Normal<double>(3, 4, 2);
        TensorRingResult<double> early = new TensorRingAls { MaxIterations = 2 }.Fit(x, [2, 2, 1]);
        Assert.False(early.Converged);
        Assert.Equal(2, early.Iterations);
        TensorRingResult<double> zero = new TensorRingAls().Fit(Tensor.CreateFromShape<double>([3, 4, 5]), [2, 2, 2]);
        Assert.Equal(0, zero.RelativeError);
        Assert.True(zero.Converged);

        // Ranks above every dimension: a singular problem, solved with the least norm.
        Assert.True(new TensorRingAls { MaxIterations = 20 }.Fit(x, [5, 5, 5]).RelativeError < 1e-6);
        string path = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName() + ".npz");
        try
        {
            early.Save(path);
            TensorRingResult<double> read = TensorRingResult<double>.Load(path);
            Assert.Equal((early.RelativeError, early.Converged, early.ErrorIsSampled), (read.RelativeError, read.Converged, read.ErrorIsSampled));
            Assert.Equal(early.Cores[1].ToArray(), TrTensor<double>.Load(path).Cores[1].ToArray());
        }
        finally
        {
            File.Delete(path);
        }

        Assert.Throws<ArgumentException>(() => new TensorRingAls().Fit(x, [2, 2]));
        Assert.Throws<ArgumentException>(() => new TensorRingAls().Fit(x, [2, 0, 2]));
        Assert.Contains("too large", Assert.Throws<ArgumentException>(() => new TensorRingAls().Fit(x, [1000, 1000, 2])).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => new TensorRingAls().Fit(x, TrTensor<double>.Random(new CounterRandom(1), [3, 4, 3], [2, 2, 2])));
        Assert.Throws<ArgumentOutOfRangeException>(() => new TensorRingAls { Samples = 0 }.Fit(x, [2, 2, 2]));
        Assert.Throws<OperationCanceledException>(() => new TensorRingAls().Fit(x, [2, 2, 2], null, new CancellationToken(true)));
        x[0, 0, 0] = double.NaN;
        Assert.Throws<NonFiniteInputException>(() => new TensorRingAls().Fit(x, [2, 2, 2]));
    }
}
