using System.Numerics;
using Polyad.Cli.Compare.Accuracy;

namespace Polyad.Cli.Compare.Operations;

/// <summary>C = A^T A for a tall A.</summary>
internal sealed class GramOperation : IOperation
{
    public string Name => "gram";

    public ShapeKind Shapes => ShapeKind.Rectangle;

    public OperationParameters Parameters => OperationParameters.None;

    public LinearAlgebraOperation? Primitive => LinearAlgebraOperation.Gram;

    public Cost Cost(Problem problem) => NominalCost.Gram(problem.Shape[0], problem.Shape[1]);

    Workload IOperation.Prepare<T>(Problem problem) => new Work<T>(problem.Shape[0], problem.Shape[1]);

    private sealed class Work<T>(int m, int n) : Workload
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        private readonly T[] _a = SeededInput.Uniform<T>((long)m * n), _c = SeededInput.Zeros<T>((long)n * n);

        public override void Run(ILinearAlgebraBackend engine)
            => engine.Gram(T.One, new ReadOnlyMatrixView<T>(_a, m, n).Transpose, T.Zero, new MatrixView<T>(_c, n, n));

        public override double? AccuracyRatio() => ProductAccuracy.Ratio(
            n,
            n,
            m,
            (i, p) => double.CreateTruncating(_a[((long)p * n) + i]),
            (p, j) => double.CreateTruncating(_a[((long)p * n) + j]),
            (i, j) => double.CreateTruncating(_c[((long)i * n) + j]),
            SeededInput.Epsilon<T>());
    }
}
