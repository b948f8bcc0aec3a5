using System.Globalization;
using System.Numerics;
using System.Numerics.Tensors;
using BenchmarkDotNet.Attributes;

namespace Polyad.Benchmarks;

/// <summary>What the benchmarks of an engine share: the engine as a parameter, its threads, and random operands.</summary>
public abstract class EngineBenchmark<T>
    where T : unmanaged, INumberBase<T>
{
    private readonly Random _random = new(1);

    public static IEnumerable<string> Engines => Backend.Probe().Where(info => info.Available).Select(info => info.Id);

    [ParamsSource(nameof(Engines))]
    public string Engine { get; set; } = "managed";

    protected ILinearAlgebraBackend Operations { get; private set; } = ManagedBackend.Shared;

    protected static int Threads => int.TryParse(Environment.GetEnvironmentVariable("POLYAD_BENCH_THREADS"), CultureInfo.InvariantCulture, out int n) ? n : 1;

    protected void ChooseEngine() => Operations = Engine == "managed" ? new ManagedBackend(Threads) : Backend.Get(Engine);

    protected Tensor<T> Random(params ReadOnlySpan<nint> shape)
    {
        Tensor<T> tensor = Tensor.CreateFromShape<T>(shape);
        foreach (ref T x in tensor.AsTensorSpan())
        {
            x = T.CreateTruncating((2 * _random.NextDouble()) - 1);
        }

        return tensor;
    }

    protected static Tensor<T> Zeros(params ReadOnlySpan<nint> shape) => Tensor.CreateFromShape<T>(shape);
}
