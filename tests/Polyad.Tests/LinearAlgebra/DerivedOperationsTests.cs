using System.Numerics.Tensors;
using Xunit;

namespace Polyad.Tests.LinearAlgebraTests;

public class DerivedOperationsTests
{
    private const double Eps = 2.220446049250313e-16;

    private static Tensor<double> X(ulong stream, params nint[] shape) => new CounterRandom(77, stream).Normal<double>(shape);

    [Fact]
    public void Solve_inverse_and_determinant_agree()
    {
        Tensor<double> a = X(0, 30, 30), b = X(1, 30, 3), x = LinearAlgebra.Solve(a, b), inverse = LinearAlgebra.Inverse(a);
        double bound = 30 * 30 * Eps * LinearAlgebra.Cond(a);
        Assert.True(Distance(LinearAlgebra.MatMul(a, x), b) < bound * 10);
        Assert.True(Distance(LinearAlgebra.MatMul(inverse, b), x) < bound * 10);
        double determinant = LinearAlgebra.Determinant(a);
        (int sign, double log) = LinearAlgebra.LogDeterminant(a);
        Assert.Equal(1, sign * Math.Exp(log) / determinant, 1e-12);
        Assert.Equal(1, LinearAlgebra.Determinant(LinearAlgebra.MatMul(a, inverse)), bound);
        double product = 1;
        foreach (double s in LinearAlgebra.SingularValues(a))
        {
            product *= s;
        }

        Assert.Equal(1, product / Math.Abs(determinant), 1e-11);
        Assert.Equal(1, LinearAlgebra.Solve(a, X(1, 30)).Rank);
    }

    [Fact]
    public void A_singular_system_is_refused()
    {
        Assert.Throws<SingularMatrixException>(() => LinearAlgebra.Solve<double>(new double[2, 2], new double[2, 1]));
        Assert.Equal(0, LinearAlgebra.Determinant<double>(new double[2, 2]));
        Assert.Equal(double.PositiveInfinity, LinearAlgebra.Cond<double>(new double[2, 2], MatrixNorm.One));
        Assert.Throws<ArgumentException>(() => LinearAlgebra.Solve<double>(new double[2, 3], new double[2, 1]));
        Assert.Throws<ArgumentException>(() => LinearAlgebra.Solve<double>(new double[2, 2], new double[3, 1]));
    }

    [Fact]
    public void Positive_definite_systems_are_solved_by_Cholesky()
    {
        Tensor<double> g = LinearAlgebra.Gram(X(0, 12, 40)), b = X(1, 12, 2);
        Assert.True(Distance(LinearAlgebra.MatMul(g, LinearAlgebra.SolvePositiveDefinite(g, b)), b) < 1e-11);
    }

    [Fact]
    public void Lu_factors_multiply_to_the_permuted_matrix()
    {
        Tensor<double> a = X(0, 9, 6);
        LuResult<double> lu = LinearAlgebra.Lu(a);
        Tensor<double> product = LinearAlgebra.MatMul(lu.L(), lu.U());
        int[] order = lu.Permutation();
        for (int i = 0; i < 9; i++)
        {
            for (int j = 0; j < 6; j++)
            {
                Assert.Equal(a[order[i], j], product[i, j], 1e-13);
            }
        }
    }

    [Theory]
    [InlineData(20, 8, 8)]
    [InlineData(8, 20, 8)]
    [InlineData(20, 8, 5)]
    [InlineData(8, 20, 5)]
    public void Least_squares_is_the_pseudo_inverse_which_has_the_four_properties(int m, int n, int rank)
    {
        Tensor<double> a = LinearAlgebra.MatMul(X(0, m, rank), X(1, rank, n)), b = X(2, m, 3), p = LinearAlgebra.Pinv(a);
        LeastSquaresResult<double> result = LinearAlgebra.LeastSquares(a, b);
        double bound = 1000 * m * n * Eps * LinearAlgebra.Norm(a) * LinearAlgebra.Norm(p);
        Assert.Equal(rank, result.Rank);
        Assert.Equal(rank, LinearAlgebra.MatrixRank(a));
        Assert.True(Distance(LinearAlgebra.MatMul(p, b), result.Solution) < bound);
        Tensor<double> ap = LinearAlgebra.MatMul(a, p), pa = LinearAlgebra.MatMul(p, a);
        Assert.True(Distance(LinearAlgebra.MatMul(ap, a), a) < bound);
        Assert.True(Distance(LinearAlgebra.MatMul(pa, p), p) < bound);
        Assert.True(Distance(ap.AsReadOnlyMatrix().Transpose.ToTensor(), ap) < bound);
        Assert.True(Distance(pa.AsReadOnlyMatrix().Transpose.ToTensor(), pa) < bound);
        double squares = 0;
        foreach (double r in result.ResidualNorms)
        {
            squares += r * r;
        }

        Assert.Equal(Distance(LinearAlgebra.MatMul(a, result.Solution), b), Math.Sqrt(squares), 1e-12);
    }

