using System.Numerics;

namespace Polyad.Cli.Compare.Operations;

/// <summary>A copy of the mode-n unfolding. Right is only what is equal bit for bit.</summary>
internal sealed class UnfoldOperation : IOperation
{
    public string Name => "unfold";

    public ShapeKind Shapes => ShapeKind.Tensor;

    public OperationParameters Parameters => OperationParameters.Mode;

    public LinearAlgebraOperation? Primitive => LinearAlgebraOperation.Unfold;

    public Cost Cost(Problem problem) => NominalCost.Unfold(problem.Elements);

    Workload IOperation.Prepare<T>(Problem problem) => new Work<T>(problem.Shape, problem.Mode!.Value);

    private sealed class Work<T>(int[] shape, int mode) : Workload
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        private readonly TensorInput<T> _x = new(shape);
        private readonly T[] _y = SeededInput.Zeros<T>(TensorInput.Elements(shape));

        public override void Run(ILinearAlgebraBackend engine)
            => engine.Unfold(_x.Tensor.AsReadOnlyTensorSpan(), mode, new MatrixView<T>(_y, shape[mode], _y.Length / shape[mode]));

        public override double? AccuracyRatio()
        {
            int columns = _y.Length / shape[mode];
            for (int i = 0; i < shape[mode]; i++)
            {
                for (int j = 0; j < columns; j++)
                {
                    if (_y[(i * columns) + j] != _x.Unfolded(mode, i, j))
                    {
                        return double.PositiveInfinity;
                    }
                }
            }

            return 0;
        }
    }
}
