using System.Numerics;
using System.Numerics.Tensors;

namespace Polyad.Decomposition;

/// <summary>What a fit by block descent is told by the options of its method.</summary>
/// <param name="MaxIterations">Sweeps of one start.</param>
/// <param name="Tolerance">A start has converged when a sweep lowers the objective by less.</param>
/// <param name="Restarts">Starts.</param>
/// <param name="Extrapolate">Whether sweeps extrapolate.</param>
/// <param name="Engine">The engine.</param>
/// <param name="Checkpoint">Where states go.</param>
/// <param name="Resume">A state to go on from.</param>
internal sealed record TuckerBlockOptions(int MaxIterations, double Tolerance, int Restarts, bool Extrapolate, ILinearAlgebraBackend Engine, CheckpointPlan? Checkpoint, FitCheckpoint? Resume);

/// <summary>What a fit by block descent ends with.</summary>
internal sealed record TuckerBlockResult<T>(
    Tensor<T>[] Factors, Tensor<T> Core, double RelativeError, IReadOnlyList<double> Errors, IReadOnlyList<double> Objectives, bool Converged, double KktResidual)
    where T : unmanaged, INumberBase<T>;

/// <summary>A whole Tucker fit by block coordinate descent: starts, stopping rule, progress, checkpoints.</summary>
/// <param name="options">Of the method.</param>
/// <param name="subject">What a checkpoint belongs to.</param>
/// <param name="target">What is fitted.</param>
/// <param name="updates">One for each mode; without a state of their own.</param>
/// <param name="core">How a non-negative core is updated; null for least squares.</param>
/// <param name="fixedModes">Modes whose factors stay.</param>
internal sealed class TuckerBlockFit<T>(TuckerBlockOptions options, string subject, TuckerTarget<T> target, FactorUpdate<T>[] updates, NonNegativeSettings? core, bool[] fixedModes)
    where T : unmanaged, INumberBase<T>
{
    /// <summary>Runs all starts and returns the one with the least objective. Errors and objectives begin with those of the start itself.</summary>
    /// <param name="begin">Makes factors and core of a start, which the fit may overwrite.</param>
    /// <param name="progress">Told after the start (iteration 0) and each sweep.</param>
    /// <param name="cancellationToken">Looked at before each sweep.</param>
    public TuckerBlockResult<T> Run(Func<int, TuckerState<T>> begin, IProgress<DecompositionProgress>? progress, CancellationToken cancellationToken)
    {
        options.Resume?.Require(subject);
        ModelArchive? resumed = options.Resume?.State;
        int first = resumed?.Whole("start") ?? 0;
        TuckerBlockResult<T>? best = resumed is not null && first > 0 ? ReadBest(resumed) : null;
        for (int start = first; start < options.Restarts; start++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            TuckerState<T> state = resumed is not null ? TuckerState<T>.Of(resumed, "", target.Input.Order, options.Engine) : begin(start);
            if (target.Norm == 0)
            {
                // A tensor of zeros is met by a core of zeros.
                DenseData.Elements(state.Core).Clear();
                return new TuckerBlockResult<T>(state.Factors, state.Core, 0, [0], [0], true, 0);
            }

            TuckerDescent<T> descent = new(target, state, updates, core, fixedModes, options.Extrapolate);
            bool converged = false;
            List<double> errors = [], objectives = [];
            if (resumed is null)
            {
                descent.Begin();
                errors.Add(descent.RelativeError);
                objectives.Add(descent.Objective);
                progress?.Report(new DecompositionProgress(0, errors[0], start));
            }
            else
            {
                descent.Restore(resumed, "");
                errors.AddRange(resumed.Numbers("errors"));
                objectives.AddRange(resumed.Numbers("objectives"));
                converged = resumed.Whole("converged") != 0;
                resumed = null;
            }

            while (!converged && errors.Count <= options.MaxIterations)
            {
                cancellationToken.ThrowIfCancellationRequested();
                bool plain = descent.IsPlain, recovers = descent.WasUndone;
                descent.Sweep();
                errors.Add(descent.RelativeError);
                objectives.Add(descent.Objective);

                // A sweep that was taken back tells of convergence only when it was a plain one; nor does the plain one that follows, whose gain is small beside those with extrapolation.
                converged = (descent.WasUndone ? plain : !recovers) && objectives[^2] - objectives[^1] < options.Tolerance;
                progress?.Report(new DecompositionProgress(errors.Count - 1, errors[^1], start));
                bool done = converged;
                options.Checkpoint?.Leave(errors.Count - 1, () => Snapshot(descent, errors, objectives, start, done, best));
            }

            double exact = target.ExactError(state), objective = descent.ObjectiveOf(exact);
            if (best is null || objective < best.Objectives[^1])
            {
                best = new TuckerBlockResult<T>(state.Factors, state.Core, exact, errors, objectives, converged, descent.Residual());
            }
        }

        return best!;
    }

    private FitCheckpoint Snapshot(TuckerDescent<T> descent, List<double> errors, List<double> objectives, int start, bool converged, TuckerBlockResult<T>? best)
    {
        FitCheckpoint checkpoint = FitCheckpoint.Of(subject, errors.Count - 1);
        ModelArchive archive = checkpoint.State;
        archive.Add("start", start);
        archive.Add("converged", converged ? 1 : 0);
        archive.Add("errors", [.. errors]);
        archive.Add("objectives", [.. objectives]);
        descent.AddTo(archive, "");
        if (best is not null)
        {
            new TuckerState<T>(best.Factors, best.Core, options.Engine).AddTo(archive, "best_");
            archive.Add("best_kkt_residual", best.KktResidual);
            archive.Add("best_objectives", [.. best.Objectives]);
            new FitRecord(best.RelativeError, best.Errors, best.Errors.Count - 1, best.Converged).AddTo(archive, "best_");
        }

        return checkpoint;
    }

    private TuckerBlockResult<T> ReadBest(ModelArchive archive)
    {
        FitRecord fit = FitRecord.Of(archive, "best_");
        TuckerState<T> state = TuckerState<T>.Of(archive, "best_", target.Input.Order, options.Engine);
        return new TuckerBlockResult<T>(state.Factors, state.Core, fit.RelativeError, fit.ErrorHistory, archive.Numbers("best_objectives"), fit.Converged, archive.Number("best_kkt_residual"));
    }
}
