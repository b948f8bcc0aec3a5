using System.Numerics.Tensors;
using Xunit;

namespace Polyad.Sketching.Operators;

/// <summary>A sketch is a function of distribution, shape and state: blocks, growth, concatenation.</summary>
public sealed class SketchAddressingTests
{
    public static TheoryData<string> Names => Families.Names;

    /// <summary>Families in which a row does not depend on how many there are.</summary>
    public static TheoryData<string> GrowingRows
        => ["gaussian", "uniform", "rademacher", "srht", "sparse-sign", "sparse-sign-thick", "rows", "rows-distinct", "rows-weighted", "less", "less-weighted"];

    /// <summary>Families in which a column does not depend on how many there are.</summary>
    public static TheoryData<string> GrowingColumns => ["gaussian", "uniform", "rademacher", "countsketch", "sjlt", "sparse-sign", "sparse-sign-thick"];

    /// <summary>Families in which the sketch that follows, put below, makes one larger sketch.</summary>
    public static TheoryData<string> Concatenating => ["gaussian", "uniform", "rademacher", "sparse-sign", "sparse-sign-thick", "rows", "rows-weighted", "less", "less-weighted"];

    [Theory]
    [MemberData(nameof(Names))]
    public void A_submatrix_is_the_block_of_the_whole(string family)
    {
        SketchOperator<double> s = Families.Create<double>(family, 40, 700, 5);
        Tensor<double> whole = s.ToDense();
        foreach ((int row, int column, int rows, int columns) in new[] { (0, 0, 40, 700), (3, 0, 1, 1), (17, 255, 20, 260), (39, 699, 1, 1), (0, 511, 40, 3), (8, 1, 5, 699) })
        {
            Tensor<double> expected = whole.AsReadOnlyMatrix().Slice(row, column, rows, columns).ToTensor(), block = Tensor.CreateFromShape<double>([rows, columns]);
            s.Fill(row, column, block.AsMatrix());
            Assert.Equal(expected.ToArray(), block.ToArray());
            Assert.Equal(expected.ToArray(), s.Block(row, column, rows, columns).ToDense().ToArray());

            // Column-major and strided destinations get the same entries.
            Tensor<double> turned = Tensor.CreateFromShape<double>([columns, rows]);
            s.Fill(row, column, turned.AsMatrix().Transpose);
            Assert.Equal(expected.ToArray(), Families.Transposed(turned).ToArray());
        }

        Assert.Equal(whole.AsReadOnlyMatrix().Slice(4, 10, 3, 20).ToTensor().ToArray(), s.Block(2, 7, 30, 600).Block(2, 3, 3, 20).ToDense().ToArray());
    }

    [Theory]
    [MemberData(nameof(GrowingRows))]
    public void More_rows_leave_the_earlier_ones(string family)
        => Assert.Equal(
            Families.Create<double>(family, 21, 300, 5).ToDense().ToArray(),
            Families.Create<double>(family, 90, 300, 5).ToDense().AsReadOnlyMatrix().Slice(0, 0, 21, 300).ToTensor().ToArray());

    [Theory]
    [MemberData(nameof(GrowingColumns))]
    public void More_columns_leave_the_earlier_ones(string family)
        => Assert.Equal(
            Families.Create<double>(family, 21, 300, 5).ToDense().ToArray(),
            Families.Create<double>(family, 21, 777, 5).ToDense().AsReadOnlyMatrix().Slice(0, 0, 21, 300).ToTensor().ToArray());

