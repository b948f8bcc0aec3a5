using System.Numerics;
using System.Numerics.Tensors;
using BenchmarkDotNet.Attributes;

namespace Polyad.Benchmarks;

/// <summary>The tensor kernels on a cube, first, middle and last mode.</summary>
[GenericTypeArguments(typeof(float))]
[GenericTypeArguments(typeof(double))]
public class TensorBenchmarks<T> : EngineBenchmark<T>
    where T : unmanaged, INumberBase<T>
{
    private const int Rank = 16;

    private Tensor<T> _x = null!, _unfolding = null!, _matrix = null!, _product = null!, _gram = null!, _mttkrp = null!;
    private Tensor<T>[] _factors = [];

    [Params(64, 200)]
    public int Side { get; set; }

    [Params(0, 1, 2)]
    public int Mode { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        ChooseEngine();
        nint[] shape = [Side, Side, Side], reduced = [Side, Side, Side];
        reduced[Mode] = Rank;
        (_x, _unfolding, _matrix) = (Random(shape), Zeros(Side, (nint)Side * Side), Random(Rank, Side));
        (_product, _gram, _mttkrp) = (Zeros(reduced), Zeros(Side, Side), Zeros(Side, Rank));
        _factors = [Random(Side, Rank), Random(Side, Rank), Random(Side, Rank)];
    }

    [Benchmark]
    public void Unfold() => Operations.Unfold<T>(_x.AsReadOnlyTensorSpan(), Mode, _unfolding);

    [Benchmark]
    public void Fold() => Operations.Fold<T>(_unfolding, Mode, _x.AsTensorSpan());

    [Benchmark]
    public void ModeProduct() => Operations.ModeProduct<T>(_x.AsReadOnlyTensorSpan(), _matrix, Mode, _product.AsTensorSpan());

    [Benchmark]
    public void ModeGram() => Operations.ModeGram<T>(_x.AsReadOnlyTensorSpan(), Mode, _gram);

    [Benchmark]
    public void Mttkrp() => Operations.Mttkrp<T>(_x.AsReadOnlyTensorSpan(), _factors, Mode, _mttkrp);
}
