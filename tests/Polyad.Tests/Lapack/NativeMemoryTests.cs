using Polyad.Lapack;
using Xunit;

namespace Polyad.Tests.Lapack;

/// <summary>Measures the memory of the whole process: nothing else may run beside it.</summary>
[CollectionDefinition(nameof(NativeMemoryTests), DisableParallelization = true)]
[Collection(nameof(NativeMemoryTests))]
public sealed class NativeMemoryTests
{
    [Theory]
    [MemberData(nameof(NativeEngineTests.Engines), MemberType = typeof(NativeEngineTests))]
    public void Ten_thousand_decompositions_leave_memory_flat(string id)
    {
        LapackBackend engine = NativeEngineTests.Open(id);
        double[,] a = NativeEngineTests.Sample(32, 24), u = new double[32, 24], vt = new double[24, 24];
        double[] s = new double[24];
        using IDisposable one = Parallelism.Use(1);
        Decompose(2_000);
        Assert.InRange(ProcessMemory.LeastGrowth(() => Decompose(10_000)), long.MinValue, 8L << 20);

        void Decompose(int count)
        {
            for (int i = 0; i < count; i++)
            {
                engine.Svd<double>(a, u, s, vt);
            }
        }
    }
}
