using System.Text.Json;
using Polyad.Cli.Lab;
using Polyad.Lab;
using Xunit;

namespace Polyad.Cli.Tests;

public class LabCommandTests
{
    [Fact]
    public void ListNamesEveryExperiment()
    {
        ToolRun run = ToolRun.Of("lab", "list");

        Assert.Equal(0, run.ExitCode);
        Assert.All(LabCatalog.All, e => Assert.Contains(e.Name, run.Output, StringComparison.Ordinal));
    }

    [Fact]
    public void ARunPrintsItsVerdictAndWritesReportAndPicture()
    {
        using TemporaryFolder folder = new();

        ToolRun run = ToolRun.Of("lab", "run", "rff", "--smoke", "--backend", "managed", "--seed", "7", "--json", folder["r.json"], "--plot", folder["p.png"]);

        Assert.True(run.ExitCode == 0, run.Output + run.Error);
        JsonElement report = JsonDocument.Parse(File.ReadAllText(folder["r.json"])).RootElement;
        IExperiment experiment = LabCatalog.Get("rff");
        Assert.Equal(("rff", experiment.Paper, experiment.Claim, experiment.Criterion), (Text("name"), Text("paper"), Text("claim"), Text("criterion")));
        Assert.Equal(("smoke", "managed", 7UL), (Text("size"), Text("backend"), report.GetProperty("seed").GetUInt64()));
        Assert.Contains(Text("verdict"), new[] { "reproduced", "partly", "not at this size" });
        Assert.Contains($"verdict    {Text("verdict")}", run.Output, StringComparison.Ordinal);
        Assert.True(report.GetProperty("seconds").GetDouble() > 0);
        JsonElement first = report.GetProperty("table")[0];
        Assert.Equal(16, first.GetProperty("D").GetInt32());
        Assert.Equal(4, first.GetProperty("rms error").GetProperty("runs").GetInt32());
        Assert.True(first.GetProperty("rms error").GetProperty("standard_error").GetDouble() > 0);
        Assert.Equal([0x89, (byte)'P', (byte)'N', (byte)'G'], File.ReadAllBytes(folder["p.png"])[..4]);

        string Text(string name) => report.GetProperty(name).GetString()!;
    }

    [Theory]
    [InlineData(2, "no experiment 'nothing'", "lab", "run", "nothing")]
    [InlineData(2, "exclude each other", "lab", "run", "rff", "--quick", "--full")]
    [InlineData(2, "take one experiment", "lab", "run", "all", "--smoke", "--json", "x.json")]
    [InlineData(2, "no folder", "lab", "run", "rff", "--smoke", "--data", "no such folder")]
    [InlineData(3, "nothing-like-it", "lab", "run", "rff", "--smoke", "--backend", "nothing-like-it")]
    public void WrongUseIsRefused(int code, string message, params string[] args)
    {
        ToolRun run = ToolRun.Of(args);

        Assert.Equal(code, run.ExitCode);
        Assert.Contains(message, run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void APageOfADamagedReportIsRefused()
    {
        using TemporaryFolder folder = new();
        File.WriteAllText(folder["r.json"], "{\"name\":\"rff\",\"table\":[1]}");

        ToolRun run = ToolRun.Of("lab", "page", folder["r.json"], "--output", folder["p.md"]);

        Assert.Equal(2, run.ExitCode);
        Assert.Contains("r.json", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void AReportIsReadBackAsItWasWritten()
    {
        LabTable table = new("text", "number", "estimate");
        table.Add("a", double.NaN, new Estimate(1.5, 0.25, 4));
        table.Add("b", 2, new Estimate(double.PositiveInfinity, 0, 1));
        table.Add("c", "", "");
        ExperimentReport report = new("name", "paper", "claim", "criterion", new ExperimentOutcome(Verdict.NotAtThisSize, "reason", "setting", table, new LabChart("", "", "")), 1.25);
        LabRun run = new(report, "full", "managed", ulong.MaxValue, "machine", 2, new DateOnly(2026, 1, 31));

        string json = LabJson.Serialize(run);
        LabRun read = LabJson.Deserialize(json, "file");

        // An empty cell of a column of numbers is null, not a text.
        Assert.Equal(JsonValueKind.Null, JsonDocument.Parse(json).RootElement.GetProperty("table")[2].GetProperty("number").ValueKind);

        Assert.Equal(table.Columns, read.Report.Outcome.Table.Columns);
        Assert.Equal(table.Rows.SelectMany(static r => r), read.Report.Outcome.Table.Rows.SelectMany(static r => r));
        Assert.Equal(LabMarkdown.Page([run]), LabMarkdown.Page([read]));
    }

    [Fact]
    public void ThePageOfSystemsSaysWhatTheExperimentsSay()
    {
        string[] committed = File.ReadAllLines(Path.Combine(Repository(), "docs", "systems.md"));
        List<LabRun> runs = [];
        foreach (IExperiment experiment in LabCatalog.All)
        {
            ExperimentSettings settings = new() { Size = LabSize.Smoke };
            runs.Add(LabRun.Of(ExperimentReport.Of(experiment, settings, null, TestContext.Current.CancellationToken), settings));
        }

        // Figures, verdicts and settings are those of another run; titles, papers, claims, criteria and columns are not.
        Assert.Equal(Form(LabMarkdown.Page(runs).Split('\n')), Form(committed));
        Assert.All(committed.Where(static line => line.StartsWith("- Verdict: ", StringComparison.Ordinal)), static line => Assert.Matches(@"^- Verdict: \*\*(reproduced|partly|not at this size)\*\*: ", line));
        Assert.DoesNotContain(committed, static line => line.Contains("--smoke", StringComparison.Ordinal));
    }

    private static string[] Form(IEnumerable<string> page)
    {
        List<string> form = [];
        string before = "";
        foreach (string line in page)
        {
            bool table = line.StartsWith('|'), header = table && !before.StartsWith('|');
            string label = line.StartsWith("- ", StringComparison.Ordinal) ? line[..(line.IndexOf(':', StringComparison.Ordinal) + 1)] : line;
            if (!table || header)
            {
                form.Add(label is "- Setting:" or "- Run:" or "- Verdict:" ? label : line);
            }

            before = line;
        }

        return [.. form.Where(static line => line.Length > 0)];
    }

    private static string Repository()
    {
        DirectoryInfo? at = new(AppContext.BaseDirectory);
        while (at is not null && !File.Exists(Path.Combine(at.FullName, "Backend.sln")))
        {
            at = at.Parent;
        }

        return at?.FullName ?? throw new InvalidOperationException("the tests do not lie in the repository");
    }
}
