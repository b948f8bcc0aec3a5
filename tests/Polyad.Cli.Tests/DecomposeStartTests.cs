using System.Numerics.Tensors;
using System.Text.Json;
using Polyad.Decomposition;
using Polyad.IO;
using Xunit;

namespace Polyad.Cli.Tests;

/// <summary>Fits of <c>polyad decompose</c> that begin with a file: <c>--init FILE</c> and <c>--fix</c>.</summary>
public class DecomposeStartTests
{
    private static readonly nint[] Lengths = [7, 6, 5];

    /// <summary>A fit that starts where another one ended ends there, at once.</summary>
    [Theory]
    [InlineData("cp", "--rank 2", "")]
    [InlineData("cp", "--rank 2", "--rank 2 --algorithm opt")]
    [InlineData("cp", "--rank 2", "--missing nan")]
    [InlineData("cp-nn", "--rank 2", "")]
    [InlineData("cp-nn", "--rank 2", "--algorithm exact --missing nan")]
    [InlineData("cp-nn", "--rank 2", "--constraint all:nonnegative")]
    [InlineData("tucker", "--rank 2", "--rank 2,2,2")]
    [InlineData("tucker", "--rank 2 --modes 0,2", "")]
    [InlineData("tucker", "--rank 2 --missing nan", "--missing nan")]
    [InlineData("tucker", "--rank 2 --modes 0,2 --missing nan", "--missing nan")]
    [InlineData("tucker-nn", "--rank 2 --tol 1e-12", "--rank 2")]
    [InlineData("tucker-nn", "--rank 2 --tol 1e-12", "--missing nan")]
    [InlineData("tr", "--rank 2 --algorithm als", "--algorithm als")]
    [InlineData("tr", "--rank 1,2,2 --algorithm als", "--rank 1,2,2 --algorithm als")]
    public void AFitGoesOnFromAModelThatAnotherOneWrote(string method, string first, string second)
    {
        using TemporaryFolder folder = new();
        Tensor<double> x = Positive();
        x[3, 2, 1] = first.Contains("nan", StringComparison.Ordinal) ? double.NaN : x[3, 2, 1];
        NpyFile.Write<double>(folder["x.npy"], x);

        JsonElement before = Report(folder, method, first, "--out", folder["m.npz"]);
        JsonElement after = Report(folder, method, second, "--init", folder["m.npz"], "--max-iterations", "3");

        // Descents do not rise; and what the tolerance left to gain is far below the noise, a hundredth.
        double error = before.GetProperty("relative_error").GetDouble();
        Assert.InRange(after.GetProperty("relative_error").GetDouble(), error - 1e-5, error + 1e-12);
        Assert.Equal(before.GetProperty("rank").ToString(), after.GetProperty("rank").ToString());
        Assert.InRange(after.GetProperty("error_history")[0].GetDouble(), 0, error + 1e-8);
    }

    /// <summary>As numpy.savez(file, *factors) writes them: no weights, and names by place.</summary>
    [Fact]
    public void FactorsWithoutWeightsAreAStart()
    {
        using TemporaryFolder folder = new();
        Tensor<double>[] factors = [.. Lengths.Select(static (n, k) => new CounterRandom(2, (ulong)k).Normal<double>(n, 2))];
        NpyFile.Write<double>(folder["x.npy"], new CpTensor<double>(Tensor.Create([1.0, 1.0], [2]), factors).Reconstruct());
        WriteArrays(folder["f.npz"], [.. factors.Select(static (f, n) => ($"arr_{n}", f))]);

        JsonElement report = Report(folder, "cp", "--max-iterations 1", "--init", folder["f.npz"]);

        Assert.InRange(report.GetProperty("relative_error").GetDouble(), 0, 1e-13);
        Assert.Equal(2, report.GetProperty("rank").GetInt32());
    }

    [Theory]
    [InlineData("cp", "")]
    [InlineData("cp", "--missing nan")]
    [InlineData("cp-nn", "")]
    [InlineData("cp-nn", "--missing nan --algorithm admm")]
    [InlineData("tucker", "")]
    [InlineData("tucker", "--missing nan")]
    [InlineData("tucker-nn", "--rank 2")]
    public void FixedFactorsStayAsTheyWere(string method, string options)
    {
        using TemporaryFolder folder = new();
        Tensor<double> x = Positive();
        x[3, 2, 1] = options.Contains("nan", StringComparison.Ordinal) ? double.NaN : x[3, 2, 1];
        NpyFile.Write<double>(folder["x.npy"], x);
        Tensor<double>[] factors = [.. Lengths.Select(static (n, k) => Tensor.Create([.. new CounterRandom(3, (ulong)k).Uniform<double>(n, 2).ToArray()], [n, 2]))];
        WriteArrays(
            folder["f.npz"],
            [("weights", Tensor.Create([2.0, 3.0], [2])), ("core", Tensor.Create([.. Enumerable.Repeat(1.0, 8)], [2, 2, 2])), .. factors.Select(static (f, n) => ($"factor_{n}", f))]);

        Report(folder, method, options, "--init", folder["f.npz"], "--fix", "0,2", "--out", folder["m.npz"], "--max-iterations", "5");

        using NpzFile file = NpzFile.Open(folder["m.npz"]);
        foreach (int n in new[] { 0, 2 })
        {
            Assert.Equal(factors[n].ToArray(), file.Read<double>($"factor_{n}").ToArray());
        }

        Assert.NotEqual(factors[1].ToArray(), file.Read<double>("factor_1").ToArray());
    }