    [Theory]
    [InlineData(3000, 4096)]
    [InlineData(5000, 1024)]
    public void Rows_sketched_by_the_thousand_are_the_rows_sketched_alone(int n, int features)
    {
        // A result this large goes past the caches; rows of a part of the order's length and of the whole.
        Large<double>(n, features, (16 << 20) / features / sizeof(double));
        Large<float>(n, features, (16 << 20) / features / sizeof(float));
        Large<double>(4096, features, (16 << 20) / features / sizeof(double));

        static void Large<T>(int n, int features, int atLeast)
            where T : unmanaged, System.Numerics.INumberBase<T>
        {
            int m = atLeast + 3;
            SrhtSketch<T> s = new(features, n, 7);
            T[] x = new T[m * n], all = new T[m * features], one = new T[features];
            new CounterRandom(3).Normal<T>(x);
            T alpha = T.CreateTruncating(0.3);
            s.ApplyRightAdjoint(alpha, new ReadOnlyMatrixView<T>(x, m, n), T.Zero, all.AsMatrix(m, features));
            foreach (int i in new[] { 0, 1, 63, 64, 100, m - 1 })
            {
                s.ApplyRightAdjoint(alpha, new ReadOnlyMatrixView<T>(x.AsSpan(i * n, n), 1, n), T.Zero, one.AsMatrix(1, features));
                Assert.Equal(one, all.AsSpan(i * features, features).ToArray());
            }
        }
    }

    [Fact]
    public void A_Hadamard_sketch_keeps_its_columns_up_to_the_order_and_its_rows_across_blocks()
    {
        Tensor<double> small = new SrhtSketch<double>(50, 20, 5).ToDense(), wide = new SrhtSketch<double>(50, 32, 5).ToDense(), tall = new SrhtSketch<double>(200, 20, 5).ToDense();
        Assert.Equal(small.ToArray(), wide.AsReadOnlyMatrix().Slice(0, 0, 50, 20).ToTensor().ToArray());
        Assert.Equal(small.ToArray(), tall.AsReadOnlyMatrix().Slice(0, 0, 50, 20).ToTensor().ToArray());
    }

