using System.Numerics.Tensors;
using Polyad.Sketching.LowRank;
using Xunit;

namespace Polyad.Sketching.Orthogonalization;

public sealed class OrthogonalizationTests
{
    private const double Eps = 1.0 / (1L << 52);

    [Theory]
    [InlineData(CholeskyQrMethod.Twice, 1e2)]
    [InlineData(CholeskyQrMethod.Twice, 1e6)]
    [InlineData(CholeskyQrMethod.Shifted, 1e6)]
    [InlineData(CholeskyQrMethod.Shifted, 1e11)]
    [InlineData(CholeskyQrMethod.Sketched, 1e2)]
    [InlineData(CholeskyQrMethod.Sketched, 1e11)]
    [InlineData(CholeskyQrMethod.Automatic, 1e2)]
    [InlineData(CholeskyQrMethod.Automatic, 1e13)]
    [InlineData(CholeskyQrMethod.Automatic, 1e17)]
    public void Columns_are_orthonormal_and_the_product_is_the_matrix(CholeskyQrMethod method, double condition)
    {
        const int M = 900, N = 40;
        Tensor<double> a = Spectra.Matrix(M, N, [.. Enumerable.Range(0, N).Select(i => Math.Pow(condition, -i / (N - 1.0)))]);
        QrResult<double> qr = new CholeskyQr { Method = method }.Fit(a);
        Assert.InRange(Spectra.Unorthogonality(qr.Q), 0, 200 * Eps);
        Assert.InRange(Spectra.FrobeniusDistance(a, LinearAlgebra.MatMul(qr.Q, qr.R)), 0, 20 * N * Eps);
        for (int i = 0; i < N; i++)
        {
            Assert.True(qr.R[i, i] >= 0);
            Assert.All(Enumerable.Range(0, i), j => Assert.Equal(0, qr.R[i, j]));
        }
    }

    /// <summary>A sketch with as many rows as the matrix must not lose its rank.</summary>
    [Theory]
    [InlineData(32, 32)]
    [InlineData(100, 99)]
    [InlineData(30, 16)]
    public void A_matrix_that_is_hardly_taller_than_wide_keeps_its_rank(int m, int n)
    {
        Tensor<double> a = new CounterRandom(5).Normal<double>(m, n);
        for (ulong seed = 0; seed < 20; seed++)
        {
            Assert.Equal(n, new SketchedPivotedQr { Seed = seed }.Fit(a).Rank);
            QrResult<double> qr = new CholeskyQr { Method = CholeskyQrMethod.Sketched, Seed = seed }.Fit(a);
            Assert.InRange(Spectra.Unorthogonality(qr.Q), 0, 200 * Eps);
            Assert.InRange(Spectra.FrobeniusDistance(a, LinearAlgebra.MatMul(qr.Q, qr.R)), 0, 20 * n * Eps * LinearAlgebra.Norm(a));
        }
    }

    [Fact]
    public void What_a_method_cannot_do_is_refused()
    {
        Tensor<double> dependent = Spectra.Matrix(60, 10, [1, 1, 1]);
        Assert.Throws<NotPositiveDefiniteException>(() => new CholeskyQr { Method = CholeskyQrMethod.Twice }.Fit(dependent));
        Assert.Throws<NotPositiveDefiniteException>(() => new CholeskyQr { Method = CholeskyQrMethod.Sketched }.Fit(dependent));
        QrResult<double> householder = new CholeskyQr().Fit(dependent);
        Assert.InRange(Spectra.Unorthogonality(householder.Q), 0, 100 * Eps);
        Assert.Throws<ArgumentException>(() => new CholeskyQr().Fit(Tensor.CreateFromShape<double>([3, 4])));
        Assert.Throws<ArgumentOutOfRangeException>(() => new CholeskyQr { SamplingFactor = 0.5 }.Fit(dependent));
        dependent[0, 0] = double.PositiveInfinity;
        Assert.Throws<NonFiniteInputException>(() => new CholeskyQr().Fit(dependent));
    }

    [Theory]
    [InlineData("geometric", 700, 60)]
    [InlineData("linear", 700, 60)]
    [InlineData("one-large", 300, 150)]
    public void A_sketch_finds_pivots_that_reveal_the_rank_as_well_as_exact_ones(string spectrum, int m, int n)
    {
        double[] values = Spectra.Values(spectrum, n);
        Tensor<double> a = Spectra.Matrix(m, n, values);
        PivotedQrResult<double> qr = new SketchedPivotedQr().Fit(a);
        Check(a, qr, n);

        // |R_kk| within a factor sqrt(n) or so of s_k for exact pivots in practice; the sketch may cost the distortion of its embedding.
        PivotedQrResult<double> exact = LinearAlgebra.PivotedQr(a);
        Assert.All(Enumerable.Range(0, n), i => Assert.InRange(qr.R[i, i] / exact.R[i, i], 0.1, 10));
    }

