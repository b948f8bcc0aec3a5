using System.Numerics;
using System.Numerics.Tensors;
using System.Text.Json.Nodes;
using Polyad.Decomposition;

namespace Polyad.Cli.Decompose;

/// <summary>Tucker: a core tensor and a factor for each mode, or for some; orthonormal or non-negative, of all entries or of those that were seen.</summary>
internal sealed class TuckerDecomposition : IDecomposition
{
    private const string Iteration = "hooi", Sequential = "st-hosvd", Classical = "hosvd", Randomized = "randomized", Hals = "hals";

    public string Name => "tucker";

    public IReadOnlyList<Algorithm> Algorithms { get; } =
    [
        new(Iteration, "ST-HOSVD improved by higher-order orthogonal iteration", [.. Algorithm.Sweeps, "--modes", "--missing"]),
        new(Sequential, "sequentially truncated higher-order SVD", "--modes"),
        new(Classical, "higher-order SVD", "--modes"),
        new(Randomized, "sequential truncation by random sketches", "--modes"),
        new(Hals, "non-negative, hierarchical least squares", [.. Algorithm.Sweeps, "--nonnegative", "--missing", "--init", "--restarts", "--accelerate"]),
    ];

    public string DefaultAlgorithm(DecomposeOptions options) => options.NonNegative ? Hals : Iteration;

    FittedModel<T> IDecomposition.Fit<T>(DecomposeInput<T> input, DecomposeOptions options, IProgress<DecompositionProgress> progress, CancellationToken cancellationToken)
    {
        string algorithm = ((IDecomposition)this).Chosen(options).Name;
        nint[] lengths = Compressed(options.Modes, input.Values.Lengths);
        int[]? ranks = RankList.ForModes(options, lengths, Name);
        if (ranks is null && (algorithm == Hals || input.Seen is not null))
        {
            throw new UsageException($"tucker {(algorithm == Hals ? "non-negative" : "with missing entries")} needs --rank (one number, or one for each mode).");
        }

        if (algorithm == Hals)
        {
            NonNegativeTucker hals = NonNegativeOf(options);
            NonNegativeTuckerResult<T> fit = input.Seen is { } known ? hals.Fit(known, ranks!, progress, cancellationToken) : hals.Fit(input.Values, ranks!, progress, cancellationToken);
            return Model(fit, options, fit.RelativeError, fit.ErrorHistory, fit.Iterations, fit.Converged, [("kkt_residual", fit.KktResidual)]);
        }

        Tucker tucker = OrthonormalOf(options, algorithm);
        TuckerResult<T> result = (input.Seen, ranks) switch
        {
            ({ } seen, _) => tucker.Fit(seen, ranks!, progress, cancellationToken),
            (_, null) => tucker.Fit(input.Values, progress, cancellationToken),
            _ => tucker.Fit(input.Values, ranks, progress, cancellationToken),
        };
        return Model(
            result, options, result.RelativeError, result.ErrorHistory, result.Iterations, result.Converged, [("error_bound", result.ErrorBound), ("best_error_bound", result.BestErrorBound)]);
    }

    /// <summary>The lengths of the modes that are compressed.</summary>
    private static nint[] Compressed(int[]? modes, ReadOnlySpan<nint> lengths)
    {
        if (modes is null)
        {
            return lengths.ToArray();
        }

        nint[] compressed = new nint[modes.Length];
        for (int k = 0; k < modes.Length; k++)
        {
            compressed[k] = modes[k] < lengths.Length && (k == 0 || modes[k] > modes[k - 1])
                ? lengths[modes[k]]
                : throw new UsageException($"--modes: they ascend, and the tensor has modes 0 to {lengths.Length - 1}.");
        }

        return compressed;
    }

    private static FittedModel<T> Model<T>(
        TuckerTensor<T> model, DecomposeOptions options, double error, IReadOnlyList<double> history, int iterations, bool converged, IReadOnlyList<(string, double?)> figures)
        where T : unmanaged, INumberBase<T>
    {
        List<(string, Tensor<T>)> arrays = [("core", model.Core)];
        arrays.AddRange(model.Factors.Select((factor, k) => ($"factor_{options.Modes?[k] ?? k}", factor)));
        JsonNode rank = RankList.ToJson(model.Factors.Select(static f => (int)f.Lengths[1]));
        return new FittedModel<T>(arrays, () => model.Reconstruct(options.Backend), model.Save, rank, error, history, iterations, converged) { Figures = figures };
    }

    private static Tucker OrthonormalOf(DecomposeOptions options, string algorithm)
    {
        Tucker defaults = new();
        return new Tucker
        {
            Backend = options.Backend,
            Seed = options.Seed,
            MaxIterations = algorithm == Iteration ? options.MaxIterations ?? defaults.MaxIterations : 0,
            Tolerance = options.Tolerance ?? defaults.Tolerance,
            CompressedModes = options.Modes,
            Sequential = algorithm != Classical,
            Method = algorithm == Randomized ? SubspaceMethod.Randomized : SubspaceMethod.Automatic,
            Checkpoint = options.Checkpoint,
            Resume = options.Resume,
        };
    }

    private static NonNegativeTucker NonNegativeOf(DecomposeOptions options)
    {
        NonNegativeTucker defaults = new();
        return new NonNegativeTucker
        {
            Backend = options.Backend,
            Seed = options.Seed,
            MaxIterations = options.MaxIterations ?? defaults.MaxIterations,
            Tolerance = options.Tolerance ?? defaults.Tolerance,
            RandomStart = options.Start switch
            {
                null or "eigen" => false,
                "random" => true,
                string other => throw new UsageException($"--init: non-negative tucker starts at eigen or random, not '{other}'."),
            },
            Restarts = options.Restarts ?? defaults.Restarts,
            Extrapolate = options.Acceleration != CpAcceleration.None,
            Checkpoint = options.Checkpoint,
            Resume = options.Resume,
        };
    }
}
