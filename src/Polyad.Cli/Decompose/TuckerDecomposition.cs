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
        new(Iteration, "ST-HOSVD improved by higher-order orthogonal iteration", [.. Algorithm.Sweeps, "--modes", "--missing", "--init", "--fix"]),
        new(Sequential, "sequentially truncated higher-order SVD", "--modes"),
        new(Classical, "higher-order SVD", "--modes"),
        new(Randomized, "sequential truncation by random sketches", "--modes"),
        new(Hals, "non-negative, hierarchical least squares", [.. Algorithm.Sweeps, "--nonnegative", "--missing", "--init", "--fix", "--restarts", "--accelerate"]),
    ];

    public string DefaultAlgorithm(DecomposeOptions options) => options.NonNegative ? Hals : Iteration;

    FittedModel<T> IDecomposition.Fit<T>(DecomposeInput<T> input, DecomposeOptions options, IProgress<DecompositionProgress> progress, CancellationToken cancellationToken)
    {
        string algorithm = ((IDecomposition)this).Chosen(options).Name;
        if (options.StartFile is { } start)
        {
            return algorithm == Hals ? NonNegativeFrom(start, input, options, progress, cancellationToken) : IterationFrom(start, input, options, progress, cancellationToken);
        }

        nint[] lengths = Compressed(options.Modes, input.Values.Lengths);
        int[]? ranks = RankList.ForModes(options, lengths, Name);
        if (algorithm == Iteration && options.Start is { } word)
        {
            throw new UsageException($"--init: tucker by hooi starts from ST-HOSVD or from an .npz file, not '{word}'.");
        }

        if (ranks is null && (algorithm == Hals || input.Seen is not null))
        {
            throw new UsageException($"tucker {(algorithm == Hals ? "non-negative" : "with missing entries")} needs --rank (one number, or one for each mode).");
        }

        if (algorithm == Hals)
        {
            NonNegativeTucker hals = NonNegativeOf(options);
            return Model(input.Seen is { } known ? hals.Fit(known, ranks!, progress, cancellationToken) : hals.Fit(input.Values, ranks!, progress, cancellationToken), options);
        }

        Tucker tucker = OrthonormalOf(options, algorithm);
        TuckerResult<T> result = (input.Seen, ranks) switch
        {
            ({ } seen, _) => tucker.Fit(seen, ranks!, progress, cancellationToken),
            (_, null) => tucker.Fit(input.Values, progress, cancellationToken),
            _ => tucker.Fit(input.Values, ranks, progress, cancellationToken),
        };
        return Model(result, options);
    }

    private static FittedModel<T> IterationFrom<T>(StartFile start, DecomposeInput<T> input, DecomposeOptions options, IProgress<DecompositionProgress> progress, CancellationToken cancellationToken)
        where T : unmanaged, INumberBase<T>
    {
        _ = Compressed(options.Modes, input.Values.Lengths);
        (int[] modes, Tensor<T>[] factors) = start.TuckerFactors<T>(input.Values.Lengths, options.Modes);
        Check(start, options, modes, factors, input.Values.Lengths);
        options = options with { Modes = modes };
        Tucker tucker = OrthonormalOf(options, Iteration);
        return Model(input.Seen is { } seen ? tucker.Fit(seen, factors, progress, cancellationToken) : tucker.Fit(input.Values, factors, progress, cancellationToken), options);
    }

    private static FittedModel<T> NonNegativeFrom<T>(StartFile start, DecomposeInput<T> input, DecomposeOptions options, IProgress<DecompositionProgress> progress, CancellationToken cancellationToken)
        where T : unmanaged, INumberBase<T>
    {
        TuckerTensor<T> given = start.Tucker<T>(input.Values.Lengths);
        Check(start, options, given.FactorModes, given.Factors, input.Values.Lengths);
        NonNegativeTucker hals = NonNegativeOf(options);
        return Model(input.Seen is { } seen ? hals.Fit(seen, given, progress, cancellationToken) : hals.Fit(input.Values, given, progress, cancellationToken), options);
    }

    /// <summary>Refuses given factors that --rank or --fix does not fit.</summary>
    private static void Check<T>(StartFile start, DecomposeOptions options, IReadOnlyList<int> modes, IReadOnlyList<Tensor<T>> factors, ReadOnlySpan<nint> lengths)
        where T : unmanaged, INumberBase<T>
    {
        nint[] all = lengths.ToArray();
        start.Require([.. factors.Select(static f => (int)f.Lengths[1])], options.Ranks is null ? null : RankList.ForModes(options, [.. modes.Select(n => all[n])], "tucker"));
        if (options.Fixed.Any(n => !modes.Contains(n)) || options.Fixed.Distinct().Count() < options.Fixed.Length)
        {
            throw new UsageException($"--fix {string.Join(',', options.Fixed)}: there are factors for the modes {string.Join(", ", modes)}; each is named once.");
        }
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

    private static FittedModel<T> Model<T>(TuckerResult<T> fit, DecomposeOptions options)
        where T : unmanaged, INumberBase<T>
        => Model(fit, options, fit.RelativeError, fit.ErrorHistory, fit.Iterations, fit.Converged, [("error_bound", fit.ErrorBound), ("best_error_bound", fit.BestErrorBound)]);

    private static FittedModel<T> Model<T>(NonNegativeTuckerResult<T> fit, DecomposeOptions options)
        where T : unmanaged, INumberBase<T>
        => Model(fit, options, fit.RelativeError, fit.ErrorHistory, fit.Iterations, fit.Converged, [("kkt_residual", fit.KktResidual)]);

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
            FixedModes = options.Fixed,
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
                string other => throw new UsageException($"--init: non-negative tucker starts at eigen or random or from an .npz file, not '{other}'."),
            },
            Restarts = options.Restarts ?? defaults.Restarts,
            FixedModes = options.Fixed,
            Extrapolate = options.Acceleration != CpAcceleration.None,
            Checkpoint = options.Checkpoint,
            Resume = options.Resume,
        };
    }
}
