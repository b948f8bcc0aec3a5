using System.Numerics;
using System.Numerics.Tensors;
using BenchmarkDotNet.Attributes;
using Polyad.Decomposition;

namespace Polyad.Benchmarks;

/// <summary>Whole decompositions with a fixed number of sweeps, so that every run does the same work.</summary>
[GenericTypeArguments(typeof(float))]
[GenericTypeArguments(typeof(double))]
public class DecompositionBenchmarks<T> : EngineBenchmark<T>
    where T : unmanaged, INumberBase<T>
{
    private const int Rank = 10, Sweeps = 5;

    private Tensor<T> _x = null!;

    [Params(50, 200)]
    public int Side { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        ChooseEngine();
        _x = Random(Side, Side, Side);
    }

    [Benchmark]
    public CpResult<T> Cp()
        => new CpAls { Backend = Operations, Initialization = CpInitialization.Random, Acceleration = CpAcceleration.None, MaxIterations = Sweeps, Tolerance = 0 }.Fit(_x, Rank);

    [Benchmark]
    public TuckerResult<T> TuckerHooi() => new Tucker { Backend = Operations, MaxIterations = Sweeps, StopTolerance = 0 }.Fit(_x, [Rank, Rank, Rank]);

    [Benchmark]
    public TensorTrainResult<T> TensorTrainSvd() => new TensorTrain { Backend = Operations, MaxRank = Rank, Tolerance = 0 }.Fit(_x);
}
