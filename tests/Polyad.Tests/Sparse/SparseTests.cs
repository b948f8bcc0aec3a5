using System.Numerics.Tensors;
using Xunit;

namespace Polyad.Tests.Sparse;

public class SparseTests
{
    private static readonly CsrMatrix<double> Sample = CsrMatrix<double>.FromTriplets(3, 4, [2, 0, 0, 2, 0], [1, 3, 0, 1, 3], [5, 2, 1, -1, 4]);

    [Fact]
    public void Triplets_are_sorted_and_those_of_one_place_added()
    {
        Assert.Equal([0, 2, 2, 3], Sample.RowPointers.ToArray());
        Assert.Equal([0, 3, 1], Sample.ColumnIndices.ToArray());
        Assert.Equal([1.0, 6, 4], Sample.Values.ToArray());
    }

    [Fact]
    public void A_dense_matrix_gives_its_entries_that_are_not_zero_whatever_its_layout()
    {
        Tensor<double> dense = Sample.ToDense();
        foreach (CsrMatrix<double> sparse in new[] { CsrMatrix<double>.FromDense(dense), CsrMatrix<double>.FromDense(dense.AsReadOnlyMatrix().Transpose).Transpose() })
        {
            Assert.Equal((3, 4), (sparse.Rows, sparse.Columns));
            Assert.Equal(Sample.RowPointers.ToArray(), sparse.RowPointers.ToArray());
            Assert.Equal(Sample.ColumnIndices.ToArray(), sparse.ColumnIndices.ToArray());
            Assert.Equal(Sample.Values.ToArray(), sparse.Values.ToArray());
        }

        CsrMatrix<float> odd = CsrMatrix<float>.FromDense(new ReadOnlyMatrixView<float>([-0f, float.NaN, float.NegativeInfinity, 0], 2, 2));
        Assert.Equal([1, 0], odd.ColumnIndices.ToArray());
        Assert.Equal([float.NaN, float.NegativeInfinity], odd.Values.ToArray());
        Assert.Equal(0, CsrMatrix<float>.FromDense(new ReadOnlyMatrixView<float>([], 0, 5)).NonZeros);
        Assert.Equal(4, CsrMatrix<float>.FromDense(new ReadOnlyMatrixView<float>([], 4, 0)).Rows);
    }

    [Fact]
    public void Products_are_those_of_the_dense_matrix()
    {
        Tensor<double> b = new CounterRandom(1).Normal<double>(4, 5), c = new CounterRandom(2).Normal<double>(3, 5), dense = Sample.ToDense();
        Same(LinearAlgebra.MatMul(dense, b), Sample.Multiply(b));
        Same(LinearAlgebra.MatMul(dense.AsReadOnlyMatrix().Transpose, c.AsReadOnlyMatrix()), Sample.TransposeMultiply(c));
        Same(LinearAlgebra.MatMul(dense, b), Sample.Multiply(MatrixTransposed(b).Transpose));
        Same(dense.AsReadOnlyMatrix().Transpose.ToTensor(), Sample.Transpose().ToDense());
    }

    [Fact]
    public void Malformed_matrices_are_refused()
    {
        Assert.Throws<ArgumentException>(() => new CsrMatrix<double>(2, 2, [0, 2, 1], [0, 1], [1, 1]));
        Assert.Throws<ArgumentException>(() => new CsrMatrix<double>(1, 2, [0, 2], [1, 0], [1, 1]));
        Assert.Throws<ArgumentException>(() => new CsrMatrix<double>(1, 2, [0, 2], [1, 1], [1, 1]));
        Assert.Throws<ArgumentException>(() => new CsrMatrix<double>(1, 2, [0, 1], [2], [1]));
        Assert.Throws<ArgumentException>(() => new CsrMatrix<double>(1, 2, [0, 3, 1], [1], [1]));
        Assert.Throws<ArgumentException>(() => CsrMatrix<double>.FromTriplets(2, 2, [2], [0], [1]));
        Assert.Throws<ArgumentException>(() => Sample.Multiply(new double[3, 3]));
    }

