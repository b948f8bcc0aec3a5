using System.Numerics;
using System.Numerics.Tensors;

namespace Polyad.Sketching;

/// <summary>How <see cref="RidgeRegression"/> solves.</summary>
public enum RidgeSolver
{
    /// <summary>Primal or dual, whichever is smaller, up to an order of 2000; beyond that sketched.</summary>
    Automatic,

    /// <summary>Cholesky of X^T X + alpha I: n d^2 + d^3 / 3 flops, the former far fewer for sparse rows. Errors grow with the square of the condition number.</summary>
    Primal,

    /// <summary>Cholesky of X X^T + alpha I: n^2 d + n^3 / 3 flops, the former far fewer for sparse rows. For fewer rows than columns.</summary>
    Dual,

    /// <summary><see cref="SketchedLeastSquares"/> of [X; sqrt(alpha) I]: full accuracy, a pass over X per step.</summary>
    Sketched,

    /// <summary><see cref="ShiftedSolver"/> of X^T X + alpha I with a Nystrom preconditioner: for many columns of low effective dimension.</summary>
    NystromConjugateGradients,
}

/// <summary>
/// Linear regression with a penalty: min ||Y - X W - 1 c^T||_F^2 + alpha ||W||_F^2, as scikit-learn's Ridge has it. Dense or sparse rows; sparse ones are never centred in memory.
/// </summary>
public sealed class RidgeRegression : RandomizedAlgorithm
{
    /// <summary>alpha, at least 0 (default 1).</summary>
    public double Alpha { get; init; } = 1;

    /// <summary>Whether c is fitted (default true); it is not penalized.</summary>
    public bool FitIntercept { get; init; } = true;

    /// <summary>How (default automatic).</summary>
    public RidgeSolver Solver { get; init; }

    /// <summary>The accuracy of iterative solvers; null for their own.</summary>
    public double? Tolerance { get; init; }

    /// <summary>Fits to rows of a dense matrix.</summary>
    /// <param name="x">n x d.</param>
    /// <param name="y">n numbers, or n x t.</param>
    /// <param name="progress">Told of the steps of iterative solvers.</param>
    /// <param name="cancellationToken">Looked at between steps.</param>
    /// <exception cref="ArgumentException">Shapes do not match, or an option is out of range.</exception>
    /// <exception cref="NotPositiveDefiniteException">With alpha = 0 the columns are dependent.</exception>
    /// <exception cref="NonFiniteInputException">X or Y holds NaN or infinity.</exception>
    /// <exception cref="OverflowException">Primal and dual: a squared length leaves the range of <typeparamref name="T"/>.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public LinearModel<T> Fit<T>(Tensor<T> x, Tensor<T> y, IProgress<IterationProgress>? progress = null, CancellationToken cancellationToken = default)
        where T : unmanaged, INumberBase<T>
        => Fit(CheckedOperator.Of(x), y, progress, cancellationToken);

    /// <summary>Fits to rows of a sparse matrix.</summary>
    /// <inheritdoc cref="Fit{T}(Tensor{T}, Tensor{T}, IProgress{IterationProgress}?, CancellationToken)"/>
    public LinearModel<T> Fit<T>(CsrMatrix<T> x, Tensor<T> y, IProgress<IterationProgress>? progress = null, CancellationToken cancellationToken = default)
        where T : unmanaged, INumberBase<T>
        => Fit(CheckedOperator.Of(x), y, progress, cancellationToken);

