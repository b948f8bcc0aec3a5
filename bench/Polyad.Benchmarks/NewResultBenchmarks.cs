using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using BenchmarkDotNet.Attributes;
using Polyad.IO;

namespace Polyad.Benchmarks;

/// <summary>Calls that return a large new tensor: the system has to give its pages, which can cost more than the work.</summary>
public class NewResultBenchmarks
{
    private readonly CounterRandom _draws = new(1);
    private Tensor<double> _x = null!;
    private string _file = "";

    [Params(100, 300)]
    public int Side { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        _x = _draws.Uniform<double>(Side, Side, Side);
        _file = Path.GetTempFileName();
        NpyFile.Write(_file, _x);
    }

    [GlobalCleanup]
    public void Cleanup() => File.Delete(_file);

    /// <summary>What the framework gives, every page written once.</summary>
    [Benchmark(Baseline = true)]
    public Tensor<double> FrameworkFilled()
    {
        Tensor<double> filled = Tensor.CreateFromShape<double>([Side, Side, Side]);
        MemoryMarshal.CreateSpan(ref filled.GetPinnableReference(), (int)filled.FlattenedLength).Fill(1);
        return filled;
    }

    [Benchmark]
    public Tensor<double> Uniform() => _draws.Uniform<double>(Side, Side, Side);

    [Benchmark]
    public Tensor<double> Unfold() => TensorAlgebra.Unfold(_x, 1);

    [Benchmark]
    public Tensor<double> ReadNpy() => NpyFile.Read<double>(_file);
}
