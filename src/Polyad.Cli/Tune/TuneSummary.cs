using System.Globalization;
using Polyad.Cli.Reports;
using Spectre.Console;

namespace Polyad.Cli.Tune;

/// <summary>Who wins where.</summary>
internal static class TuneSummary
{
    public static TuneReport Report(AutoBackend auto, string file, double seconds)
    {
        TuningTable table = auto.Table!;
        return new TuneReport(
            file,
            seconds,
            table.Machine.Cpu,
            table.Engines,
            [.. table.Classes.OrderBy(static c => c.Index()).Select(c => new TuneRow(
                c.Operation.ToString(),
                ShapeClass.Text(c.Aspect),
                c.Magnitude,
                c.SinglePrecision ? "f32" : "f64",
                !c.Sequential,
                auto.Choose(c).Engine.Id,
                [.. table.Of(c).Select(static m => new TuneFigure(m.Engine, m.Seconds, m.AccuracyRatio))]))]);
    }

    public static void Write(IAnsiConsole console, TuneReport report)
    {
        Table table = new Table().Border(TableBorder.Rounded).Title("Which engine where (n: the problem is as large as one of n x n x n)");
        (string Dtype, bool Parallel)[] columns = [.. report.Choices.Select(static r => (r.Dtype, r.Parallel)).Distinct().OrderByDescending(static c => c.Dtype).ThenByDescending(static c => c.Parallel)];
        table.AddColumns(["operation", "form", .. columns.Select(static c => $"{c.Dtype}, {(c.Parallel ? "several threads" : "one thread")}")]);
        foreach (IGrouping<(string Operation, string Form), TuneRow> group in report.Choices.GroupBy(static r => (r.Operation, r.Form)))
        {
            table.AddRow([group.Key.Operation, group.Key.Form, .. columns.Select(c => Markup.Escape(Ranges([.. group.Where(r => (r.Dtype, r.Parallel) == c).OrderBy(static r => r.Log2N)])))]);
        }

        console.Write(table);
        console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{report.Choices.Count} classes of problems in {report.Seconds:F0} s: {string.Join(", ", report.Choices.GroupBy(static r => r.Engine).OrderByDescending(static g => g.Count()).Select(static g => $"{g.Key} wins {g.Count()}"))}."));
        console.WriteLine($"Written to {report.File}; the engine 'auto' uses it from now on. Ask 'polyad info --why gemm 1000x1000' for the reason of a choice.");
    }

    /// <summary>"managed to 32, mkl at 64, managed from 128".</summary>
    private static string Ranges(TuneRow[] rows)
    {
        List<string> parts = [];
        for (int from = 0; from < rows.Length;)
        {
            int to = from;
            while (to + 1 < rows.Length && rows[to + 1].Engine == rows[from].Engine)
            {
                to++;
            }

            string range = to == rows.Length - 1
                ? from == 0 ? "everywhere" : $"from {1L << rows[from].Log2N}"
                : from == 0 ? $"to {1L << rows[to].Log2N}"
                : from == to ? $"at {1L << rows[to].Log2N}"
                : $"{1L << rows[from].Log2N} to {1L << rows[to].Log2N}";
            parts.Add($"{rows[from].Engine} {range}");
            from = to + 1;
        }

        return string.Join(", ", parts);
    }

    private static long Index(this ShapeClass c)
        => (((((long)c.Operation * 2) + (c.SinglePrecision ? 1 : 0)) * 2) + (c.Sequential ? 1 : 0)) * 1000 + ((int)c.Aspect * 100) + c.Magnitude;
}
