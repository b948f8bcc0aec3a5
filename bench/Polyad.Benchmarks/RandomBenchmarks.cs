using System.Numerics;
using BenchmarkDotNet.Attributes;

namespace Polyad.Benchmarks;

/// <summary>Counter-based draws; the framework's sequential generator stands beside them.</summary>
[GenericTypeArguments(typeof(float))]
[GenericTypeArguments(typeof(double))]
public class RandomBenchmarks<T>
    where T : unmanaged, INumberBase<T>
{
    private readonly CounterRandom _draws = new(1);
    private readonly Random _framework = new(1);
    private T[] _values = [];

    [Params(1_000, 1_000_000)]
    public int Count { get; set; }

    [GlobalSetup]
    public void Setup() => _values = new T[Count];

    [Benchmark]
    public void Uniform() => _draws.Uniform<T>(_values);

    [Benchmark]
    public void Normal() => _draws.Normal<T>(_values);

    [Benchmark]
    public void Signs() => _draws.Signs<T>(_values);

    [Benchmark(Baseline = true)]
    public void FrameworkUniform()
    {
        for (int i = 0; i < _values.Length; i++)
        {
            _values[i] = T.CreateTruncating(_framework.NextDouble());
        }
    }
}
