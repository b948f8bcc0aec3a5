using System.Diagnostics;
using System.Globalization;
using System.Numerics;
using System.Numerics.Tensors;
using Polyad.Cli.Commands;
using Polyad.Cli.Reports;
using Polyad.Decomposition;
using Spectre.Console;

namespace Polyad.Cli.Decompose;

/// <summary><c>polyad decompose cp --select-rank</c>: what speaks for each number of components.</summary>
internal static class RankSearch
{
    public static int Run<T>(ToolConsole console, DecomposeRequest request, RankRange range, Tensor<T> tensor, CancellationToken cancellationToken)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        DecomposeOptions options = request.Options;
        if (request.Missing is not null || options.Ranks is not null || options.Checkpoint is not null || options.Resume is not null || options.StartFile is not null)
        {
            throw new UsageException("--select-rank tries ranks on a complete tensor: it goes without --rank, --missing, --init FILE, --checkpoint and --resume.");
        }

        CpRankSelection defaults = new();
        CpRankSelection selection = new() { Method = CpDecomposition.LeastSquaresOf(options with { Restarts = options.Restarts ?? defaults.Method.Restarts }) };
        long start = Stopwatch.GetTimestamp();
        CpRankReport<T> found = CompareCommand.WithProgress(console, show => selection.Run(tensor, range.From, range.To, new Shown(show), cancellationToken));
        RankReport report = new()
        {
            Shape = [.. tensor.Lengths.ToArray().Select(static n => (int)n)],
            Dtype = request.Dtype,
            Backend = request.BackendId,
            Seed = options.Seed,
            Restarts = selection.Method.Restarts,
            Seconds = Stopwatch.GetElapsedTime(start).TotalSeconds,
            SuggestedRank = found.Suggested,
            Ranks = found.Rows,
        };
        if (request.Out is { } file)
        {
            int rank = found.Suggested ?? throw new UsageException("--out: no rank is consistent and reproducible, so there is no model to write; name one with --rank.");
            found.Models[rank - range.From].Save(file.FullName);
        }

        if (request.Json is { } json)
        {
            File.WriteAllText(json.FullName, ReportJson.Serialize(report));
        }

        Write(console, report, selection);
        return ExitCode.Done;
    }

    private static void Write(ToolConsole console, RankReport report, CpRankSelection selection)
    {
        Table table = new Table().Border(TableBorder.Rounded).Title($"CP of {string.Join(" x ", report.Shape)}, best of {report.Restarts} starts");
        table.AddColumns("rank", "explained", "core consistency", "split-half", "sweeps");
        foreach (TableColumn column in table.Columns)
        {
            column.RightAligned();
        }

        foreach (CpRankRow row in report.Ranks)
        {
            table.AddRow(
                row.Rank.ToString(CultureInfo.InvariantCulture),
                (100 * row.Fit).ToString("F4", CultureInfo.InvariantCulture) + " %",
                row.CoreConsistency < 0 ? "below 0" : row.CoreConsistency.ToString("F1", CultureInfo.InvariantCulture) + " %",
                row.SplitHalf?.ToString("F3", CultureInfo.InvariantCulture) ?? "-",
                row.Iterations.ToString(CultureInfo.InvariantCulture) + (row.Converged ? "" : ", not converged"));
        }

        console.Out.Write(table);
        string bars = string.Create(CultureInfo.InvariantCulture, $"core consistency of at least {selection.LeastConsistency} % and split-half score of at least {selection.LeastSplitHalf}");
        console.OutputWriter.WriteLine(report.SuggestedRank is { } rank ? $"Suggested: rank {rank}, the greatest with {bars}." : $"No rank has {bars}.");
    }

    private sealed class Shown(Action<string> show) : IProgress<ManyFitsProgress>
    {
        public void Report(ManyFitsProgress value) => show($"{value.Finished} of {value.Total} sets of fits");
    }
}
