using System.Numerics.Tensors;
using Polyad.Decomposition;

namespace Polyad.Cli.Decompose;

/// <summary>Tensor train: a chain of cores, one for each mode.</summary>
internal sealed class TensorTrainDecomposition : IDecomposition
{
    private const string Svd = "svd", Randomized = "randomized";

    public string Name => "tt";

    public IReadOnlyList<Algorithm> Algorithms { get; } = [new(Svd, "TT-SVD"), new(Randomized, "TT-SVD by random sketches")];

    public string DefaultAlgorithm(DecomposeOptions options) => Svd;

    FittedModel<T> IDecomposition.Fit<T>(DecomposeInput<T> input, DecomposeOptions options, IProgress<DecompositionProgress> progress, CancellationToken cancellationToken)
    {
        int bonds = input.Values.Rank - 1;
        if (options is { Ranks: null, Tolerance: null } || (options.Ranks is { Length: > 1 } given && given.Length != bonds))
        {
            throw new UsageException($"{Name} needs --rank (one number, the greatest bond rank, or one for each of the {bonds} bonds) or --tol.");
        }

        TensorTrain train = new()
        {
            Backend = options.Backend,
            Seed = options.Seed,
            Tolerance = options.Tolerance ?? 0,
            MaxRank = options.Ranks is [var most] ? most : int.MaxValue,
            Method = ((IDecomposition)this).Chosen(options).Name == Randomized ? SubspaceMethod.Randomized : SubspaceMethod.Automatic,
        };
        TensorTrainResult<T> result = options.Ranks is { Length: > 1 } ranks
            ? train.Fit(input.Values, ranks, progress, cancellationToken)
            : train.Fit(input.Values, progress, cancellationToken);
        return new FittedModel<T>(
            [.. result.Cores.Select(static (core, mode) => ($"core_{mode}", core))],
            () => result.Reconstruct(options.Backend), result.Save, RankList.ToJson(result.Ranks), result.RelativeError, result.ErrorHistory, result.Iterations, result.Converged)
        {
            Figures = [("best_error_bound", result.BestErrorBound)],
        };
    }
}
