using System.Numerics;
using Polyad.Cli.Compare.Accuracy;

namespace Polyad.Cli.Compare.Operations;

/// <summary>L X = B for a lower triangle and as many right sides as rows. The engine overwrites B, so each run begins with a copy of it, which is part of the time.</summary>
internal sealed class TriangularSolveOperation : IOperation
{
    public string Name => "trsm";

    public ShapeKind Shapes => ShapeKind.Square;

    public OperationParameters Parameters => OperationParameters.None;

    public LinearAlgebraOperation? Primitive => LinearAlgebraOperation.TriangularSolve;

    public Cost Cost(Problem problem) => NominalCost.TriangularSolve(problem.Shape[0], problem.Shape[0]);

    Workload IOperation.Prepare<T>(Problem problem) => new Work<T>(problem.Shape[0]);

    private sealed class Work<T>(int n) : Workload
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        private readonly T[] _l = WellConditioned(n), _b = SeededInput.Uniform<T>((long)n * n, 2), _x = SeededInput.Zeros<T>((long)n * n);

        public override void Run(ILinearAlgebraBackend engine)
        {
            _b.CopyTo(_x, 0);
            engine.TriangularSolve(Triangle.Lower, false, new ReadOnlyMatrixView<T>(_l, n, n), new MatrixView<T>(_x, n, n));
        }

        public override double? AccuracyRatio()
        {
            // xTRT02: ||B - L X|| / (||L|| ||X|| n eps).
            DenseMatrix l = DenseMatrix.From(_l, n, n), x = DenseMatrix.From(_x, n, n);
            double error = DenseMatrix.From(_b, n, n).Minus(l, x).Norm1();
            return LapackRatio.Finite(error / (l.Norm1() * x.Norm1() * n * SeededInput.Epsilon<T>()));
        }

        private static T[] WellConditioned(int n)
        {
            T[] l = SeededInput.Uniform<T>((long)n * n, 1);
            for (int i = 0; i < n; i++)
            {
                l.AsSpan((i * n) + i + 1, n - i - 1).Clear();
                l[(i * n) + i] = T.CreateTruncating(n);
            }

            return l;
        }
    }
}
