using System.Numerics.Tensors;
using Xunit;

namespace Polyad.Decomposition;

public class IncompleteTensorTests
{
    [Fact]
    public void What_is_missing_is_told_by_nan_by_mask_or_by_weight()
    {
        Tensor<double> x = new CounterRandom(1).Normal<double>(4, 3, 5);
        Tensor<bool> mask = Tensor.CreateFromShape<bool>([4, 3, 5]);
        Tensor<double> weights = Tensor.Create([.. Enumerable.Repeat(1.0, 60)], [4, 3, 5]), holes = DenseData.Copy(x);
        foreach ((int i, int j, int k) in new[] { (0, 0, 0), (3, 2, 4), (1, 1, 2) })
        {
            (mask[i, j, k], weights[i, j, k], holes[i, j, k]) = (true, 0, double.NaN);
        }

        foreach (IncompleteTensor<double> incomplete in new[] { IncompleteTensor.FromNaN(holes), IncompleteTensor.FromMask(x, mask), IncompleteTensor.FromWeights(x, weights), IncompleteTensor.FromMask(holes, mask) })
        {
            Assert.Equal([4, 3, 5], incomplete.Lengths.ToArray());
            Assert.Equal(57, incomplete.SeenCount);
            Assert.Equal(0.05, incomplete.MissingShare, 1e-15);
            Assert.Empty(incomplete.EmptySlices);
            Assert.Equal(weights.ToArray(), incomplete.Weights.ToArray());
            Assert.Equal(x.ToArray().Zip(weights.ToArray(), static (v, w) => w == 0 ? 0 : v), incomplete.Values.ToArray());
        }

        // Any strides.
        Tensor<double> turned = TensorAlgebra.Permute(holes, [2, 0, 1]);
        Assert.Equal(57, IncompleteTensor.FromNaN(turned.Slice([0..5, 0..4, 0..3])).SeenCount);
    }

    [Fact]
    public void Fibres_and_slices_of_which_nothing_was_seen_are_found()
    {
        Tensor<double> x = new CounterRandom(2).Normal<double>(4, 3, 5);
        for (int i = 0; i < 4; i++)
        {
            x[i, 1, 2] = double.NaN;
        }

        IncompleteTensor<double> fibre = IncompleteTensor.FromNaN(x);
        Assert.Equal((1, 0, 0), (fibre.EmptyFibres(0), fibre.EmptyFibres(1), fibre.EmptyFibres(2)));
        Assert.Throws<ArgumentOutOfRangeException>(() => fibre.EmptyFibres(3));
        for (int j = 0; j < 3; j++)
        {
            for (int k = 0; k < 5; k++)
            {
                x[2, j, k] = double.NaN;
            }
        }

        string message = Assert.Throws<ArgumentException>(() => IncompleteTensor.FromNaN(x)).Message;
        Assert.Contains("mode 0, index 2", message, StringComparison.Ordinal);
        Assert.Contains("[4, 3, 5]", message, StringComparison.Ordinal);
        IncompleteTensor<double> slice = IncompleteTensor.FromNaN(x, allowEmptySlices: true);
        Assert.Equal([(0, 2)], slice.EmptySlices);
        Assert.Equal((1, 5, 3), (slice.EmptyFibres(0), slice.EmptyFibres(1), slice.EmptyFibres(2)));
    }

    [Fact]
    public void Nonsense_is_refused()
    {
        Tensor<double> x = new CounterRandom(3).Normal<double>(2, 3);
        Tensor<bool> none = Tensor.CreateFromShape<bool>([2, 3]);
        Assert.Contains("[3, 2]", Assert.Throws<ArgumentException>(() => IncompleteTensor.FromMask(x, Tensor.CreateFromShape<bool>([3, 2]))).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => IncompleteTensor.FromWeights(x, new CounterRandom(1).Normal<double>(2, 3)));
        Assert.Throws<ArgumentException>(() => IncompleteTensor.FromWeights(x, Tensor.Create([1, 1, 1, 1, 1, double.NaN], [2, 3])));
        Assert.Throws<ArgumentException>(() => IncompleteTensor.FromNaN(Tensor.CreateFromShape<double>([0, 3])));
        Assert.Throws<ArgumentException>(() => IncompleteTensor.FromNaN(Tensor.Create([.. Enumerable.Repeat(double.NaN, 6)], [2, 3]), allowEmptySlices: true));
        Assert.Throws<NotSupportedException>(() => IncompleteTensor.FromNaN(Tensor.CreateFromShape<decimal>([2, 3])));
        x[1, 2] = double.PositiveInfinity;
        Assert.Contains("position 5", Assert.Throws<NonFiniteInputException>(() => IncompleteTensor.FromNaN(x)).Message, StringComparison.Ordinal);
        x[1, 2] = double.NaN;
        Assert.Throws<NonFiniteInputException>(() => IncompleteTensor.FromMask(x, none));
    }
}
