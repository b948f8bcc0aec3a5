using System.Diagnostics;
using Polyad.Torch;
using TorchSharp;
using Xunit;

namespace Polyad.Tests.Torch;

/// <summary>These tests look at the whole process: nothing else may run beside them.</summary>
[CollectionDefinition(nameof(TorchProcess), DisableParallelization = true)]
public sealed class TorchProcess;

/// <summary>What the Torch engine does to its process: memory, thread settings, other threads, and nothing at all where libtorch is missing.</summary>
[Collection(nameof(TorchProcess))]
public sealed class TorchProcessTests
{
    private const string ChildVariable = "POLYAD_TORCH_CHILD";

    [Fact]
    public void Ten_thousand_decompositions_leave_no_tensor_and_memory_flat()
    {
        ILinearAlgebraBackend engine = TorchEngines.Cpu();
        double[,] a = Sample(24, 16), u = new double[24, 16], vt = new double[16, 16], c = new double[24, 24];
        double[] s = new double[16];
        using IDisposable one = Parallelism.Use(1);
        Work(2_000);
        long live = DisposeScopeManager.Statistics.TensorStatistics.ThreadTotalLiveCount;
        long growth = ProcessMemory.LeastGrowth(() => Work(10_000));
        Assert.Equal(live, DisposeScopeManager.Statistics.TensorStatistics.ThreadTotalLiveCount);
        Assert.Equal(0, live);
        Assert.InRange(growth, long.MinValue, 8L << 20);

        void Work(int count)
        {
            for (int i = 0; i < count; i++)
            {
                engine.Svd<double>(a, u, s, vt);
                engine.MatMul<double>(1, a, a.AsMatrix().Transpose, 0, c);
            }
        }
    }

    [Fact]
    public void A_failing_call_leaves_no_tensor_either()
    {
        ILinearAlgebraBackend engine = TorchEngines.Cpu();
        double[,] singular = new double[9, 9], lu = new double[9, 9];
        long live = DisposeScopeManager.Statistics.TensorStatistics.ThreadTotalLiveCount;
        Assert.Equal(0, engine.Lu<double>(singular, lu, new int[9]));
        Assert.Throws<NotPositiveDefiniteException>(() => engine.Cholesky<double>(singular, lu));
        Assert.Equal(live, DisposeScopeManager.Statistics.TensorStatistics.ThreadTotalLiveCount);
    }

    [Fact]
    public void The_callers_tensors_and_gradients_are_as_before()
    {
        ILinearAlgebraBackend engine = TorchEngines.Cpu();
        using DisposeScope scope = torch.NewDisposeScope();
        torch.Tensor x = torch.ones(2, requires_grad: true);
        engine.MatMul<double>(1, Sample(4, 4), Sample(4, 4), 0, new double[4, 4]);
        Assert.True(torch.is_grad_enabled());
        Assert.False(torch.is_inference_mode_enabled());
        x.sum().backward();
        Assert.Equal(2, x.grad!.sum().item<float>());
        Assert.Same(scope, torch.CurrentDisposeScope);
    }

    [Fact]
    public void The_thread_setting_is_the_callers_again_after_each_call()
    {
        ILinearAlgebraBackend engine = TorchEngines.Cpu();
        double[,] a = Sample(200, 200), c = new double[200, 200];
        int before = torch.get_num_threads();
        foreach (int limit in new[] { 1, 2, 3 })
        {
            using IDisposable scope = Parallelism.Use(limit);
            engine.MatMul<double>(1, a, a, 0, c);
            Assert.Equal(before, torch.get_num_threads());
        }
    }

    [Fact]
    public async Task Eight_threads_with_limits_of_their_own_get_the_answers_of_one()
    {
        ILinearAlgebraBackend engine = TorchEngines.Cpu();
        int before = torch.get_num_threads();
        double[,] a = Sample(150, 150), expected = new double[150, 150];
        double[] values = new double[150];
        engine.MatMul<double>(1, a, a, 0, expected);
        engine.SingularValues<double>(a, values);
        await Task.WhenAll(Enumerable.Range(0, 8).Select(t => Task.Factory.StartNew(
            () =>
            {
                using IDisposable scope = Parallelism.Use(1 + (t % 3));
                double[,] c = new double[150, 150];
                double[] s = new double[150];
                for (int i = 0; i < 20; i++)
                {
                    c.AsMatrix().Fill(double.NaN);
                    engine.MatMul<double>(1, a, a, 0, c);
                    engine.SingularValues<double>(a, s);
                    for (int p = 0; p < 150; p++)
                    {
                        Assert.Equal(values[p], s[p], 1e-12 * values[0]);
                        Assert.Equal(expected[p, 149 - p], c[p, 149 - p], 150 * 2.3e-16 * 150);
                    }
                }
            },
            TestContext.Current.CancellationToken,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default)));
        Assert.Equal(before, torch.get_num_threads());
    }

