using System.Numerics.Tensors;
using Xunit;

namespace Polyad.Sketching.LowRank;

/// <summary>Decompositions by columns and rows of the matrix itself, and randomly pivoted Cholesky.</summary>
public sealed class SkeletonTests
{
    /// <summary>The error of an interpolative decomposition is at most (1 + ||X||) times that of the range of the sketch; ||X|| is at most sqrt(1 + k (n - k)) max|X|.</summary>
    [Theory]
    [InlineData("geometric", 120, 80)]
    [InlineData("harmonic", 120, 80)]
    [InlineData("linear", 60, 100)]
    public void Columns_and_rows_of_a_matrix_span_it_nearly_as_well_as_the_best(string spectrum, int m, int n)
    {
        const int K = 12;
        double[] values = Spectra.Values(spectrum, Math.Min(m, n));
        Tensor<double> a = Spectra.Matrix(m, n, values);
        InterpolativeResult<double> columns = new InterpolativeDecomposition().FitColumns(a, K), rows = new InterpolativeDecomposition().FitRows(a, K);
        CheckIdentity(columns.Coefficients, columns.Indices);
        CheckIdentity(rows.Coefficients.AsReadOnlyMatrix().Transpose.ToTensor(), rows.Indices);
        Assert.All(Enumerable.Range(0, K), j => Assert.Equal(a[5, columns.Indices[j]], columns.Skeleton[5, j]));
        Assert.All(Enumerable.Range(0, K), i => Assert.Equal(a[rows.Indices[i], 5], rows.Skeleton[i, 5]));
        double growth = Math.Sqrt(1 + (K * (n - (double)K))) * 2;
        Assert.InRange(Spectra.SpectralDistance(a, LinearAlgebra.MatMul(columns.Skeleton, columns.Coefficients)), values[K] * (1 - 1e-9), (1 + growth) * values[K]);
        Assert.InRange(Spectra.SpectralDistance(a, LinearAlgebra.MatMul(rows.Coefficients, rows.Skeleton)), values[K] * (1 - 1e-9), (1 + growth) * values[K]);

        // In practice far closer.
        Assert.InRange(Spectra.FrobeniusDistance(a, LinearAlgebra.MatMul(columns.Skeleton, columns.Coefficients)), 0, 3 * Math.Sqrt(values.Skip(K).Sum(static s => s * s)));
        CurResult<double> cur = new CurDecomposition().Fit(a, K);
        Assert.InRange(Spectra.FrobeniusDistance(a, cur.Reconstruct()), 0, 5 * Math.Sqrt(values.Skip(K).Sum(static s => s * s)));
        Assert.Equal(a[cur.Rows[3], 7], cur.R[3, 7]);
        Assert.Equal(a[7, cur.Columns[3]], cur.C[7, 3]);
    }

    [Fact]
    public void A_matrix_of_low_rank_is_rebuilt_from_as_many_columns_and_rows()
    {
        Tensor<double> a = Spectra.Matrix(50, 40, [5, 3, 2, 1]);
        InterpolativeResult<double> columns = new InterpolativeDecomposition().FitColumns(a, 9);
        Assert.Equal(4, columns.Indices.Length);
        Assert.InRange(Spectra.FrobeniusDistance(a, LinearAlgebra.MatMul(columns.Skeleton, columns.Coefficients)), 0, 1e-12);
        CurResult<double> cur = new CurDecomposition().Fit(a, 9);
        Assert.Equal((4, 4), (cur.Columns.Length, cur.Rows.Length));
        Assert.InRange(Spectra.FrobeniusDistance(a, cur.Reconstruct()), 0, 1e-11);
        Assert.Equal(0, LinearAlgebra.Norm(new CurDecomposition().Fit(Tensor.CreateFromShape<double>([5, 4]), 2).Reconstruct()));
        Assert.Throws<ArgumentOutOfRangeException>(() => new CurDecomposition().Fit(a, 41));
        Assert.Throws<OperationCanceledException>(() => new InterpolativeDecomposition().FitRows(a, 3, new CancellationToken(canceled: true)));
    }

