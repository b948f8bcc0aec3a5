using System.Numerics;
using System.Numerics.Tensors;
using Xunit;

namespace Polyad.Tensors;

/// <summary>Mode products, Grams and MTTKRP against their definitions on the unfolding.</summary>
public class ModeKernelTests
{
    [Fact]
    public void Mode_product_matches_the_definition()
    {
        ModeProduct<double>(1e-14);
        ModeProduct<float>(1e-6);
    }

    [Fact]
    public void Mode_gram_matches_the_definition()
    {
        ModeGram<double>(1e-14);
        ModeGram<float>(1e-6);
    }

    [Fact]
    public void Mttkrp_matches_the_definition()
    {
        Mttkrp<double>(1e-14);
        Mttkrp<float>(1e-6);
    }

    /// <summary>Many elements of few sums: no part of the work may be empty, whose copy of the output nobody would write.</summary>
    [Theory]
    [InlineData(65536, 1, 0)]
    [InlineData(1, 65536, 1)]
    [InlineData(32768, 2, 0)]
    public void Mttkrp_of_long_thin_matrices_reads_no_stale_scratch(int rows, int columns, int mode)
    {
        Tensor<double> x = DenseReference.Random<double>(new Random(2), rows, columns);
        Tensor<double>[] factors = [DenseReference.Random<double>(new Random(3), rows, 1), DenseReference.Random<double>(new Random(4), columns, 1)];
        using (Scratch<double> stale = Workspace.Rent<double>((SlabLoop.MaxParts + 1) * 65536))
        {
            stale.Span.Fill(double.NaN);
        }

        double[,] expected = DenseReference.Multiply(DenseReference.Unfold(x, mode), DenseReference.KhatriRao(factors, mode, 1));
        Assert.InRange(DenseReference.MaxDifference(expected, DenseReference.Matrix(TensorAlgebra.Mttkrp<double>(x, factors, mode))), 0, 3e-15);
    }

    private static void ModeProduct<T>(double perTerm)
        where T : unmanaged, INumberBase<T>
    {
        Random random = new(5);
        foreach (nint[] shape in DenseReference.Shapes)
        {
            Tensor<T> x = DenseReference.Random<T>(random, shape);
            for (int mode = 0; mode < shape.Length; mode++)
            {
                foreach (int rows in new[] { 1, 4, 21 })
                {
                    Tensor<T> m = DenseReference.Random<T>(random, rows, shape[mode]);
                    Tensor<T> y = TensorAlgebra.ModeProduct(x, m, mode);
                    double[,] expected = DenseReference.Multiply(DenseReference.Matrix(m), DenseReference.Unfold(x, mode));
                    Assert.True(DenseReference.MaxDifference(expected, DenseReference.Unfold(y, mode)) <= perTerm * (shape[mode] + 1), $"{string.Join('x', shape)} mode {mode}");
                }
            }
        }
    }

    private static void ModeGram<T>(double perTerm)
        where T : unmanaged, INumberBase<T>
    {
        Random random = new(6);
        foreach (nint[] shape in DenseReference.Shapes)
        {
            Tensor<T> x = DenseReference.Random<T>(random, shape);
            for (int mode = 0; mode < shape.Length; mode++)
            {
                double[,] u = DenseReference.Unfold(x, mode), g = DenseReference.Matrix(TensorAlgebra.ModeGram(x, mode));
                Assert.True(DenseReference.MaxDifference(DenseReference.Multiply(u, DenseReference.Transpose(u)), g) <= perTerm * (u.GetLength(1) + 1), $"{string.Join('x', shape)} mode {mode}");
                Assert.Equal(0, DenseReference.MaxDifference(g, DenseReference.Transpose(g)));
            }
        }
    }

    private static void Mttkrp<T>(double perTerm)
        where T : unmanaged, INumberBase<T>
    {
        Random random = new(7);
        foreach (nint[] shape in DenseReference.Shapes.Where(static s => s.Length > 1))
        {
            Tensor<T> x = DenseReference.Random<T>(random, shape);
            foreach (int rank in new[] { 1, 5, 10, 16, 37 })
            {
                Tensor<T>[] factors = [.. shape.Select(n => DenseReference.Random<T>(random, n, rank))];
                for (int mode = 0; mode < shape.Length; mode++)
                {
                    double[,] u = DenseReference.Unfold(x, mode);
                    double[,] expected = DenseReference.Multiply(u, DenseReference.KhatriRao(factors, mode, rank));
                    double[,] got = DenseReference.Matrix(TensorAlgebra.Mttkrp<T>(x, factors, mode));
                    Assert.True(DenseReference.MaxDifference(expected, got) <= perTerm * (u.GetLength(1) + 1), $"{string.Join('x', shape)} rank {rank} mode {mode}");
                }
            }
        }
    }

