using System.Numerics.Tensors;
using Polyad.Sketching.LowRank;
using Xunit;

namespace Polyad.Sketching.Estimation;

public sealed class EstimationTests
{
    /// <summary>Hutchinson's variance is 2 (||A||_F^2 - sum a_ii^2) / m for symmetric A: the mean over seeds is within four standard errors, and so is the spread.</summary>
    [Fact]
    public void Hutchinson_has_its_mean_and_variance()
    {
        const int N = 60, Products = 8, Seeds = 400;
        Tensor<double> a = Spectra.Symmetric(N, Spectra.Values("harmonic", N));
        double trace = Enumerable.Range(0, N).Sum(i => a[i, i]), off = Math.Pow(LinearAlgebra.Norm(a), 2) - Enumerable.Range(0, N).Sum(i => a[i, i] * a[i, i]), variance = 2 * off / Products;
        double[] estimates = [.. Enumerable.Range(0, Seeds).Select(s => new TraceEstimator { Method = TraceMethod.Hutchinson, Products = Products, Seed = (ulong)s }.Fit(a).Value)];
        Assert.Equal(trace, estimates.Average(), 4 * Math.Sqrt(variance / Seeds));
        double measured = estimates.Sum(e => Math.Pow(e - estimates.Average(), 2)) / (Seeds - 1);
        Assert.InRange(measured, variance * (1 - (5 * Math.Sqrt(2.0 / Seeds))), variance * (1 + (5 * Math.Sqrt(2.0 / Seeds))));
    }

    /// <summary>
    /// Meyer and others 2021: the variance of Hutch++ is at most 2 ||(I - Q Q^T) A (I - Q Q^T)||_F^2 / (m / 3), and on a decaying spectrum far below Hutchinson's. The standard error covers: within five of them for
    /// all of 200 seeds but a few.
    /// </summary>
    [Fact]
    public void Hutch_plus_plus_is_unbiased_and_beats_Hutchinson_on_a_decaying_spectrum()
    {
        const int N = 100, Products = 45, Seeds = 200;
        double[] values = [.. Enumerable.Range(1, N).Select(static i => Math.Pow(i, -2))];
        Tensor<double> a = Spectra.Symmetric(N, values);
        double trace = values.Sum(), plain = 2 * values.Sum(static v => v * v) / Products;
        TraceEstimate[] estimates = [.. Enumerable.Range(0, Seeds).Select(s => new TraceEstimator { Products = Products, Seed = (ulong)s }.Fit(a))];
        double variance = estimates.Average(e => Math.Pow(e.Value - trace, 2));
        Assert.Equal(trace, estimates.Average(static e => e.Value), 4 * Math.Sqrt(variance / Seeds));
        Assert.InRange(variance, 0, plain / 50);

        // Rank-15 bases leave at most twice the best rank-10 tail in squares.
        Assert.InRange(variance, 0, 2 * 2 * values.Skip(10).Sum(static v => v * v) / (Products / 3));
        Assert.InRange(estimates.Count(e => Math.Abs(e.Value - trace) > 5 * e.StandardError), 0, 2);
        Assert.Equal(Products, estimates[0].Products);
    }

    [Fact]
    public void A_range_that_is_whole_gives_the_exact_trace_and_diagonal()
    {
        Tensor<double> a = new CounterRandom(3).Normal<double>(12, 12);
        TraceEstimate trace = new TraceEstimator { Products = 36 }.Fit(a);
        Assert.Equal(Enumerable.Range(0, 12).Sum(i => a[i, i]), trace.Value, 1e-12);
        Assert.Equal(0, trace.StandardError);
        DiagonalEstimate diagonal = new TraceEstimator { Products = 36 }.FitDiagonal(a);
        Assert.All(Enumerable.Range(0, 12), i => Assert.Equal(a[i, i], diagonal.Values[i], 1e-12));
    }

    [Theory]
    [InlineData(TraceMethod.Hutchinson)]
    [InlineData(TraceMethod.HutchPlusPlus)]
    public void Diagonals_are_unbiased_within_their_standard_errors(TraceMethod method)
    {
        const int N = 40, Seeds = 100;
        Tensor<double> a = Spectra.Symmetric(N, Spectra.Values("harmonic", N));
        double[] sums = new double[N], squares = new double[N];
        for (ulong seed = 0; seed < Seeds; seed++)
        {
            DiagonalEstimate estimate = new TraceEstimator { Method = method, Products = 30, Seed = seed }.FitDiagonal(a);
            for (int i = 0; i < N; i++)
            {
                sums[i] += estimate.Values[i];
                squares[i] += estimate.Values[i] * estimate.Values[i];
            }
        }

        Assert.All(Enumerable.Range(0, N), i =>
        {
            double mean = sums[i] / Seeds, error = Math.Sqrt(((squares[i] / Seeds) - (mean * mean)) / Seeds);
            Assert.InRange(mean - a[i, i], -5 * error, 5 * error);
        });
    }

