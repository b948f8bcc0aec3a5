using System.CommandLine;
using Polyad.Cli.Decompose;
using Polyad.Decomposition;

namespace Polyad.Cli.Commands;

/// <summary>The arguments and options of <c>polyad decompose</c>.</summary>
internal sealed class DecomposeArguments
{
    private readonly Argument<string> _method = new("method") { Description = MethodHelp() };
    private readonly Argument<string> _input = new("input") { Description = "A tensor: .npy, .npz (first array, or file.npz:name), .h5, .mat (version 7.3), .csv or .png." };
    private readonly Option<string?> _rank = new("--rank") { Description = "cp: the number of components. tucker: one number, or one for each mode. tt: the greatest bond rank, or one for each bond. tr: one number, or one for each mode." };
    private readonly Option<double?> _tolerance = new("--tol") { Description = "tucker, tt, tr by svd: the relative error to stay below. Iterations: the change of the relative error that ends them." };
    private readonly Option<string?> _backend = new("--backend") { Description = "The engine, by id." };
    private readonly Option<ulong> _seed = new("--seed") { Description = "Seed of random starts, sketches and samples.", DefaultValueFactory = static _ => 0UL };
    private readonly Option<FileInfo?> _output = new("--out") { Description = "Write the model to this .npz file: weights and factor_n (cp), core and factor_n (tucker), core_n (tt, tr), n being the mode from 0." };
    private readonly Option<FileInfo?> _json = new("--json") { Description = "Write the report to this file." };
    private readonly Option<string> _dtype = new("--dtype") { Description = "Element type: f64 or f32.", DefaultValueFactory = static _ => "f64" };
    private readonly Option<bool> _strict = new("--strict") { Description = "Exit with 1 when the iteration did not converge." };
    private readonly Option<string?> _dataset = new("--dataset") { Description = "Which array of an .npz, dataset of an .h5 or variable of a .mat file." };
    private readonly Option<string?> _algorithm = new("--algorithm") { Description = AlgorithmHelp() };
    private readonly Option<int?> _iterations = new("--max-iterations") { Description = "The most iterations of one start." };
    private readonly Option<bool> _nonNegative = new("--nonnegative") { Description = "cp, tucker: no negative entry in the model." };
    private readonly Option<string[]> _constraints = new("--constraint") { Description = $"cp: what is asked of a factor, as mode:kind, once for each mode; 'all' for those not named. Kinds: {ConstraintList.Kinds}." };
    private readonly Option<string?> _missing = new("--missing") { Description = "Entries that are missing: nan for those that are NaN, or a file of the same shape that is not 0 where one is missing." };
    private readonly Option<string?> _start = new("--init") { Description = "cp: eigen (default), random or svd. tr by least squares: random or svd. Non-negative tucker: eigen or random. Or an .npz file, as --out writes it, whose model is the start (tucker by hooi too)." };
    private readonly Option<string?> _fixed = new("--fix") { Description = "cp, tucker: modes, from 0, as in 0,2, whose factors stay as --init FILE has them." };
    private readonly Option<int?> _restarts = new("--restarts") { Description = "Starts to try; those after the first are random, and the best one is reported." };
    private readonly Option<string?> _acceleration = new("--accelerate") { Description = "Help over slow stretches: anderson (default), line-search or none (als); constrained fits extrapolate unless none.", Arity = ArgumentArity.ZeroOrOne };
    private readonly Option<string?> _modes = new("--modes") { Description = "tucker: the modes to compress, from 0, as in 0,2. The others stay as they are." };
    private readonly Option<int?> _samples = new("--samples") { Description = "Rows drawn for each least-squares problem of a randomized fit." };
    private readonly Option<string?> _checkpoint = new("--checkpoint") { Description = "Keep the state of the sweeps in this file, also when the fit is interrupted." };
    private readonly Option<string?> _resume = new("--resume") { Description = "Go on from such a file, with the same input and options." };
    private readonly Option<string?> _select = new("--select-rank") { Description = "cp: fit, core consistency and split-half score of every rank of a range such as 1..8." };

    public Command Command => new("decompose", "Decomposes a tensor: CP, Tucker, tensor train or tensor ring; free, non-negative or constrained, complete or with missing entries.")
    {
        _method, _input, _rank, _tolerance, _backend, _seed, _output, _json, _dtype, _strict, _dataset, _algorithm, _iterations, _nonNegative, _constraints, _missing, _start, _fixed, _restarts, _acceleration, _modes, _samples,
        _checkpoint, _resume, _select,
    };

    /// <summary>Options that some algorithms do not take.</summary>
    private Option[] Special => [_iterations, _nonNegative, _constraints, _missing, _start, _fixed, _restarts, _acceleration, _modes, _samples, _checkpoint, _resume, _select];

