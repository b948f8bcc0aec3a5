using System.Numerics;
using Polyad.Cli.Compare.Accuracy;

namespace Polyad.Cli.Compare.Operations;

/// <summary>A = U diag(s) V^T, thin.</summary>
internal sealed class SvdOperation : IOperation
{
    public string Name => "svd";

    public ShapeKind Shapes => ShapeKind.Rectangle;

    public OperationParameters Parameters => OperationParameters.None;

    public LinearAlgebraOperation? Primitive => LinearAlgebraOperation.Svd;

    public Cost Cost(Problem problem) => NominalCost.Svd(problem.Shape[0], problem.Shape[1]);

    Workload IOperation.Prepare<T>(Problem problem) => new Work<T>(problem.Shape[0], problem.Shape[1]);

    private sealed class Work<T>(int m, int n) : Workload
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        private readonly int _k = Math.Min(m, n);
        private readonly T[] _a = SeededInput.Uniform<T>((long)m * n), _u = SeededInput.Zeros<T>((long)m * Math.Min(m, n)), _s = new T[Math.Min(m, n)], _vt = SeededInput.Zeros<T>((long)Math.Min(m, n) * n);

        public override void Run(ILinearAlgebraBackend engine)
            => engine.Svd(new ReadOnlyMatrixView<T>(_a, m, n), new MatrixView<T>(_u, m, _k), _s, new MatrixView<T>(_vt, _k, n));

        public override double? AccuracyRatio()
        {
            double epsilon = SeededInput.Epsilon<T>();
            DenseMatrix u = DenseMatrix.From(_u, m, _k), vt = DenseMatrix.From(_vt, _k, n), s = DenseMatrix.From(_s, 1, _k);
            double residual = LapackRatio.Residual(DenseMatrix.From(_a, m, n), u.ScaleColumns(s.Values), vt, epsilon);
            return Math.Max(residual, Math.Max(LapackRatio.Orthogonality(u, epsilon), LapackRatio.Orthogonality(vt, epsilon, rows: true)));
        }
    }
}
