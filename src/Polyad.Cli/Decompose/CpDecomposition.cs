using System.Numerics;
using System.Numerics.Tensors;
using System.Text.Json.Nodes;
using Polyad.Decomposition;

namespace Polyad.Cli.Decompose;

/// <summary>CP: a sum of rank-one tensors; free, non-negative or constrained, of all entries or of those that were seen.</summary>
internal sealed class CpDecomposition : IDecomposition
{
    private const string LeastSquares = "als", Randomized = "rand", AllAtOnce = "opt", Hals = "hals", Exact = "exact", Multiplicative = "mu", Admm = "admm";

    private static readonly string[] Starts = [.. Algorithm.Sweeps, "--init", "--restarts"];

    private static readonly string[] Descent = [.. Starts, "--fix", "--accelerate", "--missing", "--nonnegative"];

    public string Name => "cp";

    public IReadOnlyList<Algorithm> Algorithms { get; } =
    [
        new(LeastSquares, "alternating least squares", [.. Starts, "--fix", "--accelerate", "--missing", "--select-rank"]),
        new(Randomized, "least squares on sampled rows", [.. Starts, "--samples"]),
        new(AllAtOnce, "all factors at once by L-BFGS", Starts),
        new(Hals, "non-negative, hierarchical least squares", Descent),
        new(Exact, "non-negative, block principal pivoting", Descent),
        new(Multiplicative, "non-negative, multiplicative updates", Descent),
        new(Admm, "constraints by AO-ADMM", [.. Descent, "--constraint"]),
    ];

    public string DefaultAlgorithm(DecomposeOptions options) => options.Constraints.Count > 0 ? Admm : options.NonNegative ? Hals : LeastSquares;

    FittedModel<T> IDecomposition.Fit<T>(DecomposeInput<T> input, DecomposeOptions options, IProgress<DecompositionProgress> progress, CancellationToken cancellationToken)
    {
        CpTensor<T>? given = options.StartFile?.Cp<T>(input.Values.Lengths);
        if (options.Ranks is { Length: not 1 } || (options.Ranks is null && given is null))
        {
            throw new UsageException("cp needs --rank with one number, or --init FILE.");
        }

        if (given is not null)
        {
            options.StartFile!.Require([given.Rank], options.Ranks);
            CheckFixed(options.Fixed, given.Order);
        }

        StartingPoint<T> begin = new(options.Ranks?[0] ?? given!.Rank, given, options.Fixed);
        CpInitialization start = Start(options.Start);
        CpResult<T> result = ((IDecomposition)this).Chosen(options).Name switch
        {
            LeastSquares => Fit(LeastSquaresOf(options), input, begin, progress, cancellationToken),
            Randomized when RandomizedOf(options) is var sampled => given is null ? sampled.Fit(input.Values, begin.Rank, progress, cancellationToken) : sampled.Fit(input.Values, given, progress, cancellationToken),
            AllAtOnce when AllAtOnceOf(options, start) is var opt => given is null ? opt.Fit(input.Values, begin.Rank, progress, cancellationToken) : opt.Fit(input.Values, given, progress, cancellationToken),
            Admm => Fit(ConstrainedOf(options, start, input.Values.Rank), input, begin, progress, cancellationToken),
            string nonNegative => Fit(NonNegativeOf(options, start, nonNegative), input, begin, progress, cancellationToken),
        };
        List<(string, Tensor<T>)> arrays = [("weights", result.Weights)];
        arrays.AddRange(result.Factors.Select(static (factor, mode) => ($"factor_{mode}", factor)));
        return new FittedModel<T>(arrays, () => result.Reconstruct(options.Backend), result.Save, JsonValue.Create(begin.Rank), result.RelativeError, result.ErrorHistory, result.Iterations, result.Converged)
        {
            Figures = result is ConstrainedCpResult<T> constrained ? [("kkt_residual", constrained.KktResidual)] : [],
        };
    }

    /// <summary>Alternating least squares as the options ask for it.</summary>
    internal static CpAls LeastSquaresOf(DecomposeOptions options)
    {
        CpAls defaults = new();
        return new CpAls
        {
            Backend = options.Backend,
            Seed = options.Seed,
            MaxIterations = options.MaxIterations ?? defaults.MaxIterations,
            Tolerance = options.Tolerance ?? defaults.Tolerance,
            Initialization = Start(options.Start),
            Restarts = options.Restarts ?? defaults.Restarts,
            FixedModes = options.Fixed,
            Acceleration = options.Acceleration ?? defaults.Acceleration,
            Checkpoint = options.Checkpoint,
            Resume = options.Resume,
        };
    }

    private static CpInitialization Start(string? name) => name switch
    {
        null or "eigen" => CpInitialization.GramEigen,
        "random" => CpInitialization.Random,
        "svd" => CpInitialization.RandomizedSvd,
        _ => throw new UsageException($"--init: '{name}' is none of random, eigen and svd, and no .npz file."),
    };