    [Theory]
    [InlineData("cp", "7x2 6x2 5x3", "", "'factor_0' has 2 columns and 'factor_2' has 3")]
    [InlineData("cp", "7x2 6x2 4x2", "", "'factor_2' has shape 4 x 2; mode 2 of the tensor has length 5")]
    [InlineData("cp", "7x2 6x2", "", "'factor_2' is missing; the file holds factor_0, factor_1")]
    [InlineData("cp", "7x2 6x2 5x2 4x2", "", "there is 'factor_3'; the tensor has 3 modes")]
    [InlineData("cp", "7x2 6x2 5", "", "'factor_2' has shape 5; a factor is a matrix")]
    [InlineData("cp", "7x2 6x2 5x2", "--rank 3", "the model has rank 2; --rank asks for 3")]
    [InlineData("cp", "7x2 6x2 5x2", "--fix 3", "the tensor has modes 0 to 2")]
    [InlineData("cp", "7x2 6x2 5x2", "--fix 0,1,2", "one stays free")]
    [InlineData("tucker", "7x2 6x3 5x2", "--rank 2", "the model has rank 2,3,2; --rank asks for 2,2,2")]
    [InlineData("tucker", "7x8 6x3 5x2", "", "r_n up to I_n")]
    [InlineData("tucker", "7x2 6x2 4x2", "--missing nan", "'factor_2' has shape 4 x 2; mode 2 of the tensor has length 5")]
    [InlineData("tucker", "7x2 6x3 5x2", "--missing nan --rank 2", "the model has rank 2,3,2; --rank asks for 2,2,2")]
    [InlineData("tucker", "7x2", "--modes 0,1", "'factor_1' is missing")]
    [InlineData("tucker", "7x2", "--fix 1", "there are factors for the modes 0")]
    [InlineData("tucker-nn", "7x2 6x2 5x2", "", "'core' is missing")]
    [InlineData("tr", "7x2 6x2 5x2", "--algorithm als", "'core_0' is missing")]
    public void AStartThatDoesNotFitIsRefusedWithItsNameAndShapes(string method, string shapes, string options, string reason)
    {
        using TemporaryFolder folder = new();
        NpyFile.Write<double>(folder["x.npy"], Positive());
        WriteArrays(
            folder["f.npz"], [.. shapes.Split(' ').Select(static (shape, n) => ($"factor_{n}", new CounterRandom(4, (ulong)n).Uniform<double>([.. shape.Split('x').Select(static part => (nint)int.Parse(part, null))])))]);

        ToolRun run = ToolRun.Of(["decompose", method, folder["x.npy"], "--init", folder["f.npz"], .. options.Split(' ', StringSplitOptions.RemoveEmptyEntries)]);

        Assert.True(run.ExitCode == 2, run.Output);
        Assert.Contains(reason, run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void ADamagedStartIsRefusedByName()
    {
        using TemporaryFolder folder = new();
        NpyFile.Write<double>(folder["x.npy"], Positive());
        WriteArrays(folder["f.npz"], [.. Lengths.Select(static (n, k) => ($"factor_{k}", new CounterRandom(5, (ulong)k).Normal<double>(n, 2)))]);
        byte[] whole = File.ReadAllBytes(folder["f.npz"]);
        foreach (int kept in new[] { 0, 10, whole.Length / 2, whole.Length - 1 })
        {
            File.WriteAllBytes(folder["cut.npz"], whole[..kept]);

            ToolRun run = ToolRun.Of("decompose", "cp", folder["x.npy"], "--init", folder["cut.npz"]);

            Assert.True(run.ExitCode == 2, $"{kept}: {run.Error}");
            Assert.Contains("cut.npz", run.Error, StringComparison.Ordinal);
        }

        Tensor<double> hole = new CounterRandom(6).Normal<double>(6, 2);
        hole[3, 1] = double.NaN;
        WriteArrays(folder["nan.npz"], [("factor_0", new CounterRandom(5).Normal<double>(7, 2)), ("factor_1", hole), ("factor_2", new CounterRandom(7).Normal<double>(5, 2))]);
        Assert.Contains("'factor_1' holds NaN", ToolRun.Of("decompose", "cp", folder["x.npy"], "--init", folder["nan.npz"]).Error, StringComparison.Ordinal);
    }

    private static JsonElement Report(TemporaryFolder folder, string method, string options, params string[] more)
    {
        ToolRun run = ToolRun.Of(["decompose", method, folder["x.npy"], "--json", folder["r.json"], .. options.Split(' ', StringSplitOptions.RemoveEmptyEntries), .. more]);
        Assert.True(run.ExitCode == 0, run.Error);
        return JsonDocument.Parse(File.ReadAllText(folder["r.json"])).RootElement;
    }

    private static void WriteArrays(string path, params (string Name, Tensor<double> Values)[] arrays)
    {
        using NpzWriter writer = new(path);
        foreach ((string name, Tensor<double> values) in arrays)
        {
            writer.Add<double>(name, values);
        }
    }

    /// <summary>Two positive components and a hundredth of noise.</summary>
    private static Tensor<double> Positive() => NoisyModel.Of([.. Lengths.Select(static (n, k) => new CounterRandom(1, (ulong)k).Uniform<double>(n, 2))], 0.01, new CounterRandom(1, 9));
}
