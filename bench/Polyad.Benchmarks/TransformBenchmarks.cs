using System.Numerics;
using BenchmarkDotNet.Attributes;

namespace Polyad.Benchmarks;

/// <summary>Transforms in place: a power of two, a length of small primes, and a prime.</summary>
[GenericTypeArguments(typeof(float))]
[GenericTypeArguments(typeof(double))]
public class TransformBenchmarks<T>
    where T : unmanaged, INumberBase<T>
{
    private T[] _re = [], _im = [], _power = [];

    [Params(1024, 1000, 1009, 1 << 18)]
    public int Length { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        (_re, _im, _power) = (new T[Length], new T[Length], new T[BitOperations.RoundUpToPowerOf2((uint)Length)]);
        new CounterRandom(1).Normal<T>(_re);
        new CounterRandom(2).Normal<T>(_im);
    }

    /// <summary>Forward and back, so that the values stay where they are.</summary>
    [Benchmark]
    public void FourierThereAndBack()
    {
        Fft.Forward<T>(_re, _im);
        Fft.Inverse<T>(_re, _im);
    }

    [Benchmark]
    public void WalshHadamardOfNextPowerOfTwo() => WalshHadamard.Forward<T>(_power);
}
