using System.Numerics.Tensors;
using Xunit;

namespace Polyad.Sketching.LowRank;

/// <summary>QB, randomized SVD, streaming SVD, block Lanczos, Nystrom and randomized eigenpairs.</summary>
public sealed class LowRankTests
{
    private const double Eps = 1.0 / (1L << 52);

    [Theory]
    [InlineData("one-large")]
    [InlineData("geometric")]
    [InlineData("linear")]
    [InlineData("random-logarithms")]
    [InlineData("harmonic")]
    public void A_randomized_svd_with_two_power_iterations_is_within_a_tenth_of_the_best(string spectrum)
    {
        const int K = 20;
        double[] values = Spectra.Values(spectrum, 200);
        Tensor<double> a = Spectra.Matrix(400, 200, values);
        for (ulong seed = 0; seed < 3; seed++)
        {
            LowRankSvd<double> svd = new RandomizedSvd { Oversampling = 5, Seed = seed }.Fit(a, K);
            Assert.InRange(Spectra.SpectralDistance(a, svd.Reconstruct()), values[K] * (1 - 1e-9), 1.1 * values[K]);
            Assert.InRange(Spectra.Unorthogonality(svd.U), 0, 30 * K * Eps);
            Assert.InRange(Spectra.Unorthogonality(svd.Vt.AsReadOnlyMatrix().Transpose.ToTensor()), 0, 30 * K * Eps);
            Assert.All(Enumerable.Range(0, K), i => Assert.InRange(svd.S[i], 0.9 * values[i], values[i] + (100 * Eps * values[0])));
            double norm = LinearAlgebra.Norm(a);
            Assert.Equal(Spectra.FrobeniusDistance(a, svd.Reconstruct()) / norm, svd.RelativeError, 1e-7);
        }
    }

    /// <summary>Blocks of the power iterations that are well conditioned and that are not, down to a tail that no basis of so many columns holds.</summary>
    [Theory]
    [InlineData(10)]
    [InlineData(5e3)]
    [InlineData(1e6)]
    public void Values_and_range_are_exact_to_rounding_whatever_the_condition_of_a_block(double condition)
    {
        const int K = 20, Width = 30;
        const double Tail = 1e-10;
        double[] values = [.. Enumerable.Range(0, 120).Select(i => i < Width ? Math.Pow(condition, -i / (Width - 1.0)) : Tail)];
        Tensor<double> a = Spectra.Matrix(200, 120, values);
        LowRankSvd<double> svd = new RandomizedSvd { Seed = 1 }.Fit(a, K);
        Assert.All(Enumerable.Range(0, K), j => Assert.Equal(values[j], svd.S[j], 100 * Eps));
        Assert.InRange(Spectra.Unorthogonality(svd.U), 0, 30 * K * Eps);

        // The range of the tail in the basis is about Tail / (least value kept) to the power 2 q + 1: nothing.
        Assert.Equal(Tail, Spectra.RangeError(a, new RangeFinder { Probes = 0, Seed = 1 }.Fit(a, K).Basis), 1e-3 * Tail);
    }

    /// <summary>Squares of the entries overflow, or vanish: powers of two, so that nothing else is rounded otherwise.</summary>
    [Theory]
    [InlineData(600)]
    [InlineData(-600)]
    public void Matrices_of_any_scale_have_values_of_that_scale(int exponent)
    {
        const int K = 5;
        Tensor<double> a = Spectra.Matrix(90, 60, Spectra.Values("harmonic", 60));
        double scale = Math.ScaleB(1, exponent);
        Tensor<double> scaled = Tensor.Create([.. a.ToArray().Select(v => v * scale)], a.Lengths);
        LowRankSvd<double> svd = new RandomizedSvd().Fit(a, K), other = new RandomizedSvd().Fit(scaled, K);
        Assert.All(Enumerable.Range(0, K), j => Assert.Equal(svd.S[j], other.S[j] / scale, 100 * Eps));
        Assert.InRange(Spectra.Unorthogonality(other.U), 0, 30 * K * Eps);
        Assert.Equal(svd.RelativeError, other.RelativeError, 1e-7);
    }