    [Theory]
    [InlineData(15, 9, 9)]
    [InlineData(9, 15, 9)]
    [InlineData(40, 30, 12)]
    public void Pivoted_Qr_reveals_the_rank(int m, int n, int rank)
    {
        Tensor<double> a = LinearAlgebra.MatMul(X(0, m, rank), X(1, rank, n));
        PivotedQrResult<double> qr = LinearAlgebra.PivotedQr(a);
        Assert.Equal(rank, qr.Rank);
        Tensor<double> product = LinearAlgebra.MatMul(qr.Q, qr.R);
        double norm = LinearAlgebra.Norm(a), error = 0;
        for (int i = 0; i < m; i++)
        {
            for (int j = 0; j < n; j++)
            {
                error = Math.Max(error, Math.Abs(product[i, j] - a[i, qr.Permutation[j]]));
            }
        }

        Assert.True(error < 30 * m * Eps * norm);
        for (int i = 1; i < Math.Min(m, n); i++)
        {
            Assert.InRange(qr.R[i, i], 0, qr.R[i - 1, i - 1] * (1 + 1e-10) + (100 * Eps * norm));
        }

        Tensor<double> gram = LinearAlgebra.Gram(qr.Q.AsReadOnlyMatrix().Transpose);
        Assert.Equal(Math.Min(m, n), gram.Lengths[0]);
        Assert.True(Math.Abs(LinearAlgebra.Norm(gram) - Math.Sqrt(Math.Min(m, n))) < 30 * m * Eps);
        Assert.Throws<NonFiniteInputException>(() => LinearAlgebra.PivotedQr<double>(new double[1, 1] { { double.NaN } }));
    }

    [Fact]
    public void Norms_are_the_definitions_and_do_not_overflow()
    {
        double[,] a = { { 3, -4 }, { 0, 12 } };
        Assert.Equal(13, LinearAlgebra.Norm<double>(a));
        Assert.Equal(16, LinearAlgebra.Norm<double>(a, MatrixNorm.One));
        Assert.Equal(12, LinearAlgebra.Norm<double>(a, MatrixNorm.Infinity));
        Assert.Equal(12, LinearAlgebra.Norm<double>(a, MatrixNorm.Max));
        Tensor<double> s = LinearAlgebra.SingularValues<double>(a);
        Assert.Equal(s[0], LinearAlgebra.Norm<double>(a, MatrixNorm.Two));
        Assert.Equal(s[0] + s[1], LinearAlgebra.Norm<double>(a, MatrixNorm.Nuclear));
        Assert.Equal(s[0] / s[1], LinearAlgebra.Cond<double>(a));
        Assert.Equal(5e300, LinearAlgebra.Norm<double>(new double[,] { { 3e300 }, { 4e300 } }), 1e286);
        Assert.Equal(5e-300, LinearAlgebra.Norm<double>(new double[,] { { 3e-300 }, { 4e-300 } }), 1e-314);
        Assert.Equal(5e30f, LinearAlgebra.Norm<float>(new float[,] { { 3e30f }, { 4e30f } }), 1e24f);
        Assert.True(double.IsNaN(LinearAlgebra.Norm<double>(new double[,] { { 1, double.NaN } })));
        Assert.Equal(0, LinearAlgebra.Norm<double>(new double[0, 3]));
    }

    [Fact]
    public void Leading_triplets_and_pairs_are_those_of_the_full_factorizations()
    {
        Tensor<double> a = X(0, 150, 120);
        for (int i = 0; i < 150; i++)
        {
            for (int j = 0; j < 120; j++)
            {
                a[i, j] *= Math.Pow(0.8, j);
            }
        }

        SvdResult<double> full = LinearAlgebra.Svd(a), top = LinearAlgebra.TopSvd(a, 6);
        Tensor<double> g = LinearAlgebra.Gram(a.AsReadOnlyMatrix().Transpose);
        EigenResult<double> pairs = LinearAlgebra.TopSymmetricEigen(g, 6);
        for (int i = 0; i < 6; i++)
        {
            Assert.Equal(full.S[i], top.S[i], 1e-9 * full.S[0]);
            Assert.Equal(full.S[i] * full.S[i], pairs.Values[i], 1e-9 * full.S[0] * full.S[0]);
            Assert.Equal(full.U[3, i], top.U[3, i], 1e-6);
            Assert.Equal(full.Vt[i, 3], top.Vt[i, 3], 1e-6);
            Assert.Equal(1, Math.Abs(pairs.Vectors[0, i] / full.Vt[i, 0]), 1e-5);
        }

        Assert.Equal(60, LinearAlgebra.TopSvd(a, 60).S.FlattenedLength);
        Assert.Throws<ArgumentOutOfRangeException>(() => LinearAlgebra.TopSvd(a, 0));
        Tensor<double> low = LinearAlgebra.MatMul(X(1, 150, 3), X(2, 3, 120));
        Assert.Equal(0, LinearAlgebra.TopSvd(low, 5).S[4], 1e-10);
    }

    private static double Distance(Tensor<double> a, Tensor<double> b)
    {
        Assert.Equal(a.Lengths.ToArray(), b.Lengths.ToArray());
        double[] x = [.. a], y = [.. b];
        return Math.Sqrt(x.Zip(y, (p, q) => (p - q) * (p - q)).Sum());
    }
}