    [Fact]
    public void Cuda_is_listed_with_a_reason_where_there_is_none()
    {
        TorchEngines.Cpu();
        BackendInfo info = Assert.Single(Backend.Probe(), info => info.Id == "torch:cuda");
        if (!info.Available)
        {
            Assert.Contains("CUDA", info.Reason, StringComparison.Ordinal);
            Assert.Throws<BackendUnavailableException>(() => Backend.Get("torch:cuda"));
        }
    }

    [Fact]
    public void The_engine_tells_what_runs()
    {
        BackendInfo info = TorchEngines.Cpu().Describe();
        Assert.Equal("passed", info.SelfTest);
        Assert.True(File.Exists(info.Path));
        Assert.Contains("2.10.0", info.Version, StringComparison.Ordinal);
        Assert.Contains("Svd", info.NativeSymbols);
    }

    [Fact]
    public void No_copy_of_libtorch_lies_beside_the_tests()
        => Assert.DoesNotContain(Directory.EnumerateFiles(AppContext.BaseDirectory, "*", SearchOption.AllDirectories), file => Path.GetFileName(file).Contains("torch_cpu", StringComparison.Ordinal));

    /// <summary>The children of <see cref="A_process_without_libtorch_is_told_why_at_once_and_works_on"/> run this test alone, under their own environment.</summary>
    [Fact]
    public void Missing_libtorch_is_a_reason_and_nothing_else()
    {
        if (Environment.GetEnvironmentVariable(ChildVariable) is not { Length: > 0 } expected)
        {
            return;
        }

        TorchBackend.Register();
        Stopwatch clock = Stopwatch.StartNew();
        BackendInfo info = Assert.Single(Backend.Probe(), info => info.Id == "torch");
        TimeSpan took = clock.Elapsed;
        Assert.False(info.Available);
        Assert.Contains(expected, info.Reason, StringComparison.Ordinal);
        Assert.InRange(took, TimeSpan.Zero, TimeSpan.FromSeconds(1));
        BackendUnavailableException thrown = Assert.Throws<BackendUnavailableException>(() => Backend.Get("torch"));
        Assert.Equal("torch", thrown.Id);
        Assert.Throws<BackendUnavailableException>(() => TorchBackend.Create(1));
        double[,] c = new double[1, 1];
        Backend.Get("managed").MatMul<double>(1, new double[,] { { 2 } }, new double[,] { { 3 } }, 0, c);
        Assert.Equal(6, c[0, 0]);
    }

    [Theory]
    [InlineData("none", "POLYAD_LIBTORCH is 'none'")]
    [InlineData("no-such-folder", "there is no")]
    public async Task A_process_without_libtorch_is_told_why_at_once_and_works_on(string steering, string reason)
    {
        ProcessStartInfo start = new(Environment.ProcessPath!) { RedirectStandardOutput = true, RedirectStandardError = true };
        if (Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet")
        {
            start.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, "Polyad.Tests.dll"));
        }

        start.ArgumentList.Add("-method");
        start.ArgumentList.Add($"{typeof(TorchProcessTests).FullName}.{nameof(Missing_libtorch_is_a_reason_and_nothing_else)}");
        start.Environment[ChildVariable] = reason;
        start.Environment["POLYAD_LIBTORCH"] = steering;
        using Process child = Process.Start(start)!;
        CancellationToken cancellation = TestContext.Current.CancellationToken;
        Task<string> standard = child.StandardOutput.ReadToEndAsync(cancellation), errors = child.StandardError.ReadToEndAsync(cancellation);
        await child.WaitForExitAsync(cancellation);
        string printed = await standard + await errors;
        Assert.True(child.ExitCode == 0, printed);
        Assert.Contains("Total: 1,", printed, StringComparison.Ordinal);
    }

    private static double[,] Sample(int rows, int columns)
    {
        double[,] a = new double[rows, columns];
        for (int i = 0; i < rows; i++)
        {
            for (int j = 0; j < columns; j++)
            {
                a[i, j] = Math.Sin((i * 1.3) + (j * j * 0.7));
            }
        }

        return a;
    }
}
