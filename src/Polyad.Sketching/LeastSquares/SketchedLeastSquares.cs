using System.Numerics;
using System.Numerics.Tensors;

namespace Polyad.Sketching;

/// <summary>
/// min ||A x - b|| to full accuracy for a tall matrix, dense, sparse or known by its products (Blendenpik: Avron, Maymounkov, Toledo 2010; LSRN: Meng, Saunders, Mahoney 2014): the triangle of a sketch S A makes the columns of
/// A nearly orthonormal, so that LSQR gains a digit in a few steps whatever the condition number; it starts from the solution of the sketch and is restarted from the residual, computed anew, until the gradient is
/// small enough (Epperly, Meier, Nakatsukasa 2024). A sketch, a QR of it (2 g n^3 flops with g rows per column), and a pass over A for each of about log(1 / tolerance) / log(sqrt(g)) steps.
/// A large dense matrix of doubles with at most 768 columns needs no sketch where its condition allows (numbers below about 1000, columns scaled to one length): the Cholesky triangle of its Gram matrix
/// in single precision, m n^2 flops, leaves four or five passes.
/// </summary>
public sealed class SketchedLeastSquares : RandomizedAlgorithm
{
    /// <summary>Numbers in a matrix from which single precision pays.</summary>
    private const long LeastMixed = 1 << 20;

    /// <summary>g, rows of the sketch for each column of A (default 12): more make the triangle dearer and the steps fewer.</summary>
    public double SamplingFactor { get; init; } = 12;

    /// <summary>The distribution of the sketch (default four signs per column).</summary>
    public SketchDistribution Distribution { get; init; } = SketchDistribution.SparseJohnsonLindenstrauss(4);

    /// <summary>The largest ||A (x - x*)|| / ||A x||, by its estimate from the gradient; null for 1e-13 in double, 1e-5 in float. No digit is asked for that the residual's rounding does not give.</summary>
    public double? Tolerance { get; init; }

    /// <summary>
    /// Whether a large dense row-major matrix of doubles may be preconditioned by its Gram matrix in single precision or, with more columns or a larger condition number, be sketched and corrected in a copy of half
    /// the size (default true). The accuracy of the result is the same.
    /// </summary>
    public bool MixedPrecision { get; init; } = true;

    /// <summary>The most LSQR steps (default 200).</summary>
    public int MaxIterations { get; init; } = 200;

