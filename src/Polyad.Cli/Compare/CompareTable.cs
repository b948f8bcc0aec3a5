using System.Globalization;
using Polyad.Cli.Reports;
using Spectre.Console;

namespace Polyad.Cli.Compare;

/// <summary>A comparison as a table: engines of one problem below each other, the best one marked.</summary>
internal static class CompareTable
{
    /// <summary>LAPACK's test programs accept below this.</summary>
    private const double AcceptedRatio = 30;

    public static void Write(IAnsiConsole console, CompareReport report)
    {
        Table table = new Table().Border(TableBorder.Rounded);
        table.AddColumns("operation", "size", "type", "threads", "engine", "source", "median", "spread", "GFLOP/s", "GB/s", "of ceiling", "to best", "accuracy");
        foreach (TableColumn column in table.Columns)
        {
            column.NoWrap();
        }

        foreach (TableColumn column in table.Columns.Skip(6).Append(table.Columns[3]))
        {
            column.RightAligned();
        }

        foreach (IGrouping<string, CompareResult> group in report.Results.GroupBy(static r => $"{r.Op} {Size(r)} {r.Dtype} {r.Threads}"))
        {
            CompareResult? best = group.Where(static r => r.MedianS is not null).MinBy(static r => r.MedianS);
            bool first = true;
            foreach (CompareResult r in group)
            {
                table.AddRow([.. Labels(r, first), .. r.MedianS is null ? Failed() : Figures(r, best!)]);
                first = false;
            }
        }

        console.Write(table);
        IEnumerable<string> failures = report.Results.Where(static r => r.Note.Length > 0).Select(static r => $"{r.Op} on {r.Backend}: {r.Note}").Distinct();
        foreach (string note in report.Notes.Concat(failures))
        {
            console.WriteLine(note);
        }

        console.WriteLine("of ceiling: the least time that the measured limits allow, over the median. to best: 'best', or the median over the best one's; '~' where the middle halves of the times overlap.");
        console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"accuracy: error over what rounding allows (LAPACK accepts factorizations below {AcceptedRatio}; products and transforms stay below 1; copies and sums of integers are exact); of random features and of rsvd, error over what theory predicts, about 1."));
    }

    public static string Time(double seconds) => seconds switch
    {
        >= 1 => seconds.ToString("F2", CultureInfo.InvariantCulture) + " s",
        >= 1e-3 => Significant(seconds * 1e3) + " ms",
        _ => Significant(seconds * 1e6) + " us",
    };

    private static string Size(CompareResult r)
        => string.Join('x', r.Shape) + (r.Mode is { } mode ? $" mode {mode}" : "") + (r.Rank is { } rank ? $" rank {rank}" : "");

    private static string[] Labels(CompareResult r, bool first) =>
    [
        first ? r.Op : "",
        first ? Size(r) : "",
        first ? r.Dtype : "",
        first ? r.Threads.ToString(CultureInfo.InvariantCulture) : "",
        Markup.Escape(r.Backend),
        r.Implementation ?? "",
    ];

    private static string[] Failed() => ["[red]failed[/]", "", "", "", "", "", ""];

    private static string[] Figures(CompareResult r, CompareResult best) =>
    [
        Time(r.MedianS!.Value),
        Time(r.SpreadS!.Value),
        r.Gflops is { } gflops ? Significant(gflops) : "",
        r.GbS is { } bandwidth ? Significant(bandwidth) : "",
        r.FractionOfCeiling is { } fraction ? fraction.ToString("P0", CultureInfo.InvariantCulture) : "",
        ReferenceEquals(r, best) ? "[green]best[/]" : (Comparison.Overlap(r, best) ? "~ " : "") + r.RatioToBest!.Value.ToString("F2", CultureInfo.InvariantCulture) + "x",
        Accuracy(r.AccuracyRatio),
    ];

    private static string Accuracy(double? ratio) => ratio switch
    {
        null => "",
        0 => "exact",
        double.PositiveInfinity => "[red]wrong[/]",
        > AcceptedRatio => $"[red]{ratio.Value.ToString("G3", CultureInfo.InvariantCulture)}[/]",
        _ => ratio.Value.ToString("G2", CultureInfo.InvariantCulture),
    };

    private static string Significant(double value)
        => value.ToString(value >= 100 ? "F0" : value >= 10 ? "F1" : "F2", CultureInfo.InvariantCulture);
}
