using System.Numerics;
using Polyad.Cli.Compare.Accuracy;

namespace Polyad.Cli.Compare.Operations;

/// <summary>The R of A = Q R alone.</summary>
internal sealed class QrROperation : IOperation
{
    public string Name => "qrr";

    public ShapeKind Shapes => ShapeKind.Rectangle;

    public OperationParameters Parameters => OperationParameters.None;

    public LinearAlgebraOperation? Primitive => LinearAlgebraOperation.QrR;

    public Cost Cost(Problem problem) => NominalCost.QrR(problem.Shape[0], problem.Shape[1]);

    Workload IOperation.Prepare<T>(Problem problem) => new Work<T>(problem.Shape[0], problem.Shape[1]);

    private sealed class Work<T>(int m, int n) : Workload
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        private readonly int _k = Math.Min(m, n);
        private readonly T[] _a = SeededInput.Uniform<T>((long)m * n), _r = SeededInput.Zeros<T>((long)Math.Min(m, n) * n);

        public override void Run(ILinearAlgebraBackend engine) => engine.QrR(new ReadOnlyMatrixView<T>(_a, m, n), new MatrixView<T>(_r, _k, n));

        public override double? AccuracyRatio()
        {
            // Without Q: R^T R = (A + E)^T (A + E) with ||E|| of order eps ||A||, judged against A^T A.
            DenseMatrix a = DenseMatrix.From(_a, m, n), r = DenseMatrix.From(_r, _k, n);
            DenseMatrix gram = new DenseMatrix(new double[(long)n * n], n, n).Minus(a, a, transposeLeft: true);
            DenseMatrix difference = gram.Minus(r.ScaleColumns(Enumerable.Repeat(-1.0, n).ToArray()), r, transposeLeft: true);
            return LapackRatio.Finite(difference.Norm1() / (gram.Norm1() * Math.Max(m, n) * SeededInput.Epsilon<T>()));
        }
    }
}
