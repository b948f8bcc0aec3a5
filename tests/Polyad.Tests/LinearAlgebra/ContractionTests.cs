using System.Numerics.Tensors;
using Xunit;

namespace Polyad.Tests.LinearAlgebraTests;

public class ContractionTests
{
    private static Tensor<double> X(ulong stream, params nint[] shape) => new CounterRandom(9, stream).Normal<double>(shape);

    [Fact]
    public void Einsum_multiplies_matrices_with_or_without_an_output()
    {
        Tensor<double> a = X(0, 3, 4), b = X(1, 4, 5), ab = LinearAlgebra.MatMul(a, b);
        Same(ab, LinearAlgebra.Einsum("ij,jk->ik", a, b));
        Same(ab, LinearAlgebra.Einsum(" ij , jk ", a, b));
        Same(ab.AsReadOnlyMatrix().Transpose.ToTensor(), LinearAlgebra.Einsum("ij,jk->ki", a, b));
    }

    [Fact]
    public void Einsum_takes_traces_diagonals_and_sums()
    {
        Tensor<double> a = X(0, 4, 4);
        double trace = 0, sum = 0;
        for (int i = 0; i < 4; i++)
        {
            trace += a[i, i];
            Assert.Equal(a[i, i], LinearAlgebra.Einsum("ii->i", a)[i]);
            for (int j = 0; j < 4; j++)
            {
                sum += a[i, j];
            }
        }

        Assert.Equal(trace, LinearAlgebra.Einsum("ii", a)[0], 1e-14);
        Assert.Equal(sum, LinearAlgebra.Einsum("ij->", a)[0], 1e-13);
        Same(a.AsReadOnlyMatrix().Transpose.ToTensor(), LinearAlgebra.Einsum("ij->ji", a));
        Tensor<double> copy = LinearAlgebra.Einsum("ij->ij", a);
        copy[0, 0] = 100;
        Assert.NotEqual(100, a[0, 0]);
    }

    [Fact]
    public void Einsum_of_many_operands_is_the_sum_of_products()
    {
        Tensor<double> x = X(0, 2, 3, 4), u = X(1, 2, 5), v = X(2, 3, 5), w = X(3, 4, 5), y = LinearAlgebra.Einsum("ijk,ir,jr,kr->r", x, u, v, w);
        for (int r = 0; r < 5; r++)
        {
            double sum = 0;
            for (int i = 0; i < 2; i++)
            {
                for (int j = 0; j < 3; j++)
                {
                    for (int k = 0; k < 4; k++)
                    {
                        sum += x[i, j, k] * u[i, r] * v[j, r] * w[k, r];
                    }
                }
            }

            Assert.Equal(sum, y[r], 1e-13);
        }
    }

    [Fact]
    public void Contract_sums_over_the_named_modes_of_permuted_tensors()
    {
        Tensor<double> a = X(0, 3, 4, 5), b = X(1, 5, 6, 3), c = LinearAlgebra.Contract(a, b, [0, 2], [2, 0]);
        Assert.Equal([4, 6], c.Lengths.ToArray());
        Same(LinearAlgebra.Einsum("ijk,kli->jl", a, b), c);
        double sum = 0;
        for (int i = 0; i < 3; i++)
        {
            for (int k = 0; k < 5; k++)
            {
                sum += a[i, 2, k] * b[k, 1, i];
            }
        }

        Assert.Equal(sum, c[2, 1], 1e-13);
        Same(LinearAlgebra.Einsum("ij,kl->ijkl", X(0, 2, 3), X(1, 4, 2)), LinearAlgebra.Outer(X(0, 2, 3), X(1, 4, 2)));
    }

    [Fact]
    public void Batched_products_repeat_modes_of_length_one()
    {
        Tensor<double> a = X(0, 2, 1, 3, 4), b = X(1, 5, 4, 2), c = LinearAlgebra.BatchedMatMul(a, b);
        Assert.Equal([2, 5, 3, 2], c.Lengths.ToArray());
        double sum = 0;
        for (int k = 0; k < 4; k++)
        {
            sum += a[1, 0, 2, k] * b[3, k, 1];
        }

        Assert.Equal(sum, c[1, 3, 2, 1], 1e-13);
    }

    [Fact]
    public void Khatri_Rao_and_Kronecker_vary_the_first_matrix_slowest()
    {
        Tensor<double> a = X(0, 2, 3), b = X(1, 4, 3), kr = LinearAlgebra.KhatriRao(a, b), kron = LinearAlgebra.Kronecker(a, b);
        Assert.Equal(a[1, 2] * b[3, 2], kr[7, 2]);
        Assert.Equal(a[1, 2] * b[3, 0], kron[7, 6]);
    }

    [Fact]
    public void A_slice_is_read_from_where_it_begins()
    {
        Tensor<double> whole = X(0, 5, 6, 7), batch = whole.Slice([1..4, 2..5, 3..7]), rows = X(1, 6, 4).Slice([2..5, 0..4]), vector = X(2, 9).Slice([4..7]), other = X(3, 3, 3);
        Tensor<double> batchCopy = Copied(batch), rowsCopy = Copied(rows), vectorCopy = Copied(vector);
        Same(LinearAlgebra.Einsum("ijk,jl->ikl", batchCopy, rowsCopy), LinearAlgebra.Einsum("ijk,jl->ikl", batch, rows));
        Same(LinearAlgebra.Einsum("ijk->kij", batchCopy), LinearAlgebra.Einsum("ijk->kij", batch));
        Same(LinearAlgebra.Einsum("ijk->j", batchCopy), LinearAlgebra.Einsum("ijk->j", batch));
        Same(LinearAlgebra.Contract(batchCopy, rowsCopy, [2], [1]), LinearAlgebra.Contract(batch, rows, [2], [1]));
        Same(LinearAlgebra.Outer(vectorCopy, rowsCopy), LinearAlgebra.Outer(vector, rows));
        Same(LinearAlgebra.BatchedMatMul(other, batchCopy), LinearAlgebra.BatchedMatMul(other, batch));
        Same(LinearAlgebra.Solve(other, vectorCopy), LinearAlgebra.Solve(other, vector));
        Same(LinearAlgebra.LeastSquares(other, vectorCopy).Solution, LinearAlgebra.LeastSquares(other, vector).Solution);
    }

    [Theory]
    [InlineData("ij,jk->iz")]
    [InlineData("ij,jk->ii")]
    [InlineData("ij")]
    [InlineData("ij,j->i")]
    [InlineData("ij,ij->j")]
    [InlineData("i1,jk")]
    [InlineData("ij,jk->i->k")]
    public void Bad_expressions_are_refused_and_quoted(string expression)
        => Assert.Contains(expression, Assert.Throws<ArgumentException>(() => LinearAlgebra.Einsum(expression, X(0, 3, 4), X(1, 4, 5))).Message, StringComparison.Ordinal);

    private static Tensor<double> Copied(Tensor<double> tensor)
    {
        double[] values = new double[tensor.FlattenedLength];
        tensor.FlattenTo(values);
        return Tensor.Create(values, tensor.Lengths);
    }

    private static void Same(Tensor<double> expected, Tensor<double> actual)
    {
        Assert.Equal(expected.Lengths.ToArray(), actual.Lengths.ToArray());
        double[] e = [.. expected], a = [.. actual];
        for (int i = 0; i < e.Length; i++)
        {
            Assert.Equal(e[i], a[i], 1e-12);
        }
    }
}
