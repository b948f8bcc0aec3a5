using System.Numerics.Tensors;
using System.Text.Json.Nodes;
using Polyad.Decomposition;

namespace Polyad.Cli.Decompose;

/// <summary>Tucker: a core tensor and an orthonormal factor for each mode.</summary>
internal sealed class TuckerDecomposition : IDecomposition
{
    public string Name => "tucker";

    FittedModel<T> IDecomposition.Fit<T>(Tensor<T> tensor, DecomposeOptions options, IProgress<DecompositionProgress> progress, CancellationToken cancellationToken)
    {
        Tucker defaults = new();
        Tucker tucker = new()
        {
            Backend = options.Backend,
            MaxIterations = options.MaxIterations ?? defaults.MaxIterations,
            Tolerance = options.Tolerance ?? defaults.Tolerance,
        };
        TuckerResult<T> result = RankList.ForModes(options, tensor.Lengths, Name) is { } ranks
            ? tucker.Fit(tensor, ranks, progress, cancellationToken)
            : tucker.Fit(tensor, progress, cancellationToken);
        List<(string, Tensor<T>)> arrays = [("core", result.Core)];
        arrays.AddRange(result.Factors.Select(static (factor, mode) => ($"factor_{mode}", factor)));
        return new FittedModel<T>(arrays, result.Reconstruct(), RankList.ToJson(result.Ranks), result.Iterations, result.Converged);
    }
}
