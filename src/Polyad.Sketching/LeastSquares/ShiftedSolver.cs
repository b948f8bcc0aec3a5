using System.Numerics;
using System.Numerics.Tensors;

namespace Polyad.Sketching;

/// <summary>What <see cref="ShiftedSolver"/> makes its preconditioner of.</summary>
public enum ShiftedPreconditioner
{
    /// <summary>A Nystrom approximation (Frangella, Tropp, Udell 2023): for any operator.</summary>
    Nystrom,

    /// <summary>Randomly pivoted Cholesky (Diaz, Epperly, Frangella, Tropp, Webber 2023): for matrices of which columns can be had; it reads k columns and makes no product.</summary>
    RandomlyPivotedCholesky,

    /// <summary>None: conjugate gradients alone.</summary>
    None,
}

/// <summary>
/// (A + mu I) X = B for positive semidefinite A by conjugate gradients with a randomized low-rank preconditioner: with a rank of twice the effective dimension of A at mu the condition number is below 28
/// in the mean (Frangella, Tropp, Udell 2023), whatever that of A. Ridge regression, kernel ridge regression and Gaussian processes are of this form.
/// </summary>
public sealed class ShiftedSolver : RandomizedAlgorithm
{
    /// <summary>The preconditioner (default Nystrom).</summary>
    public ShiftedPreconditioner Preconditioner { get; init; }

    /// <summary>Its rank; null for min(n, 2 sqrt(n) + 20).</summary>
    public int? Rank { get; init; }

    /// <summary>It has converged when every ||B - (A + mu I) X|| is at most this times ||B||; null for 1e-10 in double, 1e-5 in float.</summary>
    public double? Tolerance { get; init; }

    /// <summary>The most steps (default 500).</summary>
    public int MaxIterations { get; init; } = 500;

    /// <summary>Solves for one right side or several.</summary>
    /// <param name="a">A, n x n, positive semidefinite (not checked).</param>
    /// <param name="shift">mu, at least 0.</param>
    /// <param name="b">n numbers, or n x k.</param>
    /// <param name="progress">Told the largest relative residual after each step.</param>
    /// <param name="cancellationToken">Looked at before each product.</param>
    /// <exception cref="ArgumentException">Shapes do not match, or an argument or option is out of range.</exception>
    /// <exception cref="NotPositiveDefiniteException">A direction of negative curvature was met.</exception>
    /// <exception cref="NonFiniteInputException">B or a product holds NaN or infinity.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public ShiftedResult<T> Fit<T>(LinearOperator<T> a, double shift, Tensor<T> b, IProgress<IterationProgress>? progress = null, CancellationToken cancellationToken = default)
        where T : unmanaged, INumberBase<T>
    {
        CheckedOperator.CheckSquare(a);
        if (Preconditioner == ShiftedPreconditioner.RandomlyPivotedCholesky)
        {
            throw new ArgumentException("Randomly pivoted Cholesky needs columns of A: pass a matrix, or the columns beside the operator.", nameof(a));
        }

        Check(a.Rows, shift, b);
        cancellationToken.ThrowIfCancellationRequested();
        LowRankPreconditioner<T>? preconditioner = null;
        if (Preconditioner == ShiftedPreconditioner.Nystrom)
        {
            EigenResult<T> top = new NystromEigen { Seed = Seed, Backend = Backend, PowerIterations = 0 }.Fit(a, PreconditionerRank(a.Rows), cancellationToken);
            ReadOnlySpan<T> values = LinearAlgebra.Elements(top.Values);
            preconditioner = new(top.Vectors, values, shift, OperatorProducts.Double(values[^1]));
        }

        return Iterate(a, shift, b, preconditioner, progress, cancellationToken);
    }

    /// <inheritdoc cref="Fit{T}(LinearOperator{T}, double, Tensor{T}, IProgress{IterationProgress}?, CancellationToken)"/>
    public ShiftedResult<T> Fit<T>(Tensor<T> a, double shift, Tensor<T> b, IProgress<IterationProgress>? progress = null, CancellationToken cancellationToken = default)
        where T : unmanaged, INumberBase<T>
    {
        LinearOperator<T> matrix = CheckedOperator.Of(a);
        CheckedOperator.CheckSquare(matrix);
        return Preconditioner == ShiftedPreconditioner.RandomlyPivotedCholesky
            ? Pivoted(matrix, shift, b, finder => finder.Fit(a, PreconditionerRank(matrix.Rows), null, cancellationToken), progress, cancellationToken)
            : Fit(matrix, shift, b, progress, cancellationToken);
    }

