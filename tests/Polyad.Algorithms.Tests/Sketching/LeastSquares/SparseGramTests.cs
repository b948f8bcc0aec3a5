using System.Numerics.Tensors;
using Polyad.Sketching.LowRank;
using Xunit;

namespace Polyad.Sketching.LeastSquares;

public sealed class SparseGramTests
{
    private const double Eps = 1.0 / (1L << 52);
    private const int N = 70, D = 50;

    [Theory]
    [InlineData(false, false)]
    [InlineData(false, true)]
    [InlineData(true, false)]
    [InlineData(true, true)]
    public void A_gram_matrix_of_sparse_rows_or_columns_is_that_of_the_dense_matrix(bool turned, bool centred)
    {
        Tensor<double> x = Sparse(0.05), dense = x.AsReadOnlyMatrix().ToTensor();
        double[] mean = Mean(x);
        LinearOperator<double> rows = LinearOperator.Of(CsrMatrix<double>.FromDense(x));
        if (centred)
        {
            rows = new CenteredOperator<double>(rows, mean);
            Subtract(dense, mean);
        }

        Tensor<double> gram = Assert.IsType<Tensor<double>>(SparseGram.TryCreate(turned ? rows.Adjoint : rows));
        Tensor<double> expected = turned ? LinearAlgebra.Gram(dense.AsReadOnlyMatrix().Transpose) : LinearAlgebra.Gram(dense);
        double largest = Enumerable.Range(0, (int)gram.Lengths[0]).Max(i => expected[i, i]);
        Assert.Equal(expected.Lengths.ToArray(), gram.Lengths.ToArray());

        // Sums of few terms, of which centring cancels at most three quarters.
        Assert.Equal(expected.ToArray(), gram.ToArray(), (p, q) => Math.Abs(p - q) <= 50 * Eps * largest);
    }

    [Fact]
    public void Other_operators_many_entries_and_columns_that_centring_would_cancel_are_left_to_products()
    {
        Tensor<double> x = Sparse(0.05);
        Assert.Null(SparseGram.TryCreate(Spectra.Code(x)));
        Assert.Null(SparseGram.TryCreate(LinearOperator.Of(CsrMatrix<double>.FromDense(Sparse(0.6)))));
        for (int i = 0; i < N; i++)
        {
            x[i, 3] = 1e6 + (i % 5);
        }

        CenteredOperator<double> centred = new(LinearOperator.Of(CsrMatrix<double>.FromDense(x)), Mean(x));
        Assert.Null(SparseGram.TryCreate(centred));
        Assert.Null(SparseGram.TryCreate(centred.Adjoint));
    }

    /// <summary>Products with unit vectors subtract the mean before they square: a column far from 0 keeps its digits but for those of its own rounding, 1e6 eps relative to its spread.</summary>
    [Theory]
    [InlineData(RidgeSolver.Primal)]
    [InlineData(RidgeSolver.Dual)]
    public void A_model_of_sparse_rows_is_that_of_dense_ones_with_a_column_far_from_zero_too(RidgeSolver solver)
    {
        foreach (double offset in new[] { 0, 1e6 })
        {
            Tensor<double> x = Sparse(0.05), y = new CounterRandom(4).Normal<double>(N);
            for (int i = 0; i < N && offset > 0; i++)
            {
                x[i, 3] = offset + (i % 5);
            }

            RidgeRegression ridge = new() { Solver = solver };
            LinearModel<double> dense = ridge.Fit(x, y), sparse = ridge.Fit(CsrMatrix<double>.FromDense(x), y);
            double size = dense.Coefficients.ToArray().Max(Math.Abs), tolerance = 1000 * Eps * Math.Max(1, offset) * size;
            Assert.Equal(dense.Coefficients.ToArray(), sparse.Coefficients.ToArray(), (p, q) => Math.Abs(p - q) <= tolerance);
        }
    }

    /// <summary>Uniform numbers, most of them zero.</summary>
    private static Tensor<double> Sparse(double density)
    {
        double[] draws = new CounterRandom(3).Uniform<double>(2 * N * D).ToArray();
        return Tensor.Create([.. Enumerable.Range(0, N * D).Select(i => draws[i] < density ? draws[(N * D) + i] - 0.4 : 0)], [N, D]);
    }

    private static double[] Mean(Tensor<double> x) => [.. Enumerable.Range(0, D).Select(j => Enumerable.Range(0, N).Sum(i => x[i, j]) / N)];

    private static void Subtract(Tensor<double> x, double[] mean)
    {
        for (int i = 0; i < N; i++)
        {
            for (int j = 0; j < D; j++)
            {
                x[i, j] -= mean[j];
            }
        }
    }
}
