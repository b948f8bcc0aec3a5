using System.Globalization;
using System.Text;
using Polyad.Cli.Machine;
using Polyad.Lab;

namespace Polyad.Cli.Lab;

/// <summary>Reports as a page: docs/systems.md.</summary>
internal static class LabMarkdown
{
    public static string Page(IReadOnlyList<ExperimentReport> reports, ExperimentSettings settings)
    {
        StringBuilder page = new();
        page.AppendLine("# Published systems, reproduced").AppendLine();
        page.AppendLine("Written by `polyad lab run all --markdown docs/systems.md`. Claim and criterion stand in the source file of each experiment (`src/Polyad.Lab/Experiments`) and were written before the run.").AppendLine();
        page.AppendLine(CultureInfo.InvariantCulture, $"This run: {(settings.Full ? "full" : "quick")} size, engine `{settings.Backend?.Id ?? Backend.Current.Id}`, first seed {settings.Seed}, {Processor.Name}, {DateTime.UtcNow:yyyy-MM-dd}.").AppendLine();
        page.AppendLine("| experiment | paper | verdict | seconds |").AppendLine("|---|---|---|---|");
        foreach (ExperimentReport report in reports)
        {
            page.AppendLine(CultureInfo.InvariantCulture, $"| [{report.Name}](#{report.Name}) | {report.Paper} | {LabText.Name(report.Outcome.Verdict)} | {report.Seconds:F1} |");
        }

        foreach (ExperimentReport report in reports)
        {
            Append(page, report);
        }

        return page.ToString().ReplaceLineEndings("\n");
    }

    private static void Append(StringBuilder page, ExperimentReport report)
    {
        ExperimentOutcome outcome = report.Outcome;
        page.AppendLine().AppendLine(CultureInfo.InvariantCulture, $"## {report.Name}").AppendLine();
        page.AppendLine(report.Paper).AppendLine();
        page.AppendLine(CultureInfo.InvariantCulture, $"- Claim: {report.Claim}");
        page.AppendLine(CultureInfo.InvariantCulture, $"- Criterion: {report.Criterion}");
        page.AppendLine(CultureInfo.InvariantCulture, $"- Setting: {outcome.Setting}");
        page.AppendLine(CultureInfo.InvariantCulture, $"- Verdict: **{LabText.Name(outcome.Verdict)}**: {outcome.Reason}").AppendLine();
        page.AppendLine($"| {string.Join(" | ", outcome.Table.Columns)} |");
        page.AppendLine($"|{string.Concat(outcome.Table.Columns.Select(static _ => "---|"))}");
        foreach (IReadOnlyList<LabCell> row in outcome.Table.Rows)
        {
            page.AppendLine($"| {string.Join(" | ", row)} |");
        }
    }
}
