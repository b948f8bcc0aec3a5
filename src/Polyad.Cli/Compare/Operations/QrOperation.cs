using System.Numerics;
using Polyad.Cli.Compare.Accuracy;

namespace Polyad.Cli.Compare.Operations;

/// <summary>A = Q R, thin.</summary>
internal sealed class QrOperation : IOperation
{
    public string Name => "qr";

    public ShapeKind Shapes => ShapeKind.Rectangle;

    public OperationParameters Parameters => OperationParameters.None;

    public LinearAlgebraOperation? Primitive => LinearAlgebraOperation.Qr;

    public Cost Cost(Problem problem) => NominalCost.Qr(problem.Shape[0], problem.Shape[1]);

    Workload IOperation.Prepare<T>(Problem problem) => new Work<T>(problem.Shape[0], problem.Shape[1]);

    private sealed class Work<T>(int m, int n) : Workload
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        private readonly int _k = Math.Min(m, n);
        private readonly T[] _a = SeededInput.Uniform<T>((long)m * n), _q = SeededInput.Zeros<T>((long)m * Math.Min(m, n)), _r = SeededInput.Zeros<T>((long)Math.Min(m, n) * n);

        public override void Run(ILinearAlgebraBackend engine)
            => engine.Qr(new ReadOnlyMatrixView<T>(_a, m, n), new MatrixView<T>(_q, m, _k), new MatrixView<T>(_r, _k, n));

        public override double? AccuracyRatio()
        {
            double epsilon = SeededInput.Epsilon<T>();
            DenseMatrix q = DenseMatrix.From(_q, m, _k);
            double residual = LapackRatio.Residual(DenseMatrix.From(_a, m, n), q, DenseMatrix.From(_r, _k, n), epsilon);
            return Math.Max(residual, LapackRatio.Orthogonality(q, epsilon));
        }
    }
}
