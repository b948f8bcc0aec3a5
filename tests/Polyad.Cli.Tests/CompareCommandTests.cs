using System.Text.Json;
using Polyad.Cli.Commands;
using Polyad.Cli.Compare;
using Xunit;

namespace Polyad.Cli.Tests;

public class CompareCommandTests
{
    [Fact]
    public void SeveralRanksAreSeveralProblemsAndTimesMayBePlotted()
    {
        using TemporaryFolder folder = new();

        ToolRun run = ToolRun.Of("compare", "--ops", "mttkrp,unfold", "--shapes", "6x7x8,5x5x5", "--rank", "2,4", "--mode", "1", "--threads", "1", "--rounds", "1", "--backends", "managed", "--json", folder["r.json"], "--plot-times", folder["t.png"]);

        Assert.True(run.ExitCode == 0, run.Error);
        JsonElement[] rows = [.. JsonDocument.Parse(File.ReadAllText(folder["r.json"])).RootElement.GetProperty("results").EnumerateArray()];
        Assert.Equal([2, 4, 2, 4], rows.Where(static r => r.GetProperty("op").GetString() == "mttkrp").Select(static r => r.GetProperty("rank").GetInt32()));
        Assert.Equal(2, rows.Count(static r => r.GetProperty("op").GetString() == "unfold"));
        Assert.True(new FileInfo(folder["t.png"]).Length > 1000);
    }

    [Fact]
    public void ReportHoldsTimesSpeedAndAccuracyOfEveryOperation()
    {
        using TemporaryFolder folder = new();
        string operations = string.Join(',', OperationCatalog.All.Select(static o => o.Name));

        ToolRun run = ToolRun.Of(
            "compare", "--ops", operations, "--sizes", "32", "--shapes", "40x12,6x7x8", "--rank", "4", "--dtype", "f64,f32", "--threads", "1", "--rounds", "2", "--json", folder["r.json"], "--plot", folder["p.png"]);

        Assert.True(run.ExitCode == 0, run.Output + run.Error);
        JsonElement report = JsonDocument.Parse(File.ReadAllText(folder["r.json"])).RootElement;
        Assert.False(report.GetProperty("interrupted").GetBoolean());
        Assert.True(report.GetProperty("machine").GetProperty("fma_ceiling_gflops_f64").GetDouble() > 0);
        JsonElement[] results = [.. report.GetProperty("results").EnumerateArray()];
        Assert.Equal(OperationCatalog.All.Select(static o => o.Name).Order(), results.Select(static r => r.GetProperty("op").GetString()!).Distinct().Order());
        foreach (JsonElement r in results)
        {
            string what = r.ToString();
            Assert.Equal(2, r.GetProperty("samples_s").GetArrayLength());
            Assert.True(r.GetProperty("median_s").GetDouble() > 0, what);
            Assert.True(r.GetProperty("fraction_of_ceiling").GetDouble() > 0, what);
            Assert.True(r.GetProperty("ratio_to_best").GetDouble() >= 1, what);
            Assert.True(r.GetProperty("accuracy_ratio").GetDouble() < 30, what);
            Assert.Contains(r.GetProperty("implementation").GetString(), new[] { "native", "composed", "managed" });
        }

        Assert.All(results.GroupBy(static r => (r.GetProperty("op").GetString(), r.GetProperty("shape").ToString(), r.GetProperty("mode").ToString(), r.GetProperty("dtype").GetString())), static g => Assert.Equal(1, g.Min(static r => r.GetProperty("ratio_to_best").GetDouble())));
        Assert.Equal([0, 1, 2], results.Where(static r => r.GetProperty("op").GetString() == "unfold" && r.GetProperty("backend").GetString() == "managed" && r.GetProperty("dtype").GetString() == "f64").Select(static r => r.GetProperty("mode").GetInt32()));
        Assert.Equal([0x89, (byte)'P', (byte)'N', (byte)'G'], File.ReadAllBytes(folder["p.png"])[..4]);
        Assert.DoesNotContain('\u001b', run.Output);
    }

    [Fact]
    public void WhatNeedsNoEngineIsMeasuredOnceAndUnsuitedLengthsAreLeftOutWithANote()
    {
        using TemporaryFolder folder = new();

        ToolRun run = ToolRun.Of("compare", "--ops", "fwht,fft", "--sizes", "64,96", "--threads", "1", "--rounds", "2", "--json", folder["r.json"]);

        Assert.True(run.ExitCode == 0, run.Output + run.Error);
        JsonElement report = JsonDocument.Parse(File.ReadAllText(folder["r.json"])).RootElement;
        JsonElement[] results = [.. report.GetProperty("results").EnumerateArray()];
        Assert.Equal(["fwht 64", "fft 64", "fft 96"], results.Select(static r => $"{r.GetProperty("op").GetString()} {r.GetProperty("shape")[0].GetInt32()}"));
        Assert.All(results, static r => Assert.Equal("managed", r.GetProperty("backend").GetString()));
        Assert.Equal(0, results[0].GetProperty("accuracy_ratio").GetDouble());
        Assert.Equal("fwht 96 is left out: the length must be a power of two.", Assert.Single(report.GetProperty("notes").EnumerateArray()).GetString());
        Assert.Contains("fwht 96 is left out", run.Output);
    }

    [Fact]
    public void WhereNoOperationTakesItsSizeThereIsNothingToCompare()
    {
        ToolRun run = ToolRun.Of("compare", "--ops", "rsvd", "--shapes", "1x1");

        Assert.Equal(2, run.ExitCode);
        Assert.Contains("nothing is left to compare: rsvd 1x1 rank 10 is left out: the rank is above the shorter side.", run.Error, StringComparison.Ordinal);
        Assert.Empty(run.Output);
    }

    [Fact]
    public void AnInterruptedRunLeavesAValidReport()
    {
        using TemporaryFolder folder = new();
        using CancellationTokenSource interrupt = new();
        List<string> steps = [];
        CompareOptions options = new()
        {
            Backends = ["managed"],
            Problems = ProblemList.Create(["gemm"], [16, 20], [], null, []),
            Dtypes = ["f64"],
            Threads = [1],
            Rounds = 2,
        };

        Reports.CompareReport report = new Comparison(options, step =>
        {
            steps.Add(step);
            if (step.StartsWith("gemm 20x20x20", StringComparison.Ordinal))
            {
                interrupt.Cancel();
            }
        }).Run(interrupt.Token);

        Assert.True(report.Interrupted);
        Assert.Equal([16, 16, 16], Assert.Single(report.Results).Shape);
        Assert.True(JsonDocument.Parse(Reports.ReportJson.Serialize(report)).RootElement.GetProperty("interrupted").GetBoolean());
    }

    [Theory]
    [InlineData("gemm", "30x20x10", 1)]
    [InlineData("gemm,unfold", "30x20x10", 4)]
    [InlineData("svd,mttkrp", "30x20", 4)]
    [InlineData("unfold", "30x20", 2)]
    public void ShapesGoToTheOperationsThatTakeThem(string operations, string shape, int problems)
        => Assert.Equal(problems, ProblemList.Create(operations.Split(','), [], [ProblemList.ParseShape(shape)], null, []).Count);

    [Fact]
    public void OptimizedBuildsAreToldFromDebugOnes()
        => Assert.Equal(typeof(Backend).Assembly.GetCustomAttributes(false).OfType<System.Diagnostics.DebuggableAttribute>().All(static a => !a.IsJITOptimizerDisabled), OptimizedBuild.Is(typeof(Backend).Assembly));
}