    [Fact]
    public void Wide_sparse_coded_and_single_matrices_have_the_same_leading_triplets()
    {
        const int K = 5;
        double[] values = [.. Spectra.Values("geometric", 30)];
        Tensor<double> tall = Spectra.Matrix(120, 80, values), wide = Spectra.Matrix(80, 120, values, 2);
        foreach (Tensor<double> a in new[] { tall, wide })
        {
            SvdResult<double> exact = LinearAlgebra.Svd(a);
            foreach (LowRankSvd<double> svd in new[] { new RandomizedSvd().Fit(a, K), new RandomizedSvd().Fit(CsrMatrix<double>.FromDense(a), K), new RandomizedSvd().Fit(Spectra.Code(a), K) })
            {
                for (int j = 0; j < K; j++)
                {
                    Assert.Equal(exact.S[j], svd.S[j], 1e-6 * exact.S[j]);
                    for (int i = 0; i < a.Lengths[0]; i++)
                    {
                        Assert.Equal(exact.U[i, j], svd.U[i, j], 1e-4);
                    }
                }
            }

            Assert.True(double.IsNaN(new RandomizedSvd().Fit(Spectra.Code(a), K).RelativeError));
            LowRankSvd<float> single = new RandomizedSvd().Fit(Spectra.Single(a), K);
            Assert.All(Enumerable.Range(0, K), j => Assert.Equal(exact.S[j], single.S[j], 1e-5 * exact.S[0]));
        }
    }

    [Fact]
    public void The_number_of_threads_does_not_show_and_a_seed_fixes_every_bit()
    {
        Tensor<double> a = Spectra.Matrix(900, 300, Spectra.Values("harmonic", 100));
        double[] one, two;
        using (Parallelism.Use(1))
        {
            one = new RandomizedSvd { Seed = 4 }.Fit(a, 10).U.ToArray();
        }

        using (Parallelism.Use(4))
        {
            two = new RandomizedSvd { Seed = 4 }.Fit(a, 10).U.ToArray();
        }

        Assert.Equal(one, two);
        Assert.NotEqual(one, new RandomizedSvd { Seed = 5 }.Fit(a, 10).U.ToArray());
    }

    [Fact]
    public void A_zero_matrix_has_zero_values_and_no_error()
    {
        LowRankSvd<double> svd = new RandomizedSvd().Fit(Tensor.CreateFromShape<double>([30, 20]), 3);
        Assert.All(svd.S.ToArray(), static s => Assert.Equal(0, s));
        Assert.Equal(0, svd.RelativeError);
        Assert.InRange(Spectra.Unorthogonality(svd.U), 0, 100 * Eps);
        QbResult<double> qb = new QbDecomposition().FitToTolerance(Tensor.CreateFromShape<double>([30, 20]), 1e-3);
        Assert.Equal(0, qb.Q.Lengths[1]);
        Assert.True(qb.Converged);
    }

    [Theory]
    [InlineData("harmonic", 0.1)]
    [InlineData("geometric", 1e-3)]
    [InlineData("geometric", 1e-6)]
    public void Qb_meets_its_tolerance_near_the_least_rank(string spectrum, double tolerance)
    {
        double[] values = Spectra.Values(spectrum, 120);
        Tensor<double> a = Spectra.Matrix(200, 120, values);
        List<double> reported = [];
        QbResult<double> qb = new QbDecomposition { BlockSize = 5 }.FitToTolerance(a, tolerance, progress: new Reported(p => reported.Add(p.Error)));
        double norm = LinearAlgebra.Norm(a), error = Spectra.FrobeniusDistance(a, LinearAlgebra.MatMul(qb.Q, qb.B)) / norm;
        Assert.True(qb.Converged);
        Assert.InRange(error, 0, tolerance);
        Assert.Equal(error, qb.RelativeError, 4e-8);
        Assert.InRange(Spectra.Unorthogonality(qb.Q), 0, 30 * qb.Q.Lengths[1] * Eps);
        Assert.Equal(reported.OrderDescending(), reported);

        int least = Enumerable.Range(0, 120).First(k => Math.Sqrt(values.Skip(k).Sum(static s => s * s)) <= tolerance * norm);
        Assert.InRange(qb.Q.Lengths[1], least, least + (least / 10) + 10);
    }

