using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Polyad.Lab;

namespace Polyad.Cli.Lab;

/// <summary>An experiment's run as JSON: a cell of the table is a text, a number, {"mean","standard_error","runs"}, or null where it is empty.</summary>
internal static class LabJson
{
    private const string DateFormat = "yyyy-MM-dd";

    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    public static string Serialize(LabRun run)
    {
        ExperimentReport report = run.Report;
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
            ["size"] = run.Size,
            ["backend"] = run.Backend,
            ["seed"] = run.Seed,
            ["machine"] = run.Machine,
            ["threads"] = run.Threads,
            ["date"] = run.Date.ToString(DateFormat, CultureInfo.InvariantCulture),
            ["verdict"] = LabText.Name(report.Outcome.Verdict),
            ["reason"] = report.Outcome.Reason,
            ["table"] = rows,
            ["seconds"] = report.Seconds,
        };
        return document.ToJsonString(Indented);
    }

    /// <summary>Reads what <see cref="Serialize"/> wrote; curves are not kept.</summary>
    /// <exception cref="InvalidDataException">The text is no such report.</exception>
    public static LabRun Deserialize(string json, string file)
    {
        try
        {
            JsonObject document = JsonNode.Parse(json)!.AsObject();
            string Text(string name) => document[name]!.GetValue<string>();
            JsonArray rows = document["table"]!.AsArray();
            LabTable table = new(rows.Count == 0 ? [] : [.. rows[0]!.AsObject().Select(static cell => cell.Key)]);
            foreach (JsonNode? row in rows)
            {
                table.Add([.. row!.AsObject().Select(static cell => Cell(cell.Value))]);
            }

            Verdict verdict = Enum.GetValues<Verdict>().First(v => LabText.Name(v) == Text("verdict"));
            ExperimentOutcome outcome = new(verdict, Text("reason"), Text("setting"), table, new LabChart("", "", ""));
            ExperimentReport report = new(Text("name"), Text("paper"), Text("claim"), Text("criterion"), outcome, document["seconds"]!.GetValue<double>());
            return new LabRun(report, Text("size"), Text("backend"), document["seed"]!.GetValue<ulong>(), Text("machine"), document["threads"]!.GetValue<int>(), DateOnly.ParseExact(Text("date"), DateFormat, CultureInfo.InvariantCulture));
        }
        catch (Exception damage) when (damage is JsonException or NullReferenceException or InvalidOperationException or FormatException or ArgumentException)
        {
            throw new InvalidDataException($"'{file}' is not a report of 'polyad lab run --json': {damage.Message}", damage);
        }
    }

    private static JsonNode? Node(LabCell cell)
    {
        if (cell.Estimate is { } estimate)
        {
            return new JsonObject { ["mean"] = Number(estimate.Mean), ["standard_error"] = Number(estimate.StandardError), ["runs"] = estimate.Runs };
        }

        return cell.Number is { } number ? Number(number) : cell.Text is "" ? null : cell.Text;
    }

    private static LabCell Cell(JsonNode? node)
        => node is null ? ""
            : node is JsonObject estimate ? new Estimate(Value(estimate["mean"]!), Value(estimate["standard_error"]!), estimate["runs"]!.GetValue<int>())
            : node.GetValueKind() == JsonValueKind.Number || node.GetValue<string>() is "NaN" or "Infinity" or "-Infinity" ? Value(node) : node.GetValue<string>();

    /// <summary>JSON has no form for NaN and infinity: texts, as in the other reports.</summary>
    private static JsonNode Number(double value)
        => double.IsFinite(value) ? value : double.IsNaN(value) ? "NaN" : value > 0 ? "Infinity" : "-Infinity";

    private static double Value(JsonNode node)
        => node.GetValueKind() == JsonValueKind.Number ? node.GetValue<double>() : double.Parse(node.GetValue<string>(), CultureInfo.InvariantCulture);
}
