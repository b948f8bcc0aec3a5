using System.Numerics.Tensors;
using Xunit;

namespace Polyad.Decomposition;

/// <summary>Tucker models against the same operation on their full tensors.</summary>
public class TuckerTensorTests
{
    private static readonly nint[] Lengths = [5, 4, 6];

    [Fact]
    public void Elements_parts_and_permutations()
    {
        foreach (TuckerTensor<double> x in Models(1))
        {
            Tensor<double> full = x.Reconstruct();
            Assert.Equal(Lengths, full.Lengths.ToArray());
            for (int i = 0; i < 120; i++)
            {
                Assert.Equal(full[i / 24, i / 6 % 4, i % 6], x[i / 24, i / 6 % 4, i % 6], 1e-12);
            }

            TtTensorTests.Same(x.Part(1..4, 2..3, 0..6).Reconstruct(), full.Slice([1..4, 2..3, 0..6]).ToArray());
            TtTensorTests.Same(x.Permute(2, 0, 1).Reconstruct(), TensorAlgebra.Permute(full, [2, 0, 1]).ToArray());
            Tensor<double> matrix = new CounterRandom(9).Normal<double>(3, 4);
            TtTensorTests.Same(x.ModeProduct(1, matrix).Reconstruct(), TensorAlgebra.ModeProduct(full, matrix, 1).ToArray());
        }
    }

    [Fact]
    public void Sums_products_norms_and_distances_in_any_bases()
    {
        foreach (TuckerTensor<double> x in Models(1))
        {
            foreach (TuckerTensor<double> y in Models(5))
            {
                double[] a = x.Reconstruct().ToArray(), b = y.Reconstruct().ToArray();
                TtTensorTests.Same((x + y).Reconstruct(), a.Zip(b, static (p, q) => p + q));
                TtTensorTests.Same((x - y).Reconstruct(), a.Zip(b, static (p, q) => p - q));
                TtTensorTests.Same((3 * x).Reconstruct(), a.Select(static p => 3 * p));
                double norm = Math.Sqrt(a.Sum(static p => p * p)), inner = a.Zip(b, static (p, q) => p * q).Sum();
                Assert.Equal(inner, x.Inner(y), 1e-11 * norm * norm);
                Assert.Equal(inner, x.Inner(y.Reconstruct()), 1e-11 * norm * norm);
                Assert.Equal(norm, x.Norm(), 1e-13 * norm);
                Assert.Equal(Math.Sqrt(a.Zip(b, static (p, q) => (p - q) * (p - q)).Sum()), x.Distance(y), 1e-13 * norm);
            }

            // In one basis the cores add and nothing grows; a difference of nearly equal models keeps its digits.
            TuckerTensor<double> twice = x + x;
            Assert.Equal(x.Ranks, twice.Ranks);
            Assert.InRange(x.Distance((1 + 1e-12) * x.Orthonormalize()) / x.Norm(), 0.98e-12, 1.02e-12);
        }
    }

    [Fact]
    public void Normal_forms_have_orthonormal_factors_and_ordered_orthogonal_slices()
    {
        foreach (TuckerTensor<double> x in Models(2))
        {
            TuckerTensor<double> normal = x.Normalize();
            Assert.True(normal.Distance(x) < 1e-13 * x.Norm());
            Assert.All(normal.Factors, static u => Assert.True(Planted.Unorthogonality(u) < 1e-13));
            for (int k = 0; k < normal.FactorModes.Count; k++)
            {
                Tensor<double> gram = TensorAlgebra.ModeGram(normal.Core, normal.FactorModes[k]);
                for (int i = 0; i < gram.Lengths[0]; i++)
                {
                    for (int j = 0; j < i; j++)
                    {
                        Assert.True(Math.Abs(gram[i, j]) < 1e-12 * gram[0, 0]);
                    }

                    Assert.True(i == 0 || gram[i, i] <= gram[i - 1, i - 1] * (1 + 1e-12));
                }

                double[] column = [.. Enumerable.Range(0, (int)normal.Factors[k].Lengths[0]).Select(i => normal.Factors[k][i, 0])];
                Assert.True(column.MaxBy(Math.Abs) > 0);
            }

            // Another form of the same tensor has the same normal form.
            TuckerTensor<double> again = x.ModeProduct(0, LinearAlgebra.Qr(new CounterRandom(3).Normal<double>(5, 5)).Q);
            TuckerTensor<double> back = again.ModeProduct(0, TensorAlgebra.Permute(LinearAlgebra.Qr(new CounterRandom(3).Normal<double>(5, 5)).Q, [1, 0])).Normalize();
            TtTensorTests.Same(back.Core, normal.Core.ToArray());
        }
    }

    [Fact]
    public void Rounding_keeps_the_tolerance_and_finds_smaller_ranks_again()
    {
        foreach (TuckerTensor<double> x in Models(3))
        {
            TuckerTensor<double> sum = x + (1e-3 * Models(7)[0]);
            TuckerTensor<double> rounded = sum.Round(0.05), exact = (x - (0.5 * (x.Orthonormalize() + x))).Add(x).Round(1e-10);
            Assert.True(rounded.Distance(sum) <= 0.05 * sum.Norm());
            Assert.Equal(x.Ranks, exact.Ranks);
            Assert.True(exact.Distance(x) < 1e-12 * x.Norm());
            Assert.All(sum.Round([.. sum.FactorModes.Select(static _ => 1)]).Factors, static f => Assert.Equal(1, f.Lengths[1]));
        }
    }

