using System.CommandLine;
using System.Diagnostics;
using Polyad.Cli.Reports;
using Polyad.Cli.Tune;

namespace Polyad.Cli.Commands;

/// <summary><c>polyad tune</c>: measures which engine is fastest where, for the engine 'auto'.</summary>
internal static class TuneCommand
{
    private const int DefaultSeconds = 60;

    public static Command Create(ToolConsole console)
    {
        Option<double> seconds = new("--seconds") { Description = "The time limit.", DefaultValueFactory = static _ => DefaultSeconds };
        Option<string?> backends = new("--backends") { Description = "Engines, by id; the managed one always takes part. Default: every engine that is available here." };
        Option<bool> json = new("--json") { Description = "Write one JSON document to the standard output instead of a table." };
        Option<DirectoryInfo?> folder = new("--cache") { Description = $"The folder for the result. Default, and where 'auto' looks for it: {TuningFile.DefaultFolder ?? "none here"}." };
        Command command = new("tune", "Measures which engine is fastest where on this machine; the engine 'auto' chooses by the result.") { seconds, backends, json, folder };
        command.SetAction((parsed, cancellationToken) =>
        {
            OptimizedBuild.Require();
            double limit = parsed.GetValue(seconds);
            if (!(limit > 0) || limit > 86_400)
            {
                throw new UsageException("--seconds must be a positive number, at most a day.");
            }

            string target = parsed.GetValue(folder)?.FullName ?? TuningFile.DefaultFolder ?? throw new UsageException("there is no cache folder here (XDG_CACHE_HOME and HOME are not set); name one with --cache.");
            return Task.FromResult(Run(console, limit, Engines(parsed.GetValue(backends)), target, parsed.GetValue(json), cancellationToken));
        });
        return command;
    }

    private static (string Id, ILinearAlgebraBackend Engine)[] Engines(string? listed)
    {
        IEnumerable<string> ids = listed is null ? Backend.Probe().Where(static b => b.Available && b.Id != AutoBackend.Shared.Id).Select(static b => b.Id) : CommaList.Words(listed, "--backends");
        (string Id, ILinearAlgebraBackend Engine)[] engines = [.. ids.Prepend("managed").Distinct(StringComparer.OrdinalIgnoreCase).Select(static id => (id, Backend.Get(id)))];
        return engines.Any(static e => e.Engine is AutoBackend) ? throw new UsageException("--backends: 'auto' chooses among the others and is not measured itself.") : engines;
    }

    private static int Run(ToolConsole console, double limit, (string Id, ILinearAlgebraBackend Engine)[] engines, string folder, bool json, CancellationToken cancellationToken)
    {
        long start = Stopwatch.GetTimestamp();
        TuningTable table = CompareCommand.WithProgress(console, show => new Tuner(engines, TimeSpan.FromSeconds(limit), show).Run(cancellationToken));
        double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        if (table.Measurements.Count == 0)
        {
            throw new UsageException("nothing could be measured in that time; give --seconds more.");
        }

        // What is shown is read back: it is what 'auto' will see.
        string file = TuningFile.Save(table, folder);
        TuneReport report = TuneSummary.Report(new AutoBackend(folder), file, seconds);
        if (json)
        {
            console.OutputWriter.WriteLine(ReportJson.Serialize(report));
        }
        else
        {
            TuneSummary.Write(console.Out, report);
        }

        return ExitCode.Done;
    }
}