    [Fact]
    public void Qb_of_a_fixed_rank_agrees_for_every_form_of_the_matrix()
    {
        Tensor<double> a = Spectra.Matrix(90, 60, Spectra.Values("geometric", 20));
        foreach (QbResult<double> qb in new[] { new QbDecomposition().Fit(a, 20), new QbDecomposition().Fit(CsrMatrix<double>.FromDense(a), 20), new QbDecomposition().Fit(Spectra.Code(a), 20) })
        {
            Assert.InRange(Spectra.FrobeniusDistance(a, LinearAlgebra.MatMul(qb.Q, qb.B)), 0, 1e-13);
        }

        Assert.Throws<ArgumentException>(() => new QbDecomposition().FitToTolerance(Spectra.Code(a), 1e-3));
        Assert.Throws<ArgumentOutOfRangeException>(() => new QbDecomposition().FitToTolerance(a, 1e-9));
        Assert.Throws<ArgumentOutOfRangeException>(() => new QbDecomposition { BlockSize = 0 }.Fit(a, 3));
        Assert.Throws<OperationCanceledException>(() => new QbDecomposition().Fit(a, 3, cancellationToken: new CancellationToken(canceled: true)));
    }

    [Theory]
    [InlineData(3)]
    [InlineData(40)]
    public void A_cancelled_token_stops_Lanczos_on_both_of_its_routes(int rank)
    {
        Tensor<double> a = Spectra.Matrix(60, 60, Spectra.Values("geometric", 20));
        CancellationToken cancelled = new(canceled: true);
        Assert.Throws<OperationCanceledException>(() => new BlockLanczos().FitSvd(a, rank, cancellationToken: cancelled));
        Assert.Throws<OperationCanceledException>(() => new BlockLanczos().FitEigen(a, rank, cancellationToken: cancelled));
    }

    /// <summary>Tropp and others 2019, theorem 5.1, for the uncut approximation; cutting adds at most the best error once more (their theorem 5.2): in squares at most four times the sum.</summary>
    [Fact]
    public void A_stream_of_rows_gives_the_svd_within_the_bound_and_knows_its_error()
    {
        const int M = 240, N = 100, K = 4, L = 17, S = (2 * L) + 1, Seeds = 8;
        double[] values = Spectra.Values("harmonic", N);
        Tensor<double> a = Spectra.Matrix(M, N, values);
        double tail = values.Skip(K).Sum(static s => s * s), squares = 0, norm = LinearAlgebra.Norm(a), ratios = 0;
        for (ulong seed = 0; seed < Seeds; seed++)
        {
            StreamingSvd<double> stream = new(M, N, K, L, seed);
            for (int i = 0; i < M; i += 37)
            {
                stream.Add(a.AsReadOnlyMatrix().Slice(i, 0, Math.Min(37, M - i), N));
            }

            LowRankSvd<double> svd = stream.ToSvd();
            double error = Spectra.FrobeniusDistance(a, svd.Reconstruct());
            squares += error * error / Seeds;
            ratios += svd.RelativeError * norm / error / Seeds;
            Assert.InRange(error * error, tail * (1 - 1e-9), double.PositiveInfinity);
            Assert.InRange(Spectra.Unorthogonality(svd.U), 0, 1e-13);
        }

        double uncut = (S - 1.0) / (S - L - 1) * (L + K - 1.0) / (L - K - 1);
        Assert.InRange(squares, tail, tail * (1 + Math.Sqrt(uncut)) * (1 + Math.Sqrt(uncut)));

        // Ten test vectors estimate a squared norm with a relative deviation of at most sqrt(2 / 10); the mean of eight roots is within 30 %.
        Assert.InRange(ratios, 0.7, 1.3);
    }