    [Fact]
    public void A_sparse_tensor_is_the_sum_of_its_entries()
    {
        CooTensor<double> x = new([2, 3, 2], [1, 2, 0, 0, 0, 1, 1, 2, 0], [1, 2, 3]);
        Assert.Equal(4, x.ToDense()[1, 2, 0]);
        CooTensor<double> unique = x.Coalesce();
        Assert.Equal([0, 0, 1, 1, 2, 0], unique.Coordinates.ToArray());
        Assert.Equal([2.0, 4], unique.Values.ToArray());
        Assert.Equal(Math.Sqrt(20), x.Norm(), 1e-14);
        Assert.Throws<ArgumentException>(() => new CooTensor<double>([2, 2], [0, 2], [1]));
        Assert.Throws<ArgumentException>(() => new CooTensor<double>([2, 2], [0], [1]));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public void Mttkrp_of_a_sparse_tensor_is_the_dense_contraction(int mode)
    {
        CooTensor<double> x = new([2, 3, 2], [1, 2, 0, 0, 0, 1, 1, 2, 0, 1, 1, 1], [1, 2, 3, -2]);
        Tensor<double>[] u = [new CounterRandom(1).Normal<double>(2, 4), new CounterRandom(2).Normal<double>(3, 4), new CounterRandom(3).Normal<double>(2, 4)];
        string[] expressions = ["ijk,jr,kr->ir", "ijk,ir,kr->jr", "ijk,ir,jr->kr"];
        Tensor<double>[] others = [.. u.Where((_, k) => k != mode)];
        Same(LinearAlgebra.Einsum(expressions[mode], x.ToDense(), others[0], others[1]), x.Mttkrp(u, mode));
    }

    [Fact]
    public void Count_sketches_of_dense_and_sparse_rows_agree_with_the_definition()
    {
        const int D = 4, Size = 3;
        int[] buckets = new int[D];
        double[] signs = new double[D];
        CountSketch.Draw<double>(5, buckets, signs, Size);
        double[,] s = new double[D, Size];
        for (int i = 0; i < D; i++)
        {
            s[i, buckets[i]] = signs[i];
        }

        Tensor<double> dense = Sample.ToDense(), expected = LinearAlgebra.MatMul<double>(dense, s), y = Tensor.CreateFromShape<double>([3, Size]), z = Tensor.CreateFromShape<double>([3, Size]);
        CountSketch.ApplyRows(dense.AsReadOnlyMatrix(), buckets, signs, y.AsMatrix());
        CountSketch.ApplyRows(Sample, buckets, signs, z.AsMatrix());
        Same(expected, y);
        Same(expected, z);
        double[] columns = new double[Size * 3];
        CountSketch.ApplyColumns(Sample.Transpose().ToDense().AsReadOnlyMatrix(), buckets, signs, columns.AsMatrix(Size, 3));
        Same(expected, ((ReadOnlyMatrixView<double>)columns.AsMatrix(Size, 3)).Transpose.ToTensor());
        Assert.Throws<ArgumentException>(() => CountSketch.ApplyRows(Sample, [0, 1, 2, 3], [1.0, 1, 1, 1], new double[3, Size]));
    }

    private static ReadOnlyMatrixView<double> MatrixTransposed(Tensor<double> b) => b.AsReadOnlyMatrix().Transpose.ToTensor().AsReadOnlyMatrix();

    private static void Same(Tensor<double> expected, Tensor<double> actual)
    {
        Assert.Equal(expected.Lengths.ToArray(), actual.Lengths.ToArray());
        double[] e = [.. expected], a = [.. actual];
        for (int i = 0; i < e.Length; i++)
        {
            Assert.Equal(e[i], a[i], 1e-13);
        }
    }
}
