using System.Numerics;
using System.Numerics.Tensors;

namespace Polyad.Decomposition;

/// <summary>One start of a ring iteration: the model and its history. Written to a checkpoint and read back without the loss of a bit.</summary>
internal sealed class RingFit<T>(RingState<T> state)
    where T : unmanaged, INumberBase<T>
{
    public RingState<T> State { get; } = state;

    /// <summary>The relative error after each sweep.</summary>
    public List<double> Errors { get; } = [];

    public bool Converged { get; set; }

    /// <summary>What the start is judged by.</summary>
    public double Error { get; set; } = double.PositiveInfinity;

    public FitCheckpoint Snapshot(string subject, int start, RingFit<T>? best)
    {
        FitCheckpoint checkpoint = FitCheckpoint.Of(subject, Errors.Count);
        checkpoint.State.Add("start", start);
        AddTo(checkpoint.State, "");
        best?.AddTo(checkpoint.State, "best_");
        return checkpoint;
    }

    public static RingFit<T> Of(ModelArchive archive, string prefix, int order, ILinearAlgebraBackend backend)
    {
        RingFit<T> fit = new(RingState<T>.Of(archive, prefix, order, backend)) { Converged = archive.Whole(prefix + "converged") != 0, Error = archive.Number(prefix + "error") };
        fit.Errors.AddRange(archive.Numbers(prefix + "errors"));
        return fit;
    }

    /// <summary>The model at the scale of the caller's tensor.</summary>
    public TensorRingResult<T> Result(DenseInput<T> input, bool sampled)
    {
        Tensor<T>[] cores = [.. State.Cores];
        cores[^1] = input.Restore(cores[^1]);
        return new TensorRingResult<T>(cores, Error, Errors, Errors.Count, Converged, sampled);
    }

    private void AddTo(ModelArchive archive, string prefix)
    {
        State.AddTo(archive, prefix);
        archive.Add(prefix + "errors", [.. Errors]);
        archive.Add(prefix + "converged", Converged ? 1 : 0);
        archive.Add(prefix + "error", Error);
    }
}