    [Fact]
    public void Exact_leverage_scores_are_the_diagonal_of_the_hat_matrix()
    {
        Tensor<double> a = new CounterRandom(3).Normal<double>(50, 6), inverse = LinearAlgebra.Inverse(LinearAlgebra.Gram(a.AsReadOnlyMatrix().Transpose));
        double[] scores = new LeverageScores().Exact(a), hat = Diagonal(LinearAlgebra.MatMul(LinearAlgebra.MatMul(a, inverse).AsReadOnlyMatrix(), a.AsReadOnlyMatrix().Transpose));
        Assert.All(Enumerable.Range(0, 50), i => Assert.Equal(hat[i], scores[i], 1e-13));
        Assert.Equal(6, scores.Sum(), 1e-12);
        Assert.Equal(2, new LeverageScores().Exact(Spectra.Matrix(50, 6, [2, 1])).Sum(), 1e-12);

        Tensor<double> gram = LinearAlgebra.Gram(a.AsReadOnlyMatrix().Transpose);
        for (int i = 0; i < 6; i++)
        {
            gram[i, i] += 10;
        }

        double[] ridge = new LeverageScores { Ridge = 10 }.Exact(a), expected = Diagonal(LinearAlgebra.MatMul(LinearAlgebra.MatMul(a, LinearAlgebra.Inverse(gram)).AsReadOnlyMatrix(), a.AsReadOnlyMatrix().Transpose));
        Assert.All(Enumerable.Range(0, 50), i => Assert.Equal(expected[i], ridge[i], 1e-13));
    }

    /// <summary>
    /// A sketch with eight rows per column distorts squared lengths in a subspace by at most (1 + 1 / sqrt(8))^2 or so, and a projection on 100 vectors by five deviations sqrt(2 / 100) at most: factors between 0.2 and 4.
    /// </summary>
    [Theory]
    [InlineData(0)]
    [InlineData(5)]
    public void Approximate_leverage_scores_are_the_exact_ones_within_a_factor(double ridge)
    {
        const int M = 3000, N = 130;
        Tensor<double> a = new CounterRandom(3).Normal<double>(M, N);
        for (int j = 0; j < N; j++)
        {
            a[j * 20, j] *= 100;
        }

        LeverageScores scores = new() { Ridge = ridge, SamplingFactor = 8, Projections = 100 };
        double[] exact = scores.Exact(a);
        foreach (double[] approximate in new[] { scores.Approximate(a), scores.Approximate(CsrMatrix<double>.FromDense(a)), scores.Approximate(Spectra.Code(a)) })
        {
            Assert.All(Enumerable.Range(0, M), i => Assert.InRange(approximate[i] / exact[i], 0.2, 4));
        }

        Assert.All(new LeverageScores().Approximate(Tensor.CreateFromShape<double>([9, 3])), static s => Assert.Equal(0, s));
        Assert.Throws<ArgumentException>(() => scores.Approximate(Tensor.CreateFromShape<double>([3, 9])));
        Assert.Throws<ArgumentOutOfRangeException>(() => new LeverageScores { Ridge = double.NaN }.Exact(a));
    }

    /// <summary>The rows of an invertible matrix all have the score 1; without a projection the scores of a sketch that keeps all rows are exact, up to the condition number.</summary>
    [Fact]
    public void A_square_matrix_has_scores_of_one()
    {
        Tensor<double> a = new CounterRandom(3).Normal<double>(40, 40);
        double tolerance = 100 * LinearAlgebra.Cond(a) / (1L << 52);
        Assert.All(new LeverageScores { Projections = 40 }.Approximate(a), score => Assert.Equal(1, score, tolerance));
    }

    /// <summary>Drineas, Kannan, Mahoney 2006: E ||A^T B - estimate||_F^2 = ((sum ||a_i|| ||b_i||)^2 - ||A^T B||_F^2) / D for norm-proportional rows: within 30 % over 60 seeds.</summary>
    [Fact]
    public void An_approximate_product_has_the_mean_and_the_error_of_the_theorem()
    {
        const int M = 400, D = 100, Seeds = 60;
        Tensor<double> a = new CounterRandom(3).Normal<double>(M, 7), b = new CounterRandom(4).Normal<double>(M, 5), exact = LinearAlgebra.MatMul(a.AsReadOnlyMatrix().Transpose, b.AsReadOnlyMatrix());
        double size = Enumerable.Range(0, M).Sum(i => Row(a, i) * Row(b, i)), expected = ((size * size) - Math.Pow(LinearAlgebra.Norm(exact), 2)) / D;
        double[] errors = [.. Enumerable.Range(0, Seeds).Select(s => Math.Pow(Spectra.FrobeniusDistance(exact, new ApproximateProduct { Size = D, Seed = (ulong)s }.Fit(a, b)), 2))];
        Assert.InRange(errors.Average() / expected, 0.7, 1.3);

        double bound = 2 * Math.Pow(LinearAlgebra.Norm(a) * LinearAlgebra.Norm(b), 2) / D;
        foreach (SketchDistribution distribution in new[] { SketchDistribution.Gaussian, SketchDistribution.SparseJohnsonLindenstrauss(4), SketchDistribution.Srht })
        {
            double mean = Enumerable.Range(0, Seeds).Average(s => Math.Pow(Spectra.FrobeniusDistance(exact, new ApproximateProduct { Size = D, Seed = (ulong)s, Distribution = distribution }.Fit(a, b)), 2));
            Assert.InRange(mean, 0, bound);
        }

        Assert.Equal(0, LinearAlgebra.Norm(new ApproximateProduct().Fit(Tensor.CreateFromShape<double>([4, 2]), Tensor.CreateFromShape<double>([4, 3]))));
        Assert.Throws<ArgumentException>(() => new ApproximateProduct().Fit(a, Tensor.CreateFromShape<double>([4, 3])));
        Assert.Throws<ArgumentOutOfRangeException>(() => new ApproximateProduct { Size = 0 }.Fit(a, b));
    }

