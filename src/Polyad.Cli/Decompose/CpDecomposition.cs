using System.Numerics.Tensors;
using System.Text.Json.Nodes;
using Polyad.Decomposition;

namespace Polyad.Cli.Decompose;

/// <summary>CP: a sum of rank-one tensors, by alternating least squares.</summary>
internal sealed class CpDecomposition : IDecomposition
{
    public string Name => "cp";

    FittedModel<T> IDecomposition.Fit<T>(Tensor<T> tensor, DecomposeOptions options, IProgress<DecompositionProgress> progress, CancellationToken cancellationToken)
    {
        if (options.Ranks is not [var rank])
        {
            throw new UsageException("cp needs --rank with one number.");
        }

        CpAls defaults = new();
        CpAls als = new()
        {
            Backend = options.Backend,
            Seed = options.Seed,
            MaxIterations = options.MaxIterations ?? defaults.MaxIterations,
            Tolerance = options.Tolerance ?? defaults.Tolerance,
        };
        CpResult<T> result = als.Fit(tensor, rank, progress, cancellationToken);
        List<(string, Tensor<T>)> arrays = [("weights", result.Weights)];
        arrays.AddRange(result.Factors.Select(static (factor, mode) => ($"factor_{mode}", factor)));
        return new FittedModel<T>(arrays, result.Reconstruct(), JsonValue.Create(rank), result.Iterations, result.Converged);
    }
}
