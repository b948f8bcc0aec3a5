using System.Numerics;
using Polyad.Cli.Compare.Accuracy;

namespace Polyad.Cli.Compare.Operations;

/// <summary>A = L L^T.</summary>
internal sealed class CholeskyOperation : IOperation
{
    public string Name => "cholesky";

    public ShapeKind Shapes => ShapeKind.Square;

    public OperationParameters Parameters => OperationParameters.None;

    public LinearAlgebraOperation? Primitive => LinearAlgebraOperation.Cholesky;

    public Cost Cost(Problem problem) => NominalCost.Cholesky(problem.Shape[0]);

    Workload IOperation.Prepare<T>(Problem problem) => new Work<T>(problem.Shape[0]);

    private sealed class Work<T>(int n) : Workload
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        private readonly T[] _a = SeededInput.Symmetric<T>(n, n), _l = SeededInput.Zeros<T>((long)n * n);

        public override void Run(ILinearAlgebraBackend engine) => engine.Cholesky(new ReadOnlyMatrixView<T>(_a, n, n), new MatrixView<T>(_l, n, n));

        public override double? AccuracyRatio()
        {
            DenseMatrix l = DenseMatrix.From(_l, n, n);
            return LapackRatio.Residual(DenseMatrix.From(_a, n, n), l, l, SeededInput.Epsilon<T>(), transposeRight: true);
        }
    }
}
