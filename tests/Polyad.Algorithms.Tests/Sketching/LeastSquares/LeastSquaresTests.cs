using System.Numerics.Tensors;
using Polyad.Sketching.LowRank;
using Xunit;

namespace Polyad.Sketching.LeastSquares;

public sealed class LeastSquaresTests
{
    private const double Eps = 1.0 / (1L << 52);

    /// <summary>
    /// A backward stable solution differs by about eps (kappa + kappa^2 ||r|| / (||A|| ||x||)) relative to x (Bjorck 1996, 1.4.20), whichever method; the factor of proportion is below 50 here.
    /// </summary>
    [Theory]
    [InlineData(1e1, 0)]
    [InlineData(1e1, 1)]
    [InlineData(1e6, 0)]
    [InlineData(1e6, 1e-3)]
    [InlineData(1e10, 1e-8)]
    public void The_solution_is_that_of_a_stable_method_whatever_the_condition(double condition, double noise)
    {
        const int M = 2000, N = 40;
        Tensor<double> a = Spectra.Matrix(M, N, [.. Enumerable.Range(0, N).Select(i => Math.Pow(condition, -i / (N - 1.0)))]), x = new CounterRandom(5).Normal<double>(N, 1);
        Tensor<double> b = LinearAlgebra.MatMul(a, x), e = new CounterRandom(6).Normal<double>(M, 1);
        for (int i = 0; i < M; i++)
        {
            b[i, 0] += noise * e[i, 0];
        }

        LeastSquaresResult<double> exact = LinearAlgebra.LeastSquares(a, b);
        SketchedLeastSquaresResult<double> found = new SketchedLeastSquares().Fit(a, b);
        double size = LinearAlgebra.Norm(exact.Solution), residual = exact.ResidualNorms[0];
        Assert.True(found.Converged);
        Assert.Equal(N, found.Rank);
        Assert.InRange(Spectra.FrobeniusDistance(exact.Solution, found.Solution) / size, 0, (50 * Eps * (condition + (condition * condition * residual / size))) + (condition * 1e-13));

        // ||r||^2 = ||r*||^2 + ||A (x - x*)||^2: the residual is the optimum's, but for the rounding of A x.
        Assert.InRange(found.ResidualNorms[0], 0, (residual * (1 + 1e-12)) + (20 * Eps * LinearAlgebra.Norm(x) * Math.Sqrt(N)));
        Assert.InRange(found.Iterations, 0, 60);
    }

    /// <summary>A sketch with as many rows as the matrix must not lose its rank.</summary>
    [Theory]
    [InlineData(32, 32)]
    [InlineData(100, 99)]
    [InlineData(60, 20)]
    [InlineData(1, 1)]
    public void A_matrix_that_is_hardly_taller_than_wide_keeps_its_rank(int m, int n)
    {
        Tensor<double> a = new CounterRandom(5).Normal<double>(m, n), b = new CounterRandom(6).Normal<double>(m, 1);
        LeastSquaresResult<double> exact = LinearAlgebra.LeastSquares(a, b);
        double condition = LinearAlgebra.Cond(a), size = LinearAlgebra.Norm(exact.Solution);

        for (ulong seed = 0; seed < 20; seed++)
        {
            SketchedLeastSquaresResult<double> found = new SketchedLeastSquares { Seed = seed }.Fit(a, b);
            Assert.Equal(n, found.Rank);
            Assert.InRange(Spectra.FrobeniusDistance(exact.Solution, found.Solution) / size, 0, (50 * Eps * condition * (1 + (condition * exact.ResidualNorms[0] / size))) + (condition * 1e-13));
        }
    }