    [Fact]
    public void Sparse_rows_stream_like_dense_ones()
    {
        CsrMatrix<double> a = Operators.Families.Sparse<double>(4, 60, 25, 20), part = Operators.Families.Sparse<double>(5, 10, 25, 20);
        StreamingSvd<double> dense = new(80, 25, 4, seed: 3), sparse = new(80, 25, 4, seed: 3);
        dense.Add(a.ToDense());
        dense.AddAt(55, part.ToDense().AsReadOnlyMatrix());
        sparse.Add(a);
        sparse.AddAt(55, part);
        Assert.Equal(60, sparse.NextRow);
        LowRankSvd<double> expected = dense.ToSvd(), actual = sparse.ToSvd();
        Assert.InRange(Spectra.FrobeniusDistance(expected.Reconstruct(), actual.Reconstruct()), 0, 1e-11 * LinearAlgebra.Norm(expected.Reconstruct()));
        Assert.Equal(expected.RelativeError, actual.RelativeError, 1e-11);
        Assert.Throws<ArgumentException>(() => sparse.Add(Operators.Families.Sparse<double>(1, 21, 25, 20)));
        Assert.Throws<ArgumentException>(() => sparse.Add(Operators.Families.Sparse<double>(1, 2, 24, 20)));
        Assert.Throws<NonFiniteInputException>(() => sparse.Add(CsrMatrix<double>.FromTriplets(1, 25, [0], [3], [double.NaN])));
        Assert.Equal(60, sparse.NextRow);
    }

    [Fact]
    public void Corrections_of_rows_add_up_and_exact_ranks_are_found_exactly()
    {
        Tensor<double> a = Spectra.Matrix(50, 30, [4, 2, 1]), b = Spectra.Matrix(50, 30, [3, 1], 2);
        StreamingSvd<double> stream = new(50, 30, 5);
        stream.Add(a);
        stream.AddAt(0, b.AsReadOnlyMatrix());
        LowRankSvd<double> svd = stream.ToSvd();
        Tensor<double> sum = Tensor.Create([.. a.ToArray().Zip(b.ToArray(), static (p, q) => p + q)], [50, 30]);
        Assert.InRange(Spectra.FrobeniusDistance(sum, svd.Reconstruct()), 0, 1e-12);
        Assert.InRange(svd.RelativeError, 0, 1e-12);
        Assert.Throws<ArgumentException>(() => stream.Add(a));
        Assert.Throws<ArgumentException>(() => stream.AddAt(0, new double[2, 29].AsMatrix()));
        Assert.Throws<ArgumentOutOfRangeException>(() => new StreamingSvd<double>(5, 4, 5));
        Assert.Throws<ArgumentOutOfRangeException>(() => new StreamingSvd<double>(50, 40, 5, 4));
        double[,] bad = new double[1, 30];
        bad[0, 3] = double.NaN;
        Assert.Throws<NonFiniteInputException>(() => stream.AddAt(0, bad.AsMatrix()));
    }

