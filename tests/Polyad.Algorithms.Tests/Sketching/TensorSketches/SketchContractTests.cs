using System.Numerics;
using System.Numerics.Tensors;
using Xunit;

namespace Polyad.Sketching;

/// <summary>What every polynomial sketch promises: reproducible rows, sparse as dense, powers as products, checked input.</summary>
public sealed class SketchContractTests
{
    private const int Dimension = 37;
    private const int Features = 60;

    private static readonly PolynomialKernel Kernel = new(3, 0.3, 0.6);

    public static TheoryData<SketchFamily> Families => [.. SketchFamilies.All];

    /// <summary>Families without matrix products: the same bits in any grouping.</summary>
    private static bool Discrete(SketchFamily family) => !family.Name.Contains("product sketch", StringComparison.Ordinal);

    [Theory]
    [MemberData(nameof(Families))]
    public void A_rows_features_depend_neither_on_other_rows_nor_on_threads(SketchFamily family)
    {
        PolynomialSketch<double> sketch = family.Create<double>(Dimension, Kernel, Features, 5);
        Tensor<double> rows = new CounterRandom(2).Normal<double>(301, Dimension);
        Tensor<double> all = sketch.Apply(rows), one;
        using (Parallelism.Use(1))
        {
            one = sketch.Apply(rows);
        }

        Assert.Equal(Numbers(all), Numbers(one));
        foreach ((int first, int count) in ((int, int)[])[(0, 1), (7, 5), (100, 201)])
        {
            Tensor<double> part = sketch.Apply(rows.AsReadOnlyMatrix().Slice(first, 0, count, Dimension));
            for (int i = 0; i < count; i++)
            {
                double[] expected = SketchSpread.Row(all, first + i), actual = SketchSpread.Row(part, i);
                double bound = Discrete(family) ? 0 : 1e-13 * expected.Max(Math.Abs);
                Assert.All(expected.Zip(actual), p => Assert.InRange(p.Second - p.First, -bound, bound));
            }
        }
    }

    [Theory]
    [MemberData(nameof(Families))]
    public void The_seed_fixes_the_sketch(SketchFamily family)
    {
        Tensor<double> rows = new CounterRandom(2).Normal<double>(3, Dimension);
        Assert.Equal(Numbers(family.Create<double>(Dimension, Kernel, Features, 5).Apply(rows)), Numbers(family.Create<double>(Dimension, Kernel, Features, 5).Apply(rows)));
        Assert.NotEqual(Numbers(family.Create<double>(Dimension, Kernel, Features, 5).Apply(rows)), Numbers(family.Create<double>(Dimension, Kernel, Features, 6).Apply(rows)));
    }

    [Theory]
    [MemberData(nameof(Families))]
    public void Sparse_rows_have_the_features_of_dense_ones(SketchFamily family)
    {
        PolynomialSketch<double> sketch = family.Create<double>(Dimension, Kernel, Features, 5);
        CsrMatrix<double> sparse = Sparse(50, Dimension);
        double[] expected = Numbers(sketch.Apply(sparse.ToDense())), actual = Numbers(sketch.Apply(sparse));
        double bound = Discrete(family) ? 0 : 1e-13 * expected.Max(Math.Abs);
        Assert.All(expected.Zip(actual), p => Assert.InRange(p.Second - p.First, -bound, bound));
    }

    [Theory]
    [MemberData(nameof(Families))]
    public void A_power_is_the_product_of_equal_factors(SketchFamily family)
    {
        PolynomialSketch<double> sketch = family.Create<double>(Dimension, Kernel, Features, 5);
        Tensor<double> rows = new CounterRandom(2).Normal<double>(9, Dimension);
        Assert.Equal(Numbers(sketch.Apply(rows)), Numbers(sketch.ApplyProduct([rows, rows, rows])));
    }

    [Theory]
    [MemberData(nameof(Families))]
    public void The_sketch_is_linear_in_each_factor(SketchFamily family)
    {
        PolynomialSketch<double> sketch = family.Create<double>(Dimension, 3, Features, 5);
        Tensor<double> a = new CounterRandom(2).Normal<double>(4, Dimension), b = new CounterRandom(3).Normal<double>(4, Dimension), c = new CounterRandom(4).Normal<double>(4, Dimension);
        Tensor<double> combined = Tensor.Add<double>(Tensor.Multiply<double>(c, 2.0), b);
        double[] one = Numbers(sketch.ApplyProduct([a, b, c])), two = Numbers(sketch.ApplyProduct([a, b, b])), sum = Numbers(sketch.ApplyProduct([a, b, combined]));
        double bound = 1e-12 * sum.Max(Math.Abs);
        Assert.All(sum.Select((s, i) => s - ((2 * one[i]) + two[i])), e => Assert.InRange(e, -bound, bound));
    }

