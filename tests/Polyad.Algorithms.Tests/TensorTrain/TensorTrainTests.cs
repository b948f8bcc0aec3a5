// Fits here take milliseconds: the runner need not cancel them.
#pragma warning disable xUnit1051

using System.Numerics.Tensors;
using Xunit;

namespace Polyad.Decomposition;

public class TensorTrainTests
{
    [Theory]
    [InlineData(new[] { 6, 7, 5 }, new[] { 3, 2 })]
    [InlineData(new[] { 3, 4, 5, 4, 3 }, new[] { 2, 3, 4, 3 })]
    [InlineData(new[] { 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2 }, new[] { 2, 3, 3, 3, 3, 3, 3, 3, 3, 3, 2 })]
    [InlineData(new[] { 20, 1, 30 }, new[] { 4, 4 })]
    [InlineData(new[] { 9, 8 }, new[] { 5 })]
    public void A_train_is_found_again_to_rounding(int[] lengths, int[] ranks)
    {
        Tensor<double> x = Planted.Train<double>(1, [.. lengths.Select(static n => (nint)n)], ranks);
        TensorTrainResult<double> fixedRanks = new TensorTrain().Fit(x, ranks), chosen = new TensorTrain { Tolerance = 1e-10 }.Fit(x);
        Assert.True(fixedRanks.RelativeError < 1e-13);
        Assert.True(chosen.RelativeError < 1e-13);
        Assert.Equal(ranks, fixedRanks.Ranks);
        Assert.Equal(ranks, chosen.Ranks);
        Assert.True(chosen.Converged);
        Assert.Equal(ranks.Length, chosen.Iterations);
        Assert.Equal([chosen.RelativeError], chosen.ErrorHistory);
        Assert.Equal(chosen.RelativeError, Planted.Distance(x, chosen.Reconstruct()), 1e-14);
        Assert.Equal(x.FlattenedLength / (double)chosen.Cores.Sum(static c => c.FlattenedLength), chosen.CompressionRatio, 1e-12);
    }

    [Theory]
    [InlineData(0.5)]
    [InlineData(0.1)]
    [InlineData(1e-3)]
    public void The_tolerance_is_honoured(double tolerance)
    {
        Tensor<double> low = Planted.Train<double>(2, [4, 5, 6, 5, 4], [3, 5, 5, 3]), noise = new CounterRandom(3).Normal<double>(4, 5, 6, 5, 4);
        double part = 0.05 * TensorAlgebra.FrobeniusNorm(low) / TensorAlgebra.FrobeniusNorm(noise);
        Tensor<double> x = Tensor.Create([.. low.ToArray().Zip(noise.ToArray(), (a, b) => a + (part * b))], low.Lengths);
        TensorTrainResult<double> result = new TensorTrain { Tolerance = tolerance }.Fit(x);
        Assert.True(result.RelativeError <= tolerance);
        Assert.All(new TensorTrain { Tolerance = 0, MaxRank = 2 }.Fit(x).Ranks, static r => Assert.True(r <= 2));
    }

    [Fact]
    public void Cores_after_the_first_have_orthonormal_rows()
    {
        TensorTrainResult<double> result = new TensorTrain { Tolerance = 0.5 }.Fit(new CounterRandom(4).Normal<double>(2, 3, 2, 2, 3, 2, 2, 2, 3, 2));
        foreach (Tensor<double> core in result.Cores.Skip(1))
        {
            Tensor<double> rows = Tensor.Create(core.ToArray(), [core.Lengths[0], core.Lengths[1] * core.Lengths[2]]);
            Assert.True(Planted.Unorthogonality(TensorAlgebra.Permute(rows, [1, 0])) < 1e-13);
        }
    }

    [Fact]
    public void Threads_do_not_change_a_bit_and_floats_work()
    {
        Tensor<double> x = new CounterRandom(5).Normal<double>(30, 20, 30, 10);
        TensorTrainResult<double> a = new TensorTrain { Backend = new ManagedBackend(1), MaxRank = 6 }.Fit(x), b = new TensorTrain { Backend = new ManagedBackend(2), MaxRank = 6 }.Fit(x);
        Assert.All(a.Cores.Zip(b.Cores), static p => Assert.Equal(p.First.ToArray(), p.Second.ToArray()));
        Assert.True(new TensorTrain().Fit(Planted.Train<float>(6, [5, 6, 7], [2, 3]), [2, 3]).RelativeError < 1e-5);
    }

    [Fact]
    public void Zero_tensors_vectors_and_bad_input()
    {
        TensorTrainResult<double> zero = new TensorTrain().Fit(Tensor.CreateFromShape<double>([3, 4, 5]));
        Assert.Equal([1, 1], zero.Ranks);
        Assert.Equal(0, zero.RelativeError);
        Tensor<double> x = new CounterRandom(1).Normal<double>(3, 4, 2);
        Assert.Equal(0, new TensorTrain().Fit(new CounterRandom(1).Normal<double>(7)).RelativeError);
        Assert.Throws<ArgumentException>(() => new TensorTrain().Fit(x, [4, 2]));
        Assert.Throws<ArgumentException>(() => new TensorTrain().Fit(x, [3]));
        Assert.Throws<ArgumentException>(() => new TensorTrain().Fit(x, [0, 2]));
        Assert.Throws<ArgumentException>(() => new TensorTrain().Fit(Tensor.CreateFromShape<double>([0, 3])));
        Assert.Throws<OperationCanceledException>(() => new TensorTrain().Fit(x, null, new CancellationToken(true)));
        x[2, 3, 1] = double.NaN;
        Assert.Throws<NonFiniteInputException>(() => new TensorTrain().Fit(x));
    }
}
