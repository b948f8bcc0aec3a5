using System.Numerics;
using System.Numerics.Tensors;
using BenchmarkDotNet.Attributes;

namespace Polyad.Benchmarks;

/// <summary>Tall times small, and the Gram matrix of a tall matrix: the shapes of tensor decompositions.</summary>
[GenericTypeArguments(typeof(float))]
[GenericTypeArguments(typeof(double))]
public class SkinnyProductBenchmarks<T> : EngineBenchmark<T>
    where T : unmanaged, INumberBase<T>
{
    private Tensor<T> _tall = null!, _small = null!, _product = null!, _gram = null!;

    [Params(10_000, 100_000)]
    public int Rows { get; set; }

    [Params(16, 64)]
    public int Columns { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        ChooseEngine();
        (_tall, _small, _product, _gram) = (Random(Rows, Columns), Random(Columns, Columns), Zeros(Rows, Columns), Zeros(Columns, Columns));
    }

    [Benchmark]
    public void TallGemm() => Operations.MatMul<T>(T.One, _tall, _small, T.Zero, _product);

    [Benchmark]
    public void TallGram() => Operations.Gram<T>(T.One, _tall.AsReadOnlyMatrix().Transpose, T.Zero, _gram);
}
