using System.Numerics.Tensors;
using Xunit;

namespace Polyad.Sketching;

public sealed class ConvolutionSketchTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(4)]
    [InlineData(7)]
    [InlineData(12)]
    [InlineData(15)]
    [InlineData(22)]
    [InlineData(64)]
    public void TensorSketch_is_the_count_sketch_of_the_tensor_power_by_its_definition(int features)
    {
        TensorSketch<double> sketch = new(4, new PolynomialKernel(3, 0.5, 0.3), features, 9);
        Equal(Definition(sketch, modulus: true), sketch.Apply(Rows));
    }

    [Theory]
    [InlineData(3)]
    [InlineData(10)]
    [InlineData(11)]
    [InlineData(12)]
    public void FastCountSketch_adds_buckets_without_a_modulus(int features)
    {
        FastCountSketch<double> sketch = new(4, new PolynomialKernel(3, 0.5, 0.3), features, 9);
        Equal(Definition(sketch, modulus: false), sketch.Apply(Rows));
    }

    [Fact]
    public void FastCountSketch_uses_every_bucket_that_it_has()
        => Assert.Equal(100, FastCountSketch<double>.Ranges(3, 100).Sum(static range => range - 1) + 1);

    /// <summary>scikit-learn 1.2.1: PolynomialCountSketch(gamma=0.5, degree=2, coef0=1, n_components=4) with these hashes.</summary>
    [Fact]
    public void Given_hashes_reproduce_scikit_learn()
    {
        TensorSketch<double> sketch = TensorSketch<double>.FromHashes(new PolynomialKernel(2, 0.5, 1), 4, new[,] { { 0, 3, 1, 2 }, { 2, 2, 0, 1 } }, new[,] { { 1, -1, 1, 1 }, { -1, 1, 1, -1 } });
        Tensor<double> actual = sketch.Apply(Tensor.Create([1.0, 2, 3, -1, 0.5, 0.25], [2, 3]));
        Equal(new[,] { { 3.6213203435596424, 2.792893218813453, 0.5, -2.5 }, { 1.2892135623730951, 0.3633567811865475, -0.75, -0.875 } }, actual);
    }

    [Fact]
    public void Buckets_and_signs_of_a_coordinate_do_not_depend_on_the_number_of_coordinates()
    {
        TensorSketch<double> small = new(5, 2, 30, 3), large = new(50, 2, 30, 3);
        Assert.Equal(small.Buckets(1), large.Buckets(1)[..5]);
        Assert.Equal(small.Signs(1), large.Signs(1)[..5]);
    }

    [Fact]
    public void Bad_hashes_are_refused()
    {
        Assert.Throws<ArgumentException>(() => TensorSketch<double>.FromHashes(2, 4, new[,] { { 0, 3 } }, new[,] { { 1, 1 } }));
        Assert.Throws<ArgumentException>(() => TensorSketch<double>.FromHashes(1, 4, new[,] { { 0, 4 } }, new[,] { { 1, 1 } }));
        Assert.Throws<ArgumentException>(() => TensorSketch<double>.FromHashes(1, 4, new[,] { { 0, 3 } }, new[,] { { 1, 0 } }));
        Assert.Throws<ArgumentException>(() => TensorSketch<double>.FromHashes(1, 4, new[,] { { 0, 3 } }, new[,] { { 1, 1, 1 } }));
    }

    private static Tensor<double> Rows => new CounterRandom(4).Normal<double>(3, 4);

    private static double[,] Definition(ConvolutionSketch<double> sketch, bool modulus)
    {
        Tensor<double> rows = Rows;
        double[,] result = new double[3, sketch.OutputDimension];
        for (int r = 0; r < 3; r++)
        {
            double[] x = [.. SketchSpread.Row(rows, r).Select(v => v * Math.Sqrt(sketch.Kernel.Gamma)), Math.Sqrt(sketch.Kernel.Constant)];
            for (int i = 0; i < 5; i++)
            {
                for (int j = 0; j < 5; j++)
                {
                    for (int k = 0; k < 5; k++)
                    {
                        int bucket = sketch.Buckets(0)[i] + sketch.Buckets(1)[j] + sketch.Buckets(2)[k];
                        result[r, modulus ? bucket % sketch.OutputDimension : bucket] += sketch.Signs(0)[i] * sketch.Signs(1)[j] * sketch.Signs(2)[k] * x[i] * x[j] * x[k];
                    }
                }
            }
        }

        return result;
    }

    private static void Equal(double[,] expected, Tensor<double> actual)
    {
        double scale = expected.Cast<double>().Max(Math.Abs);
        for (int i = 0; i < expected.GetLength(0); i++)
        {
            for (int t = 0; t < expected.GetLength(1); t++)
            {
                Assert.InRange(actual[i, t] - expected[i, t], -1e-14 * scale, 1e-14 * scale);
            }
        }
    }
}
