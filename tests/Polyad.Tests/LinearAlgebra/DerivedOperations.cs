using System.Numerics;
using System.Numerics.Tensors;
using Xunit;

namespace Polyad.Tests.LinearAlgebraTests;

public sealed class DerivedOperationsInDoubleTests : DerivedOperations<double>;

public sealed class DerivedOperationsInSingleTests : DerivedOperations<float>;

/// <summary>Operations that are made of factorizations have the errors of their definition, in either precision.</summary>
public abstract class DerivedOperations<T>
    where T : unmanaged, INumberBase<T>
{
    private static readonly double Eps = typeof(T) == typeof(float) ? Math.ScaleB(1, -23) : Math.ScaleB(1, -52);

    private static Tensor<T> X(ulong stream, params nint[] shape) => new CounterRandom(77, stream).Normal<T>(shape);

    [Theory]
    [InlineData(1, 1)]
    [InlineData(2, 1)]
    [InlineData(30, 3)]
    [InlineData(67, 70)]
    public void Solve_inverse_and_determinant_agree(int n, int columns)
    {
        Tensor<T> a = X(0, n, n), b = X(1, n, columns), x = LinearAlgebra.Solve(a, b), inverse = LinearAlgebra.Inverse(a);

        // Backward errors are a few n eps ||A|| ||X||; the inverse adds the condition.
        double condition = D(LinearAlgebra.Cond(a)), residual = 30 * n * Eps * Norm(a) * Norm(x);
        Assert.True(Distance(LinearAlgebra.MatMul(a, x), b) <= residual);
        Assert.True(Distance(LinearAlgebra.MatMul(inverse, b), x) <= 30 * n * Eps * condition * Norm(x));
        Tensor<T> v = X(1, n), y = LinearAlgebra.Solve(a, v);
        Assert.Equal([n], y.Lengths.ToArray());
        Assert.True(Distance(LinearAlgebra.MatMul(a, Column(y)), Column(v)) <= 30 * n * Eps * Norm(a) * Norm(Column(y)));

        (int sign, double log) = LinearAlgebra.LogDeterminant(a);
        double determinant = D(LinearAlgebra.Determinant(a)), product = 0;
        foreach (T s in LinearAlgebra.SingularValues(a))
        {
            product += Math.Log(D(s));
        }

        // Each factor of the determinant is relatively right to n eps times the condition.
        double bound = 10 * n * Eps * condition;
        Assert.InRange(product - log, -bound, bound);
        if (n <= 30)
        {
            Assert.Equal(1, sign * Math.Exp(log) / determinant, 30 * n * Eps);
        }
    }

    [Theory]
    [InlineData(12, 2)]
    [InlineData(12, 1)]
    [InlineData(70, 5)]
    public void Positive_definite_systems_are_solved_by_Cholesky(int n, int columns)
    {
        Tensor<T> g = LinearAlgebra.Gram(X(0, n, 4 * n)), b = X(1, n, columns), x = LinearAlgebra.SolvePositiveDefinite(g, b);
        Assert.True(Distance(LinearAlgebra.MatMul(g, x), b) <= 30 * n * Eps * Norm(g) * Norm(x));
    }

    [Theory]
    [InlineData(9, 6)]
    [InlineData(6, 9)]
    [InlineData(80, 80)]
    public void Lu_factors_multiply_to_the_permuted_matrix(int m, int n)
    {
        Tensor<T> a = X(0, m, n);
        LuResult<T> lu = LinearAlgebra.Lu(a);
        Tensor<T> l = lu.L(), u = lu.U(), product = LinearAlgebra.MatMul(l, u);
        int[] order = lu.Permutation();
        double bound = 30 * Math.Min(m, n) * Eps * Norm(l) * Norm(u);
        for (int i = 0; i < m; i++)
        {
            for (int j = 0; j < n; j++)
            {
                Assert.Equal(D(a[order[i], j]), D(product[i, j]), bound);
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
        Tensor<T> a = LinearAlgebra.MatMul(X(0, m, rank), X(1, rank, n)), b = X(2, m, 3), p = LinearAlgebra.Pinv(a);
        LeastSquaresResult<T> result = LinearAlgebra.LeastSquares(a, b);

        // The pseudo-inverse is right to the condition ||A|| ||A+| squared at worst, as the solution of a problem with a residual is.
        double condition = Norm(a) * Norm(p), bound = 10 * Math.Max(m, n) * Eps * condition * condition;
        Assert.Equal(rank, result.Rank);
        Assert.Equal(rank, LinearAlgebra.MatrixRank(a));
        Assert.True(Distance(LinearAlgebra.MatMul(p, b), result.Solution) < bound * Norm(p) * Norm(b));
        Tensor<T> ap = LinearAlgebra.MatMul(a, p), pa = LinearAlgebra.MatMul(p, a);
        Assert.True(Distance(LinearAlgebra.MatMul(ap, a), a) < bound * Norm(a));
        Assert.True(Distance(LinearAlgebra.MatMul(pa, p), p) < bound * Norm(p));
        Assert.True(Distance(ap.AsReadOnlyMatrix().Transpose.ToTensor(), ap) < bound);
        Assert.True(Distance(pa.AsReadOnlyMatrix().Transpose.ToTensor(), pa) < bound);
        double squares = 0;
        foreach (T r in result.ResidualNorms)
        {
            squares += D(r) * D(r);
        }

        Assert.Equal(Distance(LinearAlgebra.MatMul(a, result.Solution), b), Math.Sqrt(squares), 30 * n * Eps * (Norm(a) * Norm(result.Solution) + Norm(b)));
        Tensor<T> v = X(2, m);
        Assert.Equal([n], LinearAlgebra.LeastSquares(a, v).Solution.Lengths.ToArray());
    }

    [Theory]
    [InlineData(1, 1, 1)]
    [InlineData(15, 9, 9)]
    [InlineData(9, 15, 9)]
    [InlineData(40, 30, 12)]
    [InlineData(150, 130, 130)]
    [InlineData(90, 200, 70)]
    public void Pivoted_Qr_reveals_the_rank(int m, int n, int rank)
    {
        Tensor<T> a = LinearAlgebra.MatMul(X(0, m, rank), X(1, rank, n));
        PivotedQrResult<T> qr = LinearAlgebra.PivotedQr(a);
        Assert.Equal(rank, qr.Rank);
        Assert.Equal(Enumerable.Range(0, n), qr.Permutation.Order());
        Tensor<T> product = LinearAlgebra.MatMul(qr.Q, qr.R);
        double norm = Norm(a), squares = 0;
        for (int i = 0; i < m; i++)
        {
            for (int j = 0; j < n; j++)
            {
                double e = D(product[i, j]) - D(a[i, qr.Permutation[j]]);
                squares += e * e;
            }
        }

        Assert.True(Math.Sqrt(squares) < 30 * m * Eps * norm);
        int k = Math.Min(m, n);
        for (int i = 1; i < k; i++)
        {
            // Every diagonal entry is the largest remaining norm, up to the error of the norms: the square root of eps where they are downdated.
            Assert.InRange(D(qr.R[i, i]), 0, (D(qr.R[i - 1, i - 1]) * (1 + Math.Sqrt(Eps))) + (10 * m * Eps * norm));
            Assert.Equal(T.Zero, qr.R[i, i - 1]);
        }

        Tensor<T> gram = LinearAlgebra.Gram(qr.Q.AsReadOnlyMatrix().Transpose), identity = Tensor.CreateFromShape<T>([k, k]);
        for (int i = 0; i < k; i++)
        {
            identity[i, i] = T.One;
        }

        Assert.True(Distance(gram, identity) < 30 * m * Eps);
    }

    [Fact]
    public void Pivoted_Qr_takes_zeros_and_extreme_scales()
    {
        PivotedQrResult<T> zero = LinearAlgebra.PivotedQr(Tensor.CreateFromShape<T>([40, 40]));
        Assert.Equal(0, zero.Rank);
        Assert.Equal(T.One, zero.Q[39, 39]);
        foreach (double scale in typeof(T) == typeof(float) ? (double[])[1e-36, 1e36] : [1e-300, 1e300])
        {
            Tensor<T> a = Tensor.Multiply<T>(X(0, 50, 40), T.CreateChecked(scale));
            PivotedQrResult<T> qr = LinearAlgebra.PivotedQr(a), plain = LinearAlgebra.PivotedQr(X(0, 50, 40));
            Assert.Equal(plain.Permutation, qr.Permutation);
            Assert.Equal(40, qr.Rank);
            for (int i = 0; i < 40; i++)
            {
                Assert.Equal(D(plain.R[i, i]), D(qr.R[i, i]) / scale, 1000 * Eps * D(plain.R[0, 0]));
            }
        }
    }

    [Fact]
    public void Leading_triplets_and_pairs_are_those_of_the_full_factorizations()
    {
        Tensor<T> a = X(0, 150, 120);
        for (int i = 0; i < 150; i++)
        {
            for (int j = 0; j < 120; j++)
            {
                a[i, j] *= T.CreateTruncating(Math.Pow(0.8, j));
            }
        }

        SvdResult<T> full = LinearAlgebra.Svd(a), top = LinearAlgebra.TopSvd(a, 6);
        EigenResult<T> pairs = LinearAlgebra.TopSymmetricEigen(LinearAlgebra.Gram(a.AsReadOnlyMatrix().Transpose), 6);

        // Values to the default tolerance, the square root of eps to the 3/2 at worst; vectors to its quotient by the gaps, which are about 1/5.
        double largest = D(full.S[0]), value = Math.Max(1e-9, 100 * Eps), vector = Math.Max(1e-6, 3000 * Eps);
        for (int i = 0; i < 6; i++)
        {
            Assert.Equal(D(full.S[i]), D(top.S[i]), value * largest);
            Assert.Equal(D(full.S[i]) * D(full.S[i]), D(pairs.Values[i]), value * largest * largest);
            Assert.Equal(D(full.U[3, i]), D(top.U[3, i]), vector);
            Assert.Equal(D(full.Vt[i, 3]), D(top.Vt[i, 3]), vector);
            Assert.Equal(Math.Abs(D(full.Vt[i, 0])), Math.Abs(D(pairs.Vectors[0, i])), 10 * vector);
        }

        Assert.Equal(60, LinearAlgebra.TopSvd(a, 60).S.FlattenedLength);
        Tensor<T> low = LinearAlgebra.MatMul(X(1, 150, 3), X(2, 3, 120));
        Assert.Equal(0, D(LinearAlgebra.TopSvd(low, 5).S[4]), 30 * 150 * Eps * Norm(low));
    }

    [Fact]
    public void Norms_are_the_definitions()
    {
        Tensor<T> a = X(0, 33, 21);
        double one = 0, infinity = 0, max = 0, squares = 0;
        double[] rows = new double[33], columns = new double[21];
        for (int i = 0; i < 33; i++)
        {
            for (int j = 0; j < 21; j++)
            {
                double v = Math.Abs(D(a[i, j]));
                rows[i] += v;
                columns[j] += v;
                max = Math.Max(max, v);
                squares += v * v;
            }
        }

        (one, infinity) = (columns.Max(), rows.Max());
        Assert.Equal(1, D(LinearAlgebra.Norm(a, MatrixNorm.One)) / one, 33 * Eps);
        Assert.Equal(1, D(LinearAlgebra.Norm(a, MatrixNorm.Infinity)) / infinity, 33 * Eps);
        Assert.Equal(max, D(LinearAlgebra.Norm(a, MatrixNorm.Max)));
        Assert.Equal(1, D(LinearAlgebra.Norm(a)) / Math.Sqrt(squares), 33 * Eps);
        double[] s = [.. LinearAlgebra.SingularValues(a).Select(D)];
        Assert.Equal(1, D(LinearAlgebra.Norm(a, MatrixNorm.Two)) / s[0], 33 * Eps);
        Assert.Equal(1, D(LinearAlgebra.Norm(a, MatrixNorm.Nuclear)) / s.Sum(), 33 * Eps);
        Assert.Equal(1, D(LinearAlgebra.Cond(a)) / (s[0] / s[^1]), 33 * Eps * s[0] / s[^1]);
    }

    [Fact]
    public void Contractions_are_the_sums_of_their_definition()
    {
        Tensor<T> a = X(0, 5, 6, 7), b = X(1, 7, 8), u = X(2, 5, 3), v = X(3, 6, 3), w = X(4, 7, 3);
        Tensor<T> ab = LinearAlgebra.Einsum("ijk,kl->ijl", a, b), m = LinearAlgebra.Einsum("ijk,jr,kr->ir", a, v, w);
        Tensor<T> kr = LinearAlgebra.KhatriRao(u, v), kron = LinearAlgebra.Kronecker(u, v);
        double sum = 0, total = 0, mttkrp = 0, magnitude = 0;
        for (int k = 0; k < 7; k++)
        {
            sum += D(a[2, 3, k]) * D(b[k, 5]);
            total += Math.Abs(D(a[2, 3, k]) * D(b[k, 5]));
            for (int j = 0; j < 6; j++)
            {
                mttkrp += D(a[4, j, k]) * D(v[j, 1]) * D(w[k, 1]);
                magnitude += Math.Abs(D(a[4, j, k]) * D(v[j, 1]) * D(w[k, 1]));
            }
        }

        Assert.Equal(sum, D(ab[2, 3, 5]), 7 * Eps * total);
        Assert.Equal(mttkrp, D(m[4, 1]), 44 * Eps * magnitude);
        Assert.Equal(u[4, 2] * v[5, 2], kr[29, 2]);
        Assert.Equal(u[4, 2] * v[5, 0], kron[29, 6]);
        Tensor<T> batched = LinearAlgebra.BatchedMatMul(a, X(5, 5, 7, 4)), second = X(5, 5, 7, 4);
        sum = total = 0;
        for (int k = 0; k < 7; k++)
        {
            sum += D(a[3, 1, k]) * D(second[3, k, 2]);
            total += Math.Abs(D(a[3, 1, k]) * D(second[3, k, 2]));
        }

        Assert.Equal(sum, D(batched[3, 1, 2]), 7 * Eps * total);
    }

    private static double D(T value) => double.CreateChecked(value);

    private static Tensor<T> Column(Tensor<T> vector) => Tensor.Create<T>([.. vector], [vector.Lengths[0], 1]);

    private static double Norm(Tensor<T> a) => D(LinearAlgebra.Norm(a));

    private static double Distance(Tensor<T> a, Tensor<T> b)
    {
        Assert.Equal(a.Lengths.ToArray(), b.Lengths.ToArray());
        T[] x = [.. a], y = [.. b];
        return Math.Sqrt(x.Zip(y, (p, q) => (D(p) - D(q)) * (D(p) - D(q))).Sum());
    }
}