    /// <summary>Fits to rows known by products.</summary>
    /// <inheritdoc cref="Fit{T}(Tensor{T}, Tensor{T}, IProgress{IterationProgress}?, CancellationToken)"/>
    public LinearModel<T> Fit<T>(LinearOperator<T> x, Tensor<T> y, IProgress<IterationProgress>? progress = null, CancellationToken cancellationToken = default)
        where T : unmanaged, INumberBase<T>
    {
        ReadOnlyMatrixView<T> targets = Check(x, y);
        ILinearAlgebraBackend engine = Engine;
        int n = x.Rows, d = x.Columns, k = targets.Columns;
        cancellationToken.ThrowIfCancellationRequested();
        T[] mean = new T[d], middle = new T[k];
        Tensor<T> centred = targets.ToTensor();
        LinearOperator<T> rows = x;
        if (FitIntercept)
        {
            Tensor<T> weights = FreshMemory.Zeros<T>([n, 1]);
            LinearAlgebra.Elements(weights).Fill(T.One / T.CreateTruncating(n));
            x.ApplyAdjoint(weights.AsReadOnlyMatrix(), new MatrixView<T>(mean, d, 1), engine);
            engine.MatMul(T.One, weights.AsReadOnlyMatrix().Transpose, targets, T.Zero, new MatrixView<T>(middle, 1, k));
            Tensor<T> ones = FreshMemory.Zeros<T>([n, 1]);
            LinearAlgebra.Elements(ones).Fill(T.One);
            engine.MatMul(-T.One, ones.AsReadOnlyMatrix(), new ReadOnlyMatrixView<T>(middle, 1, k), T.One, centred.AsMatrix());
            rows = Centre(x, mean, engine);
        }

        (Tensor<T> w, int iterations, bool converged) = Solve(rows, centred, engine, progress, cancellationToken);

        // c = mean(y) - W^T mean(x)
        engine.MatMul(-T.One, w.AsReadOnlyMatrix().Transpose, new ReadOnlyMatrixView<T>(mean, d, 1), T.One, new MatrixView<T>(middle, k, 1));
        return new(w, Tensor.Create(middle, [k]), iterations, converged);
    }

    /// <summary>A dense matrix is centred in a copy, which costs less than two thin products at every step; others implicitly.</summary>
    private static LinearOperator<T> Centre<T>(LinearOperator<T> x, T[] mean, ILinearAlgebraBackend engine)
        where T : unmanaged, INumberBase<T>
    {
        if (x is not DenseOperator<T> dense)
        {
            return new CenteredOperator<T>(x, mean);
        }

        Tensor<T> copy = dense.View.ToTensor();
        Span<T> elements = LinearAlgebra.Elements(copy);
        for (int i = 0; i < elements.Length; i += mean.Length)
        {
            TensorPrimitives.Subtract(elements.Slice(i, mean.Length), mean, elements.Slice(i, mean.Length));
        }

        return LinearOperator.Of(copy);
    }

    private (Tensor<T> Solution, int Iterations, bool Converged) Solve<T>(
        LinearOperator<T> x, Tensor<T> y, ILinearAlgebraBackend engine, IProgress<IterationProgress>? progress, CancellationToken cancellationToken)
        where T : unmanaged, INumberBase<T>
    {
        RidgeSolver solver = Solver != RidgeSolver.Automatic ? Solver
            : Math.Min(x.Rows, x.Columns) > 2000 ? RidgeSolver.Sketched
            : x.Rows < x.Columns ? RidgeSolver.Dual : RidgeSolver.Primal;
        switch (solver)
        {
            case RidgeSolver.Primal:
                Tensor<T> normal = Gram(x.Adjoint, engine);
                AddDiagonal(normal, "column");
                return (LinearAlgebra.SolvePositiveDefinite(normal, x.ApplyAdjoint(y, engine), engine), 0, true);
            case RidgeSolver.Dual:
                Tensor<T> kernel = Gram(x, engine);
                AddDiagonal(kernel, "row");
                return (x.ApplyAdjoint(LinearAlgebra.SolvePositiveDefinite(kernel, y, engine), engine), 0, true);
            case RidgeSolver.Sketched:
                Tensor<T> stacked = FreshMemory.Zeros<T>([x.Rows + x.Columns, y.Lengths[1]]);
                y.AsReadOnlyMatrix().CopyTo(stacked.AsMatrix().Slice(0, 0, x.Rows, (int)y.Lengths[1]));
                SketchedLeastSquaresResult<T> fit = new SketchedLeastSquares { Seed = Seed, Backend = Backend, Tolerance = Tolerance }
                    .Fit(new RidgeOperator<T>(x, T.CreateTruncating(Math.Sqrt(Alpha))), stacked, null, progress, cancellationToken);
                return (fit.Solution, fit.Iterations, fit.Converged);
            case RidgeSolver.NystromConjugateGradients:
                ShiftedResult<T> solved = new ShiftedSolver { Seed = Seed, Backend = Backend, Tolerance = Tolerance }.Fit(new NormalOperator<T>(x), Alpha, x.ApplyAdjoint(y, engine), progress, cancellationToken);
                return (solved.Solution, solved.Iterations, solved.Converged);
            default:
                throw new ArgumentException($"There is no solver {Solver}.", nameof(x));
        }
    }

