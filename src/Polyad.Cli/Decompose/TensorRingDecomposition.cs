using Polyad.Decomposition;

namespace Polyad.Cli.Decompose;

/// <summary>Tensor ring: a closed chain of cores, one for each mode.</summary>
internal sealed class TensorRingDecomposition : IDecomposition
{
    private const string Svd = "svd", LeastSquares = "als", Sampled = "sampled";

    /// <summary>Rows for each unknown of a sampled problem, of which there are r^2: enough for their logarithm up to ranks of a hundred.</summary>
    private const int RowsForEachUnknown = 20;

    private static readonly string[] Sweeps = [.. Algorithm.Sweeps, "--init", "--restarts"];

    public string Name => "tr";

    public IReadOnlyList<Algorithm> Algorithms { get; } =
    [
        new(Svd, "TR-SVD"),
        new(LeastSquares, "alternating least squares", Sweeps),
        new(Sampled, "alternating least squares on rows sampled by leverage", [.. Sweeps, "--samples"]),
    ];

    public string DefaultAlgorithm(DecomposeOptions options) => Svd;

    FittedModel<T> IDecomposition.Fit<T>(DecomposeInput<T> input, DecomposeOptions options, IProgress<DecompositionProgress> progress, CancellationToken cancellationToken)
    {
        string algorithm = ((IDecomposition)this).Chosen(options).Name;
        TrTensor<T>? given = options.StartFile?.Ring<T>(input.Values.Lengths);
        int[]? ranks = given is not null && options.Ranks is null ? [.. given.Ranks] : Ranks(options, input.Values.Rank, algorithm);
        if (given is not null)
        {
            options.StartFile!.Require(given.Ranks, ranks);
        }

        TensorRingResult<T> result;
        if (algorithm == Svd)
        {
            TensorRing ring = new() { Backend = options.Backend, Tolerance = options.Tolerance ?? new TensorRing().Tolerance };
            result = ranks is null ? ring.Fit(input.Values, progress, cancellationToken) : ring.Fit(input.Values, ranks, progress, cancellationToken);
        }
        else
        {
            TensorRingAls defaults = new();
            TensorRingAls als = new()
            {
                Backend = options.Backend,
                Seed = options.Seed,
                MaxIterations = options.MaxIterations ?? defaults.MaxIterations,
                Tolerance = options.Tolerance ?? defaults.Tolerance,
                Initialization = options.Start switch
                {
                    null or "random" => TensorRingInitialization.Random,
                    "svd" => TensorRingInitialization.Svd,
                    string other => throw new UsageException($"--init: a ring starts at random or svd or from an .npz file, not '{other}'."),
                },
                Restarts = options.Restarts ?? defaults.Restarts,
                Samples = algorithm == Sampled ? options.Samples ?? RowsForEachUnknown * ranks!.Max() * ranks!.Max() : null,
                Checkpoint = options.Checkpoint,
                Resume = options.Resume,
            };
            result = given is null ? als.Fit(input.Values, ranks!, progress, cancellationToken) : als.Fit(input.Values, given, progress, cancellationToken);
        }

        return new FittedModel<T>(
            [.. result.Cores.Select(static (core, mode) => ($"core_{mode}", core))],
            () => result.Reconstruct(options.Backend), result.Save, RankList.ToJson(result.Ranks), result.RelativeError, result.ErrorHistory, result.Iterations, result.Converged);
    }

    /// <summary>r_0 .. r_(d-1); null when a tolerance decides.</summary>
    private static int[]? Ranks(DecomposeOptions options, int order, string algorithm) => options.Ranks switch
    {
        [var one] => [.. Enumerable.Repeat(one, order)],
        { } several when several.Length == order => several,
        null when algorithm == Svd && options.Tolerance is not null => null,
        _ => throw new UsageException($"tr needs --rank (one number, or one for each of the {order} modes){(algorithm == Svd ? " or --tol" : "")}."),
    };
}
