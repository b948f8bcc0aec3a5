using System.Numerics;
using System.Numerics.Tensors;
using System.Text.Json.Nodes;
using Polyad.Decomposition;

namespace Polyad.Cli.Decompose;

/// <summary>A fitted model: its arrays by name, and what they multiply to.</summary>
internal sealed record FittedModel<T>(IReadOnlyList<(string Name, Tensor<T> Values)> Arrays, Tensor<T> Reconstruction, JsonNode Rank, int Iterations, bool Converged)
    where T : unmanaged, INumberBase<T>
{
    public double Parameters => Arrays.Sum(static a => (double)a.Values.FlattenedLength);
}

/// <summary>A decomposition that the tool offers.</summary>
internal interface IDecomposition
{
    string Name { get; }

    /// <exception cref="UsageException">The ranks or the tolerance do not suit the method.</exception>
    FittedModel<T> Fit<T>(Tensor<T> tensor, DecomposeOptions options, IProgress<DecompositionProgress> progress, CancellationToken cancellationToken)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>;
}
