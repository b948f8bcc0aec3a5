using System.Buffers;
using System.Numerics;
using System.Numerics.Tensors;
using Xunit;

namespace Polyad.Decomposition;

public class CpTensorTests
{
    public static TheoryData<int[], int> Shapes => new()
    {
        { [5], 2 },
        { [4, 6], 3 },
        { [5, 1, 4], 3 },
        { [3, 4, 2, 5], 4 },
        { [2, 3, 1, 2, 3], 2 },
        { [2, 2, 3, 2, 2, 2], 3 },
    };

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Every_element_is_the_sum_of_products(int[] shape, int rank)
    {
        CpTensor<double> model = Model<double>(1, rank, shape);
        Tensor<double> full = model.Reconstruct();
        double scale = model.ComponentNorms().Sum();
        foreach ((int[] index, double value) in Elements(full))
        {
            double expected = 0;
            for (int r = 0; r < rank; r++)
            {
                double term = model.Weights[r];
                for (int n = 0; n < shape.Length; n++)
                {
                    term *= model.Factors[n][index[n], r];
                }

                expected += term;
            }

            Assert.Equal(expected, value, 1e-14 * scale);
            Assert.Equal(expected, model.At(index), 1e-14 * scale);
        }
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Norm_and_inner_product_are_those_of_the_full_tensors(int[] shape, int rank)
    {
        CpTensor<double> a = Model<double>(1, rank, shape), b = Model<double>(2, rank + 1, shape);
        double[] x = a.Reconstruct().ToArray(), y = b.Reconstruct().ToArray();
        double bound = 1e-13 * Planted.Norm(x) * Planted.Norm(y) * Math.Pow(a.ComponentNorms().Sum() / Planted.Norm(x), 2);
        Assert.Equal(Planted.Norm(x), a.Norm(), bound / Planted.Norm(y));
        Assert.Equal(x.Zip(y, static (u, v) => u * v).Sum(), a.Inner(b), bound);
        if (shape.Length > 1)
        {
            Assert.Equal(x.Zip(y, static (u, v) => u * v).Sum(), a.Inner(b.Reconstruct()), bound);
        }
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Arithmetic_is_that_of_the_full_tensors(int[] shape, int rank)
    {
        CpTensor<double> a = Model<double>(1, rank, shape), b = Model<double>(2, 2, shape);
        double[] x = a.Reconstruct().ToArray(), y = b.Reconstruct().ToArray();
        double scale = 1e-13 * (1 + a.ComponentNorms().Sum()) * (1 + b.ComponentNorms().Sum());
        Same(x.Zip(y, static (u, v) => u + v), a + b, scale);
        Same(x.Zip(y, static (u, v) => u - v), a - b, scale);
        Same(x.Select(static u => -2.5 * u), -2.5 * a, scale);
        Same(x.Zip(y, static (u, v) => u * v), a.Hadamard(b), scale);
        Same(x, a.Distribute(), scale);
        Same(x, a.Normalize(), scale);
        Same(x, a.FlipSigns(0), scale);
        Same(x.Zip(x, static (u, _) => u), a.Select([.. Enumerable.Range(0, rank).Reverse()]), scale);
    }

    [Fact]
    public void Permuting_the_modes_permutes_the_tensor_and_a_part_is_a_part_of_it()
    {
        CpTensor<double> model = Model<double>(3, 3, [4, 5, 6]) with { Modes = [new ModeLabel("a", ["p", "q", "r", "s"]), new ModeLabel("b"), new ModeLabel("c")] };
        Tensor<double> full = model.Reconstruct();
        Same(TensorAlgebra.Permute(full, [2, 0, 1]).ToArray(), model.Permute(2, 0, 1), 1e-12);
        Assert.Equal(["c", "a", "b"], model.Permute(2, 0, 1).Modes!.Select(static m => m.Name));

        CpTensor<double> part = model.Part(1..3, .., ^2..);
        Same(full.Slice([new NRange(1, 3), new NRange(0, 5), new NRange(4, 6)]).ToArray(), part, 1e-12);
        Assert.Equal(["q", "r"], part.Modes![0].Items!);
        Assert.Throws<ArgumentException>(() => model.Part(.., ..));
        Assert.Throws<ArgumentException>(() => model.Permute(0, 0, 1));
        Assert.Throws<ArgumentException>(() => model.Select(3));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(4, 0)]
    [InlineData(0, 3, 2)]
    [InlineData(2, 1, 0, 3)]
    [InlineData(2, 0, 0, 1, 3)]
    [InlineData(1, 2, 1, 2, 1, 0)]
    public void A_mode_of_length_zero_makes_an_empty_tensor(params int[] shape)
    {
        CpTensor<double> model = Model<double>(1, 2, shape);
        Assert.Equal(shape.Select(static n => (nint)n), model.Reconstruct().Lengths.ToArray());
        Assert.Equal(0, model.Norm());
        Assert.Equal(0, model.Inner(model));
        Assert.Equal(0, (model - model.Normalize()).Norm());
    }

    [Fact]
    public void A_mode_product_acts_on_the_factor()
    {
        CpTensor<double> model = Model<double>(3, 3, [4, 5, 6]);
        Tensor<double> matrix = new CounterRandom(8).Normal<double>(7, 5);
        Same(TensorAlgebra.ModeProduct(model.Reconstruct(), matrix, 1).ToArray(), model.ModeProduct(matrix, 1), 1e-12);
        Assert.Throws<ArgumentException>(() => model.ModeProduct(matrix, 0));
    }

    [Fact]
    public void Normal_form_does_not_depend_on_the_order_the_scale_and_the_signs_of_the_components()
    {
        CpTensor<double> model = Model<double>(4, 4, [6, 5, 7]);
        Tensor<double>[] disturbed = [.. model.Select(2, 0, 3, 1).Factors.Select(DenseData.Copy)];
        double[] by = [2, -0.5, -3, 1];
        for (int i = 0; i < 6 * 4; i++)
        {
            DenseData.Elements(disturbed[0])[i] *= by[i % 4];
        }

        for (int i = 0; i < 7 * 4; i++)
        {
            DenseData.Elements(disturbed[2])[i] /= by[i % 4];
        }

        CpTensor<double> a = model.Normalize(), b = new CpTensor<double>(model.Select(2, 0, 3, 1).Weights, disturbed).Normalize();
        for (int n = 0; n < 3; n++)
        {
            Assert.All(a.Factors[n].ToArray().Zip(b.Factors[n].ToArray()), static p => Assert.Equal(p.First, p.Second, 1e-14));
        }

        Assert.All(a.Weights.ToArray().Zip(b.Weights.ToArray()), static p => Assert.Equal(p.First, p.Second, 1e-13 * p.First));
        Assert.Equal(a.Weights.ToArray().OrderDescending(), a.Weights.ToArray());
    }

    [Theory]
    [InlineData(typeof(double))]
    [InlineData(typeof(Complex))]
    public void Alignment_restores_the_order_and_the_signs_of_the_reference(Type element)
    {
        if (element == typeof(Complex))
        {
            Aligns<Complex>(new Complex(0.6, 0.8));
        }
        else
        {
            Aligns(-1.0);
        }
    }

    private static void Aligns<T>(T turn)
        where T : unmanaged, INumberBase<T>
    {
        CpTensor<T> reference = Model<T>(5, 3, [6, 5, 4]).Normalize();
        CpTensor<T> disturbed = reference.Select(2, 0, 1);
        Tensor<T>[] factors = [.. disturbed.Factors.Select(DenseData.Copy)];
        ComponentOrder.Multiply(factors[0], 1, turn);
        ComponentOrder.Multiply(factors[1], 1, Scalar.Conjugate(turn));
        ComponentOrder.Multiply(factors[1], 2, turn);
        ComponentOrder.Multiply(factors[2], 2, Scalar.Conjugate(turn));
        CpTensor<T> aligned = new CpTensor<T>(disturbed.Weights, factors).Align(reference);
        for (int n = 0; n < 3; n++)
        {
            Assert.All(reference.Factors[n].ToArray().Zip(aligned.Factors[n].ToArray()), static p => Assert.Equal(0, Scalar.Magnitude(p.First - p.Second), 1e-13));
        }

        // A model of higher rank keeps its further components behind those that are matched.
        Assert.Equal(5, (reference + Model<T>(6, 2, [6, 5, 4])).Align(reference).Rank);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public void Scores_of_new_data_are_the_least_squares_ones(int mode)
    {
        // Data made of the model's other factors has the scores that it was made of, and what is orthogonal to them does not count.
        CpTensor<double> model = Model<double>(7, 3, [6, 5, 4]);
        Tensor<double> scores = new CounterRandom(9).Normal<double>(8, 3);
        Tensor<double>[] factors = [.. model.Factors];
        factors[mode] = scores;
        Tensor<double> data = new CpTensor<double>(model.Weights, factors).Reconstruct();
        Assert.All(scores.ToArray().Zip(model.Transform(data, mode).ToArray()), static p => Assert.Equal(p.First, p.Second, 1e-11));

        nint[] one = [.. data.Lengths.ToArray().Where((_, n) => n != mode)];
        NRange[] first = [.. data.Lengths.ToArray().Select((n, k) => k == mode ? new NRange(0, 1) : new NRange(0, n))];
        Tensor<double> single = Tensor.Create(data.Slice(first).ToArray(), one);
        Assert.All(scores.ToArray().Take(3).Zip(model.Transform(single, mode).ToArray()), static p => Assert.Equal(p.First, p.Second, 1e-11));

        // The definition: the residual is orthogonal to every component of the other modes.
        Tensor<double> noisy = Planted.Noisy(data, 0.5, 3);
        factors[mode] = model.Transform(noisy, mode);
        Tensor<double> fitted = new CpTensor<double>(model.Weights, factors).Reconstruct();
        Tensor<double> residual = Tensor.Create([.. noisy.ToArray().Zip(fitted.ToArray(), static (u, v) => u - v)], noisy.Lengths);
        Tensor<double> gradient = TensorAlgebra.Mttkrp(residual, factors, mode);
        Assert.All(gradient.ToArray(), g => Assert.Equal(0, g, 1e-10 * Planted.Norm(noisy.ToArray())));
    }

    [Fact]
    public void A_component_of_zeros_takes_no_part_in_scores_and_norms()
    {
        CpTensor<double> model = Model<double>(7, 3, [6, 5, 4]);
        Tensor<double>[] factors = [.. model.Factors.Select(DenseData.Copy)];
        ComponentOrder.Multiply(factors[1], 1, 0.0);
        CpTensor<double> withZero = new(model.Weights, factors), without = model.Select(0, 2);
        double[] a = withZero.Transform(without.Reconstruct(), 0).ToArray(), b = without.Factors[0].ToArray();
        for (int i = 0; i < 6; i++)
        {
            Assert.Equal(b[2 * i], a[3 * i], 1e-11);
            Assert.Equal(0, a[(3 * i) + 1]);
            Assert.Equal(b[(2 * i) + 1], a[(3 * i) + 2], 1e-11);
        }

        Assert.Equal(0, withZero.Normalize().Weights.ToArray()[2]);
        Assert.Equal(without.Norm(), withZero.Norm(), 1e-12 * without.Norm());
    }

    [Fact]
    public void Complex_models_follow_the_same_rules()
    {
        CpTensor<Complex> a = Model<Complex>(1, 3, [4, 3, 5]), b = Model<Complex>(2, 2, [4, 3, 5]);
        Complex[] x = a.Reconstruct().ToArray(), y = b.Reconstruct().ToArray();
        double scale = 1e-13 * a.ComponentNorms().Sum() * b.ComponentNorms().Sum();
        Complex inner = x.Zip(y, static (u, v) => u * Complex.Conjugate(v)).Aggregate(Complex.Zero, static (s, v) => s + v);
        Assert.Equal(0, Complex.Abs(inner - a.Inner(b)), scale);
        Assert.Equal(0, Complex.Abs(inner - a.Inner(b.Reconstruct())), scale);
        Assert.Equal(Math.Sqrt(x.Sum(static v => (v * Complex.Conjugate(v)).Real)), a.Norm(), scale);
        Assert.All(a.Normalize().Reconstruct().ToArray().Zip(x), p => Assert.Equal(0, Complex.Abs(p.First - p.Second), scale));
        Assert.All(a.Hadamard(b).Reconstruct().ToArray().Zip(x.Zip(y, static (u, v) => u * v)), p => Assert.Equal(0, Complex.Abs(p.First - p.Second), scale));
        Assert.All(a.Transform(a.Reconstruct(), 1).ToArray().Zip(a.Factors[1].ToArray()), static p => Assert.Equal(0, Complex.Abs(p.First - p.Second), 1e-10));
        foreach ((int[] index, Complex value) in Elements(a.Reconstruct()))
        {
            Assert.Equal(0, Complex.Abs(a.At(index) - value), scale);
        }
    }

    private static CpTensor<T> Model<T>(ulong seed, int rank, int[] shape)
        where T : unmanaged, INumberBase<T>
    {
        nint[] lengths = [.. shape.Select(static n => (nint)n)];
        Tensor<T> weights = Tensor.CreateFromShape<T>([rank]);
        RandomFactors.Fill(new CounterRandom(seed, 99), DenseData.Elements(weights));
        return new CpTensor<T>(weights, RandomFactors.Draw<T>(lengths, rank, new CounterRandom(seed)));
    }

    private static void Same(IEnumerable<double> expected, CpTensor<double> model, double tolerance)
        => Assert.All(expected.Zip(model.Reconstruct().ToArray()), p => Assert.Equal(p.First, p.Second, tolerance));

    private static IEnumerable<(int[] Index, T Value)> Elements<T>(Tensor<T> full)
    {
        int order = full.Rank, at = 0;
        int[] lengths = [.. full.Lengths.ToArray().Select(static n => (int)n)];
        foreach (T value in full.ToArray())
        {
            int[] index = new int[order];
            for (int k = order - 1, rest = at; k >= 0; rest /= lengths[k], k--)
            {
                index[k] = rest % lengths[k];
            }

            at++;
            yield return (index, value);
        }
    }
}
