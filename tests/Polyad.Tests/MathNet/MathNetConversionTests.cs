using System.Numerics.Tensors;
using MathNet.Numerics.LinearAlgebra;
using Polyad.MathNet;
using Xunit;

namespace Polyad.Tests.MathNetContract;

public sealed class MathNetConversionTests
{
    public static TheoryData<int, int> Shapes => new() { { 1, 1 }, { 1, 5 }, { 5, 1 }, { 3, 4 }, { 6, 2 } };

    private static Matrix<double> Numbered(int rows, int columns) => Matrix<double>.Build.Dense(rows, columns, (i, j) => (10 * i) + j + 1);

    [Theory]
    [MemberData(nameof(Shapes))]
    public void A_view_of_a_dense_matrix_shares_its_elements(int rows, int columns)
    {
        Matrix<double> matrix = Numbered(rows, columns);
        MatrixView<double> view = matrix.AsMatrixView();
        ReadOnlyMatrixView<double> readOnly = matrix.AsReadOnlyMatrixView();
        for (int i = 0; i < rows; i++)
        {
            for (int j = 0; j < columns; j++)
            {
                Assert.Equal(matrix[i, j], view[i, j]);
                Assert.Equal(matrix[i, j], readOnly[i, j]);
            }
        }

        view[rows - 1, columns - 1] = -1;
        Assert.Equal(-1, matrix[rows - 1, columns - 1]);
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void A_tensor_of_a_dense_matrix_shares_its_elements(int rows, int columns)
    {
        Matrix<double> matrix = Numbered(rows, columns);
        Tensor<double> tensor = matrix.AsTensor();
        Assert.Equal([rows, columns], tensor.Lengths.ToArray());
        for (int i = 0; i < rows; i++)
        {
            for (int j = 0; j < columns; j++)
            {
                Assert.Equal(matrix[i, j], tensor[[i, j]]);
            }
        }

        tensor[[rows - 1, 0]] = -1;
        Assert.Equal(-1, matrix[rows - 1, 0]);
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Tensors_of_any_strides_become_matrices(int rows, int columns)
    {
        Matrix<double> matrix = Numbered(rows, columns);
        Assert.Equal(matrix, matrix.AsTensor().ToMathNet());
        Tensor<double> rowMajor = matrix.AsReadOnlyMatrixView().ToTensor();
        Assert.Equal(matrix, rowMajor.ToMathNet());
        Assert.Equal(matrix.Transpose(), matrix.AsReadOnlyMatrixView().Transpose.ToMathNet());
    }

    [Fact]
    public void Vectors_and_arrays_are_shared()
    {
        Vector<float> vector = Vector<float>.Build.Dense([1, 2, 3]);
        vector.AsSpan()[1] = 5;
        vector.AsTensor()[[2]] = 6;
        Assert.Equal([1f, 5f, 6f], vector.ToArray());
        double[] data = [1, 2, 3, 4, 5, 6];
        Matrix<double> matrix = data.AsMathNet(2, 3);
        Assert.Equal(3, matrix[0, 1]);
        data[2] = 9;
        Assert.Equal(9, matrix[0, 1]);
        Assert.Throws<ArgumentException>(() => data.AsMathNet(2, 2));
    }

    [Fact]
    public void An_engine_writes_straight_into_a_math_net_matrix()
    {
        Matrix<double> a = Numbered(4, 3), product = Matrix<double>.Build.Dense(4, 4);
        ManagedBackend.Shared.Gram(1.0, a.AsReadOnlyMatrixView(), 0, product.AsMatrixView());
        Assert.Equal(a * a.Transpose(), product);
    }

    [Fact]
    public void What_is_not_dense_is_refused()
    {
        Assert.Throws<ArgumentException>(() => Matrix<double>.Build.Sparse(3, 3).AsMatrixView());
        Assert.Throws<ArgumentException>(() => Matrix<double>.Build.Diagonal(3, 3).AsTensor());
        Assert.Throws<ArgumentException>(() => Vector<double>.Build.Sparse(3).AsTensor());
        Assert.Throws<ArgumentException>(() => Tensor.CreateFromShape<double>([2, 2, 2]).ToMathNet());
    }
}
