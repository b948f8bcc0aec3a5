using System.Numerics.Tensors;
using Polyad.IO;
using Xunit;

namespace Polyad.Decomposition;

public sealed class CpCheckpointTests : IDisposable
{
    private readonly string _path = Path.Combine(Path.GetTempPath(), $"polyad-{Guid.NewGuid():N}.npz");

    public void Dispose() => File.Delete(_path);

    [Fact]
    public void A_resumed_fit_is_bit_for_bit_the_uninterrupted_one()
    {
        Tensor<double> x = new CounterRandom(3).Normal<double>(9, 8, 7);
        List<FitCheckpoint> left = [];
        CpAls method = new() { Seed = 5, Restarts = 3, MaxIterations = 23, Tolerance = 0, Checkpoint = new CheckpointPlan { Every = 4, Callback = left.Add, Path = _path } };
        CpResult<double> whole = method.Fit(x, 4);
        Assert.Equal([4, 8, 12, 16, 20, 4, 8, 12, 16, 20, 4, 8, 12, 16, 20], left.Select(static c => c.Iteration));

        foreach (FitCheckpoint checkpoint in (FitCheckpoint[])[left[0], left[6], left[^1], FitCheckpoint.Load(_path)])
        {
            checkpoint.Save(_path);
            CpResult<double> resumed = new CpAls { Seed = 5, Restarts = 3, MaxIterations = 23, Tolerance = 0, Resume = FitCheckpoint.Load(_path) }.Fit(x, 4);
            Assert.Equal(whole.Weights.ToArray(), resumed.Weights.ToArray());
            Assert.Equal(whole.ErrorHistory, resumed.ErrorHistory);
            Assert.Equal(whole.RelativeError, resumed.RelativeError);
            for (int n = 0; n < 3; n++)
            {
                Assert.Equal(whole.Factors[n].ToArray(), resumed.Factors[n].ToArray());
            }
        }
    }

    [Fact]
    public void A_checkpoint_of_another_fit_is_refused_with_both_subjects()
    {
        Tensor<double> x = new CounterRandom(3).Normal<double>(5, 4, 3);
        FitCheckpoint? left = null;
        new CpAls { MaxIterations = 2, Tolerance = 0, Checkpoint = new CheckpointPlan { Every = 1, Callback = c => left = c } }.Fit(x, 2);
        string message = Assert.Throws<ArgumentException>(() => new CpAls { Resume = left, Seed = 9 }.Fit(x, 2)).Message;
        Assert.Contains("seed 0", message, StringComparison.Ordinal);
        Assert.Contains("seed 9", message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => new CpAls { Resume = left }.Fit(x, 3));
        Assert.Throws<ArgumentOutOfRangeException>(() => new CpAls { Checkpoint = new CheckpointPlan { Every = 0 } }.Fit(x, 2));
    }

    [Fact]
    public void A_saved_fit_is_read_back_whole_and_its_arrays_have_the_documented_names()
    {
        CpResult<double> fit = new CpAls { MaxIterations = 7, Tolerance = 0 }.Fit(new CounterRandom(4).Normal<double>(4, 3, 5), 2);
        CpResult<double> labelled = fit with { Modes = [new ModeLabel("sample", ["a", "b", "c", "d"]), new ModeLabel("emission"), new ModeLabel("excitation")] };
        labelled.Save(_path);

        using (NpzFile file = NpzFile.Open(_path))
        {
            Assert.Equal(
                ["converged", "error_history", "factor_0", "factor_1", "factor_2", "format", "iterations", "labels_0", "mode_names", "relative_error", "weights"],
                file.Names.Order(StringComparer.Ordinal));
            Assert.Equal(fit.Factors[2].ToArray(), file.Read<double>("factor_2").ToArray());
        }

        CpResult<double> read = CpResult<double>.Load(_path);
        Assert.Equal(fit.Weights.ToArray(), read.Weights.ToArray());
        Assert.Equal(fit.ErrorHistory, read.ErrorHistory);
        Assert.Equal((fit.RelativeError, fit.Iterations, fit.Converged), (read.RelativeError, read.Iterations, read.Converged));
        Assert.Equal(["sample", "emission", "excitation"], read.Modes!.Select(static m => m.Name));
        Assert.Equal(["a", "b", "c", "d"], read.Modes![0].Items!);
        Assert.Null(read.Modes[1].Items);
        Assert.Equal(fit.Factors[1].ToArray(), CpTensor<double>.Load(_path).Factors[1].ToArray());
    }

    [Fact]
    public void A_file_that_is_no_model_of_the_element_type_is_refused_with_its_name()
    {
        CpResult<double> fit = new CpAls { MaxIterations = 2 }.Fit(new CounterRandom(4).Normal<double>(4, 3, 5), 2);
        fit.Save(_path);
        Assert.Contains("factor_0", Assert.Throws<InvalidDataException>(() => CpTensor<float>.Load(_path)).Message, StringComparison.Ordinal);
        Assert.Contains(_path, Assert.Throws<InvalidDataException>(() => FitCheckpoint.Load(_path)).Message, StringComparison.Ordinal);
        using (NpzWriter writer = new(_path))
        {
            writer.Add<double>("weights", fit.Weights);
        }

        Assert.Throws<InvalidDataException>(() => CpResult<double>.Load(_path));
        Assert.Throws<ArgumentException>(() => fit with { Modes = ModeLabel.Names("one", "two") });
        Assert.Throws<ArgumentException>(() => fit with { Modes = [new ModeLabel("a", ["x"]), new ModeLabel("b"), new ModeLabel("c")] });
    }
}
