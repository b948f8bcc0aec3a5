using System.Globalization;
using Polyad.Lab;
using Spectre.Console;

namespace Polyad.Cli.Lab;

/// <summary>An experiment on the terminal.</summary>
internal static class LabText
{
    public static void Write(IAnsiConsole console, ExperimentReport report)
    {
        ExperimentOutcome outcome = report.Outcome;
        console.WriteLine();
        console.MarkupLineInterpolated(CultureInfo.InvariantCulture, $"[bold]{report.Name}[/]  {report.Paper}");
        console.MarkupLineInterpolated(CultureInfo.InvariantCulture, $"claim      {report.Claim}");
        console.MarkupLineInterpolated(CultureInfo.InvariantCulture, $"criterion  {report.Criterion}");
        console.MarkupLineInterpolated(CultureInfo.InvariantCulture, $"setting    {outcome.Setting}");
        Table table = new Table().Border(TableBorder.Rounded);
        foreach (string column in outcome.Table.Columns)
        {
            table.AddColumn(Markup.Escape(column));
        }

        foreach (IReadOnlyList<LabCell> row in outcome.Table.Rows)
        {
            table.AddRow([.. row.Select(static cell => Markup.Escape(cell.ToString()))]);
        }

        console.Write(table);
        string colour = outcome.Verdict == Verdict.Reproduced ? "green" : "yellow";
        console.MarkupLine($"verdict    [{colour}]{Name(outcome.Verdict)}[/]: {Markup.Escape(outcome.Reason)} ({report.Seconds.ToString("F1", CultureInfo.InvariantCulture)} s)");
    }

    public static string Name(Verdict verdict) => verdict switch
    {
        Verdict.Reproduced => "reproduced",
        Verdict.Partly => "partly",
        _ => "not at this size",
    };
}