    [Fact]
    public void Strided_inputs_and_outputs_give_the_same_as_dense_ones()
    {
        Random random = new(8);
        Tensor<double> whole = DenseReference.Random<double>(random, 13, 22, 31);
        ILinearAlgebraBackend engine = ManagedBackend.Shared;
        foreach (Tensor<double> x in new[] { whole.Slice([1..12, 2..20, 3..30]), Tensor.PermuteDimensions(whole, [2, 0, 1]) })
        {
            Tensor<double> dense = TensorAlgebra.Permute(x, [0, 1, 2]);
            for (int mode = 0; mode < 3; mode++)
            {
                int length = (int)x.Lengths[mode];
                Assert.Equal(TensorAlgebra.ModeGram(dense, mode).ToArray(), TensorAlgebra.ModeGram(x, mode).ToArray());

                Tensor<double> m = DenseReference.Random<double>(random, length, 4);
                nint[] shape = x.Lengths.ToArray();
                shape[mode] = 4;
                Tensor<double> roomy = Tensor.CreateFromShape<double>([shape[0] + 2, shape[1] + 1, shape[2] + 3]);
                TensorSpan<double> y = roomy.AsTensorSpan(1..((int)shape[0] + 1), ..(int)shape[1], 2..((int)shape[2] + 2));
                engine.ModeProduct(x.AsReadOnlyTensorSpan(), m.AsReadOnlyMatrix().Transpose, mode, y);
                double[] got = new double[y.FlattenedLength];
                y.FlattenTo(got);
                Tensor<double> expected = Tensor.CreateFromShape<double>(shape);
                engine.ModeProduct(dense.AsReadOnlyTensorSpan(), m.AsReadOnlyMatrix().Transpose, mode, expected.AsTensorSpan());
                Assert.Equal(DenseReference.Flat(expected), got);

                Tensor<double>[] factors = [.. x.Lengths.ToArray().Select(n => DenseReference.Random<double>(random, n, 6))];
                Tensor<double>[] strided = [.. factors.Select(static f => Tensor.PermuteDimensions(TensorAlgebra.Permute(f, [1, 0]), [1, 0]))];
                double[] wide = new double[length * 13];
                MatrixView<double> g = new(wide, length, 6, 13, 2);
                engine.Mttkrp(x.AsReadOnlyTensorSpan(), strided, mode, g);
                Assert.Equal(TensorAlgebra.Mttkrp<double>(dense, factors, mode).ToArray(), ((ReadOnlyMatrixView<double>)g).ToTensor().ToArray());
            }
        }
    }

    [Fact]
    public void Results_do_not_depend_on_the_number_of_threads()
    {
        Random random = new(9);
        foreach (nint[] shape in new nint[][] { [60, 70, 80], [12, 14, 10, 13, 15], [4, 7000, 20], [7000, 5, 20], [3, 50, 2000] })
        {
            Tensor<double> x = DenseReference.Random<double>(random, shape);
            Tensor<double>[] factors = [.. shape.Select(n => DenseReference.Random<double>(random, n, 10))];
            for (int mode = 0; mode < shape.Length; mode++)
            {
                Tensor<double> m = DenseReference.Random<double>(random, 20, shape[mode]);
                ManagedBackend one = new(1), two = new(2), three = new(3);
                if (shape[mode] < 1000)
                {
                    Assert.Equal(TensorAlgebra.ModeGram(x, mode, one).ToArray(), TensorAlgebra.ModeGram(x, mode, two).ToArray());
                }

                Assert.Equal(TensorAlgebra.ModeProduct(x, m, mode, one).ToArray(), TensorAlgebra.ModeProduct(x, m, mode, two).ToArray());
                double[] alone = TensorAlgebra.Mttkrp<double>(x, factors, mode, one).ToArray();
                Assert.Equal(alone, TensorAlgebra.Mttkrp<double>(x, factors, mode, two).ToArray());
                Assert.Equal(alone, TensorAlgebra.Mttkrp<double>(x, factors, mode, three).ToArray());
            }
        }
    }