    [Theory]
    [MemberData(nameof(Families))]
    public void Products_of_different_vectors_spread_as_predicted(SketchFamily family)
    {
        double[][] x = [.. Enumerable.Range(0, 3).Select(i => SketchSpread.Row(new CounterRandom((ulong)(10 + i)).Normal<double>(1, 5), 0))], y = [.. x.Select((v, i) => v.Select((z, j) => z + (0.4 * (j - i))).ToArray())];
        Tensor<double>[] factors = [.. x.Zip(y, (u, v) => Tensor.Create<double>([.. u, .. v], [2, 5]))];
        VariancePrediction predicted = new VarianceModel(family, 3, 5, 16).PredictProduct(x, y);
        double value = x.Zip(y, (u, v) => TensorPrimitives.Dot<double>(u, v)).Aggregate(static (a, b) => a * b);
        SketchSpread.Holds(seed => SketchSpread.Inner(family.Create<double>(5, 3, 16, seed).ApplyProduct(factors), [(0, 1)]), [value], [predicted.Variance], 3000);
    }

    [Theory]
    [MemberData(nameof(Families))]
    public void Single_precision_agrees_with_double(SketchFamily family)
    {
        // The draws of normal weights differ by type; all other draws are the same.
        Assert.SkipWhen(family.Name.Contains("Gaussian", StringComparison.Ordinal), "normal weights are drawn per type");
        Tensor<double> rows = new CounterRandom(2).Normal<double>(20, Dimension);
        Tensor<float> single = Tensor.ConvertTruncating<double, float>(rows);
        double[] expected = Numbers(family.Create<double>(Dimension, Kernel, Features, 5).Apply(Tensor.ConvertTruncating<float, double>(single)));
        float[] actual = [.. family.Create<float>(Dimension, Kernel, Features, 5).Apply(single)];
        double bound = 2e-5 * expected.Max(Math.Abs);
        Assert.All(expected.Zip(actual), p => Assert.InRange(p.Second - p.First, -bound, bound));
    }

    [Theory]
    [MemberData(nameof(Families))]
    public void Zero_rows_and_strided_views_are_served(SketchFamily family)
    {
        PolynomialSketch<double> sketch = family.Create<double>(Dimension, 2, Features, 5);
        Assert.All(Numbers(sketch.Apply(Tensor.CreateFromShape<double>([2, Dimension]))), v => Assert.Equal(0, v));
        Tensor<double> columns = new CounterRandom(2).Normal<double>(Dimension, 9), rows = columns.AsReadOnlyMatrix().Transpose.ToTensor();
        Tensor<double> turned = Tensor.CreateFromShape<double>([Features, 9]);
        sketch.Apply(columns.AsReadOnlyMatrix().Transpose, turned.AsMatrix().Transpose);
        Assert.Equal(Numbers(sketch.Apply(rows)), Numbers(turned.AsReadOnlyMatrix().Transpose.ToTensor()));
    }

