// Fits here take milliseconds: the runner need not cancel them.
#pragma warning disable xUnit1051

using System.Numerics.Tensors;
using Xunit;

namespace Polyad.Decomposition;

public class TuckerTests
{
    [Theory]
    [InlineData(0.3)]
    [InlineData(1e-2)]
    [InlineData(1e-5)]
    [InlineData(1e-9)]
    [InlineData(1e-12)]
    public void The_tolerance_is_honoured(double tolerance)
    {
        // Singular values that fall by steady factors, so that every tolerance cuts somewhere.
        Tensor<double> x = Decaying(20, 18, 16);
        TuckerResult<double> result = new Tucker { Tolerance = tolerance, MaxIterations = 0 }.Fit(x);
        Assert.True(result.RelativeError <= tolerance * (1 + 1e-10), $"{result.RelativeError} with {result.Method}");
        Assert.Equal(result.RelativeError, Planted.Distance(x, result.Reconstruct()), 1e-14);
        Assert.Equal(tolerance >= 1e-5 ? SubspaceMethod.Gram : SubspaceMethod.QrSvd, result.Method);
        Assert.All(result.Factors, static u => Assert.True(Planted.Unorthogonality(u) < 1e-13));
    }

    [Fact]
    public void Tolerances_choose_the_ranks_of_a_low_rank_tensor()
    {
        Tensor<double> core = new CounterRandom(1).Normal<double>(2, 3, 4);
        Tensor<double> x = TensorAlgebra.MultiModeProduct<double>(core, [new CounterRandom(2).Normal<double>(9, 2), new CounterRandom(3).Normal<double>(11, 3), new CounterRandom(4).Normal<double>(7, 4)]);
        foreach (SubspaceMethod method in new[] { SubspaceMethod.Gram, SubspaceMethod.QrSvd })
        {
            TuckerResult<double> result = new Tucker { Tolerance = 1e-6, Method = method, MaxIterations = 0 }.Fit(x);
            Assert.Equal([2, 3, 4], result.Ranks);
            Assert.True(result.RelativeError < 1e-13);
            Assert.Equal(9.0 * 11 * 7 / (24 + 18 + 33 + 28), result.CompressionRatio, 1e-12);
        }
    }

    [Fact]
    public void The_error_stays_within_the_higher_order_svd_bound_and_falls_with_every_sweep()
    {
        Tensor<double> x = new CounterRandom(5).Normal<double>(12, 10, 9, 3);
        int[] ranks = [5, 4, 3, 2];
        TuckerResult<double> start = new Tucker { MaxIterations = 0 }.Fit(x, ranks), result = new Tucker { MaxIterations = 30, StopTolerance = 0 }.Fit(x, ranks);
        double bound = 0;
        for (int n = 0; n < 4; n++)
        {
            bound += LeadingTail(x, n, ranks[n]);
        }

        double norm = TensorAlgebra.FrobeniusNorm(x);
        Assert.True(start.RelativeError * start.RelativeError * norm * norm <= bound * (1 + 1e-12));
        Assert.Equal(30, result.Iterations);
        for (int i = 1; i < result.ErrorHistory.Count; i++)
        {
            Assert.True(result.ErrorHistory[i] <= result.ErrorHistory[i - 1] + 1e-13);
        }

        Assert.True(result.RelativeError < start.RelativeError);
        Assert.Equal(result.ErrorHistory[^1], result.RelativeError, 1e-12);
    }

    [Fact]
    public void Threads_do_not_change_a_bit_and_floats_work()
    {
        Tensor<double> x = new CounterRandom(6).Normal<double>(40, 50, 60);
        TuckerResult<double> a = new Tucker { Backend = new ManagedBackend(1), MaxIterations = 3 }.Fit(x, [5, 6, 7]), b = new Tucker { Backend = new ManagedBackend(2), MaxIterations = 3 }.Fit(x, [5, 6, 7]);
        Assert.Equal(a.Core.ToArray(), b.Core.ToArray());
        Tensor<float> y = TensorAlgebra.MultiModeProduct<float>(new CounterRandom(1).Normal<float>(2, 2, 2), [new CounterRandom(2).Normal<float>(9, 2), null, new CounterRandom(4).Normal<float>(7, 2)]);
        Assert.True(new Tucker().Fit(y, [2, 2, 2]).RelativeError < 1e-5);
        Assert.True(new Tucker { Tolerance = 1e-5 }.Fit(y).RelativeError < 1e-5);
    }

    [Fact]
    public void Zero_tensors_and_bad_input()
    {
        TuckerResult<double> zero = new Tucker().Fit(Tensor.CreateFromShape<double>([3, 4, 5]));
        Assert.Equal([1, 1, 1], zero.Ranks);
        Assert.Equal(0, zero.RelativeError);
        Tensor<double> x = new CounterRandom(1).Normal<double>(3, 4, 2);
        Assert.Throws<ArgumentException>(() => new Tucker().Fit(x, [3, 5, 2]));
        Assert.Throws<ArgumentException>(() => new Tucker().Fit(x, [3, 0, 2]));
        Assert.Throws<ArgumentException>(() => new Tucker().Fit(x, [3, 4]));
        Assert.Throws<ArgumentException>(() => new Tucker().Fit(Tensor.CreateFromShape<double>([3, 0])));
        Assert.Throws<OperationCanceledException>(() => new Tucker().Fit(x, null, new CancellationToken(true)));
        x[0, 0, 0] = double.PositiveInfinity;
        Assert.Throws<NonFiniteInputException>(() => new Tucker().Fit(x));
    }

    [Fact]
    public void Huge_and_tiny_tensors_are_decomposed_as_well_as_plain_ones()
    {
        foreach (double scale in new[] { 1e200, 1e-200 })
        {
            Tensor<double> x = Tensor.Create([.. Decaying(6, 5, 4).ToArray().Select(v => v * scale)], [6, 5, 4]);
            TuckerResult<double> result = new Tucker { Tolerance = 1e-3 }.Fit(x);
            Assert.True(result.RelativeError <= 1e-3);
            Assert.Equal(TensorAlgebra.FrobeniusNorm(x) / scale, TensorAlgebra.FrobeniusNorm(result.Core) / scale, 1e-4);
            TensorTrainResult<double> train = new TensorTrain { Tolerance = 1e-3 }.Fit(x);
            Assert.True(train.RelativeError <= 1e-3);
            Assert.Equal(TensorAlgebra.FrobeniusNorm(x) / scale, TensorAlgebra.FrobeniusNorm(train.Reconstruct()) / scale, 1e-4);
        }
    }

    private static Tensor<double> Decaying(params nint[] lengths)
    {
        Tensor<double> x = new CounterRandom(11).Normal<double>(lengths);
        double[] data = x.ToArray();
        for (int i = 0; i < data.Length; i++)
        {
            nint rest = i;
            for (int k = lengths.Length - 1; k >= 0; k--)
            {
                data[i] *= Math.Pow(10, -(double)(rest % lengths[k]));
                rest /= lengths[k];
            }
        }

        return Tensor.Create(data, lengths);
    }

    private static double LeadingTail(Tensor<double> x, int mode, int rank)
    {
        Tensor<double> gram = TensorAlgebra.ModeGram(x, mode);
        double[] values = new double[gram.Lengths[0]];
        ManagedBackend.Shared.SymmetricEigenvalues(gram.AsReadOnlyMatrix(), values);
        return values.Take(values.Length - rank).Sum();
    }
}
