using System.Numerics;
using System.Numerics.Tensors;
using BenchmarkDotNet.Attributes;

namespace Polyad.Benchmarks;

/// <summary>C = A B, A A^T and triangular solves of order N. 2 N^3, N^3 and N^3 flops.</summary>
[GenericTypeArguments(typeof(float))]
[GenericTypeArguments(typeof(double))]
public class ProductBenchmarks<T> : EngineBenchmark<T>
    where T : unmanaged, INumberBase<T>
{
    private Tensor<T> _a = null!, _b = null!, _c = null!, _triangle = null!;

    [Params(4, 16, 64, 256, 1024)]
    public int N { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        ChooseEngine();
        (_a, _b, _c, _triangle) = (Random(N, N), Random(N, N), Zeros(N, N), Random(N, N));
        MatrixView<T> t = _triangle;
        for (int i = 0; i < N; i++)
        {
            t[i, i] = T.CreateChecked(N);
        }
    }

    [Benchmark]
    public void Gemm() => Operations.MatMul<T>(T.One, _a, _b, T.Zero, _c);

    [Benchmark]
    public void GemmTransposed() => Operations.MatMul<T>(T.One, _a.AsReadOnlyMatrix().Transpose, _b.AsReadOnlyMatrix().Transpose, T.Zero, _c);

    [Benchmark]
    public void Gram() => Operations.Gram<T>(T.One, _a, T.Zero, _c);

    /// <summary>The copy of the right side is part of the figure: the solve is in place.</summary>
    [Benchmark]
    public void Trsm()
    {
        _b.AsReadOnlyMatrix().CopyTo(_c);
        Operations.TriangularSolve<T>(Triangle.Lower, false, _triangle, _c);
    }
}
