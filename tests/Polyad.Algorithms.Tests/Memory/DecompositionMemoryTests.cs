using System.Numerics.Tensors;
using Xunit;

namespace Polyad.Decomposition;

/// <summary>Counters of the whole process are read here: nothing may run beside these tests.</summary>
[CollectionDefinition(nameof(DecompositionMemoryTests), DisableParallelization = true)]
public sealed class DecompositionMemoryCollection;

[Collection(nameof(DecompositionMemoryTests))]
public class DecompositionMemoryTests
{
    [Fact]
    public void Scratch_goes_back_to_the_pool_whether_a_fit_ends_or_is_cancelled()
    {
        Tensor<double> x = new CounterRandom(1).Normal<double>(24, 25, 26);

        // What fits that failed in other tests have left goes back first.
        GC.Collect();
        GC.WaitForPendingFinalizers();
        long rented = Workspace.RentedBytes;
        foreach (SubspaceMethod method in Enum.GetValues<SubspaceMethod>())
        {
            _ = new TensorTrain { Method = method, Tolerance = 0.5 }.Fit(x);
            _ = new Tucker { Method = method, Tolerance = 0.5 }.Fit(x);
        }

        _ = new TensorRing { Tolerance = 0.5 }.Fit(x);
        _ = new TensorRingAls { MaxIterations = 3 }.Fit(x, [2, 2, 2]);
        Assert.Equal(rented, Workspace.RentedBytes);
        using CancellationTokenSource source = new();
        Assert.Throws<OperationCanceledException>(() => new TensorTrain { Tolerance = 0.1 }.Fit(x, new Cancel(source), source.Token));
        using CancellationTokenSource second = new();
        Assert.Throws<OperationCanceledException>(() => new Tucker { Tolerance = 0.1 }.Fit(x, new Cancel(second), second.Token));
        GC.Collect();
        GC.WaitForPendingFinalizers();
        Assert.Equal(rented, Workspace.RentedBytes);
    }

    [Fact]
    public void A_train_allocates_far_less_than_the_tensor()
    {
        // 8 MB of data; the cores hold 22 (2 x 16 x 16) numbers at most.
        Tensor<double> x = new CounterRandom(2).Normal<double>([.. Enumerable.Repeat((nint)2, 20)]);
        using IDisposable one = Parallelism.Use(1);
        Assert.InRange(Allocated(() => new TensorTrain { Tolerance = 0, MaxRank = 16 }.Fit(x)), 0, 1 << 20);
    }

    [Fact]
    public void Sweeps_allocate_what_the_model_takes_never_what_the_tensor_does()
    {
        using IDisposable one = Parallelism.Use(1);
        Tensor<double> x = new CounterRandom(3).Normal<double>(60, 70, 80);
        long tucker = PerSweep(sweeps => new Tucker { MaxIterations = sweeps, StopTolerance = 0, Method = SubspaceMethod.Gram }.Fit(x, [5, 6, 7]));
        long model = 8 * ((60 * 5) + (70 * 6) + (80 * 7));
        Assert.InRange(tucker, 0, (4 * model) + 20_000);
        long ring = PerSweep(sweeps => new TensorRingAls { MaxIterations = sweeps, Tolerance = 0 }.Fit(x, [3, 3, 3]));

        // The chain of the longer half of the modes, r^2 numbers for each of its entries, as it is joined and as it is multiplied.
        Assert.InRange(ring, 0, (2 * 8 * 3 * 3 * 70 * 80) + 40_000);
    }

    private static long PerSweep(Action<int> fit) => (Allocated(() => fit(12)) - Allocated(() => fit(2))) / 10;

    /// <summary>Of the second run: the first compiles.</summary>
    private static long Allocated(Action action)
    {
        action();
        long before = GC.GetAllocatedBytesForCurrentThread();
        action();
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }

    private sealed class Cancel(CancellationTokenSource source) : IProgress<DecompositionProgress>
    {
        public void Report(DecompositionProgress value) => source.Cancel();
    }
}
