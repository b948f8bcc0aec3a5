using System.Numerics.Tensors;
using Polyad.Decomposition;

namespace Polyad.Cli.Decompose;

/// <summary>Tensor train: a chain of cores, one for each mode.</summary>
internal sealed class TensorTrainDecomposition : IDecomposition
{
    public string Name => "tt";

    FittedModel<T> IDecomposition.Fit<T>(Tensor<T> tensor, DecomposeOptions options, IProgress<DecompositionProgress> progress, CancellationToken cancellationToken)
    {
        TensorTrain train = new() { Backend = options.Backend, Tolerance = options.Tolerance ?? 0, MaxRank = RankList.ForBonds(options, Name) ?? int.MaxValue };
        TensorTrainResult<T> result = train.Fit(tensor, progress, cancellationToken);
        return new FittedModel<T>(
            [.. result.Cores.Select(static (core, mode) => ($"core_{mode}", core))],
            result.Reconstruct(),
            RankList.ToJson(result.Ranks),
            result.Iterations,
            result.Converged);
    }
}
