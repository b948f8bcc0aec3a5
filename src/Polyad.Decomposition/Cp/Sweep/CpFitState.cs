using System.Numerics;
using System.Numerics.Tensors;

namespace Polyad.Decomposition;

/// <summary>One start of an iterative CP fit: the model and its history. Written to a checkpoint and read back without the loss of a bit.</summary>
internal sealed class CpFitState<T>(CpState<T> state)
    where T : unmanaged, INumberBase<T>
{
    public CpState<T> State { get; } = state;

    /// <summary>The relative error after each sweep.</summary>
    public List<double> Errors { get; } = [];

    public bool Converged { get; set; }

    public void AddTo(ModelArchive archive, string prefix)
    {
        State.AddTo(archive, prefix);
        archive.Add(prefix + "errors", [.. Errors]);
        archive.Add(prefix + "converged", Converged ? 1 : 0);
    }

    public static CpFitState<T> Of(ModelArchive archive, string prefix, int order, ILinearAlgebraBackend backend, CounterRandom draws)
    {
        CpFitState<T> fit = new(CpState<T>.Of(archive, prefix, order, backend, draws)) { Converged = archive.Whole(prefix + "converged") != 0 };
        fit.Errors.AddRange(archive.Numbers(prefix + "errors"));
        return fit;
    }

    /// <summary>The model in normal form, at the scale of the caller's tensor.</summary>
    public CpResult<T> Result(DenseInput<T> input, double relativeError)
    {
        int[] order = ComponentOrder.ByWeight(State.Weights);
        Tensor<T> weights = Tensor.Create([.. order.Select(r => T.CreateTruncating(State.Weights[r]))], [order.Length]);
        return new CpResult<T>(input.Restore(weights), ComponentOrder.Arrange(State.Factors, order), relativeError, Errors, Errors.Count, Converged);
    }
}