    /// <exception cref="UsageException">A value makes no sense, or an option does not go with the algorithm.</exception>
    public DecomposeRequest Read(ParseResult parsed)
    {
        (IDecomposition method, bool nonNegative) = DecompositionCatalog.Find(parsed.GetRequiredValue(_method));
        ILinearAlgebraBackend engine = parsed.GetValue(_backend) is { } id ? Backend.Get(id) : Backend.Current;
        CheckpointFile? checkpoint = parsed.GetValue(_checkpoint) is { } path ? new CheckpointFile(path) : null;
        string? start = parsed.GetValue(_start);
        DecomposeOptions options = new()
        {
            Ranks = parsed.GetValue(_rank) is { } ranks ? CommaList.PositiveNumbers(ranks, "--rank") : null,
            Tolerance = parsed.GetValue(_tolerance) is { } tolerance ? tolerance >= 0 ? tolerance : throw new UsageException("--tol must not be negative.") : null,
            MaxIterations = Positive(parsed, _iterations),
            Seed = parsed.GetValue(_seed),
            Algorithm = parsed.GetValue(_algorithm),
            NonNegative = nonNegative || parsed.GetValue(_nonNegative),
            Constraints = parsed.GetValue(_constraints) ?? [],
            Start = start is not null && StartFile.IsMeant(start) ? null : start,
            StartFile = start is not null && StartFile.IsMeant(start) ? new StartFile(start) : null,
            Fixed = parsed.GetValue(_fixed) is { } kept ? CommaList.Numbers(kept, "--fix") : [],
            Restarts = Positive(parsed, _restarts),
            Acceleration = Acceleration(parsed),
            Modes = parsed.GetValue(_modes) is { } modes ? CommaList.Numbers(modes, "--modes") : null,
            Samples = Positive(parsed, _samples),
            Checkpoint = checkpoint?.Plan,
            Resume = parsed.GetValue(_resume) is { } state ? FitCheckpoint.Load(state) : null,
            Backend = engine,
        };
        Algorithm algorithm = method.Chosen(options);
        if (nonNegative && !algorithm.Takes.Contains(_nonNegative.Name))
        {
            throw new UsageException($"{method.Name} by {algorithm.Name} has no non-negative form.");
        }

        if (Special.FirstOrDefault(o => parsed.GetResult(o) is { Implicit: false } && !algorithm.Takes.Contains(o.Name)) is { } wrong)
        {
            string[] takers = [.. method.Algorithms.Where(a => a.Takes.Contains(wrong.Name)).Select(static a => a.Name)];
            throw new UsageException($"{method.Name} by {algorithm.Name} does not take {wrong.Name}{(takers.Length > 0 ? $"; --algorithm {string.Join(" or ", takers)} does" : "")}.");
        }

        if (options is { Fixed.Length: > 0, StartFile: null })
        {
            throw new UsageException("--fix needs --init FILE, which has the factors that stay.");
        }

        return new DecomposeRequest(method, algorithm, parsed.GetRequiredValue(_input), options, parsed.GetValue(_backend) ?? engine.Id)
        {
            Dtype = parsed.GetRequiredValue(_dtype),
            Dataset = parsed.GetValue(_dataset),
            Missing = parsed.GetValue(_missing),
            SelectRank = parsed.GetValue(_select) is { } range ? RankRange.Parse(range) : null,
            Checkpoint = checkpoint,
            Strict = parsed.GetValue(_strict),
            Out = parsed.GetValue(_output),
            Json = parsed.GetValue(_json),
        };
    }

    private CpAcceleration? Acceleration(ParseResult parsed) => parsed.GetResult(_acceleration) is not { Implicit: false } ? null : parsed.GetValue(_acceleration) switch
    {
        null or "anderson" => CpAcceleration.Anderson,
        "line-search" => CpAcceleration.LineSearch,
        "none" => CpAcceleration.None,
        string other => throw new UsageException($"--accelerate: '{other}' is none of anderson, line-search and none."),
    };

    private static int? Positive(ParseResult parsed, Option<int?> option)
        => parsed.GetValue(option) is not { } value ? null : value >= 1 ? value : throw new UsageException($"{option.Name} begins at 1.");

    private static string MethodHelp() => $"{string.Join(", ", DecompositionCatalog.All.Select(static m => m.Name))}; cp-nn and tucker-nn for non-negative ones.";

    private static string AlgorithmHelp() => string.Join(
        " ", DecompositionCatalog.All.Select(static m => $"{m.Name}: {string.Join(", ", m.Algorithms.Select(static a => $"{a.Name} ({a.Summary})"))}."));
}

/// <summary>What <c>polyad decompose</c> was asked for.</summary>
internal sealed record DecomposeRequest(IDecomposition Method, Algorithm Algorithm, string Input, DecomposeOptions Options, string BackendId)
{
    public required string Dtype { get; init; }

    public string? Dataset { get; init; }

    public string? Missing { get; init; }

    public RankRange? SelectRank { get; init; }

    public CheckpointFile? Checkpoint { get; init; }

    public bool Strict { get; init; }

    public FileInfo? Out { get; init; }

    public FileInfo? Json { get; init; }
}
