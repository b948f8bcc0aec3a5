using System.Numerics;
using System.Numerics.Tensors;
using BenchmarkDotNet.Attributes;

namespace Polyad.Benchmarks;

/// <summary>Thin factorizations of tall matrices.</summary>
[GenericTypeArguments(typeof(float))]
[GenericTypeArguments(typeof(double))]
public class TallFactorizationBenchmarks<T> : EngineBenchmark<T>
    where T : unmanaged, INumberBase<T>
{
    private Tensor<T> _a = null!, _tall = null!, _small = null!;
    private T[] _values = [];

    /// <summary>(rows, columns).</summary>
    public static IEnumerable<(int Rows, int Columns)> Shapes => [(2_000, 32), (10_000, 64), (100_000, 32), (20_000, 300)];

    [ParamsSource(nameof(Shapes))]
    public (int Rows, int Columns) Shape { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        ChooseEngine();
        (int m, int n) = Shape;
        (_a, _tall, _small, _values) = (Random(m, n), Zeros(m, n), Zeros(n, n), new T[n]);
    }

    [Benchmark]
    public void TallQr() => Operations.Qr<T>(_a, _tall, _small);

    [Benchmark]
    public void TallQrR() => Operations.QrR<T>(_a, _small);

    [Benchmark]
    public void TallSvd() => Operations.Svd<T>(_a, _tall, _values, _small);

    [Benchmark]
    public void TallSvdValues() => Operations.SingularValues<T>(_a, _values);
}
