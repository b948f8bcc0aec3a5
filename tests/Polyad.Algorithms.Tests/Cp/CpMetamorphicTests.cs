using System.Numerics.Tensors;
using Xunit;

namespace Polyad.Decomposition;

/// <summary>What a fit must do when its tensor is permuted, scaled or rotated.</summary>
public class CpMetamorphicTests
{
    private static readonly CpAls Method = new() { MaxIterations = 20, Tolerance = 0, Acceleration = CpAcceleration.None };

    [Fact]
    public void Permuted_modes_give_the_permuted_model()
    {
        // The order of updates is another one, so the fits agree only where both have ended: noise of 1 %, one minimum.
        Tensor<double> x = Planted.Noisy(Planted.Cp(Planted.Factors<double>(3, 3, 9, 8, 7, 6)), 0.01, 3);
        CpAls method = new() { MaxIterations = 2000, Tolerance = 1e-14 };
        CpResult<double> plain = method.Fit(x, 3);
        foreach (int[] order in (int[][])[[1, 0, 2, 3], [3, 2, 1, 0], [2, 3, 0, 1]])
        {
            CpResult<double> permuted = method.Fit(TensorAlgebra.Permute(x, order), 3);
            Assert.Equal(plain.RelativeError, permuted.RelativeError, 1e-10);
            Assert.True(FactorMatch.Of(permuted, plain.Permute(order)).Score > 1 - 1e-6);
        }
    }

    [Fact]
    public void A_power_of_two_scales_the_weights_alone_bit_for_bit()
    {
        Tensor<double> x = new CounterRandom(4).Normal<double>(9, 8, 7);
        CpResult<double> plain = Method.Fit(x, 4);
        foreach (int exponent in (int[])[-40, -1, 3, 50])
        {
            CpResult<double> scaled = Method.Fit(Scaled(x, Math.ScaleB(1, exponent)), 4);
            Assert.Equal(plain.ErrorHistory, scaled.ErrorHistory);
            Assert.Equal(plain.Weights.ToArray().Select(w => Math.ScaleB(w, exponent)), scaled.Weights.ToArray());
            Assert.All(plain.Factors.Zip(scaled.Factors), static p => Assert.Equal(p.First.ToArray(), p.Second.ToArray()));
        }
    }

    [Fact]
    public void A_negative_factor_turns_the_signs_of_one_mode()
    {
        Tensor<double> x = new CounterRandom(4).Normal<double>(9, 8, 7);
        CpResult<double> plain = Method.Fit(x, 4), turned = Method.Fit(Scaled(x, -3), 4);
        Assert.Equal(plain.RelativeError, turned.RelativeError, 1e-12);
        Assert.All(plain.Weights.ToArray().Zip(turned.Weights.ToArray()), static p => Assert.Equal(3 * p.First, p.Second, 1e-9 * p.First));
        Assert.All(plain.Factors[2].ToArray().Zip(turned.Factors[2].ToArray()), static p => Assert.Equal(-p.First, p.Second, 1e-9));
    }

    [Theory]
    [InlineData(CpAcceleration.None)]
    [InlineData(CpAcceleration.LineSearch)]
    [InlineData(CpAcceleration.Anderson)]
    public void Rotations_of_the_modes_rotate_the_factors(CpAcceleration acceleration)
    {
        // Every sweep commutes with Q: products, normal equations and steps see inner products alone.
        nint[] lengths = [9, 8, 7];
        Tensor<double> x = Planted.Noisy(Planted.Cp(Planted.Factors<double>(5, 3, lengths)), 0.1, 5), turned = x;
        Tensor<double>[] start = Planted.Factors<double>(6, 3, lengths), turnedStart = new Tensor<double>[3];
        Tensor<double>[] q = [.. lengths.Select(static (n, k) => LinearAlgebra.Qr(new CounterRandom(7, (ulong)k).Normal<double>(n, n)).Q)];
        for (int n = 0; n < 3; n++)
        {
            turned = TensorAlgebra.ModeProduct(turned, q[n], n);
            turnedStart[n] = LinearAlgebra.MatMul(q[n], start[n]);
        }

        CpAls method = new() { MaxIterations = 12, Tolerance = 0, Acceleration = acceleration };
        CpTensor<double> expected = method.Fit(x, start);
        CpResult<double> result = method.Fit(turned, turnedStart);
        for (int n = 0; n < 3; n++)
        {
            expected = expected.ModeProduct(q[n], n);
        }

        Assert.Equal(Planted.Distance(turned, expected.Reconstruct()), result.RelativeError, 1e-10);
        Assert.Equal(0, Planted.Distance(expected.Reconstruct(), result.Reconstruct()), 1e-9);
    }

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    [InlineData(double.NegativeInfinity)]
    public void Entries_that_are_not_finite_are_refused_by_every_method(double value)
    {
        Tensor<double> x = new CounterRandom(1).Normal<double>(5, 4, 3);
        x[2, 3, 1] = value;
        Assert.Throws<NonFiniteInputException>(() => new CpAls().Fit(x, 2));
        Assert.Throws<NonFiniteInputException>(() => new CpAls().FitMany(x, [1, 2]));
        Assert.Throws<NonFiniteInputException>(() => new CpOpt().Fit(x, 2));
        Assert.Throws<NonFiniteInputException>(() => new CpRand().Fit(x, 2));
        Assert.Throws<NonFiniteInputException>(() => new NonNegativeCp().Fit(x, 2));
        Assert.Throws<NonFiniteInputException>(() => new ConstrainedCp().Fit(x, 2));
    }

    private static Tensor<double> Scaled(Tensor<double> x, double by) => Tensor.Create([.. x.ToArray().Select(v => v * by)], x.Lengths);
}
