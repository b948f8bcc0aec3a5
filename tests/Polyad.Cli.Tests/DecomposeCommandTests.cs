using System.Numerics.Tensors;
using System.Text.Json;
using Polyad.IO;
using Xunit;

namespace Polyad.Cli.Tests;

public class DecomposeCommandTests
{
    [Theory]
    [InlineData("cp", "2", "weights,factor_0,factor_1,factor_2")]
    [InlineData("tucker", "2", "core,factor_0,factor_1,factor_2")]
    [InlineData("tt", "2", "core_0,core_1,core_2")]
    public void ATensorOfLowRankIsFoundAndItsFactorsAreWritten(string method, string rank, string arrays)
    {
        using TemporaryFolder folder = new();
        NpyFile.Write<double>(folder["x.npy"], RankTwo(8, 7, 6));

        ToolRun run = ToolRun.Of("decompose", method, folder["x.npy"], "--rank", rank, "--seed", "3", "--out", folder["f.npz"], "--json", folder["r.json"]);

        Assert.True(run.ExitCode == 0, run.Error);
        using NpzFile file = NpzFile.Open(folder["f.npz"]);
        Assert.All(arrays.Split(','), name => Assert.NotEmpty(file.Read<double>(name).Lengths.ToArray()));
        JsonElement report = JsonDocument.Parse(File.ReadAllText(folder["r.json"])).RootElement;
        Assert.Equal(method, report.GetProperty("method").GetString());
        Assert.True(report.GetProperty("relative_error").GetDouble() < 1e-3, report.ToString());
        Assert.Equal("managed", report.GetProperty("backend").GetString());
        Assert.Equal(3, report.GetProperty("seed").GetInt32());
        foreach (string key in new[] { "rank", "iterations", "converged", "seconds" })
        {
            Assert.True(report.TryGetProperty(key, out _), key);
        }
    }

    [Fact]
    public void AnArrayOfAnArchiveIsChosenByName()
    {
        using TemporaryFolder folder = new();
        using (NpzWriter writer = new(folder["x.npz"]))
        {
            writer.Add<double>("other", Tensor.Create([1.0], [1]));
            writer.Add<double>("wanted", RankTwo(4, 5, 6));
        }

        Assert.Equal(0, ToolRun.Of("decompose", "tucker", folder["x.npz"] + ":wanted", "--rank", "2").ExitCode);
        Assert.Equal(2, ToolRun.Of("decompose", "tucker", folder["x.npz"] + ":missing", "--rank", "2").ExitCode);
    }

    [Fact]
    public void NotConvergedIsOneUnderStrictOnly()
    {
        using TemporaryFolder folder = new();
        Random random = new(5);
        NpyFile.Write<double>(folder["x.npy"], Tensor.Create([.. Enumerable.Range(0, 512).Select(_ => random.NextDouble())], [8, 8, 8]));
        string[] args = ["decompose", "cp", folder["x.npy"], "--rank", "3", "--max-iterations", "2", "--tol", "0"];

        Assert.Equal(0, ToolRun.Of(args).ExitCode);
        Assert.Equal(1, ToolRun.Of([.. args, "--strict"]).ExitCode);
    }

    [Theory]
    [InlineData("nonsense", "--rank 2")]
    [InlineData("cp", "")]
    [InlineData("tucker", "")]
    [InlineData("tucker", "--rank 2,2")]
    [InlineData("cp", "--rank 2 --dtype f16")]
    [InlineData("cp", "--rank 2 --tol -1")]
    public void WrongUsageIsTwo(string method, string rest)
    {
        using TemporaryFolder folder = new();
        NpyFile.Write<double>(folder["x.npy"], RankTwo(4, 5, 6));

        ToolRun run = ToolRun.Of(["decompose", method, folder["x.npy"], .. rest.Split(' ', StringSplitOptions.RemoveEmptyEntries)]);

        Assert.Equal(2, run.ExitCode);
        Assert.StartsWith("polyad: ", run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("x.npy", "not a .npy file")]
    [InlineData("x.csv", "not a number")]
    [InlineData("x.npz", "zip")]
    [InlineData("x.png", "not a picture")]
    [InlineData("x.docx", "are not read")]
    public void BadInputIsTwoWithTheFileNamed(string name, string reason)
    {
        using TemporaryFolder folder = new();
        File.WriteAllText(folder[name], "a,b\nc,d\nwhat this is, nobody knows\n");

        ToolRun run = ToolRun.Of("decompose", "cp", folder[name], "--rank", "2");

        Assert.Equal(2, run.ExitCode);
        Assert.Contains(name, run.Error, StringComparison.Ordinal);
        Assert.Contains(reason, run.Error, StringComparison.Ordinal);
    }

    private static Tensor<double> RankTwo(int a, int b, int c)
    {
        double[] values = [.. from i in Enumerable.Range(0, a) from j in Enumerable.Range(0, b) from k in Enumerable.Range(0, c)
            select (Math.Sin(i + 1) * Math.Cos(j) * (k + 1)) + (0.5 * Math.Cos(i) * Math.Sin(j + 2) * Math.Exp(-k))];
        return Tensor.Create(values, [a, b, c]);
    }
}