    [Fact]
    public void Block_Lanczos_finds_triplets_and_eigenpairs_to_its_tolerance()
    {
        double[] values = Spectra.Values("linear", 200);
        Tensor<double> a = Spectra.Matrix(300, 200, values), symmetric = Spectra.Symmetric(200, [.. values.Select(static v => v - 0.5)]);
        BlockLanczos lanczos = new() { Tolerance = 1e-10 };
        foreach (LanczosResult<double> found in new[] { lanczos.FitSvd(a, 6), lanczos.FitSvd(CsrMatrix<double>.FromDense(a), 6), lanczos.FitSvd(Spectra.Code(a), 6) })
        {
            Assert.True(found.Converged);
            Assert.InRange(found.Residual, 0, 1e-10);
            Assert.All(Enumerable.Range(0, 6), j => Assert.Equal(values[j], found.Values[j], 1e-10));
            Tensor<double> left = LinearAlgebra.MatMul(a.AsReadOnlyMatrix(), found.Vt!.AsReadOnlyMatrix().Transpose);
            Assert.All(Enumerable.Range(0, 300), i => Assert.Equal(left[i, 2], found.Values[2] * found.Vectors[i, 2], 1e-9));
        }

        foreach (LanczosResult<double> found in new[] { lanczos.FitEigen(symmetric, 6), lanczos.FitEigen(CsrMatrix<double>.FromDense(symmetric), 6), lanczos.FitEigen(Spectra.Code(symmetric), 6) })
        {
            Assert.True(found.Converged);
            Assert.All(Enumerable.Range(0, 6), j => Assert.Equal(values[j] - 0.5, found.Values[j], 1e-9));
            Assert.Null(found.Vt);
        }

        Assert.Equal(0, lanczos.FitSvd(a, 120).Restarts);
        LanczosResult<double> few = new BlockLanczos { Tolerance = 1e-14, MaxRestarts = 1 }.FitSvd(a, 6);
        Assert.False(few.Converged);
        Assert.Throws<NonConvergenceException>(() => LinearAlgebra.TopSvd(Spectra.Code(a), 6, tolerance: 1e-18));
        Tensor<double> steep = Spectra.Matrix(300, 200, Spectra.Values("geometric", 200));
        Assert.Equal(LinearAlgebra.TopSvd(steep, 6).S.ToArray(), LinearAlgebra.TopSvd(LinearOperator.Of(steep), 6).S.ToArray());
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void Nystrom_eigenpairs_of_a_semidefinite_matrix_lie_below_and_near_the_exact_ones(int power)
    {
        const int K = 10;
        double[] values = [.. Spectra.Values("geometric", 100)];
        Tensor<double> a = Spectra.Symmetric(150, values);
        foreach (EigenResult<double> found in new[]
        {
            new NystromEigen { PowerIterations = power }.Fit(a, K), new NystromEigen { PowerIterations = power }.Fit(CsrMatrix<double>.FromDense(a), K), new NystromEigen { PowerIterations = power }.Fit(Spectra.Code(a), K),
        })
        {
            Assert.All(Enumerable.Range(0, K), j => Assert.InRange(found.Values[j], (power == 0 ? 0.6 : 0.98) * values[j], values[j] + (1e-13 * values[0])));
            Assert.InRange(Spectra.Unorthogonality(found.Vectors), 0, 1e-13);
        }

        // Tropp and others 2017, theorem 4.1: E ||A - A_nys||_* <= (1 + k / (p - 1)) times the tail, here without the cut.
        EigenResult<double> wide = new NystromEigen { PowerIterations = 0, Oversampling = 0 }.Fit(a, 20);
        double rest = values.Sum() - wide.Values.ToArray().Sum();
        Assert.InRange(rest, 0, 3 * (1 + (10.0 / 9)) * values.Skip(10).Sum());
    }

    [Fact]
    public void Nystrom_refuses_matrices_with_negative_eigenvalues_and_takes_singular_ones()
    {
        NotPositiveDefiniteException negative = Assert.Throws<NotPositiveDefiniteException>(() => new NystromEigen().Fit(Spectra.Symmetric(40, [3, 2, 1, -1, -2]), 4));
        Assert.StartsWith("The 40 x 40 matrix is not positive semidefinite", negative.Message, StringComparison.Ordinal);
        EigenResult<double> low = new NystromEigen().Fit(Spectra.Symmetric(60, [3, 2, 1]), 5);
        Assert.Equal(3, low.Values[0], 1e-13);
        Assert.Equal(0, low.Values[4], 1e-13);
        Assert.All(new NystromEigen().Fit(Tensor.CreateFromShape<double>([6, 6]), 2).Values.ToArray(), static v => Assert.Equal(0, v));
        Assert.Throws<ArgumentException>(() => new NystromEigen().Fit(Tensor.CreateFromShape<double>([6, 5]), 2));
    }

    [Fact]
    public void Randomized_eigenpairs_are_those_of_largest_magnitude()
    {
        double[] values = [5, -4, 3, -2, 1, .. Enumerable.Repeat(1e-6, 60)];
        Tensor<double> a = Spectra.Symmetric(90, values);
        EigenResult<double> found = new RandomizedEigen().Fit(a, 4);
        Assert.All(Enumerable.Range(0, 4), j => Assert.Equal(values[j], found.Values[j], 1e-11));
        Tensor<double> image = LinearAlgebra.MatMul(a, found.Vectors);
        Assert.All(Enumerable.Range(0, 90), i => Assert.Equal(image[i, 1], -4 * found.Vectors[i, 1], 1e-6));
        Assert.Equal(found.Values[1], new RandomizedEigen().Fit(CsrMatrix<double>.FromDense(a), 4).Values[1], 1e-12);
        Assert.Equal(found.Values[1], new RandomizedEigen().Fit(Spectra.Code(a), 4).Values[1], 1e-12);
    }

    private sealed class Reported(Action<IterationProgress> action) : IProgress<IterationProgress>
    {
        public void Report(IterationProgress value) => action(value);
    }
}
