using System.Numerics;
using System.Numerics.Tensors;
using Xunit;

namespace Polyad.Sketching;

public sealed class TreeSketchTests
{
    public static TheoryData<int, bool, TreeShape> Trees
    {
        get
        {
            TheoryData<int, bool, TreeShape> trees = [];
            for (int degree = 1; degree <= 9; degree++)
            {
                trees.Add(degree, true, TreeShape.Balanced);
                trees.Add(degree, false, TreeShape.Balanced);
                trees.Add(degree, degree % 2 == 0, TreeShape.Sequential);
            }

            return trees;
        }
    }

    [Theory]
    [MemberData(nameof(Trees))]
    public void A_tree_is_its_recursive_definition(int degree, bool complex, TreeShape shape)
    {
        const int Features = 10, Inner = 20;
        TreeSketch<double> sketch = new(3, new PolynomialKernel(degree, 0.5, 0.2), Features, 77, new TreeOptions(shape, complex, 2));
        double[] x = [0.3, -1.2, 0.8];
        Complex[] homogeneous = [.. x.Select(v => (Complex)(v * Math.Sqrt(0.5))), Math.Sqrt(0.2)];
        Definition definition = new(77, complex, complex ? Inner / 2 : Inner, complex ? Features / 2 : Features);
        Complex[] expected = shape == TreeShape.Balanced ? definition.Balanced(homogeneous, 0, degree, root: true) : definition.Sequential(homogeneous, degree);
        Tensor<double> features = sketch.Apply(Tensor.Create(x, [1, 3]));
        double scale = expected.Max(z => z.Magnitude);
        for (int t = 0; t < expected.Length; t++)
        {
            Complex actual = complex ? new Complex(features[0, t], features[0, t + expected.Length]) : features[0, t];
            Assert.InRange((actual - expected[t]).Magnitude, 0, 1e-13 * scale);
        }
    }

    [Theory]
    [InlineData(1, TreeShape.Balanced)]
    [InlineData(5, TreeShape.Balanced)]
    [InlineData(8, TreeShape.Balanced)]
    [InlineData(11, TreeShape.Balanced)]
    [InlineData(1, TreeShape.Sequential)]
    [InlineData(6, TreeShape.Sequential)]
    public void All_degrees_at_once_are_the_trees_of_each_degree(int maxDegree, TreeShape shape)
    {
        TreeOptions options = new(shape);
        PolySketch<double> all = new(7, maxDegree, 20, 5, options);
        Tensor<double> rows = new CounterRandom(3).Normal<double>(19, 7), features = all.Apply(rows);
        Assert.Equal(1 + (20 * maxDegree), all.OutputDimension);
        Assert.Equal(0..1, all.DegreeColumns(0));
        for (int i = 0; i < 19; i++)
        {
            Assert.Equal(1, features[i, 0]);
        }

        for (int degree = 1; degree <= maxDegree; degree++)
        {
            Tensor<double> one = new TreeSketch<double>(7, degree, 20, 5, options).Apply(rows);
            Range columns = all.DegreeColumns(degree);
            for (int i = 0; i < 19; i++)
            {
                Assert.Equal(SketchSpread.Row(one, i), SketchSpread.Row(features, i)[columns]);
            }
        }
    }

    [Fact]
    public void A_lower_highest_degree_keeps_the_features()
    {
        Tensor<double> rows = new CounterRandom(3).Normal<double>(4, 7), many = new PolySketch<double>(7, 9, 8, 1).Apply(rows), few = new PolySketch<double>(7, 5, 8, 1).Apply(rows);
        Assert.Equal(SketchSpread.Row(few, 2), SketchSpread.Row(many, 2)[..41]);
    }

    [Fact]
    public void Sparse_leaves_serve_sparse_rows_alike()
    {
        PolySketch<double> sketch = new(37, 5, 16, 1, new TreeOptions(LeafNonZeros: 2));
        CsrMatrix<double> sparse = SketchContractTests.Sparse(20, 37);
        Assert.Equal((double[])[.. sketch.Apply(sparse.ToDense())], (double[])[.. sketch.Apply(sparse)]);
    }

    [Fact]
    public void Bad_options_are_refused()
    {
        Assert.Throws<ArgumentException>(() => SketchFamily.Tree(new TreeOptions(Expansion: 0)));
        Assert.Throws<ArgumentException>(() => SketchFamily.Tree(new TreeOptions(LeafNonZeros: -1)));
        Assert.Throws<ArgumentException>(() => SketchFamily.Tree(new TreeOptions(LeafDimension: 8)));
        Assert.Throws<ArgumentException>(() => SketchFamily.Tree(new TreeOptions(LeafNonZeros: 3, LeafDimension: 8)));
        Assert.Throws<ArgumentException>(() => new PolySketch<double>(4, 3, 8, 0, new TreeOptions(Expansion: 2)));
        Assert.Throws<ArgumentException>(() => new PolySketch<double>(4, 3, 7));
        Assert.Contains("given 0", Assert.Throws<ArgumentOutOfRangeException>(() => new PolySketch<double>(4, 0, 8)).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => SketchFamily.Craft(expansion: 0));
        Assert.Throws<ArgumentException>(() => SketchFamily.Craft(SketchFamily.FastCountSketch));
    }

    /// <summary>The tree written as its definition: rows of Hadamard matrices entry by entry.</summary>
    private sealed class Definition(ulong seed, bool complex, int inner, int outputs)
    {
        public Complex[] Balanced(Complex[] x, int first, int count, bool root)
        {
            if (count == 1)
            {
                return root ? Node(0, x, null, outputs) : x;
            }

            int level = BitOperations.Log2((uint)(count - 1)) + 1, left = 1 << (level - 1);
            return Node(1 + (level * PolynomialKernel.MaxDegree) + first, Balanced(x, first, left, false), Balanced(x, first + left, count - left, false), root ? outputs : inner);
        }

        public Complex[] Sequential(Complex[] x, int degree)
        {
            Complex[] product = x;
            for (int j = 1; j < degree; j++)
            {
                product = Node((1 << 16) + j, product, x, j + 1 == degree ? outputs : inner);
            }

            return degree == 1 ? Node(0, x, null, outputs) : product;
        }

        private Complex[] Node(int number, Complex[] u, Complex[]? v, int m)
        {
            Complex[] a = Rows(2 * number, u, m), b = v is null ? [] : Rows((2 * number) + 1, v, m);
            return [.. a.Select((z, t) => z * (v is null ? 1 : b[t]) / Math.Sqrt(m))];
        }

        private Complex[] Rows(int factor, Complex[] u, int m)
        {
            int size = (int)BitOperations.RoundUpToPowerOf2((uint)u.Length), blocks = (m + size - 1) / size;
            double[] signs = new double[size], axes = new double[size];
            SketchStream.Of(seed, StreamRole.Sign, factor).Signs(signs.AsSpan());
            SketchStream.Of(seed, StreamRole.Axis, factor).Signs(axes.AsSpan());
            int[] places = SketchStream.Of(seed, StreamRole.Place, factor).Sample(blocks * size, m);
            Complex[] result = new Complex[m];
            for (int t = 0; t < m; t++)
            {
                for (int j = 0; j < u.Length; j++)
                {
                    double hadamard = BitOperations.PopCount((uint)(places[t] % size & j)) % 2 == 0 ? 1 : -1;
                    result[t] += hadamard * signs[j] * (complex && axes[j] < 0 ? Complex.ImaginaryOne : 1) * u[j];
                }
            }

            return result;
        }
    }
}