    [Theory]
    [MemberData(nameof(Families))]
    public void Bad_input_is_refused_with_what_was_given(SketchFamily family)
    {
        PolynomialSketch<double> sketch = family.Create<double>(4, 2, 8);
        Assert.Contains("4 numbers; given 2 x 5", Assert.Throws<ArgumentException>(() => sketch.Apply(Tensor.CreateFromShape<double>([2, 5]))).Message, StringComparison.Ordinal);
        Assert.Contains("given 0 x 4", Assert.Throws<ArgumentException>(() => sketch.Apply(Tensor.CreateFromShape<double>([0, 4]))).Message, StringComparison.Ordinal);
        Assert.Contains("[1, 2]", Assert.Throws<NonFiniteInputException>(() => sketch.Apply(Tensor.Create([1, 2, 3, 4, 5, 6, double.NaN, 8], [2, 4]))).Message, StringComparison.Ordinal);
        Assert.Throws<NonFiniteInputException>(() => sketch.Apply(new CsrMatrix<double>(1, 4, [0, 1], [2], [double.PositiveInfinity])));
        Assert.Throws<ArgumentException>(() => sketch.Apply(Tensor.CreateFromShape<double>([2, 4]), Tensor.CreateFromShape<double>([2, 7]).AsMatrix()));
        Assert.Contains("given 1", Assert.Throws<ArgumentException>(() => sketch.ApplyProduct([Tensor.CreateFromShape<double>([2, 4])])).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => sketch.ApplyProduct([Tensor.CreateFromShape<double>([2, 4]), Tensor.CreateFromShape<double>([3, 4])]));
        Assert.Throws<ArgumentOutOfRangeException>(() => family.Create<double>(0, 2, 8));
        Assert.ThrowsAny<ArgumentException>(() => family.Create<double>(4, 2, 0));
        Assert.Throws<ArgumentNullException>(() => family.Create<double>(4, null!, 8));
        Assert.Throws<OverflowException>(() => sketch.Apply(Tensor.Create([1e200, 0, 0, 0], [1, 4])));
        if (family.IsComplex)
        {
            Assert.Contains("even; given 7", Assert.Throws<ArgumentException>(() => family.Create<double>(4, 2, 7)).Message, StringComparison.Ordinal);
            Assert.Throws<ArgumentException>(() => new VarianceModel(family, 2, 4, 7));
        }
        else
        {
            Assert.Throws<InvalidOperationException>(() => sketch.ApplyComplex(Tensor.CreateFromShape<double>([2, 4])));
        }
    }

    [Theory]
    [MemberData(nameof(Families))]
    public void Complex_features_are_the_two_halves(SketchFamily family)
    {
        if (!family.IsComplex)
        {
            return;
        }

        PolynomialSketch<double> sketch = family.Create<double>(Dimension, 2, Features, 5);
        Tensor<double> rows = new CounterRandom(2).Normal<double>(3, Dimension), parts = sketch.Apply(rows);
        Tensor<Complex> complex = sketch.ApplyComplex(rows);
        Assert.Equal(Features / 2, complex.Lengths[1]);
        Assert.Equal(new Complex(parts[2, 4], parts[2, 4 + (Features / 2)]), complex[2, 4]);
    }

    [Theory]
    [MemberData(nameof(Families))]
    public void Steady_use_allocates_little_beside_its_result(SketchFamily family)
    {
        PolynomialSketch<double> sketch = family.Create<double>(Dimension, Kernel, Features, 5);
        Tensor<double> rows = new CounterRandom(2).Normal<double>(256, Dimension), features = Tensor.CreateFromShape<double>([256, Features]);
        using (Parallelism.Use(1))
        {
            sketch.Apply(rows, features.AsMatrix());
            long before = GC.GetAllocatedBytesForCurrentThread();
            sketch.Apply(rows, features.AsMatrix());
            Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 64 << 10);
        }
    }

    [Fact]
    public void Kernels_have_checked_parameters()
    {
        Assert.Contains("given 0", Assert.Throws<ArgumentOutOfRangeException>(() => new PolynomialKernel(0)).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => new PolynomialKernel(2, -1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new PolynomialKernel(2, double.NaN));
        Assert.Contains("given -1", Assert.Throws<ArgumentOutOfRangeException>(() => new PolynomialKernel(2, 1, -1)).Message, StringComparison.Ordinal);
        Assert.Equal(Math.Pow(2.5, 3), new PolynomialKernel(3, 0.5, 1).Evaluate(3));
        Tensor<double> x = Tensor.Create<double>([1, 2, 3, 4], [2, 2]);
        Assert.Equal((double[])[36, 144, 144, 676], Numbers(new PolynomialKernel(2, 1, 1).Matrix<double>(x, x)));
    }

    internal static CsrMatrix<double> Sparse(int rows, int columns)
    {
        List<int> pointers = [0], indices = [];
        List<double> values = [];
        double[] draws = new double[rows * columns];
        new CounterRandom(8).Uniform(draws.AsSpan());
        for (int i = 0; i < rows; i++)
        {
            for (int j = 0; j < columns; j++)
            {
                if (draws[(i * columns) + j] < 0.2 && i != 4)
                {
                    indices.Add(j);
                    values.Add(draws[(i * columns) + j] - 0.08);
                }
            }

            pointers.Add(indices.Count);
        }

        return new(rows, columns, [.. pointers], [.. indices], [.. values]);
    }

    private static double[] Numbers(Tensor<double> tensor) => [.. tensor];
}
