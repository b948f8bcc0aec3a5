using Polyad.Cli.Compare;
using Polyad.Cli.Compare.Html;
using Polyad.Cli.Reports;
using Xunit;

namespace Polyad.Cli.Tests;

/// <summary>Two engines on the same problems.</summary>
public class SideBySideTests
{
    [Fact]
    public void RoundsInterleaveTheEnginesAndRowsStandSideBySide()
    {
        List<string> calls = [];
        Backend.Register(new BackendRegistration("test-first", () => new TracedEngine("test-first", calls), static () => new BackendInfo { Id = "test-first", Available = false }));
        Backend.Register(new BackendRegistration("test-second", () => new TracedEngine("test-second", calls), static () => new BackendInfo { Id = "test-second", Available = false }));
        CompareOptions options = new()
        {
            Backends = ["test-first", "test-second"],
            Problems = ProblemList.Create(["gemm"], [300], [], null, []),
            Dtypes = ["f64"],
            Threads = [1],
            Rounds = 4,
        };

        CompareReport report = new Comparison(options, static _ => { }).Run(TestContext.Current.CancellationToken);

        // What comes before the rounds is each engine's warming up; a round may call an engine several times to fill a sample.
        string[] turns = [.. calls.Where((id, i) => i == 0 || calls[i - 1] != id)];
        Assert.Equal(Enumerable.Repeat(new[] { "test-first", "test-second" }, 5).SelectMany(static pair => pair), turns);
        Assert.Equal(["test-first", "test-second"], report.Results.Select(static r => r.Backend));
        Assert.Equal(["native", "native"], report.Results.Select(static r => r.Implementation));
        double best = report.Results.Min(static r => r.MedianS!.Value);
        Assert.All(report.Results, r => Assert.Equal(r.MedianS!.Value / best, r.RatioToBest!.Value, 1e-12));
        Assert.Contains(report.Results, static r => r.RatioToBest == 1);
    }

    [Fact]
    public void AnEngineThatIsTooSlowForAllRoundsHasFewerAndSaysSo()
    {
        CompareOptions options = new()
        {
            Backends = ["managed"], Problems = ProblemList.Create(["gemm"], [200], [], null, []), Dtypes = ["f64"], Threads = [1], Rounds = 4, MostSeconds = 1e-6,
        };

        CompareResult result = Assert.Single(new Comparison(options, static _ => { }).Run(TestContext.Current.CancellationToken).Results);

        Assert.Single(result.SamplesS);
        Assert.Equal("1 of 4 rounds at 200x200x200", result.Note);
    }

    [Fact]
    public void TimesThatOverlapAreMarkedAndOthersAreNot()
    {
        CompareResult fast = Timed("a", 1.0, 1.1, 1.2, 1.3, 1.4), close = Timed("b", 1.2, 1.25, 1.3, 1.4, 1.5), slow = Timed("c", 2, 2.1, 2.2, 2.3, 2.4);
        CompareReport report = ComparePageTests.Report() with { Results = [fast, close, slow] };

        Assert.True(Comparison.Overlap(fast, close));
        Assert.False(Comparison.Overlap(fast, slow));
        using StringWriter text = new();
        CompareTable.Write(ToolConsole.ForWriters(text, TextWriter.Null).Out, report);
        string[] lines = text.ToString().Split('\n');
        Assert.Contains("best", lines.First(static l => l.Contains(" a ", StringComparison.Ordinal)), StringComparison.Ordinal);
        Assert.Contains("~ 1.08x", lines.First(static l => l.Contains(" b ", StringComparison.Ordinal)), StringComparison.Ordinal);
        string last = lines.First(static l => l.Contains(" c ", StringComparison.Ordinal));
        Assert.Contains("1.83x", last, StringComparison.Ordinal);
        Assert.DoesNotContain('~', last);
        Assert.Equal(["b"], CompareGroup.Of(report).Single().AsGoodAsBest.Select(static r => r.Backend));
    }

    private static CompareResult Timed(string backend, params double[] seconds) => new()
    {
        Op = "gemm", Shape = [9, 9, 9], Dtype = "f64", Threads = 1, Backend = backend, Implementation = "managed", MedianS = seconds[2], SpreadS = seconds[3] - seconds[1], SamplesS = seconds,
        Gflops = 1, FractionOfCeiling = 0.5, RatioToBest = seconds[2] / 1.2, AccuracyRatio = 0.1,
    };
}
