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

    private static readonly string[] Descent = [.. Starts, "--accelerate", "--missing", "--nonnegative"];

    public string Name => "cp";

    public IReadOnlyList<Algorithm> Algorithms { get; } =
    [
        new(LeastSquares, "alternating least squares", [.. Starts, "--accelerate", "--missing", "--select-rank"]),
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
        if (options.Ranks is not [var rank])
        {
            throw new UsageException("cp needs --rank with one number.");
        }

        CpInitialization start = Start(options.Start);
        CpResult<T> result = ((IDecomposition)this).Chosen(options).Name switch
        {
            LeastSquares => Fit(LeastSquaresOf(options), input, rank, progress, cancellationToken),
            Randomized => RandomizedOf(options).Fit(input.Values, rank, progress, cancellationToken),
            AllAtOnce => AllAtOnceOf(options, start).Fit(input.Values, rank, progress, cancellationToken),
            Admm => Fit(ConstrainedOf(options, start, input.Values.Rank), input, rank, progress, cancellationToken),
            string nonNegative => Fit(NonNegativeOf(options, start, nonNegative), input, rank, progress, cancellationToken),
        };
        List<(string, Tensor<T>)> arrays = [("weights", result.Weights)];
        arrays.AddRange(result.Factors.Select(static (factor, mode) => ($"factor_{mode}", factor)));
        return new FittedModel<T>(arrays, () => result.Reconstruct(options.Backend), result.Save, JsonValue.Create(rank), result.RelativeError, result.ErrorHistory, result.Iterations, result.Converged)
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
        _ => throw new UsageException($"--init: '{name}' is none of random, eigen and svd."),
    };

    private static CpResult<T> Fit<T>(CpAls als, DecomposeInput<T> input, int rank, IProgress<DecompositionProgress> progress, CancellationToken cancellationToken)
        where T : unmanaged, INumberBase<T>
        => input.Seen is { } seen ? als.Fit(seen, rank, progress, cancellationToken) : als.Fit(input.Values, rank, progress, cancellationToken);

    private static CpResult<T> Fit<T>(CpBlockDescent descent, DecomposeInput<T> input, int rank, IProgress<DecompositionProgress> progress, CancellationToken cancellationToken)
        where T : unmanaged, INumberBase<T>
        => input.Seen is { } seen ? descent.Fit(seen, rank, progress, cancellationToken) : descent.Fit(input.Values, rank, progress, cancellationToken);

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
            Extrapolate = options.Acceleration != CpAcceleration.None,
            Checkpoint = options.Checkpoint,
            Resume = options.Resume,
        };
    }
}