    [Theory]
    [MemberData(nameof(Concatenating))]
    public void The_next_state_continues_the_same_sketch(string family)
    {
        SketchOperator<double> first = Families.Create<double>(family, 13, 300, new SketchState(5, 2)), second = Families.Create<double>(family, 30, 300, first.NextState);
        Assert.Equal([.. first.ToDense(), .. second.ToDense()], Families.Create<double>(family, 43, 300, new SketchState(5, 2)).ToDense().ToArray());
        Assert.Equal(new SketchState(5, 2 + 43), second.NextState);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Sketches_of_different_states_differ_and_using_one_changes_nothing(string family)
    {
        SketchOperator<double> s = Families.Create<double>(family, 20, 100, 5);
        double[] before = s.ToDense().ToArray();
        s.Sketch(new CounterRandom(1).Normal<double>(100, 3));
        Assert.Equal(before, s.ToDense().ToArray());
        Assert.Equal(before, Families.Create<double>(family, 20, 100, 5).ToDense().ToArray());
        Assert.NotEqual(before, Families.Create<double>(family, 20, 100, 6).ToDense().ToArray());
        Assert.NotEqual(before, Families.Create<double>(family, 20, 100, s.NextState).ToDense().ToArray());
    }

    [Fact]
    public void Two_distributions_of_one_seed_share_no_bits()
    {
        double[] gaussian = new GaussianSketch<double>(1, 4000, 5).ToDense().ToArray(), signs = new RademacherSketch<double>(1, 4000, 5).ToDense().ToArray();
        double[] data = new CounterRandom(5).Normal<double>(4000).ToArray();

        // Correlations of independent sequences of 4000 numbers have a deviation of 1 / sqrt(4000).
        Assert.InRange(TensorPrimitives.Dot<double>(gaussian, signs) / 4000, -4 / Math.Sqrt(4000), 4 / Math.Sqrt(4000));
        Assert.InRange(TensorPrimitives.Dot<double>(gaussian, data) / 4000, -4 / Math.Sqrt(4000), 4 / Math.Sqrt(4000));
    }

    [Fact]
    public void Every_distribution_makes_its_sketch()
    {
        Assert.IsType<GaussianSketch<float>>(SketchDistribution.Gaussian.Create<float>(3, 9, 1));
        Assert.IsType<UniformSketch<float>>(SketchDistribution.Uniform.Create<float>(3, 9, 1));
        Assert.IsType<RademacherSketch<float>>(SketchDistribution.Rademacher.Create<float>(3, 9, 1));
        Assert.IsType<SrhtSketch<float>>(SketchDistribution.Srht.Create<float>(3, 9, 1));
        Assert.Equal(1, Assert.IsType<SparseJohnsonLindenstrauss<float>>(SketchDistribution.CountSketch.Create<float>(3, 9, 1)).NonZeros);
        Assert.Equal(3, Assert.IsType<SparseJohnsonLindenstrauss<float>>(SketchDistribution.SparseJohnsonLindenstrauss(8).Create<float>(3, 9, 1)).NonZeros);
        Assert.Equal(1.0 / 3, Assert.IsType<SparseSignSketch<float>>(SketchDistribution.SparseSign().Create<float>(3, 9, 1)).Density);
        Assert.False(Assert.IsType<RowSamplingSketch<float>>(SketchDistribution.RowSampling(replacement: false).Create<float>(3, 9, 1)).Replacement);
        Assert.Equal(4, Assert.IsType<LessSketch<float>>(SketchDistribution.LessUniform(4).Create<float>(3, 9, 1)).NonZeros);
        Assert.Equal(SketchDistribution.SparseJohnsonLindenstrauss(1), SketchDistribution.CountSketch);
    }

    [Fact]
    public void Bad_shapes_and_parameters_are_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new GaussianSketch<double>(0, 5));
        Assert.Throws<ArgumentOutOfRangeException>(() => new GaussianSketch<double>(5, 0));
        Assert.Throws<NotSupportedException>(() => new GaussianSketch<int>(5, 5));
        Assert.Throws<ArgumentOutOfRangeException>(() => new GaussianSketch<double>(5, 5, new SketchState(1, 1UL << 55)));
        Assert.Throws<ArgumentOutOfRangeException>(() => new SrhtSketch<double>(5, (1 << 30) + 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new SparseJohnsonLindenstrauss<double>(5, 9, 6));
        Assert.Throws<ArgumentOutOfRangeException>(() => new SparseJohnsonLindenstrauss<double>(5, 9, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => new SparseSignSketch<double>(5, 9, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => new SparseSignSketch<double>(5, 9, double.NaN));
        Assert.Throws<ArgumentOutOfRangeException>(() => new SparseSignSketch<double>(5, 9, 1.01));
        Assert.Throws<ArgumentOutOfRangeException>(() => new RowSamplingSketch<double>(10, 9, replacement: false));
        Assert.Throws<ArgumentException>(() => new RowSamplingSketch<double>(3, [1.0, double.NaN]));
        Assert.Throws<ArgumentException>(() => new RowSamplingSketch<double>(3, [1.0, -1]));
        Assert.Throws<ArgumentException>(() => new RowSamplingSketch<double>(3, [0.0, 0]));
        Assert.Throws<ArgumentOutOfRangeException>(() => new LessSketch<double>(5, 9, 0));
        SketchOperator<double> s = new GaussianSketch<double>(5, 9);
        Assert.Contains("5 x 9", Assert.Throws<ArgumentException>(() => s.Sketch(Tensor.CreateFromShape<double>([8, 2]))).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => s.SketchRows(Tensor.CreateFromShape<double>([2, 8])));
        Assert.Throws<ArgumentException>(() => s.Sketch(Families.Sparse<double>(1, 8, 2, 3)));
        Assert.Throws<ArgumentOutOfRangeException>(() => s.Block(0, 0, 6, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => s.Block(0, 0, 0, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => s.Fill(3, 3, new double[3, 3].AsMatrix()));
        double[] one = new double[81];
        Assert.Throws<ArgumentException>(() => s.Apply(1, new ReadOnlyMatrixView<double>(one, 9, 2), 0, new MatrixView<double>(one, 5, 2)));
    }
}
