using System.Numerics;
using System.Numerics.Tensors;
using System.Text.Json.Nodes;
using Polyad.Decomposition;

namespace Polyad.Cli.Decompose;

/// <summary>A tensor, and what is known of it where entries are missing.</summary>
internal sealed record DecomposeInput<T>(Tensor<T> Values, IncompleteTensor<T>? Seen = null)
    where T : unmanaged, INumberBase<T>;

/// <summary>A fitted model: its arrays by name, its figures, and how it is written and multiplied out.</summary>
internal sealed record FittedModel<T>(
    IReadOnlyList<(string Name, Tensor<T> Values)> Arrays, Func<Tensor<T>> Reconstruct, Action<string> Save, JsonNode Rank, double RelativeError, IReadOnlyList<double> ErrorHistory, int Iterations, bool Converged)
    where T : unmanaged, INumberBase<T>
{
    /// <summary>What else the method tells of the fit, by name.</summary>
    public IReadOnlyList<(string Name, double? Value)> Figures { get; init; } = [];

    public double Parameters => Arrays.Sum(static a => (double)a.Values.FlattenedLength);
}

/// <summary>A decomposition that the tool offers.</summary>
internal interface IDecomposition
{
    string Name { get; }

    IReadOnlyList<Algorithm> Algorithms { get; }

    /// <summary>The algorithm that suits the options where none is named.</summary>
    string DefaultAlgorithm(DecomposeOptions options);

    /// <exception cref="UsageException">The ranks or another option do not suit the method.</exception>
    FittedModel<T> Fit<T>(DecomposeInput<T> input, DecomposeOptions options, IProgress<DecompositionProgress> progress, CancellationToken cancellationToken)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>;

    /// <summary>The algorithm to run.</summary>
    /// <exception cref="UsageException">There is none of this name.</exception>
    Algorithm Chosen(DecomposeOptions options)
    {
        string name = options.Algorithm ?? DefaultAlgorithm(options);
        return Algorithms.FirstOrDefault(a => a.Name == name)
            ?? throw new UsageException($"{Name} has no algorithm '{name}'; it has {string.Join(", ", Algorithms.Select(static a => a.Name))}.");
    }
}
