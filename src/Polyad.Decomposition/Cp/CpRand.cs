using System.Globalization;
using System.Numerics;
using System.Numerics.Tensors;

namespace Polyad.Decomposition;

/// <summary>
/// Canonical polyadic decomposition by randomized alternating least squares (CPRAND: Battaglino, Ballard, Kolda 2018): each least-squares problem is solved on some sampled rows, S (I_n + R) numbers instead of
/// prod(I), and the error is estimated on a fixed set of entries. The whole tensor is read once to check it and once for the exact error of the result. Elements are <see cref="float"/>, <see cref="double"/> or
/// <see cref="Complex"/> (without <see cref="Mixing"/>).
/// A start has converged when the least estimated error ||X - M|| / ||X|| has not fallen by more than <see cref="IterativeDecomposition.Tolerance"/> (default 1e-4) in <see cref="Patience"/> sweeps; its best
/// sweep is the result. Where the last digits count, go on with <see cref="CpAls"/> from it: <c>new CpAls().Fit(x, result)</c>.
/// </summary>
public sealed class CpRand : IterativeDecomposition
{
    /// <summary>At most 1000 sweeps, tolerance 1e-4.</summary>
    public CpRand()
        : base(maxIterations: 1000, tolerance: 1e-4)
    {
    }

    /// <summary>How rows are drawn (default <see cref="CpSampling.Leverage"/>).</summary>
    public CpSampling Sampling { get; init; }

    /// <summary>Rows drawn for each least-squares problem; null (the default) for 20 R ln R + 8 R + 64. Too few lose components: product leverage scores may be a power of R below the true ones.</summary>
    public int? Samples { get; init; }

    /// <summary>
    /// Mix the tensor first along every mode by an orthogonal transform, so that uniform samples do on any tensor (default false). It costs 2 sum(I) prod(I) flops once and a copy of the tensor.
    /// </summary>
    public bool Mixing { get; init; }

    /// <summary>Entries on which the error is estimated (default 16384).</summary>
    public int ErrorEntries { get; init; } = 1 << 14;

    /// <summary>Sweeps without progress after which a start has converged (default 10).</summary>
    public int Patience { get; init; } = 10;

    /// <summary>Where the first start begins (default <see cref="CpInitialization.Random"/>, which reads nothing).</summary>
    public CpInitialization Initialization { get; init; } = CpInitialization.Random;

    /// <summary>Starts to try (default 1); those after the first begin at random. The one with the least exact error is returned.</summary>
    public int Restarts { get; init; } = 1;

    /// <summary>Fits a model of <paramref name="rank"/> components.</summary>
    /// <param name="tensor">X, order 2 or more, any strides; not modified.</param>
    /// <param name="rank">The number of components, at least 1.</param>
    /// <param name="progress">Told the estimated error after each sweep.</param>
    /// <param name="cancellationToken">Looked at before each sweep.</param>
    /// <returns>The model with its exact error; its history holds the estimates.</returns>
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
        ArgumentOutOfRangeException.ThrowIfLessThan(Patience, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(ErrorEntries, 1);
        int samples = Samples ?? (int)Math.Ceiling(20 * rank * Math.Log(rank)) + (8 * rank) + 64;
        if (samples < rank)
        {
            throw new ArgumentOutOfRangeException(nameof(rank), rank, $"{samples} samples cannot determine {rank} components: as many are needed at least.");
        }

        DenseInput<T> input = DenseInput<T>.Of(tensor, 2, complex: !Mixing);
        Tensor<T>[]? copies = given is null ? null : CpStart.Copies(given);
        cancellationToken.ThrowIfCancellationRequested();
        string subject = string.Create(
            CultureInfo.InvariantCulture,
            $"CpRand {typeof(T).Name} {DenseData.Text(input.Lengths)} norm {input.Norm:R} rank {rank}{CpStart.Print(given)} start {Initialization} seed {Seed} restarts {Restarts} {Sampling} {samples} mixing {Mixing} entries {ErrorEntries} patience {Patience}");
        Resume?.Require(subject);
        Tensor<T>[]? mixing = Mixing && input.Norm > 0 ? OrthogonalMixing.Matrices<T>(input.Lengths, new CounterRandom(Seed, 1 << 20)) : null;
        Tensor<T> target = mixing is null ? input.Tensor : OrthogonalMixing.Mix(input.Tensor, mixing, Engine);
        SampledError<T>? error = input.Norm > 0 ? new(target, input.Norm, ErrorEntries, new CounterRandom(Seed, 1 << 21)) : null;
        CpRestarts<T> starts = new(input, Engine, Resume?.State, unscaled: false);
        for (int start = starts.First; start < Restarts; start++)
        {
            CounterRandom draws = new(Seed, (ulong)(start + 1) << 32);
            using RandomizedSweeps<T> sweeps = new(target, rank, samples, Sampling, draws, Engine);
            RandomizedFit<T> fit;
            if (starts.TakeResumed() is { } archive)
            {
                fit = RandomizedFit<T>.Of(archive, input.Order, Engine, draws);
            }
            else
            {
                Tensor<T>[] factors = copies is not null && start == 0 ? [.. copies.Select(DenseData.Copy)]
                    : CpStart.Factors(input, rank, start > 0 ? CpInitialization.Random : Initialization, draws, Engine);
                for (int n = 0; n < input.Order && mixing is not null; n++)
                {
                    factors[n] = FieldProducts.MatMul(Engine, mixing[n], factors[n]);
                }

                fit = new RandomizedFit<T>(new CpFitState<T>(new CpState<T>(factors, Engine, draws)));
            }

            if (error is null)
            {
                Array.Clear(fit.Best.Weights);
                fit.Fit.Converged = true;
            }

            Descend(sweeps, error, fit, start, starts, subject, progress, cancellationToken);
            starts.Consider(fit.Finish(mixing, Engine, draws));
        }

        return starts.Best!.Result(input, starts.Least);
    }

    private void Descend<T>(
        RandomizedSweeps<T> sweeps, SampledError<T>? error, RandomizedFit<T> fit, int start, CpRestarts<T> starts, string subject,
        IProgress<DecompositionProgress>? progress, CancellationToken cancellationToken)
        where T : unmanaged, INumberBase<T>
    {
        List<double> errors = fit.Fit.Errors;
        while (!fit.Fit.Converged && errors.Count < MaxIterations)
        {
            cancellationToken.ThrowIfCancellationRequested();
            sweeps.Run(fit.Fit.State, errors.Count);
            fit.Note(error!.Of(fit.Fit.State, Math.Min(Engine.Parallelism.MaxThreads, Parallelism.Current.MaxThreads)), Tolerance, Patience);
            progress?.Report(new DecompositionProgress(errors.Count, errors[^1], start));
            Checkpoint?.Leave(errors.Count, () =>
            {
                FitCheckpoint checkpoint = starts.Snapshot(subject, start, errors.Count);
                fit.AddTo(checkpoint.State);
                return checkpoint;
            });
        }
    }
}