    [Fact]
    public void Aligned_factors_are_those_of_the_reference_when_the_tensors_are_equal()
    {
        TuckerTensor<double> x = Models(4)[0];
        Tensor<double> turn = LinearAlgebra.Qr(new CounterRandom(8).Normal<double>(2, 2)).Q;
        Tensor<double> turned = LinearAlgebra.MatMul(x.Orthonormalize().Factors[0], turn);
        TuckerTensor<double> other = new(TensorAlgebra.ModeProduct(x.Orthonormalize().Core, TensorAlgebra.Permute(turn, [1, 0]), 0), [turned, .. x.Orthonormalize().Factors.Skip(1)]);
        TuckerTensor<double> aligned = other.AlignTo(x);
        Assert.True(aligned.Distance(x) < 1e-13 * x.Norm());
        TtTensorTests.Same(aligned.Factors[0], x.Orthonormalize().Factors[0].ToArray());
        Assert.Throws<ArgumentException>(() => x.AlignTo(x.Round([1, 3, 2])));
    }

    [Fact]
    public void New_samples_get_the_rows_that_they_were_made_of_and_tensors_the_core()
    {
        TuckerTensor<double> x = Models(6)[0];
        Tensor<double> rows = new CounterRandom(9).Normal<double>(7, 3);
        TuckerTensor<double> samples = new(x.Core, [x.Factors[0], rows, x.Factors[2]]);
        TtTensorTests.Same(x.Transform(samples.Reconstruct(), mode: 1), rows.ToArray());
        TtTensorTests.Same(x.Transform(x.Reconstruct(), mode: 1), x.Factors[1].ToArray());
        TtTensorTests.Same(x.Project(x.Reconstruct()), x.Core.ToArray());

        // Noise that no row can make is left over: the residual is orthogonal to every row's model.
        Tensor<double> noisy = new CounterRandom(10).Normal<double>(5, 7, 6);
        Tensor<double> found = x.Transform(noisy, mode: 1);
        double[] residual = [.. noisy.ToArray().Zip(new TuckerTensor<double>(x.Core, [x.Factors[0], found, x.Factors[2]]).Reconstruct().ToArray(), static (a, b) => a - b)];
        Assert.Equal(0, TensorAlgebra.Inner(Tensor.Create(residual, noisy.Lengths), new TuckerTensor<double>(x.Core, [x.Factors[0], rows, x.Factors[2]]).Reconstruct()), 1e-10);
        Assert.Throws<ArgumentException>(() => x.Transform(Tensor.CreateFromShape<double>([5, 7, 5]), mode: 1));
        Assert.Throws<ArgumentException>(() => Models(6)[1].Transform(x.Reconstruct(), mode: 1));
    }

    [Fact]
    public void What_does_not_fit_is_refused()
    {
        TuckerTensor<double> x = Models(1)[0];
        Assert.Throws<ArgumentException>(() => x + new TuckerTensor<double>(x.Core, [x.Factors[0], x.Factors[1], new CounterRandom(1).Normal<double>(7, 2)]));
        Assert.Throws<ArgumentException>(() => x[0, 0]);
        Assert.Throws<ArgumentOutOfRangeException>(() => x[0, 4, 0]);
        Assert.Throws<ArgumentException>(() => x.Part(0..5, 0..4));
        Assert.Throws<ArgumentException>(() => x.Part(0..5, 1..1, 0..6));
        Assert.Throws<ArgumentException>(() => x.Permute(0, 0, 1));
        Assert.Throws<ArgumentException>(() => x.Inner(Tensor.CreateFromShape<double>([5, 4])));
        Assert.Throws<ArgumentException>(() => x.ModeProduct(0, Tensor.CreateFromShape<double>([3, 4])));
        Assert.Throws<ArgumentException>(() => new TuckerTensor<double>(x.Core, [x.Factors[0], x.Factors[1]]));
        Assert.Throws<ArgumentException>(() => new TuckerTensor<double>(x.Core, [x.Factors[0], x.Factors[1]], [0, 2]));
        Assert.Throws<ArgumentException>(() => new TuckerTensor<double>(x.Core, [x.Factors[1], x.Factors[0]], [1, 0]));
        Assert.Throws<NotSupportedException>(() => new TuckerTensor<int>(Tensor.Create([1], [1]), [Tensor.Create([1], [1, 1])]));
    }

    /// <summary>One with a factor in each mode, one with mode 1 left alone; neither orthonormal.</summary>
    private static TuckerTensor<double>[] Models(ulong seed)
    {
        Tensor<double> a = new CounterRandom(seed, 1).Normal<double>(5, 2), b = new CounterRandom(seed, 2).Normal<double>(4, 3), c = new CounterRandom(seed, 3).Normal<double>(6, 2);
        return [new(new CounterRandom(seed).Normal<double>(2, 3, 2), [a, b, c]), new(new CounterRandom(seed, 4).Normal<double>(2, 4, 2), [a, c], [0, 2])];
    }
}