    [Fact]
    public void Multi_mode_product_contracts_the_given_modes()
    {
        Random random = new(10);
        Tensor<double> x = DenseReference.Random<double>(random, 5, 6, 7);
        Tensor<double> a = DenseReference.Random<double>(random, 3, 5), c = DenseReference.Random<double>(random, 9, 7);
        Tensor<double> expected = TensorAlgebra.ModeProduct(TensorAlgebra.ModeProduct(x, a, 0), c, 2);
        Tensor<double> got = TensorAlgebra.MultiModeProduct(x, [a, null, c]);
        Tensor<double> transposed = TensorAlgebra.MultiModeProduct(x, [TensorAlgebra.Permute(a, [1, 0]), null, TensorAlgebra.Permute(c, [1, 0])], transpose: true);
        Assert.Equal(expected.Lengths.ToArray(), got.Lengths.ToArray());
        for (int i = 0; i < expected.FlattenedLength; i++)
        {
            Assert.Equal(expected.ToArray()[i], got.ToArray()[i], 1e-14);
            Assert.Equal(expected.ToArray()[i], transposed.ToArray()[i], 1e-14);
        }
    }

    [Fact]
    public void The_frobenius_norm_neither_overflows_nor_underflows()
    {
        foreach (double scale in new[] { 1e200, 1, 1e-200, 1e300, 1e-308 })
        {
            Tensor<double> x = Tensor.Create([.. Enumerable.Repeat(2 * scale, 2500)], [50, 50]);
            Assert.Equal(100, TensorAlgebra.FrobeniusNorm(x) / scale, 1e-10);
        }

        Assert.Equal(1e22f, TensorAlgebra.FrobeniusNorm(Tensor.Create([.. Enumerable.Repeat(1e20f, 10000)], [100, 100])), 1e17f);
        Assert.Equal(0, TensorAlgebra.FrobeniusNorm(Tensor.CreateFromShape<double>([3, 0])));
        Assert.Equal(double.PositiveInfinity, TensorAlgebra.FrobeniusNorm(Tensor.Create([1, double.NegativeInfinity], [2])));
        Tensor<double> a = DenseReference.Random<double>(new Random(11), 30, 40, 3), b = DenseReference.Random<double>(new Random(12), 30, 40, 3);
        Assert.Equal(DenseReference.Flat(a).Zip(DenseReference.Flat(b), static (p, q) => p * q).Sum(), TensorAlgebra.Inner(a, b), 1e-12);
    }

    [Fact]
    public void Wrong_arguments_are_refused_with_their_shapes()
    {
        ILinearAlgebraBackend engine = ManagedBackend.Shared;
        Tensor<double> x = DenseReference.Random<double>(new Random(13), 3, 4, 5);
        Tensor<double>[] factors = [DenseReference.Random<double>(new Random(1), 3, 2), DenseReference.Random<double>(new Random(1), 4, 2), DenseReference.Random<double>(new Random(1), 5, 2)];
        Assert.Contains("[3, 4, 5]", Assert.Throws<ArgumentException>(() => engine.ModeProduct(x.AsReadOnlyTensorSpan(), new double[2, 3], 1, x.AsTensorSpan())).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => engine.ModeGram(x.AsReadOnlyTensorSpan(), -1, new double[3, 3]));
        Assert.Throws<ArgumentException>(() => engine.ModeGram(x.AsReadOnlyTensorSpan(), 0, new double[4, 4]));
        Assert.Throws<ArgumentException>(() => engine.Mttkrp(x.AsReadOnlyTensorSpan(), factors, 0, new double[3, 0]));
        Assert.Throws<ArgumentException>(() => engine.Mttkrp(x.AsReadOnlyTensorSpan(), factors.AsSpan(0, 2), 0, new double[3, 2]));
        Assert.Throws<ArgumentException>(() => engine.Mttkrp(x.AsReadOnlyTensorSpan(), factors, 0, new double[3, 3]));
        Assert.Throws<ArgumentException>(() => engine.Mttkrp(x.AsReadOnlyTensorSpan(), factors, 1, factors[0]));
        Assert.Throws<ArgumentException>(() => engine.Mttkrp(x.AsReadOnlyTensorSpan(), [factors[0], null!, factors[2]], 0, new double[3, 2]));
        engine.Mttkrp(x.AsReadOnlyTensorSpan(), [null!, factors[1], factors[2]], 0, new double[3, 2]);
        double[] square = new double[16];
        Assert.Throws<ArgumentException>(() => engine.ModeGram(new ReadOnlyTensorSpan<double>(square, [4, 4]), 0, new MatrixView<double>(square, 4, 4)));
    }
}

internal static class BackendExtensions
{
    /// <summary>Default interface members are reached through the interface.</summary>
    public static ILinearAlgebraBackend AsBackend(this ILinearAlgebraBackend backend) => backend;
}
