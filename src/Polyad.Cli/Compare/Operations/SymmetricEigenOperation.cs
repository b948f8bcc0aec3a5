using System.Numerics;
using Polyad.Cli.Compare.Accuracy;

namespace Polyad.Cli.Compare.Operations;

/// <summary>A = V diag(w) V^T for symmetric A.</summary>
internal sealed class SymmetricEigenOperation : IOperation
{
    public string Name => "eigh";

    public ShapeKind Shapes => ShapeKind.Square;

    public OperationParameters Parameters => OperationParameters.None;

    public LinearAlgebraOperation? Primitive => LinearAlgebraOperation.SymmetricEigen;

    public Cost Cost(Problem problem) => NominalCost.SymmetricEigen(problem.Shape[0]);

    Workload IOperation.Prepare<T>(Problem problem) => new Work<T>(problem.Shape[0]);

    private sealed class Work<T>(int n) : Workload
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        private readonly T[] _a = SeededInput.Symmetric<T>(n, 0), _w = new T[n], _v = SeededInput.Zeros<T>((long)n * n);

        public override void Run(ILinearAlgebraBackend engine) => engine.SymmetricEigen(new ReadOnlyMatrixView<T>(_a, n, n), _w, new MatrixView<T>(_v, n, n));

        public override double? AccuracyRatio()
        {
            double epsilon = SeededInput.Epsilon<T>();
            DenseMatrix v = DenseMatrix.From(_v, n, n), w = DenseMatrix.From(_w, 1, n);
            double residual = LapackRatio.Residual(DenseMatrix.From(_a, n, n), v.ScaleColumns(w.Values), v, epsilon, transposeRight: true);
            return Math.Max(residual, LapackRatio.Orthogonality(v, epsilon));
        }
    }
}
