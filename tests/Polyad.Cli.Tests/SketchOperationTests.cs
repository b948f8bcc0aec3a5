using System.Text.Json;
using Polyad.Cli.Compare;
using Polyad.Cli.Compare.Accuracy;
using Xunit;

namespace Polyad.Cli.Tests;

/// <summary>Sketches and randomized linear algebra in <c>polyad compare</c>.</summary>
public class SketchOperationTests
{
    private const string Operations = "countsketch,srht,tensorsketch,ctr,polysketch,rff,rsvd,lstsq,lstsq-qr";

    [Fact]
    public void EveryAvailableEngineIsTimedAndJudged()
    {
        using TemporaryFolder folder = new();

        ToolRun run = ToolRun.Of("compare", "--ops", Operations, "--shapes", "300x40", "--rank", "16", "--dtype", "f64,f32", "--threads", "1", "--rounds", "1", "--json", folder["r.json"]);

        Assert.True(run.ExitCode == 0, run.Output + run.Error);
        JsonElement[] results = [.. JsonDocument.Parse(File.ReadAllText(folder["r.json"])).RootElement.GetProperty("results").EnumerateArray()];
        string[] engines = [.. Backend.Probe().Where(static b => b.Available).Select(static b => b.Id).Order()];
        foreach (IGrouping<string, JsonElement> operation in results.GroupBy(static r => $"{r.GetProperty("op")} {r.GetProperty("dtype")}"))
        {
            bool everywhere = OperationCatalog.Get(operation.Key.Split(' ')[0]).UsesEngine;
            Assert.Equal(everywhere ? engines : ["managed"], operation.Select(static r => r.GetProperty("backend").GetString()!).Order());
            Assert.All(operation, r => Assert.True(r.GetProperty("median_s").GetDouble() > 0 && r.GetProperty("fraction_of_ceiling").GetDouble() > 0, r.ToString()));

            // Sums and orthogonal factorizations by their rounding; random features by the spread that theory predicts, of which one draw may be some times as much.
            double most = operation.Key.Split(' ')[0] is "countsketch" or "srht" ? 1 : operation.Key.StartsWith("lstsq", StringComparison.Ordinal) ? 30 : 3;
            Assert.All(operation, r => Assert.InRange(r.GetProperty("accuracy_ratio").GetDouble(), 0, most));
        }

        Assert.Equal(Operations.Split(',').Order(), results.Select(static r => r.GetProperty("op").GetString()!).Distinct().Order());
    }

    [Fact]
    public void SketchesHaveAThousandFeaturesUnlessToldOtherwiseAndDecompositionsTenColumns()
    {
        Assert.Equal(1024, Assert.Single(ProblemList.Create(["srht"], [], [[30, 20]], null, [])).Rank);
        Assert.Equal(10, Assert.Single(ProblemList.Create(["rsvd"], [], [[30, 20]], null, [])).Rank);
        Assert.Equal(7, Assert.Single(ProblemList.Create(["srht"], [], [[30, 20]], null, [7])).Rank);
        Assert.Equal([256, 256], Assert.Single(ProblemList.Create(["countsketch"], [], [], null, [])).Shape);
    }

    [Theory]
    [InlineData("ctr", 30, 20, 15)]
    [InlineData("polysketch", 30, 20, 15)]
    [InlineData("rff", 30, 20, 15)]
    [InlineData("rsvd", 30, 20, 21)]
    [InlineData("lstsq", 20, 30, null)]
    [InlineData("lstsq-qr", 20, 30, null)]
    public void WhatCannotBeIsLeftOutWithItsReason(string operation, int m, int n, int? rank)
        => Assert.NotNull(OperationCatalog.Get(operation).Unsuited(Assert.Single(ProblemList.Create([operation], [], [[m, n]], null, rank is { } r ? [r] : []))));

    /// <summary>Estimates with the predicted spread are judged 1, exact ones 0, and those of another kernel many times as much.</summary>
    [Fact]
    public void KernelEstimatesAreJudgedByTheirPredictedSpread()
    {
        DenseMatrix rows = new([1, 0, 0, 1, 0.6, 0.8], 3, 2);
        double[,] exact = { { 1, 0, 0.6 }, { 0, 1, 0.8 }, { 0.6, 0.8, 1 } };
        static double Inner(double[] x, double[] y) => (x[0] * y[0]) + (x[1] * y[1]);

        Assert.Equal(1, KernelAccuracy.Ratio(rows, (i, j) => exact[i, j] + ((i + j) % 2 == 0 ? 0.1 : -0.1), Inner, static (_, _) => 0.01, Math.ScaleB(1, -52)), 1e-12);
        Assert.Equal(0, KernelAccuracy.Ratio(rows, (i, j) => exact[i, j], static (x, y) => Inner(x, y), static (_, _) => 0.01, Math.ScaleB(1, -52)));
        Assert.InRange(KernelAccuracy.Ratio(rows, (i, j) => 2 * exact[i, j], Inner, static (_, _) => 1e-4, Math.ScaleB(1, -52)), 30, double.MaxValue);
        Assert.Equal(double.PositiveInfinity, KernelAccuracy.Ratio(rows, static (_, _) => double.NaN, Inner, static (_, _) => 1, Math.ScaleB(1, -52)));
    }

    [Fact]
    public void ASolutionOfLeastSquaresIsJudgedByItsGradient()
    {
        // The line through (0, 1), (1, 3), (2, 5), (3, 7) and a residual that is orthogonal to both columns.
        DenseMatrix a = new([1, 0, 1, 1, 1, 2, 1, 3], 4, 2), b = new([1 + 1, 3 - 1, 5 - 1, 7 + 1], 4, 1);
        double epsilon = Math.ScaleB(1, -52);

        Assert.InRange(LeastSquaresAccuracy.Ratio(a, b, new DenseMatrix([1, 2], 2, 1), epsilon), 0, 1);
        Assert.InRange(LeastSquaresAccuracy.Ratio(a, b, new DenseMatrix([1, 2.0001], 2, 1), epsilon), 1e9, double.MaxValue);
        Assert.Equal(double.PositiveInfinity, LeastSquaresAccuracy.Ratio(a, b, new DenseMatrix([1, double.NaN], 2, 1), epsilon));
    }
}