    private static CpResult<T> Fit<T>(CpAls als, DecomposeInput<T> input, StartingPoint<T> begin, IProgress<DecompositionProgress> progress, CancellationToken cancellationToken)
        where T : unmanaged, INumberBase<T>
        => (input.Seen, begin.Factors) switch
        {
            ({ } seen, { } factors) => als.Fit(seen, factors, progress, cancellationToken),
            ({ } seen, null) => als.Fit(seen, begin.Rank, progress, cancellationToken),
            (null, { } factors) => als.Fit(input.Values, factors, progress, cancellationToken),
            _ => als.Fit(input.Values, begin.Rank, progress, cancellationToken),
        };

    private static CpResult<T> Fit<T>(CpBlockDescent descent, DecomposeInput<T> input, StartingPoint<T> begin, IProgress<DecompositionProgress> progress, CancellationToken cancellationToken)
        where T : unmanaged, INumberBase<T>
        => (input.Seen, begin.Factors) switch
        {
            ({ } seen, { } factors) => descent.Fit(seen, factors, progress, cancellationToken),
            ({ } seen, null) => descent.Fit(seen, begin.Rank, progress, cancellationToken),
            (null, { } factors) => descent.Fit(input.Values, factors, progress, cancellationToken),
            _ => descent.Fit(input.Values, begin.Rank, progress, cancellationToken),
        };

    private static void CheckFixed(int[] modes, int order)
    {
        if (modes.Any(n => n >= order) || modes.Distinct().Count() < modes.Length || modes.Length == order)
        {
            throw new UsageException($"--fix {string.Join(',', modes)}: the tensor has modes 0 to {order - 1}; each is named once, and one stays free.");
        }
    }

    private static CpRand RandomizedOf(DecomposeOptions options)
    {
        CpRand defaults = new();
        return new CpRand
        {
            Backend = options.Backend,
            Seed = options.Seed,
            MaxIterations = options.MaxIterations ?? defaults.MaxIterations,
            Tolerance = options.Tolerance ?? defaults.Tolerance,
            Initialization = options.Start is null ? defaults.Initialization : Start(options.Start),
            Restarts = options.Restarts ?? defaults.Restarts,
            Samples = options.Samples,
            Checkpoint = options.Checkpoint,
            Resume = options.Resume,
        };
    }

    private static CpOpt AllAtOnceOf(DecomposeOptions options, CpInitialization start)
    {
        CpOpt defaults = new();
        return new CpOpt
        {
            Backend = options.Backend,
            Seed = options.Seed,
            MaxIterations = options.MaxIterations ?? defaults.MaxIterations,
            Tolerance = options.Tolerance ?? defaults.Tolerance,
            Initialization = start,
            Restarts = options.Restarts ?? defaults.Restarts,
            Checkpoint = options.Checkpoint,
            Resume = options.Resume,
        };
    }

    private static NonNegativeCp NonNegativeOf(DecomposeOptions options, CpInitialization start, string algorithm)
    {
        NonNegativeCp defaults = new();
        return new NonNegativeCp
        {
            Method = algorithm switch { Hals => NonNegativeMethod.Hals, Exact => NonNegativeMethod.Exact, _ => NonNegativeMethod.MultiplicativeUpdate },
            Backend = options.Backend,
            Seed = options.Seed,
            MaxIterations = options.MaxIterations ?? defaults.MaxIterations,
            Tolerance = options.Tolerance ?? defaults.Tolerance,
            Initialization = start,
            Restarts = options.Restarts ?? defaults.Restarts,
            FixedModes = options.Fixed,
            Extrapolate = options.Acceleration != CpAcceleration.None,
            Checkpoint = options.Checkpoint,
            Resume = options.Resume,
        };
    }

    private static ConstrainedCp ConstrainedOf(DecomposeOptions options, CpInitialization start, int order)
    {
        ConstrainedCp defaults = new();
        return new ConstrainedCp
        {
            Constraints = ConstraintList.Parse(options.Constraints, order, options.NonNegative),
            Backend = options.Backend,
            Seed = options.Seed,
            MaxIterations = options.MaxIterations ?? defaults.MaxIterations,
            Tolerance = options.Tolerance ?? defaults.Tolerance,
            Initialization = start,
            Restarts = options.Restarts ?? defaults.Restarts,
            FixedModes = options.Fixed,
            Extrapolate = options.Acceleration != CpAcceleration.None,
            Checkpoint = options.Checkpoint,
            Resume = options.Resume,
        };
    }
    /// <summary>Where a fit begins: the number of components, and the model if there is one.</summary>
    private sealed class StartingPoint<T>(int rank, CpTensor<T>? model, int[] fixedModes)
        where T : unmanaged, INumberBase<T>
    {
        public int Rank { get; } = rank;

        /// <summary>The factors with the weights in them: evenly, or, beside factors that stay, in the first of the others.</summary>
        public IReadOnlyList<Tensor<T>>? Factors => model is null ? null : fixedModes.Length == 0 ? model.Distribute().Factors : [.. model.Factors.Select((factor, n) => n == Carrier ? Weighted(factor) : factor)];

        private int Carrier => Enumerable.Range(0, model!.Order).First(n => !fixedModes.Contains(n));

        private Tensor<T> Weighted(Tensor<T> factor) => Tensor.Create([.. factor.ToArray().Select((value, i) => value * model!.Weights[i % Rank])], factor.Lengths);
    }
}