    [Theory]
    [InlineData("geometric", 200, 300, 32)]
    [InlineData("harmonic", 300, 200, 64)]
    [InlineData("linear", 130, 130, 16)]
    [InlineData("random-logarithms", 90, 90, 200)]
    public void Blocked_pivoting_factors_any_shape(string spectrum, int m, int n, int block)
    {
        int order = Math.Min(m, n);
        Tensor<double> a = Spectra.Matrix(m, n, Spectra.Values(spectrum, order));
        PivotedQrResult<double> qr = new BlockedPivotedQr { BlockSize = block }.Fit(a), exact = LinearAlgebra.PivotedQr(a);
        Check(a, qr, order);
        Assert.All(Enumerable.Range(0, order), i => Assert.InRange(qr.R[i, i] / exact.R[i, i], 0.05, 20));
    }

    [Fact]
    public void Blocked_pivoting_stops_at_a_rank_and_at_the_rank_of_the_matrix()
    {
        double[] values = Spectra.Values("geometric", 100);
        Tensor<double> a = Spectra.Matrix(150, 100, values), low = Spectra.Matrix(150, 100, [.. Enumerable.Repeat(1.0, 37)]);
        PivotedQrResult<double> cut = new BlockedPivotedQr { BlockSize = 16 }.Fit(a, 30), all = new BlockedPivotedQr { BlockSize = 16 }.Fit(low);
        Assert.Equal(30, cut.Rank);
        Assert.InRange(Spectra.SpectralDistance(Permuted(a, cut.Permutation), LinearAlgebra.MatMul(cut.Q, cut.R)), values[30], 20 * values[30]);
        Assert.Equal(37, all.Rank);
        Check(low, all, 37);
        Assert.Equal(0, new BlockedPivotedQr().Fit(Tensor.CreateFromShape<double>([5, 4])).Rank);
        Assert.Equal(0, new SketchedPivotedQr().Fit(Tensor.CreateFromShape<double>([5, 4])).Rank);
        PivotedQrResult<double> sketched = new SketchedPivotedQr().Fit(low);
        Assert.Equal(37, sketched.Rank);
        Check(low, sketched, 37);
        Assert.Throws<ArgumentException>(() => new SketchedPivotedQr().Fit(Tensor.CreateFromShape<double>([4, 5])));
        Assert.Throws<OperationCanceledException>(() => new BlockedPivotedQr().Fit(a, cancellationToken: new CancellationToken(canceled: true)));
        Assert.Throws<OperationCanceledException>(() => new SketchedPivotedQr().Fit(a, new CancellationToken(canceled: true)));
        Assert.All(Enum.GetValues<CholeskyQrMethod>(), method => Assert.Throws<OperationCanceledException>(() => new CholeskyQr { Method = method }.Fit(a, new CancellationToken(canceled: true))));
    }

    private static void Check(Tensor<double> a, PivotedQrResult<double> qr, int rank)
    {
        Assert.Equal(rank, qr.Rank);
        Assert.Equal([(nint)a.Lengths[0], rank], qr.Q.Lengths.ToArray());
        Assert.Equal(Enumerable.Range(0, (int)a.Lengths[1]), qr.Permutation.Order());
        double largest = LinearAlgebra.Norm(a, MatrixNorm.Two);
        Assert.InRange(Spectra.Unorthogonality(qr.Q), 0, 300 * Eps);
        Assert.InRange(Spectra.FrobeniusDistance(Permuted(a, qr.Permutation), LinearAlgebra.MatMul(qr.Q, qr.R)), 0, 30 * a.Lengths[1] * Eps * largest);
        Assert.All(Enumerable.Range(0, rank), i => Assert.True(qr.R[i, i] > 0));
    }

    private static Tensor<double> Permuted(Tensor<double> a, int[] order)
    {
        Tensor<double> permuted = Tensor.CreateFromShape<double>(a.Lengths);
        for (int i = 0; i < a.Lengths[0]; i++)
        {
            for (int j = 0; j < a.Lengths[1]; j++)
            {
                permuted[i, j] = a[i, order[j]];
            }
        }

        return permuted;
    }
}