    /// <summary>Solves with a preconditioner by randomly pivoted Cholesky of the columns given beside the operator.</summary>
    /// <param name="a">A, n x n, positive semidefinite (not checked).</param>
    /// <param name="columns">The columns of A.</param>
    /// <param name="shift">mu, at least 0.</param>
    /// <param name="b">n numbers, or n x k.</param>
    /// <param name="progress">Told the largest relative residual after each step.</param>
    /// <param name="cancellationToken">Looked at before each product.</param>
    /// <inheritdoc cref="Fit{T}(LinearOperator{T}, double, Tensor{T}, IProgress{IterationProgress}?, CancellationToken)"/>
    public ShiftedResult<T> Fit<T>(
        LinearOperator<T> a, ISemidefiniteColumns<T> columns, double shift, Tensor<T> b, IProgress<IterationProgress>? progress = null, CancellationToken cancellationToken = default)
        where T : unmanaged, INumberBase<T>
    {
        CheckedOperator.CheckSquare(a);
        ArgumentNullException.ThrowIfNull(columns);
        if (columns.Order != a.Rows)
        {
            throw new ArgumentException($"The columns are of a matrix of order {columns.Order}; the operator's is {a.Rows}.", nameof(columns));
        }

        return Pivoted(a, shift, b, finder => finder.Fit(columns, PreconditionerRank(a.Rows), null, cancellationToken), progress, cancellationToken);
    }

    private ShiftedResult<T> Pivoted<T>(
        LinearOperator<T> a, double shift, Tensor<T> b, Func<RandomlyPivotedCholesky, PivotedCholeskyResult<T>> find, IProgress<IterationProgress>? progress, CancellationToken cancellationToken)
        where T : unmanaged, INumberBase<T>
    {
        Check(a.Rows, shift, b);
        if (shift == 0)
        {
            throw new ArgumentOutOfRangeException(nameof(shift), shift, "Without a shift the matrix of a randomly pivoted Cholesky factor cannot be inverted.");
        }

        // F F^T + mu I through the SVD of F.
        Tensor<T> factor = find(new RandomlyPivotedCholesky { Seed = Seed, Backend = Backend }).Factor;
        if (factor.Lengths[1] == 0)
        {
            return Iterate(a, shift, b, null, progress, cancellationToken);
        }

        SvdResult<T> svd = LinearAlgebra.Svd(factor.AsReadOnlyMatrix(), backend: Engine);
        T[] squares = LinearAlgebra.Elements(svd.S).ToArray();
        TensorPrimitives.Multiply(squares, squares, squares);
        return Iterate(a, shift, b, new LowRankPreconditioner<T>(svd.U, squares, shift, 0), progress, cancellationToken);
    }

    /// <summary>Conjugate gradients (Hestenes, Stiefel 1952) of several right sides at once, each with its own scalars.</summary>
    private ShiftedResult<T> Iterate<T>(
        LinearOperator<T> a, double shift, Tensor<T> b, LowRankPreconditioner<T>? preconditioner, IProgress<IterationProgress>? progress, CancellationToken cancellationToken)
        where T : unmanaged, INumberBase<T>
    {
        ILinearAlgebraBackend engine = Engine;
        double tolerance = Tolerance ?? (typeof(T) == typeof(float) ? 1e-5 : 1e-10);
        Tensor<T> r = LinearAlgebra.RightSide(b).ToTensor();
        int n = a.Rows, k = (int)r.Lengths[1];
        Tensor<T> x = FreshMemory.Zeros<T>([n, k]), z = FreshMemory.Zeros<T>([n, k]), p = FreshMemory.Zeros<T>([n, k]), q = FreshMemory.Zeros<T>([n, k]);
        double[] sizes = Lsqr<T>.Norms(r), residuals = [.. sizes], old = new double[k];
        int step = 0;
        for (; step < MaxIterations && Worst(residuals, sizes) > tolerance; step++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (preconditioner is null)
            {
                LinearAlgebra.Elements(r).CopyTo(LinearAlgebra.Elements(z));
            }
            else
            {
                preconditioner.Apply(r, z, engine);
            }

            double[] inner = ColumnDots(r, z);
            Update(p, z, [.. inner.Zip(old, static (now, before) => before > 0 ? now / before : 0)], swap: true);
            a.Apply(p.AsReadOnlyMatrix(), q.AsMatrix(), engine);
            TensorPrimitives.MultiplyAdd(LinearAlgebra.Elements(p), T.CreateTruncating(shift), LinearAlgebra.Elements(q), LinearAlgebra.Elements(q));
            double[] curvature = ColumnDots(p, q);
            for (int j = 0; j < k; j++)
            {
                if (!double.IsFinite(curvature[j]))
                {
                    throw new NonFiniteInputException($"A product with the {n} x {n} matrix holds NaN or infinity.", nameof(a));
                }

                if (curvature[j] < 0 && residuals[j] > tolerance * sizes[j])
                {
                    throw new NotPositiveDefiniteException($"The {n} x {n} matrix plus {shift} is not positive definite: a direction has curvature {curvature[j]:E2}.", 0);
                }
            }

            double[] length = [.. inner.Zip(curvature, static (num, den) => den > 0 ? num / den : 0)];
            Update(x, p, length, swap: false);
            Update(r, q, [.. length.Select(static l => -l)], swap: false);
            residuals = Lsqr<T>.Norms(r);
            old = inner;
            progress?.Report(new(step + 1, Worst(residuals, sizes)));
        }

        // The residual itself, not what the recurrence says of it.
        a.Apply(x.AsReadOnlyMatrix(), q.AsMatrix(), engine);
        TensorPrimitives.MultiplyAdd(LinearAlgebra.Elements(x), T.CreateTruncating(shift), LinearAlgebra.Elements(q), LinearAlgebra.Elements(q));
        LinearAlgebra.RightSide(b).CopyTo(r.AsMatrix());
        TensorPrimitives.Subtract(LinearAlgebra.Elements(r), LinearAlgebra.Elements(q), LinearAlgebra.Elements(r));
        double error = Worst(Lsqr<T>.Norms(r), sizes);
        return new(LinearAlgebra.LikeRightSide(x, b), error, step, error <= 10 * tolerance);
    }