    [Fact]
    public void Every_form_of_the_matrix_and_every_sketch_give_the_solution()
    {
        const int M = 900, N = 25;
        Tensor<double> a = Spectra.Matrix(M, N, [.. Enumerable.Range(0, N).Select(i => Math.Pow(1e5, -i / (N - 1.0)))]), b = new CounterRandom(6).Normal<double>(M, 3);
        LeastSquaresResult<double> exact = LinearAlgebra.LeastSquares(a, b);
        SketchDistribution[] distributions = [SketchDistribution.Gaussian, SketchDistribution.Srht, SketchDistribution.CountSketch, SketchDistribution.SparseJohnsonLindenstrauss(8), SketchDistribution.LessUniform()];
        foreach (SketchDistribution distribution in distributions)
        {
            SketchedLeastSquares solver = new() { Distribution = distribution };
            foreach (SketchedLeastSquaresResult<double> found in new[] { solver.Fit(a, b), solver.Fit(CsrMatrix<double>.FromDense(a), b), solver.Fit(Spectra.Code(a), b) })
            {
                Assert.True(found.Converged);
                Assert.InRange(Spectra.FrobeniusDistance(exact.Solution, found.Solution) / LinearAlgebra.Norm(exact.Solution), 0, 1e5 * 1e-12);
                Assert.All(Enumerable.Range(0, 3), j => Assert.Equal(exact.ResidualNorms[j], found.ResidualNorms[j], 1e-12 * exact.ResidualNorms[j]));
            }
        }
    }

    [Fact]
    public void Dependent_columns_give_the_solution_of_least_norm()
    {
        Tensor<double> a = Spectra.Matrix(500, 20, [4, 3, 2, 1, 0.5]), b = new CounterRandom(6).Normal<double>(500, 1);
        LeastSquaresResult<double> exact = LinearAlgebra.LeastSquares(a, b);
        SketchedLeastSquaresResult<double> found = new SketchedLeastSquares().Fit(a, b);
        Assert.Equal(5, found.Rank);
        Assert.InRange(Spectra.FrobeniusDistance(exact.Solution, found.Solution), 0, 1e-12);
        SketchedLeastSquaresResult<double> zero = new SketchedLeastSquares().Fit(Tensor.CreateFromShape<double>([9, 3]), b.AsReadOnlyMatrix().Slice(0, 0, 9, 1).ToTensor());
        Assert.Equal(0, zero.Rank);
        Assert.All(zero.Solution.ToArray(), static v => Assert.Equal(0, v));
        Assert.All(new SketchedLeastSquares().Fit(a, Tensor.CreateFromShape<double>([500])).Solution.ToArray(), static v => Assert.Equal(0, v));
    }

    [Fact]
    public void A_good_guess_saves_steps_and_vectors_give_vectors()
    {
        Tensor<double> a = new CounterRandom(1).Normal<double>(3000, 60), b = new CounterRandom(2).Normal<double>(3000);
        SketchedLeastSquaresResult<double> cold = new SketchedLeastSquares().Fit(a, b), warm = new SketchedLeastSquares().Fit(a, b, start: cold.Solution);
        Assert.Equal([60], cold.Solution.Lengths.ToArray());
        Assert.InRange(warm.Iterations, 0, 2);
        Assert.InRange(cold.RelativeError, 0, 1e-13);
    }

    /// <summary>Large matrices are preconditioned or corrected in single precision where their condition allows it: the accuracy is that of double.</summary>
    [Theory]
    [InlineData(1e1, typeof(GramSystem))]
    [InlineData(1e2, typeof(GramSystem))]
    [InlineData(2.5e3, typeof(SinglePrecisionSystem))]
    [InlineData(1e7, typeof(FullPrecisionSystem<double>))]
    public void Single_precision_on_the_way_loses_no_digit(double condition, Type expected)
    {
        const int M = 40_000, N = 30;
        Tensor<double> a = Spectra.Matrix(M, N, [.. Enumerable.Range(0, N).Select(i => 1e5 * Math.Pow(condition, -i / (N - 1.0)))]), b = new CounterRandom(6).Normal<double>(M, 2);
        using PreconditionedSystem<double> chosen = new SketchedLeastSquares().System(LinearOperator.Of(a), 1, default), full = new SketchedLeastSquares { MixedPrecision = false }.System(LinearOperator.Of(a), 1, default);
        Assert.IsType(expected, chosen);
        Assert.IsType<FullPrecisionSystem<double>>(full);
        LeastSquaresResult<double> exact = LinearAlgebra.LeastSquares(a, b);
        foreach (bool mixed in new[] { true, false })
        {
            SketchedLeastSquaresResult<double> found = new SketchedLeastSquares { MixedPrecision = mixed }.Fit(a, b);
            Assert.True(found.Converged);

            // A backward error eps ||A|| moves A x by eps kappa ||r||, whichever method; x by that over the least singular value.
            double image = 1e-12 + (2 * Eps * condition * found.ResidualNorms[0]);
            Assert.InRange(Spectra.FrobeniusDistance(LinearAlgebra.MatMul(a, exact.Solution), LinearAlgebra.MatMul(a, found.Solution)), 0, image);
            Assert.InRange(Spectra.FrobeniusDistance(exact.Solution, found.Solution), 0, image * condition / 1e5);
        }
    }

