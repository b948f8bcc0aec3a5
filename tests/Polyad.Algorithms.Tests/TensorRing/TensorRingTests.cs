using System.Numerics;
using System.Numerics.Tensors;
using Xunit;

namespace Polyad.Decomposition;

public class TensorRingTests
{
    [Theory]
    [InlineData(0.3)]
    [InlineData(1e-2)]
    [InlineData(1e-6)]
    [InlineData(1e-10)]
    [InlineData(1e-12)]
    public void The_tolerance_is_honoured_from_every_mode(double tolerance)
    {
        Tensor<double> x = TrTensor<double>.Random(new CounterRandom(1), [8, 7, 6, 5], [2, 3, 2, 2]).Reconstruct(), noise = new CounterRandom(2).Normal<double>(8, 7, 6, 5);
        double[] elements = [.. x.ToArray().Zip(noise.ToArray(), static (a, b) => a + (1e-4 * b))];
        Tensor<double> y = Tensor.Create(elements, x.Lengths);
        for (int start = 0; start < 4; start++)
        {
            TensorRingResult<double> result = new TensorRing { Tolerance = tolerance, StartMode = start }.Fit(y);
            Assert.True(result.RelativeError <= tolerance, $"{start}: {result.RelativeError}");
            Assert.Equal(result.RelativeError, Planted.Distance(y, result.Reconstruct()), 1e-13);
        }
    }

    [Fact]
    public void A_ring_whose_first_cut_has_its_rank_is_found_exactly_when_ranks_suffice()
    {
        Check<double>();
        Check<Complex>();

        static void Check<T>()
            where T : unmanaged, INumberBase<T>
        {
            // r_0 r_1 = 6 is the rank of the first unfolding; the split of the joint index need not be the planted one, so the other ranks may be larger than those.
            Tensor<T> x = TrTensor<T>.Random(new CounterRandom(3), [9, 8, 7], [2, 3, 2]).Reconstruct();
            TensorRingResult<T> result = new TensorRing { Tolerance = 1e-10 }.Fit(x);
            Assert.True(result.RelativeError < 1e-13);
            Assert.Equal(6, result.Ranks[0] * result.Ranks[1]);
            Assert.True(Planted.Distance(x, result.Reconstruct()) < 1e-13);
            TensorRingResult<T> given = new TensorRing().Fit(x, result.Ranks);
            Assert.True(given.RelativeError < 1e-13);
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    public void Ranks_that_the_tensor_does_not_have_are_given_all_the_same(int start)
    {
        TensorRing ring = new() { StartMode = start };
        Tensor<double> x = TrTensor<double>.Random(new CounterRandom(3), [6, 7, 8], [1, 1, 1]).Reconstruct();
        TensorRingResult<double> result = ring.Fit(x, [2, 2, 2]);
        Assert.Equal((2, 2), (result.Ranks[start], result.Ranks[(start + 1) % 3]));
        Assert.InRange(Planted.Distance(x, result.Reconstruct()), 0, 1e-14);

        Tensor<double> zero = Tensor.CreateFromShape<double>([4, 5, 6]);
        Assert.Equal(0, TensorAlgebra.FrobeniusNorm(ring.Fit(zero, [2, 2, 2]).Reconstruct()));
        Assert.Equal(0, TensorAlgebra.FrobeniusNorm(ring.Fit(zero).Reconstruct()));
    }

    [Fact]
    public void The_gauge_is_settled_signs_of_the_input_change_only_the_last_factor()
    {
        Tensor<double> x = new CounterRandom(4).Normal<double>(6, 7, 8);
        TensorRingResult<double> a = new TensorRing().Fit(x, [2, 2, 3]), b = new TensorRing().Fit(Tensor.Create([.. x.ToArray().Select(static v => -v)], x.Lengths), [2, 2, 3]);
        Assert.Equal(a.RelativeError, b.RelativeError, 1e-12);
        TtTensorTests.Same(b.Cores[0], a.Cores[0].ToArray());
    }

    [Fact]
    public void Vectors_matrices_zero_tensors_and_bad_input()
    {
        Assert.Equal(0, new TensorRing().Fit(new CounterRandom(1).Normal<double>(7)).RelativeError);
        TensorRingResult<double> vector = new TensorRing().Fit(new CounterRandom(1).Normal<double>(7), [2]);
        TtTensorTests.Same(vector.Reconstruct(), new CounterRandom(1).Normal<double>(7).ToArray());
        Tensor<double> matrix = new CounterRandom(2).Normal<double>(6, 9);
        TensorRingResult<double> two = new TensorRing().Fit(matrix, [2, 2]);
        double[] s = LinearAlgebra.SingularValues(matrix).ToArray();
        Assert.Equal(Math.Sqrt(s.Skip(4).Sum(static v => v * v) / s.Sum(static v => v * v)), two.RelativeError, 1e-13);
        TensorRingResult<double> zero = new TensorRing().Fit(Tensor.CreateFromShape<double>([3, 4, 5]));
        Assert.Equal([1, 1, 1], zero.Ranks);
        Assert.All(zero.Reconstruct().ToArray(), static v => Assert.Equal(0, v));
        Tensor<double> x = new CounterRandom(1).Normal<double>(3, 4, 2);
        Assert.Throws<ArgumentException>(() => new TensorRing().Fit(x, [2, 2, 1]));
        Assert.Throws<ArgumentException>(() => new TensorRing().Fit(x, [2, 1]));
        Assert.Throws<ArgumentException>(() => new TensorRing { StartMode = 3 }.Fit(x));
        Assert.Throws<ArgumentException>(() => new TensorRing().Fit(Tensor.CreateFromShape<double>([0, 3])));
        Assert.Throws<OperationCanceledException>(() => new TensorRing().Fit(x, null, new CancellationToken(true)));
        x[0, 0, 0] = double.NaN;
        Assert.Throws<NonFiniteInputException>(() => new TensorRing().Fit(x));
    }
}
