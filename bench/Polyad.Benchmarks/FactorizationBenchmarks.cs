using System.Numerics;
using System.Numerics.Tensors;
using BenchmarkDotNet.Attributes;

namespace Polyad.Benchmarks;

/// <summary>Factorizations of square matrices of order N.</summary>
[GenericTypeArguments(typeof(float))]
[GenericTypeArguments(typeof(double))]
public class FactorizationBenchmarks<T> : EngineBenchmark<T>
    where T : unmanaged, INumberBase<T>
{
    private Tensor<T> _a = null!, _definite = null!, _first = null!, _second = null!;
    private T[] _values = [];
    private int[] _pivots = [];

    [Params(32, 100, 200, 500, 1000)]
    public int N { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        ChooseEngine();
        (_a, _definite, _first, _second, _values, _pivots) = (Random(N, N), Zeros(N, N), Zeros(N, N), Zeros(N, N), new T[N], new int[N]);
        Operations.Gram<T>(T.One, _a, T.Zero, _definite);
        MatrixView<T> d = _definite;
        for (int i = 0; i < N; i++)
        {
            d[i, i] += T.One;
        }
    }

    [Benchmark]
    public void Cholesky() => Operations.Cholesky<T>(_definite, _first);

    [Benchmark]
    public int Lu() => Operations.Lu<T>(_a, _first, _pivots);

    [Benchmark]
    public void Qr() => Operations.Qr<T>(_a, _first, _second);

    [Benchmark]
    public void QrR() => Operations.QrR<T>(_a, _first);

    [Benchmark]
    public void Eigh() => Operations.SymmetricEigen<T>(_definite, _values, _first);

    [Benchmark]
    public void EighValues() => Operations.SymmetricEigenvalues<T>(_definite, _values);

    [Benchmark]
    public void Svd() => Operations.Svd<T>(_a, _first, _values, _second);

    [Benchmark]
    public void SvdValues() => Operations.SingularValues<T>(_a, _values);
}
