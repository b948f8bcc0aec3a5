using System.Numerics;
using System.Numerics.Tensors;

namespace Polyad.Decomposition;

/// <summary>A whole fit by block coordinate descent: starts, stopping rule, progress, checkpoints, result.</summary>
/// <param name="method">Its iterations, tolerance, engine, checkpoints.</param>
/// <param name="subject">What a checkpoint belongs to.</param>
/// <param name="target">What is fitted.</param>
/// <param name="fixedModes">Modes that stay as they begin.</param>
/// <param name="extrapolate">Whether sweeps extrapolate.</param>
/// <param name="restarts">Starts.</param>
internal sealed class BlockFit<T>(IterativeDecomposition method, string subject, CpTarget<T> target, bool[] fixedModes, bool extrapolate, int restarts)
    where T : unmanaged, INumberBase<T>
{
    /// <summary>Streams above those that starts draw from.</summary>
    private const ulong FirstRevival = 1000;

    /// <summary>Runs all starts and returns the one with the least objective.</summary>
    /// <param name="updates">Makes the updates of one start.</param>
    /// <param name="begin">The factors that a start begins from, which the fit may overwrite.</param>
    /// <param name="progress">Told after each sweep.</param>
    /// <param name="cancellationToken">Looked at before each sweep.</param>
    public ConstrainedCpResult<T> Run(
        Func<FactorUpdate<T>[]> updates, Func<int, CounterRandom, Tensor<T>[]> begin, IProgress<DecompositionProgress>? progress, CancellationToken cancellationToken)
    {
        method.Resume?.Require(subject);
        ModelArchive? resumed = method.Resume?.State;
        int first = resumed?.Whole("start") ?? 0;
        ConstrainedCpResult<T>? best = resumed is not null && first > 0 ? ReadBest(resumed) : null;
        double least = resumed?.Number("best_objective") ?? double.PositiveInfinity;
        for (int start = first; start < restarts; start++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            CounterRandom draws = new(method.Seed, (ulong)start << 32);
            FactorUpdate<T>[] blocks = updates();
            History history = resumed is null ? new History([], []) : new History([.. resumed.Numbers("errors")], [.. resumed.Numbers("objectives")]);
            if (target.Norm == 0)
            {
                // A tensor of zeros is met by any model without size; the first free factor is made one.
                Tensor<T>[] factors = begin(start, draws);
                DenseData.Elements(factors[Array.IndexOf(fixedModes, false)]).Clear();
                return Result(factors, blocks, 0, history, true, 0);
            }

            CpState<T> state = resumed is not null ? CpState<T>.Of(resumed, "", target.Input.Order, method.Engine, draws) : CpState<T>.Unscaled(begin(start, draws), method.Engine);
            CpDescent<T> descent = new(target, state, blocks, fixedModes, extrapolate, draws.WithStream(draws.Stream + FirstRevival));
            bool converged = false;
            if (resumed is null)
            {
                descent.Begin();
            }
            else
            {
                descent.Restore(resumed, "");
                converged = resumed.Whole("converged") != 0;
                resumed = null;
            }

            while (!converged && history.Errors.Count < method.MaxIterations)
            {
                cancellationToken.ThrowIfCancellationRequested();
                converged = Sweep(descent, history);
                progress?.Report(new DecompositionProgress(history.Errors.Count, history.Errors[^1], start));
                bool done = converged;
                method.Checkpoint?.Leave(history.Errors.Count, () => Snapshot(descent, history, start, done, best, least));
            }

            descent.Settle();
            double error = target.ExactError(state), objective = descent.ObjectiveOf(error);
            if (best is null || objective < least)
            {
                (best, least) = (Result(state.Factors, blocks, error, history, converged, descent.Residual()), objective);
            }
        }

        return best!;
    }

    /// <summary>One sweep; whether it shows convergence.</summary>
    private bool Sweep(CpDescent<T> descent, History history)
    {
        bool plain = descent.IsPlain, recovers = descent.WasUndone;
        descent.Sweep();
        history.Errors.Add(descent.RelativeError);
        history.Objectives.Add(descent.Objective);
        return !descent.HasRevived && ExtrapolationStep.HasConverged(plain, recovers, descent.WasUndone, history.Objectives, method.Tolerance);
    }

    private ConstrainedCpResult<T> Result(IReadOnlyList<Tensor<T>> factors, FactorUpdate<T>[] blocks, double error, History history, bool converged, double residual)
    {
        (Tensor<T> weights, Tensor<T>[] arranged) = FittedModel.Of(factors, blocks, fixedModes);
        return new ConstrainedCpResult<T>(target.Input.Restore(weights), arranged, error, history.Errors, history.Errors.Count, converged, residual, history.Objectives);
    }

    private FitCheckpoint Snapshot(CpDescent<T> descent, History history, int start, bool converged, ConstrainedCpResult<T>? best, double least)
    {
        FitCheckpoint checkpoint = FitCheckpoint.Of(subject, history.Errors.Count);
        ModelArchive archive = checkpoint.State;
        archive.Add("start", start);
        archive.Add("best_objective", least);
        archive.Add("converged", converged ? 1 : 0);
        archive.Add("errors", [.. history.Errors]);
        archive.Add("objectives", [.. history.Objectives]);
        descent.AddTo(archive, "");
        if (best is not null)
        {
            archive.Add("best_weights", best.Weights);
            archive.Add("best_kkt_residual", best.KktResidual);
            archive.Add("best_objectives", [.. best.ObjectiveHistory]);
            new FitRecord(best.RelativeError, best.ErrorHistory, best.Iterations, best.Converged).AddTo(archive, "best_");
            for (int n = 0; n < best.Order; n++)
            {
                archive.Add($"best_factor_{n}", best.Factors[n]);
            }
        }

        return checkpoint;
    }

    private ConstrainedCpResult<T> ReadBest(ModelArchive archive)
    {
        FitRecord fit = FitRecord.Of(archive, "best_");
        return new ConstrainedCpResult<T>(
            archive.Read<T>("best_weights", 1), [.. Enumerable.Range(0, target.Input.Order).Select(n => archive.Read<T>($"best_factor_{n}", 2))], fit.RelativeError, fit.ErrorHistory, fit.Iterations,
            fit.Converged, archive.Number("best_kkt_residual"), archive.Numbers("best_objectives"));
    }

    private sealed record History(List<double> Errors, List<double> Objectives);
}
