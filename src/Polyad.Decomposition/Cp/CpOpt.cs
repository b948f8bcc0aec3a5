using System.Globalization;
using System.Numerics;
using System.Numerics.Tensors;

namespace Polyad.Decomposition;

/// <summary>
/// Canonical polyadic decomposition with all factors moved at once (CP-OPT: Acar, Dunlavy, Kolda 2011): ||X - M||^2 is made small by limited-memory BFGS steps on its gradient, which the dimension tree
/// forms in two readings of the tensor. It is less easily caught where components are too many or nearly collinear; where they are neither, <see cref="CpAls"/> is faster.
/// Elements are <see cref="float"/>, <see cref="double"/> or <see cref="Complex"/>.
/// A start has converged when the relative error ||X - M|| / ||X|| changes by less than <see cref="IterativeDecomposition.Tolerance"/> (default 1e-9) in each of two steps in a row, when no step
/// lowers it any more, or when the gradient is small (<see cref="GradientTolerance"/>).
/// </summary>
public sealed class CpOpt : IterativeDecomposition
{
    /// <summary>At most 1000 steps, tolerance 1e-9.</summary>
    public CpOpt()
        : base(maxIterations: 1000, tolerance: 1e-9)
    {
    }

    /// <summary>Where the first start begins (default <see cref="CpInitialization.GramEigen"/>); a start that is not given is brought to the size of the tensor by one sweep of least squares.</summary>
    public CpInitialization Initialization { get; init; }

    /// <summary>Starts to try (default 1); those after the first begin at random. The one with the least error is returned.</summary>
    public int Restarts { get; init; } = 1;

    /// <summary>A start has also converged when the largest entry of the gradient of ||X - M||^2 / (2 ||X||^2), by factors of a tensor of norm one, is below this (default 1e-10).</summary>
    public double GradientTolerance { get; init; } = 1e-10;

    /// <summary>Steps that shape the next one (default 10).</summary>
    public int Memory { get; init; } = 10;

    /// <summary>The l2 penalty: ||X - M||^2 + ridge (||U_0||^2 + ||U_1||^2 + ...) is made small (default 0).</summary>
    public double Ridge { get; init; }

    /// <summary>Fits a model of <paramref name="rank"/> components.</summary>
    /// <param name="tensor">X, order 2 or more, any strides; not modified.</param>
    /// <param name="rank">The number of components, at least 1; it may exceed the lengths.</param>
    /// <param name="progress">Told after each step.</param>
    /// <param name="cancellationToken">Looked at before each step.</param>
    /// <exception cref="ArgumentException">The tensor is empty or of order 1, or an option does not fit.</exception>
    /// <exception cref="NonFiniteInputException">The tensor holds NaN or infinity.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public CpResult<T> Fit<T>(Tensor<T> tensor, int rank, IProgress<DecompositionProgress>? progress = null, CancellationToken cancellationToken = default)
        where T : unmanaged, INumberBase<T>
    {
        ArgumentNullException.ThrowIfNull(tensor);
        CpStart.CheckRank(tensor.Lengths, rank);
        return Initialization != CpInitialization.Given ? Run(tensor, rank, null, progress, cancellationToken)
            : throw new ArgumentException("Initialization.Given needs the overload that takes a model.", nameof(tensor));
    }

    /// <summary>Fits a model from another one; it is copied.</summary>
    /// <inheritdoc cref="Fit{T}(Tensor{T}, int, IProgress{DecompositionProgress}, CancellationToken)"/>
    public CpResult<T> Fit<T>(Tensor<T> tensor, CpTensor<T> initial, IProgress<DecompositionProgress>? progress = null, CancellationToken cancellationToken = default)
        where T : unmanaged, INumberBase<T>
    {
        ArgumentNullException.ThrowIfNull(tensor);
        ArgumentNullException.ThrowIfNull(initial);
        return Run(tensor, CpStart.RankOf(tensor, initial.Factors), initial.Distribute().Factors, progress, cancellationToken);
    }