    /// <summary>A A^T.</summary>
    private static Tensor<T> Gram<T>(LinearOperator<T> a, ILinearAlgebraBackend engine)
        where T : unmanaged, INumberBase<T>
        => a is DenseOperator<T> dense ? LinearAlgebra.Gram(dense.View, engine) : SparseGram.TryCreate(a) ?? KrylovIteration.WriteOut(new NormalOperator<T>(a.Adjoint), engine);

    private void AddDiagonal<T>(Tensor<T> a, string line)
        where T : unmanaged, INumberBase<T>
    {
        for (int i = 0; i < a.Lengths[0]; i++)
        {
            if (!T.IsFinite(a[i, i]))
            {
                throw new OverflowException($"The squared length of {line} {i} leaves the range of {typeof(T).Name}: scale the rows down, or take {nameof(RidgeSolver)}.{nameof(RidgeSolver.Sketched)}, which squares nothing.");
            }

            a[i, i] += T.CreateTruncating(Alpha);
        }
    }

    private ReadOnlyMatrixView<T> Check<T>(LinearOperator<T> x, Tensor<T> y)
        where T : unmanaged, INumberBase<T>
    {
        ArgumentNullException.ThrowIfNull(x);
        ReadOnlyMatrixView<T> targets = LinearAlgebra.RightSide(y);
        if (targets.Rows != x.Rows || targets.Columns == 0)
        {
            throw new ArgumentException($"There must be one target, or row of targets, for each of {x.Rows} rows; given {targets.Rows} x {targets.Columns}.", nameof(y));
        }

        Arguments.Finite(targets, default, nameof(y));
        Require(Alpha >= 0 && double.IsFinite(Alpha), Alpha, "a finite number of at least 0");
        return targets;
    }
}

/// <summary>A fitted linear model: y = W^T x + c.</summary>
/// <param name="Coefficients">W, d x t.</param>
/// <param name="Intercept">c, t numbers; zeros when it was not fitted.</param>
/// <param name="Iterations">Steps of an iterative solver; 0 for a direct one.</param>
/// <param name="Converged">Whether the iterative solver met its tolerance; true for a direct one.</param>
public sealed record LinearModel<T>(Tensor<T> Coefficients, Tensor<T> Intercept, int Iterations, bool Converged)
    where T : unmanaged, INumberBase<T>
{
    /// <summary>The predictions for n rows, n x t.</summary>
    /// <param name="x">n x d.</param>
    /// <param name="backend">The engine; null for the current one.</param>
    /// <exception cref="ArgumentException">The rows have another length than d.</exception>
    public Tensor<T> Predict(Tensor<T> x, ILinearAlgebraBackend? backend = null)
    {
        ReadOnlyMatrixView<T> view = x.AsReadOnlyMatrix();
        Check(view.Rows, view.Columns, nameof(x));
        return WithIntercept(LinearAlgebra.MatMul(view, Coefficients.AsReadOnlyMatrix(), backend));
    }

    /// <inheritdoc cref="Predict(Tensor{T}, ILinearAlgebraBackend?)"/>
    public Tensor<T> Predict(CsrMatrix<T> x)
    {
        ArgumentNullException.ThrowIfNull(x);
        Check(x.Rows, x.Columns, nameof(x));
        return WithIntercept(x.Multiply(Coefficients.AsReadOnlyMatrix()));
    }

    private void Check(int rows, int columns, string name)
    {
        if (columns != Coefficients.Lengths[0])
        {
            throw new ArgumentException($"The model was fitted to rows of {Coefficients.Lengths[0]} numbers; given {rows} x {columns}.", name);
        }
    }

    private Tensor<T> WithIntercept(Tensor<T> product)
    {
        Span<T> elements = LinearAlgebra.Elements(product);
        int t = (int)Intercept.FlattenedLength;
        for (int i = 0; i < elements.Length; i += t)
        {
            TensorPrimitives.Add(elements.Slice(i, t), LinearAlgebra.Elements(Intercept), elements.Slice(i, t));
        }

        return product;
    }
}
