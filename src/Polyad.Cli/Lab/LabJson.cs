using System.Text.Json;
using System.Text.Json.Nodes;
using Polyad.Lab;

namespace Polyad.Cli.Lab;

/// <summary>An experiment as JSON: a cell of the table is a text, a number, or {"mean","standard_error","runs"}.</summary>
internal static class LabJson
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    public static string Serialize(ExperimentReport report)
    {
        LabTable table = report.Outcome.Table;
        JsonArray rows = [];
        foreach (IReadOnlyList<LabCell> cells in table.Rows)
        {
            JsonObject row = [];
            for (int i = 0; i < cells.Count; i++)
            {
                row[table.Columns[i]] = Node(cells[i]);
            }

            rows.Add((JsonNode)row);
        }

        JsonObject document = new()
        {
            ["name"] = report.Name,
            ["paper"] = report.Paper,
            ["claim"] = report.Claim,
            ["criterion"] = report.Criterion,
            ["setting"] = report.Outcome.Setting,
            ["verdict"] = LabText.Name(report.Outcome.Verdict),
            ["reason"] = report.Outcome.Reason,
            ["table"] = rows,
            ["seconds"] = report.Seconds,
        };
        return document.ToJsonString(Indented);
    }

    private static JsonNode? Node(LabCell cell)
    {
        if (cell.Estimate is { } estimate)
        {
            return new JsonObject { ["mean"] = Number(estimate.Mean), ["standard_error"] = Number(estimate.StandardError), ["runs"] = estimate.Runs };
        }

        return cell.Number is { } number ? Number(number) : cell.Text;
    }

    /// <summary>JSON has no form for NaN and infinity: texts, as in the other reports.</summary>
    private static JsonNode Number(double value)
        => double.IsFinite(value) ? value : double.IsNaN(value) ? "NaN" : value > 0 ? "Infinity" : "-Infinity";
}