    private CpResult<T> Run<T>(
        Tensor<T> tensor, int rank, IReadOnlyList<Tensor<T>>? given, IProgress<DecompositionProgress>? progress, CancellationToken cancellationToken)
        where T : unmanaged, INumberBase<T>
    {
        CheckOptions();
        ArgumentOutOfRangeException.ThrowIfLessThan(Restarts, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(Memory, 1);
        NonNegative(Ridge, nameof(Ridge));
        NonNegative(GradientTolerance, nameof(GradientTolerance));
        DenseInput<T> input = DenseInput<T>.Of(tensor, 2, complex: true);
        Tensor<T>[]? copies = given is null ? null : CpStart.Copies(given);
        cancellationToken.ThrowIfCancellationRequested();
        string subject = string.Create(
            CultureInfo.InvariantCulture,
            $"CpOpt {typeof(T).Name} {DenseData.Text(input.Lengths)} norm {input.Norm:R} rank {rank}{CpStart.Print(given)} start {Initialization} seed {Seed} restarts {Restarts} ridge {Ridge:R} memory {Memory}");
        Resume?.Require(subject);
        CpRestarts<T> starts = new(input, Engine, Resume?.State, unscaled: true);
        double ridge = Ridge * Math.Pow(input.Scale, (2.0 / input.Order) - 2);
        using CpGradient<T> gradient = new(input, rank, ridge, Engine);
        for (int start = starts.First; start < Restarts; start++)
        {
            CpFitState<T> fit;
            if (starts.TakeResumed() is { } archive)
            {
                fit = CpFitState<T>.Of(archive, "", input.Order, Engine, default, unscaled: true);
                Descend(gradient, fit, new LimitedMemoryBfgs(archive, "bfgs_", gradient.At(fit.State), Memory, CpGradient<T>.Noise), start, starts, subject, progress, cancellationToken);
            }
            else
            {
                fit = Started(input, rank, start, copies);
                if (!fit.Converged)
                {
                    if (copies is null || start > 0)
                    {
                        gradient.Sweep(fit.State);
                    }

                    Descend(gradient, fit, new LimitedMemoryBfgs(gradient.Begin(fit.State), gradient.At(fit.State), Memory, CpGradient<T>.Noise), start, starts, subject, progress, cancellationToken);
                }
            }

            starts.Consider(fit);
        }

        return starts.Best!.Result(input, starts.Least);
    }

    private CpFitState<T> Started<T>(DenseInput<T> input, int rank, int start, Tensor<T>[]? given)
        where T : unmanaged, INumberBase<T>
    {
        Tensor<T>[] factors = given is not null && start == 0 ? [.. given.Select(DenseData.Copy)]
            : CpStart.Factors(input, rank, start > 0 ? CpInitialization.Random : Initialization, new CounterRandom(Seed, (ulong)start << 32), Engine);
        CpFitState<T> fit = new(CpState<T>.Unscaled(factors, Engine));
        if (input.Norm == 0)
        {
            Array.Clear(fit.State.Weights);
            fit.Converged = true;
        }

        return fit;
    }

    private void Descend<T>(
        CpGradient<T> gradient, CpFitState<T> fit, LimitedMemoryBfgs steps, int start, CpRestarts<T> starts, string subject,
        IProgress<DecompositionProgress>? progress, CancellationToken cancellationToken)
        where T : unmanaged, INumberBase<T>
    {
        List<double> errors = fit.Errors;
        while (!fit.Converged && errors.Count < MaxIterations)
        {
            cancellationToken.ThrowIfCancellationRequested();
            bool lower = steps.Step();
            errors.Add(gradient.RelativeError(fit.State, steps.Point, steps.Value));
            bool still = errors.Count > 2 && Math.Abs(errors[^1] - errors[^2]) < Tolerance && Math.Abs(errors[^2] - errors[^3]) < Tolerance;
            fit.Converged = !lower || still || Math.Abs(TensorPrimitives.MaxMagnitude<double>(steps.Gradient)) < GradientTolerance;
            progress?.Report(new DecompositionProgress(errors.Count, errors[^1], start));
            Checkpoint?.Leave(errors.Count, () =>
            {
                FitCheckpoint checkpoint = starts.Snapshot(subject, start, errors.Count);
                fit.AddTo(checkpoint.State, "");
                steps.AddTo(checkpoint.State, "bfgs_");
                return checkpoint;
            });
        }
    }
}
