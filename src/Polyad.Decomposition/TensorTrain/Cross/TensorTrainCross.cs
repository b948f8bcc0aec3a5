using System.Globalization;
using System.Numerics;

namespace Polyad.Decomposition;

/// <summary>
/// A tensor train of a function of d indices from few of its values (TT-cross: Oseledets, Tyrtyshnikov 2010; ranks adapt as in Savostyanov, Oseledets 2011, with pivots as in Nunez Fernandez et al. 2025).
/// About d n r^2 evaluations for each sweep, times n where a pair of modes is so short that it is evaluated whole. After each sweep the train is compared with the function at new random points; it has converged when
/// the relative error there is at most <see cref="IterativeDecomposition.Tolerance"/> (default 1e-10). Where it is not, the threshold of the pivots falls and the worst points join the crosses.
/// </summary>
/// <remarks>What no sample and no cross comes near, a narrow peak for example, stays unseen: no method can promise more from a part of the values.</remarks>
public sealed class TensorTrainCross : IterativeDecomposition
{
    /// <summary>Points of largest error that join the crosses after a sweep.</summary>
    private const int WorstPoints = 4;

    /// <summary>At most 20 sweeps, tolerance 1e-10.</summary>
    public TensorTrainCross()
        : base(maxIterations: 20, tolerance: 1e-10)
    {
    }

    /// <summary>No inner rank exceeds this (default none).</summary>
    public int MaxRank { get; init; } = int.MaxValue;

    /// <summary>Random points, new ones after each sweep, that the train is compared at (default 1000).</summary>
    public int Samples { get; init; } = 1000;

    /// <summary>Whether the ranks are cut at the end to what the tolerance needs (default true).</summary>
    public bool RoundResult { get; init; } = true;

    /// <summary>Approximates a function that is asked for one value at a time.</summary>
    /// <param name="lengths">n_k of each mode.</param>
    /// <param name="function">Of d indices; called on the thread of the fit.</param>
    /// <param name="progress">Told after each sweep; the error is that at the samples.</param>
    /// <param name="cancellationToken">Looked at before each batch of values.</param>
    /// <exception cref="ArgumentException">There is no mode, one is empty, or an option does not fit.</exception>
    /// <exception cref="NonFiniteInputException">The function is NaN or infinite somewhere.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public TensorTrainCrossResult<T> Fit<T>(
        ReadOnlySpan<nint> lengths, Func<ReadOnlySpan<int>, T> function, IProgress<DecompositionProgress>? progress = null, CancellationToken cancellationToken = default)
        where T : unmanaged, INumberBase<T>
    {
        ArgumentNullException.ThrowIfNull(function);
        int order = Math.Max(1, lengths.Length);
        return Fit<T>(
            lengths,
            (indices, values) =>
            {
                for (int i = 0; i < values.Length; i++)
                {
                    values[i] = function(indices.Slice(i * order, order));
                }
            },
            progress,
            cancellationToken);
    }

    /// <summary>Approximates a function that gives many values at a time.</summary>
    /// <param name="lengths">n_k of each mode.</param>
    /// <param name="evaluate">Called on the thread of the fit; it may use others.</param>
    /// <param name="progress">Told after each sweep; the error is that at the samples.</param>
    /// <param name="cancellationToken">Looked at before each batch of values.</param>
    /// <exception cref="ArgumentException">There is no mode, one is empty, or an option does not fit.</exception>
    /// <exception cref="NonFiniteInputException">The function is NaN or infinite somewhere.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public TensorTrainCrossResult<T> Fit<T>(
        ReadOnlySpan<nint> lengths, TensorEvaluator<T> evaluate, IProgress<DecompositionProgress>? progress = null, CancellationToken cancellationToken = default)
        where T : unmanaged, INumberBase<T>
    {
        CheckOptions();
        ArgumentNullException.ThrowIfNull(evaluate);
        ArgumentOutOfRangeException.ThrowIfLessThan(MaxRank, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(Samples, 1);
        nint[] shape = lengths.ToArray();
        if (shape.Length == 0 || shape.Any(static n => n is < 1 or > int.MaxValue))
        {
            throw new ArgumentException($"A function of shape {DenseData.Text(lengths)} has no values: there must be a mode, and none empty.", nameof(lengths));
        }

        FunctionSource<T> source = new(shape, evaluate, cancellationToken);
        CrossSamples<T> samples = Draw(source, 0);
        string subject = string.Create(CultureInfo.InvariantCulture, $"TensorTrainCross {typeof(T).Name} {DenseData.Text(shape)} norm {samples.Norm:R} seed {Seed} samples {Samples} max rank {MaxRank} tolerance {Tolerance:R}");
        Resume?.Require(subject);
        CrossState<T> state = Resume is { } resume ? CrossState<T>.Of(resume.State, source, Engine) : CrossState<T>.Begin(samples, source, Engine, Tolerance);
        while (!state.Converged && state.Errors.Count < MaxIterations)
        {
            cancellationToken.ThrowIfCancellationRequested();
            state.Sweep.Sweep(state.Threshold, MaxRank, new CounterRandom(Seed, (ulong)state.Errors.Count << 32));
            state.Train = state.Sweep.Train();
            samples = Draw(source, state.Errors.Count + 1);
            (double error, int[] worst) = samples.Compare(state.Train, WorstPoints);
            state.Errors.Add(error);
            state.Converged = error <= Tolerance;
            if (!state.Converged)
            {
                state.Refine(samples, worst);
            }

            progress?.Report(new DecompositionProgress(state.Errors.Count, error));
            Checkpoint?.Leave(state.Errors.Count, () => state.Snapshot(subject));
        }

        return Finish(state, Resume is null ? samples : Draw(source, state.Errors.Count), source);
    }

    private CrossSamples<T> Draw<T>(FunctionSource<T> source, int sweep)
        where T : unmanaged, INumberBase<T>
        => new(source, Samples, new CounterRandom(Seed, ulong.MaxValue - ((ulong)sweep << 16)));

    private TensorTrainCrossResult<T> Finish<T>(CrossState<T> state, CrossSamples<T> samples, FunctionSource<T> source)
        where T : unmanaged, INumberBase<T>
    {
        TtTensor<T> train = state.Train ?? state.Sweep.Train();
        double error = state.Errors.Count > 0 ? state.Errors[^1] : samples.Compare(train, 0).Error;
        if (RoundResult && state.Converged && source.Order > 1)
        {
            // Half of the tolerance for rounding is more than what the cross has left; kept only if the samples agree.
            TtTensor<T> rounded = train.Round(Math.Max(Tolerance / 2, 4 * DenseData.Epsilon<T>()), backend: Engine);
            (double after, _) = samples.Compare(rounded, 0);
            if (after <= Math.Max(Tolerance, error))
            {
                (train, error) = (rounded, after);
            }
        }

        return new TensorTrainCrossResult<T>(train.Cores, error, state.Errors, state.Errors.Count, state.Converged, source.Evaluations);
    }
}
