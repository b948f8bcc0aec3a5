using System.Diagnostics;
using System.Text.Json;
using Polyad.Cli.Tune;
using Xunit;

namespace Polyad.Cli.Tests;

public class TuneCommandTests
{
    [Fact]
    public void ItWritesATableWithinTheTimeLimitThatAutoCanRead()
    {
        using TemporaryFolder folder = new();
        long start = Stopwatch.GetTimestamp();

        ToolRun run = ToolRun.Of("tune", "--backends", "managed", "--seconds", "3", "--json", "--cache", folder["cache"]);

        Assert.True(run.ExitCode == 0, run.Output + run.Error);
        Assert.True(Stopwatch.GetElapsedTime(start) < TimeSpan.FromSeconds(30));
        JsonElement[] choices = [.. run.Json().GetProperty("choices").EnumerateArray()];
        Assert.NotEmpty(choices);
        Assert.All(choices, static c => Assert.Equal("managed", c.GetProperty("engine").GetString()));
        AutoBackend auto = new(folder["cache"]);
        Assert.NotNull(auto.Table);
        Assert.Null(auto.Describe().Reason);
        Assert.All(auto.Table.Measurements, static m => Assert.True(m.AccuracyRatio < 30, m.ToString()));
    }

    [Fact]
    public void ThePlanCoversEveryOperationOfTheContractInClassesOfItsForm()
    {
        LinearAlgebraOperation[] planned = [.. TuningPlan.All.SelectMany(static s => s.Problems).Select(static p => p.Operation.Primitive!.Value).Distinct()];
        Assert.Equal(Enum.GetValues<LinearAlgebraOperation>().Where(static o => o != LinearAlgebraOperation.Fold), planned.Order());
        foreach (TuningSeries series in TuningPlan.All)
        {
            // A^T A of a tall A is the contract's A A^T of a wide one.
            string expected = series.Problems[0].Operation.Name == "gram" && series.Form == "tall" ? "wide" : series.Form;
            Assert.All(series.Problems, p => Assert.Equal(expected, ShapeClass.Text(PrimitiveShape.Of(p)!.Value.Class(false, false).Aspect)));
            int[] magnitudes = [.. series.Problems.Select(static p => PrimitiveShape.Of(p)!.Value.Class(false, false).Magnitude)];
            Assert.Equal(magnitudes.Distinct().Order(), magnitudes);
        }
    }

    [Theory]
    [InlineData("tune --seconds 0")]
    [InlineData("tune --backends auto")]
    [InlineData("info --why gemm")]
    [InlineData("info --why nonsense 10x10")]
    [InlineData("info --why cp 10x10x10")]
    [InlineData("info --why gemm 10x10 --dtype f16")]
    [InlineData("info --why eigh 10x20")]
    public void WrongUsageIsTwo(string line)
    {
        ToolRun run = ToolRun.Of(line.Split(' '));

        Assert.Equal(2, run.ExitCode);
        Assert.StartsWith("polyad: ", run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("gemm 1000x1000", "gemm 1000x1000x1000 f64")]
    [InlineData("svd 500", "svd 500x500 f64")]
    [InlineData("mttkrp 30x30x30 --mode 1", "mttkrp 30x30x30 mode 1")]
    public void WhyNamesTheEngineAndTheReason(string question, string echoed)
    {
        ToolRun run = ToolRun.Of(["info", "--why", .. question.Split(' ')]);

        Assert.True(run.ExitCode == 0, run.Error);
        Assert.StartsWith(echoed, run.Output, StringComparison.Ordinal);
        string[] lines = run.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(2, lines.Length);
        Assert.True(lines[1].Length > 20, lines[1]);
    }
}
