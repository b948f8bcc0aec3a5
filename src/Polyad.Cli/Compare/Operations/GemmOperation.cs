using System.Numerics;
using Polyad.Cli.Compare.Accuracy;

namespace Polyad.Cli.Compare.Operations;

/// <summary>C = A B.</summary>
internal sealed class GemmOperation : IOperation
{
    public string Name => "gemm";

    public ShapeKind Shapes => ShapeKind.Product;

    public OperationParameters Parameters => OperationParameters.None;

    public LinearAlgebraOperation? Primitive => LinearAlgebraOperation.MatMul;

    public Cost Cost(Problem problem) => NominalCost.Gemm(problem.Shape[0], problem.Shape[1], problem.Shape[2]);

    Workload IOperation.Prepare<T>(Problem problem) => new Work<T>(problem.Shape[0], problem.Shape[1], problem.Shape[2]);

    private sealed class Work<T>(int m, int n, int k) : Workload
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        private readonly T[] _a = SeededInput.Uniform<T>((long)m * k, 1), _b = SeededInput.Uniform<T>((long)k * n, 2), _c = SeededInput.Zeros<T>((long)m * n);

        public override void Run(ILinearAlgebraBackend engine)
            => engine.MatMul(T.One, new ReadOnlyMatrixView<T>(_a, m, k), new ReadOnlyMatrixView<T>(_b, k, n), T.Zero, new MatrixView<T>(_c, m, n));

        public override double? AccuracyRatio() => ProductAccuracy.Ratio(
            m,
            n,
            k,
            (i, p) => double.CreateTruncating(_a[((long)i * k) + p]),
            (p, j) => double.CreateTruncating(_b[((long)p * n) + j]),
            (i, j) => double.CreateTruncating(_c[((long)i * n) + j]),
            SeededInput.Epsilon<T>());
    }
}
