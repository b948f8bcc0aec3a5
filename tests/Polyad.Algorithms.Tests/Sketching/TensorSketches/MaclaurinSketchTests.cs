using System.Numerics.Tensors;
using Xunit;

namespace Polyad.Sketching;

public sealed class MaclaurinSketchTests
{
    [Theory]
    [InlineData(new[] { 1.0, 0.5, 0.25, 0.125 })]
    [InlineData(new[] { 0.0, 0, 2, 0, 0.3 })]
    [InlineData(new[] { 0.7 })]
    public void Random_Maclaurin_features_are_unbiased_with_the_predicted_variance(double[] coefficients)
    {
        Tensor<double> rows = Tensor.Multiply<double>(SketchSpread.Rows(5), 0.4);
        DotProductKernel kernel = DotProductKernel.FromCoefficients(coefficients);
        double[][] x = [.. Enumerable.Range(0, 4).Select(i => SketchSpread.Row(rows, i))];
        double[] values = [.. SketchSpread.Pairs.Select(p => kernel.Evaluate(TensorPrimitives.Dot(x[p.X], x[p.Y])))];
        double[] variances = [.. SketchSpread.Pairs.Select(p => RandomMaclaurin.Predict(coefficients, 20, x[p.X], x[p.Y]).Variance)];
        SketchSpread.Holds(seed => SketchSpread.Inner(RandomMaclaurin.Create<double>(5, coefficients, 20, seed).Apply(rows), SketchSpread.Pairs), values, variances, 4000);
    }

    [Fact]
    public void Degrees_are_drawn_with_their_probabilities()
    {
        double[] p = [0.1, 0.5, 0.4];
        MaclaurinSketch<double> sketch = RandomMaclaurin.Create<double>(3, [1, 1, 1], 10000, 1, p);
        Assert.Equal(10000, sketch.OutputDimension);
        foreach ((int degree, int features) in sketch.Parts.Where(part => part.Degree > 0))
        {
            double sigma = Math.Sqrt(10000 * p[degree] * (1 - p[degree]));
            Assert.InRange(features - (10000 * p[degree]), -4 * sigma, 4 * sigma);
        }
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(1, 5)]
    [InlineData(4, 1)]
    [InlineData(4, 2)]
    [InlineData(3, 4)]
    [InlineData(6, 3)]
    [InlineData(1, 200)]
    [InlineData(2, 200)]
    public void Exact_powers_have_the_kernel_as_inner_product(int dimension, int degree)
    {
        ExactPowers<double> sketch = new(dimension, degree);
        Tensor<double> rows = SketchSpread.Rows(dimension), features = sketch.Apply(rows);
        double[][] x = [.. Enumerable.Range(0, 4).Select(i => SketchSpread.Row(rows, i))];
        double[] inner = SketchSpread.Inner(features, SketchSpread.Pairs);
        for (int i = 0; i < inner.Length; i++)
        {
            (int a, int b) = SketchSpread.Pairs[i];
            double bound = 1e-14 * degree * Math.Pow(TensorPrimitives.Norm<double>(x[a]) * TensorPrimitives.Norm<double>(x[b]), degree);
            Assert.InRange(inner[i] - Math.Pow(TensorPrimitives.Dot<double>(x[a], x[b]), degree), -bound, bound);
        }
    }

    [Fact]
    public void Sparse_rows_have_the_features_of_dense_ones()
    {
        CsrMatrix<double> sparse = SketchContractTests.Sparse(40, 37);
        MaclaurinSketch<double> sketch = RandomMaclaurin.Create<double>(37, [1, 1, 0.5, 0.2], 64, 3);
        double[] dense = [.. sketch.Apply(sparse.ToDense())], direct = [.. sketch.Apply(sparse)];
        Assert.All(dense.Zip(direct), p => Assert.InRange(p.Second - p.First, -1e-13, 1e-13));
    }

    [Fact]
    public void Bad_series_are_refused()
    {
        Assert.Throws<ArgumentException>(() => RandomMaclaurin.Create<double>(3, [], 4));
        Assert.Throws<ArgumentException>(() => RandomMaclaurin.Create<double>(3, [0, 0], 4));
        Assert.Contains("Coefficient 1 is -1", Assert.Throws<ArgumentException>(() => RandomMaclaurin.Create<double>(3, [1, -1], 4)).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => RandomMaclaurin.Create<double>(3, [1, 1], 4, 0, [1, 0]));
        Assert.Throws<ArgumentException>(() => RandomMaclaurin.Create<double>(3, [1, 1], 4, 0, [1]));
        Assert.Throws<ArgumentOutOfRangeException>(() => RandomMaclaurin.Create<double>(3, [1, 1], 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => new ExactPowers<double>(1000, 8));
    }
}
