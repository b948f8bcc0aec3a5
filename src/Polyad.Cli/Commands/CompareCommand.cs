using System.CommandLine;
using Polyad.Cli.Compare;
using Polyad.Cli.Compare.Html;
using Polyad.Cli.Reports;
using Spectre.Console;

namespace Polyad.Cli.Commands;

/// <summary><c>polyad compare</c>: speed and accuracy of engines, side by side.</summary>
internal static class CompareCommand
{
    private const string DefaultOperations = "gemm,gram,svd,qr,eigh,cholesky,lu,unfold,mttkrp";

    public static Command Create(ToolConsole console)
    {
        Option<string?> backends = new("--backends") { Description = "Engines, by id. Default: every engine that is available here." };
        Option<string> ops = new("--ops")
        {
            Description = $"Operations: {string.Join(',', OperationCatalog.All.Select(static o => o.Name))}.",
            DefaultValueFactory = static _ => DefaultOperations,
        };
        Option<string?> sizes = new("--sizes") { Description = "Sizes n: square matrices n x n, vectors of length n. Default: 256." };
        Option<string?> shapes = new("--shapes") { Description = "Shapes: m x n for matrices (10000x64), tensors (300x300x300), m x n x k for gemm without tensor operations." };
        Option<string?> ranks = new("--rank") { Description = "One or several: columns of the factors of mttkrp and of the decompositions, rows of the matrix of modeproduct, triplets of rsvd (default: 10), features of the sketches (default: 1024)." };
        Option<int?> mode = new("--mode") { Description = "Mode of tensor operations, from 0. Default: every mode, one row each." };
        Option<string> dtype = new("--dtype") { Description = "Element types: f64, f32.", DefaultValueFactory = static _ => "f64" };
        Option<string?> threads = new("--threads") { Description = "Thread counts. Default: one for each core." };
        Option<int> rounds = new("--rounds") { Description = "Interleaved rounds: samples for each engine. One that would take more than 20 s for them on a problem gets fewer. With several threads, those of the engine before come to rest in between.", DefaultValueFactory = static _ => 7 };
        Option<FileInfo?> json = new("--json") { Description = "Write the report to this file." };
        Option<FileInfo?> plot = new("--plot") { Description = "Draw speed over sizes, in the order given, into this PNG file." };
        Option<FileInfo?> times = new("--plot-times") { Description = "The same with times, on a logarithmic axis." };
        Option<FileInfo?> html = new("--html") { Description = "Write the report as one self-contained page to this file." };
        Command command = new("compare", "Compares engines: interleaved times, speed against the measured limits of this machine, and accuracy.")
        {
            backends, ops, sizes, shapes, ranks, mode, dtype, threads, rounds, json, plot, times, html,
        };
        command.SetAction((parsed, cancellationToken) =>
        {
            OptimizedBuild.Require();
            string[] dtypes = [.. CommaList.Words(parsed.GetRequiredValue(dtype), "--dtype").Distinct()];
            if (dtypes.FirstOrDefault(static d => d is not ("f32" or "f64")) is { } unknown)
            {
                throw new UsageException($"--dtype: '{unknown}' is neither f32 nor f64.");
            }

            if (parsed.GetValue(rounds) < 1 || parsed.GetValue(mode) < 0)
            {
                throw new UsageException("--rounds begin at 1, --mode at 0.");
            }

            CompareOptions options = new()
            {
                Backends = parsed.GetValue(backends) is { } ids ? [.. CommaList.Words(ids, "--backends").Distinct()] : [.. Backend.Probe().Where(static b => b.Available).Select(static b => b.Id)],
                Problems = ProblemList.Create(
                    [.. CommaList.Words(parsed.GetRequiredValue(ops), "--ops").Distinct()],
                    parsed.GetValue(sizes) is { } n ? [.. CommaList.PositiveNumbers(n, "--sizes").Distinct()] : [],
                    parsed.GetValue(shapes) is { } s ? [.. CommaList.Words(s, "--shapes").Distinct().Select(ProblemList.ParseShape)] : [],
                    parsed.GetValue(mode),
                    parsed.GetValue(ranks) is { } r ? [.. CommaList.PositiveNumbers(r, "--rank").Distinct()] : []),
                Dtypes = dtypes,
                Threads = parsed.GetValue(threads) is { } t ? [.. CommaList.PositiveNumbers(t, "--threads").Distinct()] : [Environment.ProcessorCount],
                Rounds = parsed.GetValue(rounds),
            };
            return Task.FromResult(Run(console, options, parsed.GetValue(json), parsed.GetValue(plot), parsed.GetValue(times), parsed.GetValue(html), cancellationToken));
        });
        return command;
    }

    private static int Run(ToolConsole console, CompareOptions options, FileInfo? json, FileInfo? plot, FileInfo? times, FileInfo? html, CancellationToken cancellationToken)
    {
        CompareReport report = WithProgress(console, progress => new Comparison(options, progress).Run(cancellationToken));
        if (json is not null)
        {
            File.WriteAllText(json.FullName, ReportJson.Serialize(report));
        }

        if (html is not null)
        {
            ComparePage.Save(html.FullName, report);
        }

        CompareTable.Write(console.Out, report);
        if (report.Interrupted)
        {
            console.ErrorWriter.WriteLine("polyad: interrupted; the report holds what was measured until then.");
            return ExitCode.Interrupted;
        }

        if (plot is not null)
        {
            ComparePlot.Save(plot.FullName, report, times: false);
        }

        if (times is not null)
        {
            ComparePlot.Save(times.FullName, report, times: true);
        }

        return report.Results.Any(static r => r.MedianS is null) ? ExitCode.CheckFailed : ExitCode.Done;
    }

    /// <summary>A live status on a terminal; nothing elsewhere.</summary>
    internal static TResult WithProgress<TResult>(ToolConsole console, Func<Action<string>, TResult> work)
    {
        if (!console.Interactive)
        {
            return work(static _ => { });
        }

        TResult? result = default;
        console.Error.Status().Start("starting", status => result = work(text => status.Status(Markup.Escape(text))));
        return result!;
    }
}
