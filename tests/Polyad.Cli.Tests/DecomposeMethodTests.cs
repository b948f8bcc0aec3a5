using System.Numerics.Tensors;
using System.Text.Json;
using Polyad.Decomposition;
using Polyad.IO;
using Xunit;

namespace Polyad.Cli.Tests;

/// <summary>Every method and algorithm of <c>polyad decompose</c>, by way of files.</summary>
public class DecomposeMethodTests
{
    private static readonly nint[] Lengths = [7, 6, 5];

    public static TheoryData<string, string> Fits => new()
    {
        { "cp", "--rank 2" }, { "cp", "--rank 2 --algorithm rand --samples 30 --restarts 2" }, { "cp", "--rank 2 --algorithm opt --init random" }, { "cp", "--rank 2 --accelerate line-search --init svd" },
        { "cp-nn", "--rank 2" }, { "cp", "--rank 2 --nonnegative --algorithm exact" }, { "cp", "--rank 2 --nonnegative --algorithm mu --max-iterations 5000" },
        { "cp", "--rank 2 --constraint 0:nonnegative --constraint all:nonnegative" }, { "cp", "--rank 2 --nonnegative --constraint 1:unimodal:nonnegative --max-iterations 3" },
        { "tucker", "--rank 2" }, { "tucker", "--rank 2,2 --modes 0,2" }, { "tucker", "--tol 1e-8 --algorithm st-hosvd" }, { "tucker", "--rank 2 --algorithm hosvd" },
        { "tucker", "--rank 2 --algorithm randomized" }, { "tucker-nn", "--rank 2 --init random --restarts 2" },
        { "tt", "--rank 2" }, { "tt", "--rank 2,2" }, { "tt", "--tol 1e-8" }, { "tt", "--rank 2 --algorithm randomized" },
        { "tr", "--tol 1e-8" }, { "tr", "--rank 1,2,2" }, { "tr", "--rank 2 --algorithm als --restarts 2" }, { "tr", "--rank 2 --algorithm sampled --init svd" },
    };

    /// <summary>The exact error is that of the arrays in the file, whatever the method found.</summary>
    [Theory]
    [MemberData(nameof(Fits))]
    public void WhatIsWrittenHasTheErrorThatIsReported(string method, string options)
    {
        using TemporaryFolder folder = new();
        Tensor<double> x = Planted(noise: 0.01);
        NpyFile.Write<double>(folder["x.npy"], x);

        ToolRun run = ToolRun.Of(["decompose", method, folder["x.npy"], "--seed", "3", "--out", folder["m.npz"], "--json", folder["r.json"], .. options.Split(' ')]);

        Assert.True(run.ExitCode == 0, run.Error);
        JsonElement report = JsonDocument.Parse(File.ReadAllText(folder["r.json"])).RootElement;
        Tensor<double> model = Model(method, folder["m.npz"]);
        double error = Math.Sqrt(TensorPrimitives.SumOfSquares<double>(Tensor.Subtract<double>(x, model).ToArray()) / TensorPrimitives.SumOfSquares<double>(x.ToArray()));

        // Rounding of the two reconstructions, relative to the tensor, is of order eps.
        Assert.Equal(error, report.GetProperty("relative_error").GetDouble(), 1e-13);
        Assert.InRange(error, 0, 0.05);
        Assert.Equal(method.Split('-')[0], report.GetProperty("method").GetString());
        if (options.Contains("nonnegative", StringComparison.Ordinal) && !options.Contains("0:", StringComparison.Ordinal))
        {
            using NpzFile file = NpzFile.Open(folder["m.npz"]);
            Assert.All(Enumerable.Range(0, 3), n => Assert.All(file.Read<double>($"factor_{n}").ToArray(), static v => Assert.True(v >= 0)));
        }
    }

