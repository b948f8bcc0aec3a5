using System.Numerics;
using System.Numerics.Tensors;
using Xunit;

namespace Polyad.Decomposition;

public class TtRoundingTests
{
    private static readonly nint[] Lengths = [4, 5, 6, 5, 4];

    [Fact]
    public void A_sum_of_a_train_with_itself_is_brought_back_to_its_ranks()
    {
        Check<double>(1e-13);
        Check<Complex>(1e-13);
        Check<float>(1e-5);

        static void Check<T>(double tolerance)
            where T : unmanaged, INumberBase<T>
        {
            TtTensor<T> x = TtTensor<T>.Random(new CounterRandom(1), Lengths, [3, 4, 4, 3]), sum = x + x;
            TtTensor<T> rounded = sum.Round(10 * tolerance), given = sum.Round([3, 4, 4, 3]), sketched = sum.RoundRandomized([3, 4, 4, 3], new CounterRandom(7));
            foreach (TtTensor<T> train in new[] { rounded, given, sketched })
            {
                Assert.Equal([3, 4, 4, 3], train.Ranks);
                Assert.True(train.Distance(sum) <= tolerance * sum.Norm());
                Assert.All(train.Cores.Skip(1), core => TensorTrainTests.AssertOrthonormalRows(core, 10 * tolerance));
            }
        }
    }

    [Theory]
    [InlineData(0.3)]
    [InlineData(1e-2)]
    [InlineData(1e-5)]
    [InlineData(1e-9)]
    [InlineData(1e-12)]
    public void The_tolerance_is_honoured(double tolerance)
    {
        // A sum of trains of falling size: every tolerance cuts somewhere.
        TtTensor<double> x = Falling<double>();
        TtTensor<double> rounded = x.Round(tolerance);
        Assert.True(rounded.Distance(x) <= tolerance * x.Norm());
        Assert.True(rounded.StoredNumbers < x.StoredNumbers);
        TtTensor<Complex> z = Falling<Complex>();
        Assert.True(z.Round(tolerance).Distance(z) <= tolerance * z.Norm());

        static TtTensor<T> Falling<T>()
            where T : unmanaged, INumberBase<T>
            => Enumerable.Range(0, 14).Select(static k => T.CreateChecked(Math.Pow(10, -k)) * TtTensor<T>.Random(new CounterRandom((ulong)k), Lengths, [1, 1, 1, 1])).Aggregate(static (a, b) => a + b);
    }

    [Fact]
    public void Rounding_agrees_with_the_decomposition_of_the_full_tensor()
    {
        TtTensor<double> x = TtTensor<double>.Random(new CounterRandom(2), Lengths, [4, 9, 9, 4]);
        int[] ranks = [2, 5, 4, 2];
        TensorTrainResult<double> direct = new TensorTrain { Method = SubspaceMethod.QrSvd }.Fit(x.Reconstruct(), ranks, cancellationToken: TestContext.Current.CancellationToken);
        TtTensor<double> rounded = x.Round(ranks);
        Assert.Equal(direct.RelativeError, rounded.Distance(x) / x.Norm(), 1e-12);
        Assert.True(rounded.Distance(direct) < 1e-10 * x.Norm());
        Assert.True(x.RoundRandomized(ranks, new CounterRandom(3), oversampling: 4).Distance(x) / x.Norm() < 1.5 * direct.RelativeError);
        Assert.All(x.Round(0.0, maxRank: 3).Ranks, static r => Assert.True(r <= 3));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    [InlineData(4)]
    public void Orthogonalization_leaves_the_tensor_and_puts_the_norm_into_the_center(int center)
    {
        TtTensor<Complex> x = TtTensor<Complex>.Random(new CounterRandom(3), Lengths, [4, 30, 7, 9]), y = x.Orthogonalize(center);
        Assert.True(y.Distance(x) < 1e-13 * x.Norm());
        Assert.Equal(x.Norm(), Scalar.Norm<Complex>(y.Cores[center].ToArray()), 1e-12 * x.Norm());
        Assert.All(y.Ranks, static r => Assert.True(r <= 30));
        for (int k = 0; k < 5; k++)
        {
            if (k > center)
            {
                TensorTrainTests.AssertOrthonormalRows(y.Cores[k], 1e-13);
            }
            else if (k < center)
            {
                Tensor<Complex> columns = Tensor.Create(y.Cores[k].ToArray(), [y.Cores[k].Lengths[0] * y.Cores[k].Lengths[1], y.Cores[k].Lengths[2]]);
                TensorTrainTests.AssertOrthonormalRows(TensorAlgebra.Permute(columns, [1, 0]), 1e-13);
            }
        }
    }

    [Theory]
    [InlineData(new[] { 4, 3, 2, 1, 0 })]
    [InlineData(new[] { 1, 0, 2, 4, 3 })]
    [InlineData(new[] { 0, 1, 2, 3, 4 })]
    [InlineData(new[] { 2, 0, 4, 1, 3 })]
    public void Modes_come_in_the_order_that_is_asked_for(int[] order)
    {
        TtTensor<double> x = TtTensor<double>.Random(new CounterRandom(4), Lengths, [2, 3, 3, 2]) with { Modes = ModeLabel.Names("a", "b", "c", "d", "e") };
        TtTensor<double> permuted = x.Permute(order);
        Assert.True(Planted.Distance(TensorAlgebra.Permute(x.Reconstruct(), order), permuted.Reconstruct()) < 1e-13);
        Assert.Equal(order.Select(n => x.Modes![n].Name), permuted.Modes!.Select(static m => m.Name));
        TtTensor<Complex> z = TtTensor<Complex>.Random(new CounterRandom(4), Lengths, [2, 3, 3, 2]);
        Assert.True(Planted.Distance(TensorAlgebra.Permute(z.Reconstruct(), order), z.Permute(order).Reconstruct()) < 1e-13);
    }

    [Fact]
    public void A_zero_train_rounds_to_rank_one()
    {
        TtTensor<double> zero = TtTensor<double>.Random(new CounterRandom(5), Lengths, [3, 3, 3, 3]).Scale(0);
        Assert.Equal([1, 1, 1, 1], zero.Round(1e-6).Ranks);
        Assert.Equal(0, zero.Norm());
    }
}
