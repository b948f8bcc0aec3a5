using System.Globalization;
using System.Text;
using Polyad.Lab;

namespace Polyad.Cli.Lab;

/// <summary>Runs as a page: docs/systems.md.</summary>
internal static class LabMarkdown
{
    public static string Page(IReadOnlyList<LabRun> runs)
    {
        StringBuilder page = new();
        page.AppendLine("# Published systems, reproduced").AppendLine();
        page.AppendLine("Written by `polyad lab page` from the reports of `polyad lab run NAME --json FILE`. Claim and criterion stand in the source file of each experiment (`src/Polyad.Lab/Experiments`) and were written before the run; `polyad lab run NAME` repeats one in less than a minute.").AppendLine();
        page.AppendLine("| experiment | paper | verdict | size | seconds |").AppendLine("|---|---|---|---|---|");
        foreach (LabRun run in runs)
        {
            page.AppendLine(CultureInfo.InvariantCulture, $"| [{run.Report.Name}](#{run.Report.Name}) | {run.Report.Paper} | {LabText.Name(run.Report.Outcome.Verdict)} | {run.Size} | {run.Report.Seconds:F1} |");
        }

        foreach (LabRun run in runs)
        {
            Append(page, run);
        }

        return page.ToString().ReplaceLineEndings("\n");
    }

    private static void Append(StringBuilder page, LabRun run)
    {
        ExperimentReport report = run.Report;
        ExperimentOutcome outcome = report.Outcome;
        page.AppendLine().AppendLine(CultureInfo.InvariantCulture, $"## {report.Name}").AppendLine();
        page.AppendLine(report.Paper).AppendLine();
        page.AppendLine(CultureInfo.InvariantCulture, $"- Claim: {report.Claim}");
        page.AppendLine(CultureInfo.InvariantCulture, $"- Criterion: {report.Criterion}");
        page.AppendLine(CultureInfo.InvariantCulture, $"- Setting: {outcome.Setting}");
        page.AppendLine(CultureInfo.InvariantCulture, $"- Run: `polyad lab run {report.Name} --{run.Size} --backend {run.Backend} --seed {run.Seed}`, {run.Machine}, {run.Threads} threads, {run.Date:yyyy-MM-dd}");
        page.AppendLine(CultureInfo.InvariantCulture, $"- Verdict: **{LabText.Name(outcome.Verdict)}**: {outcome.Reason}").AppendLine();
        page.AppendLine($"| {string.Join(" | ", outcome.Table.Columns)} |");
        page.AppendLine($"|{string.Concat(outcome.Table.Columns.Select(static _ => "---|"))}");
        foreach (IReadOnlyList<LabCell> row in outcome.Table.Rows)
        {
            page.AppendLine($"| {string.Join(" | ", row)} |");
        }
    }
}