    /// <summary>Solves for one right side or several.</summary>
    /// <param name="a">m x n with m at least n.</param>
    /// <param name="b">m numbers, or m x k.</param>
    /// <param name="start">A guess of the solution, n or n x k; null for none.</param>
    /// <param name="progress">Told after each step the estimate of the error relative to its limit.</param>
    /// <param name="cancellationToken">Looked at before each pass over A.</param>
    /// <returns>The solution; where A has dependent columns, one of minimum norm.</returns>
    /// <exception cref="ArgumentException">Shapes do not match, A is wider than tall, or an option is out of range.</exception>
    /// <exception cref="NonFiniteInputException">A, b or the guess holds NaN or infinity.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public SketchedLeastSquaresResult<T> Fit<T>(
        LinearOperator<T> a, Tensor<T> b, Tensor<T>? start = null, IProgress<IterationProgress>? progress = null, CancellationToken cancellationToken = default)
        where T : unmanaged, INumberBase<T>
    {
        ReadOnlyMatrixView<T> rightSide = Check(a, b, start);
        ILinearAlgebraBackend engine = Engine;
        int m = a.Rows, n = a.Columns, k = rightSide.Columns;
        cancellationToken.ThrowIfCancellationRequested();
        using PreconditionedSystem<T> system = System(a, k, cancellationToken);
        RightPreconditioner<T> preconditioner = system.Preconditioner;
        Tensor<T> x = start is null ? FreshMemory.Zeros<T>([n, k]) : LinearAlgebra.RightSide(start).ToTensor();
        Tensor<T> r = rightSide.ToTensor(), g = FreshMemory.Zeros<T>([n, k]), y = FreshMemory.Zeros<T>([preconditioner.Columns, k]);
        bool near = false;
        if (start is not null)
        {
            Residual(a, x, rightSide, r, g, engine);
            preconditioner.ApplyAdjoint(g.AsReadOnlyMatrix(), y.AsMatrix(), engine);
            near = Lsqr<T>.Norms(y).Sum() <= Lsqr<T>.Norms(r).Sum() / Math.Sqrt(SamplingFactor);
        }

        if (!near)
        {
            // The least-squares solution of the sketched system: its error is about ||r|| sqrt(n / d); a guess may be better.
            system.Guess(r, y);
            Add(x, preconditioner, y, engine);
        }

        double[] last = new double[k];
        Array.Fill(last, double.PositiveInfinity);
        for (int steps = 0; ;)
        {
            cancellationToken.ThrowIfCancellationRequested();
            Residual(a, x, rightSide, r, g, engine);
            preconditioner.ApplyAdjoint(g.AsReadOnlyMatrix(), y.AsMatrix(), engine);
            double[] gradients = Lsqr<T>.Norms(y), residuals = Lsqr<T>.Norms(r), sizes = Sizes(rightSide, r), limits = Limits(system.ColumnNorms, x, sizes, residuals);
            if (!gradients.All(double.IsFinite) || !residuals.All(double.IsFinite))
            {
                throw new NonFiniteInputException($"A product with the {m} x {n} matrix holds NaN or infinity.", nameof(a));
            }

            bool done = Enumerable.Range(0, k).All(j => gradients[j] <= limits[j]), better = Enumerable.Range(0, k).Any(j => gradients[j] > limits[j] && gradients[j] <= 0.5 * last[j]);
            if (done || !better || steps >= MaxIterations)
            {
                double error = Enumerable.Range(0, k).Max(j => gradients[j] == 0 ? 0 : gradients[j] / Math.Max(sizes[j], residuals[j] * LinearAlgebra.Epsilon<T>()));
                Tensor<T> norms = Tensor.Create([.. residuals.Select(static v => T.CreateTruncating(v))], [k]);
                return new(LinearAlgebra.LikeRightSide(x, b), norms, preconditioner.Columns, error, steps, done);
            }

            last = gradients;
            int reported = steps;
            double[] halves = [.. limits.Select(static limit => limit / 2)];
            steps += system.Correct(
                r, g, gradients, halves, MaxIterations - steps, y, progress is null ? null : worst => progress.Report(new(++reported, worst)), cancellationToken);
            Add(x, preconditioner, y, engine);
        }
    }

    /// <inheritdoc cref="Fit{T}(LinearOperator{T}, Tensor{T}, Tensor{T}?, IProgress{IterationProgress}?, CancellationToken)"/>
    public SketchedLeastSquaresResult<T> Fit<T>(
        Tensor<T> a, Tensor<T> b, Tensor<T>? start = null, IProgress<IterationProgress>? progress = null, CancellationToken cancellationToken = default)
        where T : unmanaged, INumberBase<T>
    {
        ArgumentNullException.ThrowIfNull(a);
        try
        {
            // What is not finite shows in the sketch or in the residual: the matrix need not be read for it.
            return Fit(LinearOperator.Of(a), b, start, progress, cancellationToken);
        }
        catch (NonFiniteInputException)
        {
            _ = CheckedOperator.Of(a);
            throw;
        }
    }

    /// <inheritdoc cref="Fit{T}(LinearOperator{T}, Tensor{T}, Tensor{T}?, IProgress{IterationProgress}?, CancellationToken)"/>
    public SketchedLeastSquaresResult<T> Fit<T>(
        CsrMatrix<T> a, Tensor<T> b, Tensor<T>? start = null, IProgress<IterationProgress>? progress = null, CancellationToken cancellationToken = default)
        where T : unmanaged, INumberBase<T>
        => Fit(CheckedOperator.Of(a), b, start, progress, cancellationToken);

    /// <summary>The preconditioner: in single precision where that will do, else from a sketch in the precision of A.</summary>
    internal PreconditionedSystem<T> System<T>(LinearOperator<T> a, int rightSides, CancellationToken cancellationToken)
        where T : unmanaged, INumberBase<T>
    {
        if (MixedPrecision && a is DenseOperator<double> { View: { ColumnStride: 1, Rows: var m, Columns: var n } } dense && (long)m * n >= LeastMixed)
        {
            PreconditionedSystem<double>? single = n <= GramSystem.MostColumns ? GramSystem.TryCreate(dense, rightSides, Engine, cancellationToken) : null;
            cancellationToken.ThrowIfCancellationRequested();
            single ??= SinglePrecisionSystem.TryCreate(dense, Distribution.Embedding<float>(m, n, SamplingFactor, Draws(0)), rightSides, Engine);
            if (single is not null)
            {
                return (PreconditionedSystem<T>)(object)single;
            }
        }

        return new FullPrecisionSystem<T>(a, Distribution.Embedding<T>(a.Rows, a.Columns, SamplingFactor, Draws(0)), rightSides, Engine);
    }

    /// <summary>R = B - A X and G = A^T R, in one pass over A.</summary>
    private static void Residual<T>(LinearOperator<T> a, Tensor<T> x, in ReadOnlyMatrixView<T> b, Tensor<T> r, Tensor<T> g, ILinearAlgebraBackend engine)
        where T : unmanaged, INumberBase<T>
    {
        b.CopyTo(r.AsMatrix());
        Tensor<T> negative = FreshMemory.Uninitialized<T>(x.Lengths);
        TensorPrimitives.Negate(LinearAlgebra.Elements(x), LinearAlgebra.Elements(negative));
        T[] ones = new T[b.Columns];
        Array.Fill(ones, T.One);
        a.Step(negative.AsReadOnlyMatrix(), ones, r.AsMatrix(), g.AsMatrix(), engine);
    }

    /// <summary>X += N Y.</summary>
    private static void Add<T>(Tensor<T> x, RightPreconditioner<T> n, Tensor<T> y, ILinearAlgebraBackend engine)
        where T : unmanaged, INumberBase<T>
    {
        Tensor<T> step = FreshMemory.Zeros<T>(x.Lengths);
        n.Apply(y.AsReadOnlyMatrix(), step.AsMatrix(), engine);
        TensorPrimitives.Add(LinearAlgebra.Elements(x), LinearAlgebra.Elements(step), LinearAlgebra.Elements(x));
    }

    /// <summary>||A x|| = ||b - r|| of each right side.</summary>
    private static double[] Sizes<T>(in ReadOnlyMatrixView<T> b, Tensor<T> r)
        where T : unmanaged, INumberBase<T>
    {
        Tensor<T> image = b.ToTensor();
        TensorPrimitives.Subtract(LinearAlgebra.Elements(image), LinearAlgebra.Elements(r), LinearAlgebra.Elements(image));
        return Lsqr<T>.Norms(image);
    }

    /// <summary>
    /// The gradients that the tolerance allows, or what rounding leaves of them: the residual is off by about eps (|A| |x| + |r|) and so, its columns being nearly orthonormal, is the gradient of A N.
    /// </summary>
    private double[] Limits<T>(double[] columns, Tensor<T> x, double[] sizes, double[] residuals)
        where T : unmanaged, INumberBase<T>
    {
        double tolerance = Tolerance ?? (typeof(T) == typeof(float) ? 1e-5 : 1e-13);
        double[] limits = new double[sizes.Length];
        for (int j = 0; j < limits.Length; j++)
        {
            double terms = residuals[j];
            for (int i = 0; i < columns.Length; i++)
            {
                terms += columns[i] * OperatorProducts.Double(T.Abs(x[i, j]));
            }

            limits[j] = Math.Max(tolerance * sizes[j], 4 * LinearAlgebra.Epsilon<T>() * terms);
        }

        return limits;
    }

    private ReadOnlyMatrixView<T> Check<T>(LinearOperator<T> a, Tensor<T> b, Tensor<T>? start)
        where T : unmanaged, INumberBase<T>
    {
        ArgumentNullException.ThrowIfNull(a);
        if (a.Rows < a.Columns)
        {
            throw new ArgumentException($"The matrix must have at least as many rows as columns; it is {a.Rows} x {a.Columns}.", nameof(a));
        }

        ReadOnlyMatrixView<T> rightSide = LinearAlgebra.RightSide(b);
        if (rightSide.Rows != a.Rows || rightSide.Columns == 0)
        {
            throw new ArgumentException($"A {a.Rows} x {a.Columns} system cannot have a right side of {rightSide.Rows} x {rightSide.Columns}.", nameof(b));
        }

        Arguments.Finite(rightSide, default, nameof(b));
        if (start is not null)
        {
            ReadOnlyMatrixView<T> guess = LinearAlgebra.RightSide(start);
            if (guess.Rows != a.Columns || guess.Columns != rightSide.Columns)
            {
                throw new ArgumentException($"A guess must be {a.Columns} x {rightSide.Columns}; it is {guess.Rows} x {guess.Columns}.", nameof(start));
            }

            Arguments.Finite(guess, default, nameof(start));
        }

        Require(SamplingFactor >= 1 && double.IsFinite(SamplingFactor), SamplingFactor, "a finite number of at least 1");
        Require(Tolerance is null or > 0, Tolerance, "above 0");
        Require(MaxIterations >= 1, MaxIterations, "at least 1");
        ArgumentNullException.ThrowIfNull(Distribution);
        return rightSide;
    }
}

/// <summary>The solution of min ||A X - B||.</summary>
/// <param name="Solution">n x k, or n where b is a vector.</param>
/// <param name="ResidualNorms">||A x - b|| of each right side, from the residual itself.</param>
/// <param name="Rank">The rank of A that the sketch saw.</param>
/// <param name="RelativeError">The largest ||A (x - x*)|| / ||A x|| of the right sides, estimated from the gradient.</param>
/// <param name="Iterations">LSQR steps.</param>
/// <param name="Converged">Whether the tolerance, or the limit that rounding of the residual sets, was met.</param>
public sealed record SketchedLeastSquaresResult<T>(Tensor<T> Solution, Tensor<T> ResidualNorms, int Rank, double RelativeError, int Iterations, bool Converged)
    where T : unmanaged;