    private static double Worst(double[] residuals, double[] sizes)
    {
        double worst = 0;
        for (int j = 0; j < sizes.Length; j++)
        {
            worst = Math.Max(worst, residuals[j] == 0 ? 0 : residuals[j] / sizes[j]);
        }

        return worst;
    }

    private static double[] ColumnDots<T>(Tensor<T> x, Tensor<T> y)
        where T : unmanaged, INumberBase<T>
    {
        int k = (int)x.Lengths[1];
        double[] dots = new double[k];
        ReadOnlySpan<T> p = LinearAlgebra.Elements(x), q = LinearAlgebra.Elements(y);
        for (int i = 0; i < p.Length; i++)
        {
            dots[i % k] += OperatorProducts.Double(p[i]) * OperatorProducts.Double(q[i]);
        }

        return dots;
    }

    /// <summary>X += s Y by columns, or with <paramref name="swap"/> X = Y + s X.</summary>
    private static void Update<T>(Tensor<T> x, Tensor<T> y, double[] s, bool swap)
        where T : unmanaged, INumberBase<T>
    {
        int k = s.Length;
        T[] scales = [.. s.Select(static v => T.CreateTruncating(v))];
        Span<T> to = LinearAlgebra.Elements(x), from = LinearAlgebra.Elements(y);
        for (int i = 0; i < to.Length; i++)
        {
            to[i] = swap ? from[i] + (scales[i % k] * to[i]) : to[i] + (scales[i % k] * from[i]);
        }
    }

    private int PreconditionerRank(int order)
    {
        int rank = Rank ?? (int)Math.Min(order, (2 * Math.Sqrt(order)) + 20);
        Require(rank >= 1 && rank <= order, Rank, $"from 1 to the order, {order}");
        return rank;
    }

    private void Check<T>(int order, double shift, Tensor<T> b)
        where T : unmanaged, INumberBase<T>
    {
        if (!(shift >= 0) || !double.IsFinite(shift))
        {
            throw new ArgumentOutOfRangeException(nameof(shift), shift, "The shift must be finite and at least 0.");
        }

        ReadOnlyMatrixView<T> rightSide = LinearAlgebra.RightSide(b);
        if (rightSide.Rows != order || rightSide.Columns == 0)
        {
            throw new ArgumentException($"A {order} x {order} system cannot have a right side of {rightSide.Rows} x {rightSide.Columns}.", nameof(b));
        }

        Arguments.Finite(rightSide, default, nameof(b));
        Require(Tolerance is null or > 0, Tolerance, "above 0");
        Require(MaxIterations >= 1, MaxIterations, "at least 1");
    }
}

/// <summary>The solution of (A + mu I) X = B.</summary>
/// <param name="Solution">n x k, or n where b is a vector.</param>
/// <param name="RelativeResidual">The largest ||B - (A + mu I) X|| / ||B|| of the right sides, from the residual itself.</param>
/// <param name="Iterations">Steps taken.</param>
/// <param name="Converged">Whether the residual is at most ten times the tolerance.</param>
public sealed record ShiftedResult<T>(Tensor<T> Solution, double RelativeResidual, int Iterations, bool Converged)
    where T : unmanaged;
