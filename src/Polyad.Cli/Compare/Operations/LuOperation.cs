using System.Numerics;
using Polyad.Cli.Compare.Accuracy;

namespace Polyad.Cli.Compare.Operations;

/// <summary>P A = L U with partial pivoting.</summary>
internal sealed class LuOperation : IOperation
{
    public string Name => "lu";

    public ShapeKind Shapes => ShapeKind.Square;

    public OperationParameters Parameters => OperationParameters.None;

    public LinearAlgebraOperation? Primitive => LinearAlgebraOperation.Lu;

    public Cost Cost(Problem problem) => NominalCost.Lu(problem.Shape[0]);

    Workload IOperation.Prepare<T>(Problem problem) => new Work<T>(problem.Shape[0]);

    private sealed class Work<T>(int n) : Workload
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        private readonly T[] _a = SeededInput.Uniform<T>((long)n * n), _lu = SeededInput.Zeros<T>((long)n * n);
        private readonly int[] _pivots = new int[n];

        public override void Run(ILinearAlgebraBackend engine) => engine.Lu(new ReadOnlyMatrixView<T>(_a, n, n), new MatrixView<T>(_lu, n, n), _pivots);

        public override double? AccuracyRatio()
        {
            DenseMatrix permuted = DenseMatrix.From(_a, n, n), lower = DenseMatrix.From(_lu, n, n), upper = DenseMatrix.From(_lu, n, n);
            for (int i = 0; i < n; i++)
            {
                if (_pivots[i] != i)
                {
                    Span<double> row = permuted.Values.AsSpan(i * n, n), other = permuted.Values.AsSpan(_pivots[i] * n, n);
                    double[] kept = row.ToArray();
                    other.CopyTo(row);
                    kept.CopyTo(other);
                }

                lower.Values.AsSpan((i * n) + i + 1, n - i - 1).Clear();
                lower.Values[(i * n) + i] = 1;
                upper.Values.AsSpan(i * n, i).Clear();
            }

            return LapackRatio.Residual(permuted, lower, upper, SeededInput.Epsilon<T>());
        }
    }
}