    /// <summary>Numbers whose squares leave the range of single precision, and more columns than a Gram matrix pays for, take the sketch.</summary>
    [Theory]
    [InlineData(1, 600, typeof(GramSystem))]
    [InlineData(1, 800, typeof(SinglePrecisionSystem))]
    [InlineData(1e-22, 600, typeof(FullPrecisionSystem<double>))]
    [InlineData(1e22, 600, typeof(FullPrecisionSystem<double>))]
    public void Other_sizes_of_numbers_and_more_columns_take_the_sketch(double scale, int n, Type expected)
    {
        Tensor<double> a = new CounterRandom(1).Normal<double>(1800, n), b = new CounterRandom(2).Normal<double>(1800);
        a = Tensor.Multiply<double>(a, scale);
        using PreconditionedSystem<double> chosen = new SketchedLeastSquares { SamplingFactor = 2 }.System(LinearOperator.Of(a), 1, default);
        Assert.IsType(expected, chosen);
        SketchedLeastSquaresResult<double> found = new SketchedLeastSquares { SamplingFactor = 2 }.Fit(a, b);
        Assert.True(found.Converged);
        Assert.InRange(found.RelativeError, 0, 1e-12);
    }

    [Fact]
    public void What_is_not_finite_is_found_without_reading_the_matrix_for_it()
    {
        Tensor<double> a = new CounterRandom(1).Normal<double>(40_000, 30), b = new CounterRandom(2).Normal<double>(40_000);
        a[777, 5] = double.PositiveInfinity;
        Assert.Contains("(777, 5)", Assert.Throws<NonFiniteInputException>(() => new SketchedLeastSquares().Fit(a, b)).Message, StringComparison.Ordinal);
        Assert.Contains("(777, 5)", Assert.Throws<NonFiniteInputException>(() => new SketchedLeastSquares { Distribution = SketchDistribution.RowSampling() }.Fit(a, b)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Single_precision_solves_to_its_own()
    {
        Tensor<double> a = Spectra.Matrix(1500, 30, [.. Enumerable.Range(0, 30).Select(static i => Math.Pow(1e3, -i / 29.0))]), b = new CounterRandom(2).Normal<double>(1500);
        SketchedLeastSquaresResult<float> found = new SketchedLeastSquares().Fit(Spectra.Single(a), Tensor.Create([.. b.ToArray().Select(static v => (float)v)], [1500]));
        Assert.True(found.Converged);
        Assert.Equal(LinearAlgebra.LeastSquares(a, b).ResidualNorms[0], found.ResidualNorms[0], 1e-5 * found.ResidualNorms[0]);
    }

    [Fact]
    public void Bad_input_is_refused()
    {
        Tensor<double> a = new CounterRandom(1).Normal<double>(20, 4), b = new CounterRandom(2).Normal<double>(20);
        SketchedLeastSquares solver = new();
        Assert.Throws<ArgumentException>(() => solver.Fit(new CounterRandom(1).Normal<double>(4, 20), new CounterRandom(2).Normal<double>(4)));
        Assert.Contains("20 x 4", Assert.Throws<ArgumentException>(() => solver.Fit(a, new CounterRandom(2).Normal<double>(19))).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => solver.Fit(a, b, start: new CounterRandom(2).Normal<double>(5)));
        Assert.Throws<ArgumentOutOfRangeException>(() => new SketchedLeastSquares { Tolerance = 0 }.Fit(a, b));
        Assert.Throws<ArgumentOutOfRangeException>(() => new SketchedLeastSquares { SamplingFactor = 0.9 }.Fit(a, b));
        Assert.Throws<OperationCanceledException>(() => solver.Fit(a, b, cancellationToken: new CancellationToken(canceled: true)));
        b[3] = double.NaN;
        Assert.Throws<NonFiniteInputException>(() => solver.Fit(a, b));
    }

    [Theory]
    [InlineData(ShiftedPreconditioner.Nystrom, 40)]
    [InlineData(ShiftedPreconditioner.RandomlyPivotedCholesky, 60)]
    [InlineData(ShiftedPreconditioner.None, 2000)]
    public void A_preconditioner_takes_away_the_condition_of_a_shifted_system(ShiftedPreconditioner preconditioner, int most)
    {
        const int N = 300;
        const double Shift = 1e-5;
        Tensor<double> a = Spectra.Symmetric(N, [.. Enumerable.Range(0, N).Select(static i => Math.Pow(0.8, i))]), b = new CounterRandom(2).Normal<double>(N, 2), shifted = a.AsReadOnlyMatrix().ToTensor();
        for (int i = 0; i < N; i++)
        {
            shifted[i, i] += Shift;
        }

        List<double> reported = [];
        ShiftedResult<double> found = new ShiftedSolver { Preconditioner = preconditioner, Rank = 100, MaxIterations = 2000 }.Fit(a, Shift, b, new Reported(reported));
        Assert.True(found.Converged);
        Assert.InRange(found.RelativeResidual, 0, 1e-9);
        Assert.InRange(found.Iterations, 1, most);
        Assert.Equal(found.Iterations, reported.Count);

        // ||x - x*|| <= ||r|| / mu.
        Tensor<double> exact = LinearAlgebra.SolvePositiveDefinite(shifted, b);
        Assert.InRange(Spectra.FrobeniusDistance(exact, found.Solution), 0, found.RelativeResidual * LinearAlgebra.Norm(b) / Shift * 2);
        if (preconditioner != ShiftedPreconditioner.RandomlyPivotedCholesky)
        {
            Assert.True(new ShiftedSolver { Preconditioner = preconditioner, Rank = 100, MaxIterations = 2000 }.Fit(Spectra.Code(a), Shift, b).Converged);
        }
    }

    [Fact]
    public void Shifted_systems_that_cannot_be_are_refused()
    {
        Tensor<double> a = Spectra.Symmetric(30, [2, 1, -1]), b = new CounterRandom(2).Normal<double>(30);
        Assert.Throws<NotPositiveDefiniteException>(() => new ShiftedSolver { Preconditioner = ShiftedPreconditioner.None }.Fit(a, 0.01, b));
        Assert.Throws<ArgumentOutOfRangeException>(() => new ShiftedSolver().Fit(a, -1, b));
        Assert.Throws<ArgumentException>(() => new ShiftedSolver().Fit(Tensor.CreateFromShape<double>([3, 4]), 1, b));
        Assert.Throws<ArgumentException>(() => new ShiftedSolver().Fit(a, 1, new CounterRandom(2).Normal<double>(29)));
        Assert.Throws<ArgumentException>(() => new ShiftedSolver { Preconditioner = ShiftedPreconditioner.RandomlyPivotedCholesky }.Fit(Spectra.Code(a), 1, b));
        Assert.Throws<ArgumentOutOfRangeException>(() => new ShiftedSolver { Rank = 31 }.Fit(a, 1, b));
        Assert.All(new ShiftedSolver().Fit(Spectra.Symmetric(30, [1]), 1, Tensor.CreateFromShape<double>([30])).Solution.ToArray(), static v => Assert.Equal(0, v));
    }

    /// <summary>scikit-learn 1.2.1: Ridge(alpha=0.7).fit(X, Y) with X and Y the whole numbers below.</summary>
    [Theory]
    [InlineData(RidgeSolver.Automatic)]
    [InlineData(RidgeSolver.Primal)]
    [InlineData(RidgeSolver.Dual)]
    [InlineData(RidgeSolver.Sketched)]
    [InlineData(RidgeSolver.NystromConjugateGradients)]
    public void Every_ridge_solver_gives_the_model_of_scikit_learn(RidgeSolver solver)
    {
        Tensor<double> x = Tensor.Create([1.0, 2, 0, 4, 0, 1, 3, -1, 2, 5, 2, 2, -3, 1, 0], [5, 3]), y = Tensor.Create([1.0, 0, 3, -2, 2, 1, -1, 4, 0.5, 1], [5, 2]);
        CsrMatrix<double> sparse = CsrMatrix<double>.FromDense(x);
        RidgeRegression ridge = new() { Alpha = 0.7, Solver = solver, Tolerance = solver == RidgeSolver.NystromConjugateGradients ? 1e-13 : null };
        foreach (LinearModel<double> model in new[] { ridge.Fit(x, y), ridge.Fit(sparse, y) })
        {
            Assert.True(model.Converged);
            for (int j = 0; j < 2; j++)
            {
                Assert.Equal(Intercepts[j], model.Intercept[j], 1e-10);
                for (int i = 0; i < 3; i++)
                {
                    Assert.Equal(Coefficients[j, i], model.Coefficients[i, j], 1e-10);
                }
            }

            Tensor<double> predicted = model.Predict(x), again = model.Predict(sparse);
            Assert.Equal(Predicted, predicted[4, 1], 1e-10);
            Assert.Equal(predicted.ToArray(), again.ToArray(), (p, q) => Math.Abs(p - q) < 1e-12);
        }

        Assert.Throws<ArgumentOutOfRangeException>(() => new RidgeRegression { Alpha = -1 }.Fit(x, y));
        Assert.Throws<ArgumentException>(() => new RidgeRegression().Fit(x, Tensor.CreateFromShape<double>([4])));
    }

    private static readonly double[,] Coefficients = new double[2, 3] { { 0.24853578013120106, -1.0036633366205032, -1.0622732924580889 }, { -0.3599536937786734, 1.1000162929297257, 2.085014792265146 } };
    private static readonly double[] Intercepts = [2.4681324014920896, -1.44512043905158];
    private const double Predicted = 0.7347569352141659;

    [Theory]
    [InlineData(RidgeSolver.Primal, "column 0")]
    [InlineData(RidgeSolver.Dual, "row 0")]
    public void Squares_that_leave_the_range_are_told_and_the_sketched_solver_has_none(RidgeSolver solver, string line)
    {
        Tensor<double> x = Tensor.Create([1e200, 0, 0, 1e200, 1e200, 1e200], [3, 2]), y = Tensor.Create([1.0, 2, 3], [3]);
        OverflowException overflow = Assert.Throws<OverflowException>(() => new RidgeRegression { Solver = solver, FitIntercept = false }.Fit(x, y));
        Assert.Contains(line, overflow.Message, StringComparison.Ordinal);
        LinearModel<double> model = new RidgeRegression { Solver = RidgeSolver.Sketched, FitIntercept = false }.Fit(x, y);
        Assert.Equal(1e-200, model.Coefficients[0, 0], 1e-212);
        Assert.Equal(2e-200, model.Coefficients[1, 0], 1e-212);
    }

    [Fact]
    public void A_model_takes_rows_of_the_width_that_it_was_fitted_to()
    {
        LinearModel<double> model = new RidgeRegression().Fit(new CounterRandom(1).Normal<double>(9, 3), new CounterRandom(2).Normal<double>(9, 2));
        foreach (Action wrong in (Action[])[() => model.Predict(new CounterRandom(1).Normal<double>(2, 4)), () => model.Predict(CsrMatrix<double>.FromTriplets(2, 4, [0], [3], [1.0]))])
        {
            ArgumentException refused = Assert.Throws<ArgumentException>("x", wrong);
            Assert.StartsWith("The model was fitted to rows of 3 numbers; given 2 x 4.", refused.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Without_an_intercept_nothing_is_centred()
    {
        Tensor<double> x = new CounterRandom(1).Normal<double>(40, 3), w = Tensor.Create([1.0, -2, 3], [3, 1]);
        LinearModel<double> model = new RidgeRegression { Alpha = 0, FitIntercept = false }.Fit(x, LinearAlgebra.MatMul(x, w));
        Assert.All(Enumerable.Range(0, 3), i => Assert.Equal(w[i, 0], model.Coefficients[i, 0], 1e-13));
        Assert.Equal(0, model.Intercept[0]);
    }

    private sealed class Reported(List<double> errors) : IProgress<IterationProgress>
    {
        public void Report(IterationProgress value) => errors.Add(value.Error);
    }
}