    [Fact]
    public void Sparse_and_coded_matrices_give_the_columns_and_rows_of_the_dense_one()
    {
        Tensor<double> a = Spectra.Matrix(40, 30, Spectra.Values("geometric", 30));
        CsrMatrix<double> sparse = CsrMatrix<double>.FromDense(a);
        LinearOperator<double> code = Spectra.Code(a);
        InterpolativeDecomposition finder = new() { Seed = 3 };
        foreach ((InterpolativeResult<double> expected, InterpolativeResult<double>[] others) in new[]
        {
            (finder.FitColumns(a, 6), new[] { finder.FitColumns(sparse, 6), finder.FitColumns(code, 6) }),
            (finder.FitRows(a, 6), [finder.FitRows(sparse, 6), finder.FitRows(code, 6)]),
        })
        {
            Assert.All(others, other =>
            {
                // A product with a column of the identity adds zeros to an entry: nothing is rounded. The coefficients solve a system of the condition of the sketch.
                Assert.Equal(expected.Indices, other.Indices);
                Assert.Equal(expected.Skeleton.ToArray(), other.Skeleton.ToArray());
                Assert.InRange(Spectra.FrobeniusDistance(expected.Coefficients, other.Coefficients), 0, 1e-10);
            });
        }

        CurResult<double> cur = new CurDecomposition { Seed = 3 }.Fit(a, 6);
        Assert.All(new[] { new CurDecomposition { Seed = 3 }.Fit(sparse, 6), new CurDecomposition { Seed = 3 }.Fit(code, 6) }, other =>
        {
            Assert.Equal(cur.Columns, other.Columns);
            Assert.Equal(cur.Rows, other.Rows);
            Assert.Equal(cur.C.ToArray(), other.C.ToArray());
            Assert.Equal(cur.R.ToArray(), other.R.ToArray());
            Assert.InRange(Spectra.FrobeniusDistance(cur.Reconstruct(), other.Reconstruct()), 0, 1e-12);
        });
        Assert.Throws<ArgumentOutOfRangeException>(() => finder.FitRows(code, 31));
        Assert.Throws<OperationCanceledException>(() => new CurDecomposition().Fit(sparse, 3, new CancellationToken(canceled: true)));
    }

    /// <summary>
    /// Chen, Epperly, Tropp, Webber 2022, theorem 3.1: with r best eigenvalues and k >= r / eps + r log(1 / (eps eta)) pivots the mean of the trace left is at most (1 + eps) that of the best rank r, where eta is the relative
    /// trace of that tail.
    /// </summary>
    [Theory]
    [InlineData(1)]
    [InlineData(8)]
    public void Random_pivots_leave_the_trace_that_the_theorem_allows(int block)
    {
        const int R = 5, N = 120, Seeds = 10;
        double[] values = Spectra.Values("geometric", N);
        Tensor<double> a = Spectra.Symmetric(N, values);
        double tail = values.Skip(R).Sum() / values.Sum();
        const double Excess = 1;
        int k = (int)Math.Ceiling((R / Excess) + (R * Math.Log(1 / (Excess * tail)))) + (block > 1 ? block : 0);
        double mean = Enumerable.Range(0, Seeds).Average(seed => new RandomlyPivotedCholesky { BlockSize = block, Seed = (ulong)seed }.Fit(a, k).RelativeTrace);
        Assert.InRange(mean, 0, (1 + Excess) * tail);
    }

    [Fact]
    public void The_factor_is_that_of_its_pivots_and_the_trace_left_is_true()
    {
        Tensor<double> a = Spectra.Symmetric(80, Spectra.Values("geometric", 80));
        PivotedCholeskyResult<double> found = new RandomlyPivotedCholesky { BlockSize = 7 }.Fit(a, 20);
        Assert.Equal(20, found.Pivots.Distinct().Count());
        Tensor<double> product = LinearAlgebra.Gram(found.Factor);
        double left = 0, trace = 0;
        for (int i = 0; i < 80; i++)
        {
            left += a[i, i] - product[i, i];
            trace += a[i, i];

            // F F^T agrees with A on the pivots' columns.
            Assert.All(found.Pivots, p => Assert.Equal(a[i, p], product[i, p], 1e-12));
        }

        Assert.Equal(left / trace, found.RelativeTrace, 1e-12);
    }

    [Fact]
    public void A_matrix_of_low_rank_ends_early_and_a_tolerance_is_met()
    {
        PivotedCholeskyResult<double> low = new RandomlyPivotedCholesky { BlockSize = 16 }.Fit(Spectra.Symmetric(60, [3, 2, 1]), 40);
        Assert.InRange(low.Pivots.Length, 3, 6);
        Assert.InRange(low.RelativeTrace, 0, 1e-12);
        PivotedCholeskyResult<double> tolerant = new RandomlyPivotedCholesky { Tolerance = 0.01, BlockSize = 1 }.Fit(Spectra.Symmetric(60, Spectra.Values("geometric", 60)), 60);
        Assert.InRange(tolerant.RelativeTrace, 0, 0.01);
        Assert.InRange(tolerant.Pivots.Length, 5, 30);
        Assert.Empty(new RandomlyPivotedCholesky().Fit(Tensor.CreateFromShape<double>([4, 4]), 2).Pivots);
        Assert.Throws<NotPositiveDefiniteException>(() => new RandomlyPivotedCholesky().Fit(Tensor.Create([1.0, 0, 0, -1], [2, 2]), 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new RandomlyPivotedCholesky().Fit(Spectra.Symmetric(6, [1]), 7));
        Assert.Throws<ArgumentException>(() => new RandomlyPivotedCholesky().Fit(Tensor.CreateFromShape<double>([4, 3]), 2));
    }

    private static void CheckIdentity(Tensor<double> coefficients, int[] indices)
    {
        for (int i = 0; i < indices.Length; i++)
        {
            for (int j = 0; j < indices.Length; j++)
            {
                Assert.Equal(i == j ? 1 : 0, coefficients[i, indices[j]]);
            }
        }
    }
}