    /// <summary>Each is asked with a token that is cancelled already; the scores of a matrix of code with one that the first product cancels.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Sparse_matrices_give_the_traces_and_products_of_dense_ones(bool sketched)
    {
        // Entries that are integers: the products with signs are exact, and so is every choice of rows.
        CsrMatrix<double> a = Integers(1, 60, 12), b = Integers(2, 60, 7), square = Integers(3, 30, 30);
        TraceEstimator hutchinson = new() { Method = TraceMethod.Hutchinson };
        Assert.Equal(hutchinson.Fit(square.ToDense()), hutchinson.Fit(square));
        Assert.Equal(hutchinson.FitDiagonal(square.ToDense()).Values, hutchinson.FitDiagonal(square).Values);

        ApproximateProduct product = new() { Size = 20, Seed = 5, Distribution = sketched ? SketchDistribution.Rademacher : null };
        Tensor<double> expected = product.Fit(a.ToDense(), b.ToDense());
        Assert.InRange(Spectra.FrobeniusDistance(expected, product.Fit(a, b)), 0, 1e-12 * LinearAlgebra.Norm(expected));
        Assert.InRange(Spectra.FrobeniusDistance(expected, product.Fit(a, b.ToDense())), 0, 1e-12 * LinearAlgebra.Norm(expected));
        Assert.Throws<ArgumentException>(() => product.Fit(a, square));
        CsrMatrix<double> none = CsrMatrix<double>.FromTriplets(60, 3, [], [], []);
        Assert.Equal(0, LinearAlgebra.Norm(product.Fit(none, b)));

        static CsrMatrix<double> Integers(ulong stream, int rows, int columns)
        {
            double[] draws = new CounterRandom(9, stream).Normal<double>(rows, columns).ToArray();
            return CsrMatrix<double>.FromDense(Tensor.Create([.. draws.Select(static v => double.Truncate(v))], [rows, columns]));
        }
    }

    [Fact]
    public void Scores_and_products_look_at_the_token()
    {
        Tensor<double> a = new CounterRandom(3).Normal<double>(60, 5);
        CancellationToken cancelled = new(canceled: true);
        Assert.Throws<OperationCanceledException>(() => new ApproximateProduct().Fit(a, a, cancelled));
        Assert.Throws<OperationCanceledException>(() => new LeverageScores().Exact(a, cancelled));
        Assert.Throws<OperationCanceledException>(() => new LeverageScores { Ridge = 1 }.Exact(a, cancelled));
        Assert.Throws<OperationCanceledException>(() => new LeverageScores().Approximate(a, cancelled));
        Assert.Throws<OperationCanceledException>(() => new LeverageScores().Approximate(CsrMatrix<double>.FromDense(a), cancelled));

        using CancellationTokenSource source = new();
        LinearOperator<double> code = LinearOperator.FromProducts<double>(60, 5, Forward, Adjoint);
        Assert.Throws<OperationCanceledException>(() => new LeverageScores().Approximate(code, source.Token));

        void Forward(in ReadOnlyMatrixView<double> x, in MatrixView<double> y) => Assert.Fail("A product after the token was cancelled.");

        void Adjoint(in ReadOnlyMatrixView<double> x, in MatrixView<double> y)
        {
            source.Cancel();
            Backend.Current.MatMul(1, a.AsReadOnlyMatrix().Transpose, x, 0, y);
        }
    }

    private static double Row(Tensor<double> a, int i) => Math.Sqrt(Enumerable.Range(0, (int)a.Lengths[1]).Sum(j => a[i, j] * a[i, j]));

    private static double[] Diagonal(Tensor<double> a) => [.. Enumerable.Range(0, (int)a.Lengths[0]).Select(i => a[i, i])];
}
