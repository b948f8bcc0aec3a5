using System.Numerics;
using System.Numerics.Tensors;
using Xunit;

namespace Polyad.Tests.Sparse;

public sealed class SparseProductsInDoubleTests : SparseProducts<double>;

public sealed class SparseProductsInSingleTests : SparseProducts<float>;

/// <summary>Sparse products are those of the dense matrix, in either precision.</summary>
public abstract class SparseProducts<T>
    where T : unmanaged, INumberBase<T>
{
    private const int Rows = 300;
    private const int Columns = 41;
    private static readonly double Eps = typeof(T) == typeof(float) ? Math.ScaleB(1, -23) : Math.ScaleB(1, -52);

    private static readonly CsrMatrix<T> Sample = Draw();

    [Theory]
    [InlineData(1)]
    [InlineData(5)]
    [InlineData(64)]
    public void Products_are_those_of_the_dense_matrix(int n)
    {
        Tensor<T> b = X(1, Columns, n), c = X(2, Rows, n), dense = Sample.ToDense();
        Same(LinearAlgebra.MatMul(dense.AsReadOnlyMatrix(), b.AsReadOnlyMatrix()), Sample.Multiply(b.AsReadOnlyMatrix()));
        Same(LinearAlgebra.MatMul(dense.AsReadOnlyMatrix().Transpose, c.AsReadOnlyMatrix()), Sample.TransposeMultiply(c.AsReadOnlyMatrix()));
        Tensor<T> byColumns = c.AsReadOnlyMatrix().Transpose.ToTensor();
        Same(Sample.TransposeMultiply(c.AsReadOnlyMatrix()), Sample.TransposeMultiply(byColumns.AsReadOnlyMatrix().Transpose));
        Same(Sample.Transpose().Multiply(c.AsReadOnlyMatrix()), Sample.TransposeMultiply(c.AsReadOnlyMatrix()));
    }

    [Fact]
    public void The_number_of_threads_does_not_show()
    {
        Tensor<T> c = X(2, Rows, 4096), one, many;
        using (Parallelism.Use(1))
        {
            one = Sample.TransposeMultiply(c.AsReadOnlyMatrix());
        }

        using (Parallelism.Use(4))
        {
            many = Sample.TransposeMultiply(c.AsReadOnlyMatrix());
        }

        Assert.Equal<T[]>([.. one], [.. many]);
    }

    [Fact]
    public void Empty_products_are_zero()
    {
        CsrMatrix<T> none = CsrMatrix<T>.FromTriplets(3, 2, [], [], []);
        Assert.All(none.TransposeMultiply(X(0, 3, 4).AsReadOnlyMatrix()), v => Assert.Equal(T.Zero, v));
        Assert.Equal(0, Sample.TransposeMultiply(Tensor.CreateFromShape<T>([Rows, 0]).AsReadOnlyMatrix()).FlattenedLength);
        Assert.Throws<ArgumentException>(() => Sample.TransposeMultiply(X(0, 3, 4).AsReadOnlyMatrix()));
    }

    [Fact]
    public void Count_sketches_are_products_with_the_sketching_matrix()
    {
        const int Size = 16;
        int[] buckets = new int[Columns];
        T[] signs = new T[Columns];
        CountSketch.Draw<T>(5, buckets, signs, Size);
        Tensor<T> s = Tensor.CreateFromShape<T>([Columns, Size]), dense = Sample.ToDense(), y = X(1, Rows, Size), z = X(2, Size, Rows);
        for (int i = 0; i < Columns; i++)
        {
            s[i, buckets[i]] = signs[i];
        }

        Tensor<T> expected = LinearAlgebra.MatMul(dense, s);
        CountSketch.ApplyRows(Sample, buckets, signs, y.AsMatrix());
        CountSketch.ApplyRows(Sample, buckets, signs, z.AsMatrix().Transpose);
        Same(expected, y);
        Same(expected, z.AsReadOnlyMatrix().Transpose.ToTensor());
        CountSketch.ApplyRows(dense.AsReadOnlyMatrix(), buckets, signs, y.AsMatrix());
        Same(expected, y);
    }

    [Fact]
    public void A_sparse_tensor_has_the_norm_and_the_contractions_of_the_dense_one()
    {
        T[] values = new T[200];
        int[] coordinates = new int[600], drawn = new int[600];
        new CounterRandom(3, 0).Normal<T>(values);
        new CounterRandom(3, 1).Integers(drawn, 7);
        drawn.CopyTo(coordinates, 0);
        CooTensor<T> x = new([7, 8, 9], coordinates, values);
        Tensor<T> dense = x.ToDense(), u = X(1, 8, 4), v = X(2, 9, 4), w = X(3, 7, 4);
        double squares = dense.Sum(e => D(e) * D(e));
        Assert.Equal(1, D(x.Norm()) / Math.Sqrt(squares), 200 * Eps);
        Same(LinearAlgebra.Einsum("ijk,jr,kr->ir", dense, u, v), x.Mttkrp([w, u, v], 0));
        Same(LinearAlgebra.Einsum("ijk,ir,jr->kr", dense, w, u), x.Mttkrp([w, u, v], 2));
    }

    private static CsrMatrix<T> Draw()
    {
        const int Entries = 2000;
        int[] rows = new int[Entries], columns = new int[Entries];
        T[] values = new T[Entries];
        new CounterRandom(1, 0).Integers(rows, Rows);
        new CounterRandom(1, 1).Integers(columns, Columns);
        new CounterRandom(1, 2).Normal<T>(values);
        return CsrMatrix<T>.FromTriplets(Rows, Columns, rows, columns, values);
    }

    private static Tensor<T> X(ulong stream, params nint[] shape) => new CounterRandom(17, stream).Normal<T>(shape);

    private static double D(T value) => double.CreateChecked(value);

    /// <summary>Sums of at most a hundred products of normal numbers: each is off by less than a hundred eps of some tens.</summary>
    private static void Same(Tensor<T> expected, Tensor<T> actual)
    {
        Assert.Equal(expected.Lengths.ToArray(), actual.Lengths.ToArray());
        T[] e = [.. expected], a = [.. actual];
        for (int i = 0; i < e.Length; i++)
        {
            Assert.Equal(D(e[i]), D(a[i]), 100 * 30 * Eps);
        }
    }
}