    [Theory]
    [InlineData("cp", "--rank 2")]
    [InlineData("cp-nn", "--rank 2")]
    [InlineData("cp", "--rank 2 --constraint all:nonnegative")]
    [InlineData("tucker", "--rank 2")]
    [InlineData("tucker-nn", "--rank 2")]
    public void MissingEntriesMayBeMarkedEitherWay(string method, string options)
    {
        using TemporaryFolder folder = new();
        double[] values = Planted(noise: 0.01).ToArray(), mask = new double[values.Length];
        NpyFile.Write<double>(folder["masked.npy"], Tensor.Create(values, Lengths));
        for (int i = 0; i < values.Length; i += 11)
        {
            (values[i], mask[i]) = (double.NaN, 1);
        }

        NpyFile.Write<double>(folder["nan.npy"], Tensor.Create(values, Lengths));
        NpyFile.Write<double>(folder["mask.npy"], Tensor.Create(mask, Lengths));
        string[] rest = options.Split(' ');

        ToolRun nan = ToolRun.Of(["decompose", method, folder["nan.npy"], "--missing", "nan", "--json", folder["a.json"], .. rest]);
        ToolRun masked = ToolRun.Of(["decompose", method, folder["masked.npy"], "--missing", folder["mask.npy"], "--json", folder["b.json"], .. rest]);
        ToolRun unsaid = ToolRun.Of(["decompose", method, folder["nan.npy"], .. rest]);

        Assert.True(nan.ExitCode == 0 && masked.ExitCode == 0, nan.Error + masked.Error);
        JsonElement a = JsonDocument.Parse(File.ReadAllText(folder["a.json"])).RootElement, b = JsonDocument.Parse(File.ReadAllText(folder["b.json"])).RootElement;
        Assert.Equal(a.GetProperty("relative_error").GetDouble(), b.GetProperty("relative_error").GetDouble());
        Assert.Equal(20, a.GetProperty("missing").GetInt32());
        Assert.Equal(2, unsaid.ExitCode);
        Assert.Contains("--missing nan", unsaid.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void RanksAreComparedAsATableAndAsJson()
    {
        using TemporaryFolder folder = new();
        NpyFile.Write<double>(folder["x.npy"], Planted(noise: 1e-3));

        ToolRun run = ToolRun.Of("decompose", "cp", folder["x.npy"], "--select-rank", "1..3", "--json", folder["r.json"], "--out", folder["m.npz"]);

        Assert.True(run.ExitCode == 0, run.Error);
        Assert.Contains("core consistency", run.Output, StringComparison.Ordinal);
        JsonElement report = JsonDocument.Parse(File.ReadAllText(folder["r.json"])).RootElement;
        Assert.Equal([1, 2, 3], report.GetProperty("ranks").EnumerateArray().Select(static r => r.GetProperty("rank").GetInt32()));
        Assert.All(report.GetProperty("ranks").EnumerateArray(), static r => Assert.True(r.TryGetProperty("fit", out _) && r.TryGetProperty("core_consistency", out _) && r.TryGetProperty("split_half", out _)));
        Assert.Equal(2, report.GetProperty("suggested_rank").GetInt32());
        Assert.Equal(2, CpResult<double>.Load(folder["m.npz"]).Rank);
    }

    [Theory]
    [InlineData("cp", "--rank 2 --algorithm als --init random")]
    [InlineData("cp-nn", "--rank 2 --init random")]
    [InlineData("tr", "--rank 2 --algorithm als")]
    public void AFitThatGoesOnFromItsCheckpointEndsBitForBitAsOneThatRanThrough(string method, string options)
    {
        using TemporaryFolder folder = new();
        NpyFile.Write<double>(folder["x.npy"], Planted(noise: 0.2));
        string[] start = ["decompose", method, folder["x.npy"], "--tol", "0", .. options.Split(' ')];

        Assert.Equal(0, ToolRun.Of([.. start, "--max-iterations", "4", "--checkpoint", folder["c.npz"]]).ExitCode);
        Assert.Equal(0, ToolRun.Of([.. start, "--max-iterations", "9", "--resume", folder["c.npz"], "--out", folder["resumed.npz"]]).ExitCode);
        Assert.Equal(0, ToolRun.Of([.. start, "--max-iterations", "9", "--out", folder["through.npz"]]).ExitCode);
        ToolRun other = ToolRun.Of([.. start, "--seed", "9", "--resume", folder["c.npz"]]);

        Assert.Equal(Model(method, folder["through.npz"]).ToArray(), Model(method, folder["resumed.npz"]).ToArray());
        Assert.Equal(2, other.ExitCode);
        Assert.Contains("another fit", other.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("cp --rank 2 --modes 0,1", "--modes")]
    [InlineData("cp --rank 2 --samples 5", "--algorithm rand")]
    [InlineData("cp --rank 2 --algorithm als --nonnegative", "--nonnegative")]
    [InlineData("cp --rank 2 --algorithm what", "als, rand, opt")]
    [InlineData("cp --rank 2 --init what", "random, eigen and svd")]
    [InlineData("cp --rank 2 --init nowhere.npz", "nowhere.npz")]
    [InlineData("cp --rank 2 --fix 0", "--fix needs --init FILE")]
    [InlineData("cp --rank 2 --algorithm rand --fix 0", "--algorithm als or hals or exact or mu or admm does")]
    [InlineData("cp --select-rank 1..2 --init x.npz", "--init FILE")]
    [InlineData("cp", "--rank with one number, or --init FILE")]
    [InlineData("tucker --rank 2 --init eigen", "from ST-HOSVD or from an .npz file")]
    [InlineData("tucker --rank 2 --algorithm hosvd --init x.npz", "--algorithm hooi or hals does")]
    [InlineData("tt --rank 2 --init x.npz", "does not take --init")]
    [InlineData("cp --rank 2 --constraint nonnegative", "mode:kind")]
    [InlineData("cp --rank 2 --constraint 3:nonnegative", "modes 0 to 2")]
    [InlineData("cp --rank 2 --constraint 0:l1", "the kinds are")]
    [InlineData("cp --rank 2 --constraint 0:unimodal --constraint 0:nonnegative", "mode 0 has another one")]
    [InlineData("cp --rank 2 --select-rank 1..3", "without --rank")]
    [InlineData("cp --select-rank 3..1", "1..8")]
    [InlineData("cp --rank 2 --resume nowhere.npz", "nowhere.npz")]
    [InlineData("tt-nn --rank 2", "no non-negative form")]
    [InlineData("tt --rank 2 --checkpoint c.npz", "--checkpoint")]
    [InlineData("tucker --rank 2,2 --modes 0,9", "modes 0 to 2")]
    [InlineData("tucker-nn --tol 0.1", "needs --rank")]
    [InlineData("tr --tol 0.1 --algorithm als", "tr needs --rank")]
    [InlineData("cp --rank 2 --dataset x", "holds one tensor")]
    public void WhatDoesNotGoTogetherIsTwoAndSaysWhy(string arguments, string reason)
    {
        using TemporaryFolder folder = new();
        NpyFile.Write<double>(folder["x.npy"], Planted(noise: 0));
        string[] words = arguments.Split(' ');

        ToolRun run = ToolRun.Of(["decompose", words[0], folder["x.npy"], .. words[1..]]);

        Assert.True(run.ExitCode == 2, run.Output);
        Assert.Contains(reason, run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void TheAminoAcidsAreExplainedToMoreThanThreeNines()
    {
        string? file = DataFile.Find("amino_acids_X.npy");
        Assert.SkipWhen(file is null, "../shared/data/amino_acids_X.npy is not here");
        using TemporaryFolder folder = new();

        ToolRun run = ToolRun.Of("decompose", "cp", file, "--rank", "3", "--nonnegative", "--json", folder["r.json"]);

        Assert.True(run.ExitCode == 0, run.Error);
        Assert.True(JsonDocument.Parse(File.ReadAllText(folder["r.json"])).RootElement.GetProperty("explained_variance").GetDouble() > 0.999);
    }

    private static Tensor<double> Model(string method, string path) => method switch
    {
        "tucker" => TuckerResult<double>.Load(path).Reconstruct(),
        "tucker-nn" => NonNegativeTuckerResult<double>.Load(path).Reconstruct(),
        "tt" => TensorTrainResult<double>.Load(path).Reconstruct(),
        "tr" => TensorRingResult<double>.Load(path).Reconstruct(),
        _ => CpResult<double>.Load(path).Reconstruct(),
    };

    /// <summary>Two positive components of one peak in each mode, and normal noise of that share of the norm.</summary>
    private static Tensor<double> Planted(double noise) => NoisyModel.Of([.. Lengths.Select(static (n, k) => Peaks((int)n, k))], noise, new CounterRandom(5));

    private static Tensor<double> Peaks(int length, int mode)
        => Tensor.Create([.. from i in Enumerable.Range(0, length) from r in Enumerable.Range(0, 2) select Math.Exp(-Math.Pow(i - 1 - (r * (2 + (0.3 * mode))), 2) / 3)], [length, 2]);
}
