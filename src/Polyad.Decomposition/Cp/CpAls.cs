using System.Globalization;
using System.Numerics;
using System.Numerics.Tensors;

namespace Polyad.Decomposition;

/// <summary>
/// Canonical polyadic (PARAFAC) decomposition by alternating least squares (Carroll, Chang 1970; Harshman 1970) with a dimension tree: a sweep reads the tensor twice
/// whatever its order, 4 R prod(I) flops, and stores neither an unfolding nor a Khatri-Rao product of the tensor's size.
/// A start has converged when the relative error ||X - M|| / ||X|| changes by less than <see cref="IterativeDecomposition.Tolerance"/> (default 1e-8) from one sweep to the next.
/// </summary>
public sealed class CpAls : IterativeDecomposition
{
    /// <summary>At most 500 sweeps, tolerance 1e-8.</summary>
    public CpAls()
        : base(maxIterations: 500, tolerance: 1e-8)
    {
    }

    /// <summary>Where the first start begins (default <see cref="CpInitialization.GramEigen"/>).</summary>
    public CpInitialization Initialization { get; init; }

    /// <summary>Starts to try (default 1); those after the first begin at random. The one with the least error is returned.</summary>
    public int Restarts { get; init; } = 1;

    /// <summary>Added to the diagonal of every normal matrix, the other factors having unit columns (default 0).</summary>
    public double Ridge { get; init; }

    /// <summary>Fits a model of <paramref name="rank"/> components.</summary>
    /// <param name="tensor">X, order 2 or more, any strides; not modified.</param>
    /// <param name="rank">The number of components, at least 1; it may exceed the lengths.</param>
    /// <param name="progress">Told after each sweep.</param>
    /// <param name="cancellationToken">Looked at before each sweep.</param>
    /// <exception cref="ArgumentException">The tensor is empty or of order 1, or an option does not fit.</exception>
    /// <exception cref="NonFiniteInputException">The tensor holds NaN or infinity.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public CpResult<T> Fit<T>(Tensor<T> tensor, int rank, IProgress<DecompositionProgress>? progress = null, CancellationToken cancellationToken = default)
        where T : unmanaged, INumberBase<T>
    {
        ArgumentNullException.ThrowIfNull(tensor);
        if (rank < 1)
        {
            throw new ArgumentOutOfRangeException(nameof(rank), rank, $"A model of a tensor of shape {DenseData.Text(tensor.Lengths)} needs a rank of at least 1.");
        }

        if (Initialization == CpInitialization.Given)
        {
            throw new ArgumentException("Initialization.Given needs the overload that takes the factors.", nameof(tensor));
        }

        return Run(tensor, rank, null, progress, cancellationToken);
    }

    /// <summary>Fits a model from given factors, one I_n x R matrix for each mode; they are copied.</summary>
    /// <inheritdoc cref="Fit{T}(Tensor{T}, int, IProgress{DecompositionProgress}, CancellationToken)"/>
    public CpResult<T> Fit<T>(
        Tensor<T> tensor, IReadOnlyList<Tensor<T>> initialFactors, IProgress<DecompositionProgress>? progress = null, CancellationToken cancellationToken = default)
        where T : unmanaged, INumberBase<T>
    {
        ArgumentNullException.ThrowIfNull(tensor);
        ArgumentNullException.ThrowIfNull(initialFactors);
        return Run(tensor, CpStart.RankOf(tensor, initialFactors), initialFactors, progress, cancellationToken);
    }

    private CpResult<T> Run<T>(
        Tensor<T> tensor, int rank, IReadOnlyList<Tensor<T>>? given, IProgress<DecompositionProgress>? progress, CancellationToken cancellationToken)
        where T : unmanaged, INumberBase<T>
    {
        CheckOptions();
        ArgumentOutOfRangeException.ThrowIfLessThan(Restarts, 1);
        NonNegative(Ridge, nameof(Ridge));
        DenseInput<T> input = DenseInput<T>.Of(tensor, 2);
        cancellationToken.ThrowIfCancellationRequested();
        string subject = string.Create(
            CultureInfo.InvariantCulture,
            $"CpAls {typeof(T).Name} {DenseData.Text(input.Lengths)} norm {input.Norm:R} rank {rank} start {(given is null ? Initialization : CpInitialization.Given)} seed {Seed} restarts {Restarts} ridge {Ridge:R}");
        Resume?.Require(subject);
        ModelArchive? resumed = Resume?.State;
        int first = resumed?.Whole("start") ?? 0;
        CpFitState<T>? best = resumed is not null && first > 0 ? CpFitState<T>.Of(resumed, "best_", input.Order, Engine, default) : null;
        double least = resumed?.Number("best_error") ?? double.PositiveInfinity;
        for (int start = first; start < Restarts; start++)
        {
            CounterRandom draws = new(Seed, (ulong)start << 32);
            CpFitState<T> fit = resumed is not null ? CpFitState<T>.Of(resumed, "", input.Order, Engine, draws)
                : new CpFitState<T>(new CpState<T>(CpStart.Factors(input, rank, start > 0 ? CpInitialization.Random : Initialization, start > 0 ? null : given, draws, Engine), Engine, draws));
            resumed = null;
            Descend(input, fit, start, () => Snapshot(subject, start, fit, best, least), progress, cancellationToken);
            double error = input.Norm == 0 ? 0 : CpError.Exact(input, fit.State, Engine);
            if (best is null || error < least)
            {
                (best, least) = (fit, error);
            }
        }

        return best!.Result(input, least);
    }

    private void Descend<T>(
        DenseInput<T> input, CpFitState<T> fit, int start, Func<FitCheckpoint> snapshot, IProgress<DecompositionProgress>? progress, CancellationToken cancellationToken)
        where T : unmanaged, INumberBase<T>
    {
        if (input.Norm == 0)
        {
            Array.Clear(fit.State.Weights);
            fit.Converged = true;
            return;
        }

        AlternatingLeastSquares<T> sweeps = new(input, fit.State, Engine, Ridge);
        List<double> errors = fit.Errors;
        while (!fit.Converged && errors.Count < MaxIterations)
        {
            cancellationToken.ThrowIfCancellationRequested();
            sweeps.Sweep();
            errors.Add(sweeps.RelativeError());
            fit.Converged = errors.Count > 1 && Math.Abs(errors[^2] - errors[^1]) < Tolerance;
            progress?.Report(new DecompositionProgress(errors.Count, errors[^1], start));
            Checkpoint?.Leave(errors.Count, snapshot);
        }
    }

    private static FitCheckpoint Snapshot<T>(string subject, int start, CpFitState<T> fit, CpFitState<T>? best, double least)
        where T : unmanaged, INumberBase<T>
    {
        FitCheckpoint checkpoint = FitCheckpoint.Of(subject, fit.Errors.Count);
        checkpoint.State.Add("start", start);
        checkpoint.State.Add("best_error", least);
        fit.AddTo(checkpoint.State, "");
        best?.AddTo(checkpoint.State, "best_");
        return checkpoint;
    }
}
