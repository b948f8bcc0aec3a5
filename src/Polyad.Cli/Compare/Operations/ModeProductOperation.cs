using System.Numerics;
using Polyad.Cli.Compare.Accuracy;

namespace Polyad.Cli.Compare.Operations;

/// <summary>Y = X x_n M with M of as many rows as the rank.</summary>
internal sealed class ModeProductOperation : IOperation
{
    public string Name => "modeproduct";

    public ShapeKind Shapes => ShapeKind.Tensor;

    public OperationParameters Parameters => OperationParameters.Mode | OperationParameters.Rank;

    public LinearAlgebraOperation? Primitive => LinearAlgebraOperation.ModeProduct;

    public Cost Cost(Problem problem) => NominalCost.ModeProduct(problem.Elements, problem.Shape[problem.Mode!.Value], problem.Rank!.Value);

    Workload IOperation.Prepare<T>(Problem problem) => new Work<T>(problem.Shape, problem.Mode!.Value, problem.Rank!.Value);

    private sealed class Work<T>(int[] shape, int mode, int rows) : Workload
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        private readonly TensorInput<T> _x = new(shape);
        private readonly T[] _m = SeededInput.Uniform<T>((long)rows * shape[mode], 1);
        private readonly TensorInput<T> _y = TensorInput<T>.Empty([.. shape[..mode], rows, .. shape[(mode + 1)..]]);

        public override void Run(ILinearAlgebraBackend engine)
            => engine.ModeProduct(_x.Tensor.AsReadOnlyTensorSpan(), new ReadOnlyMatrixView<T>(_m, rows, shape[mode]), mode, _y.Tensor.AsTensorSpan());

        public override double? AccuracyRatio() => ProductAccuracy.Ratio(
            rows,
            _x.Values.Length / shape[mode],
            shape[mode],
            (i, p) => double.CreateTruncating(_m[(i * shape[mode]) + p]),
            (p, j) => double.CreateTruncating(_x.Unfolded(mode, p, j)),
            (i, j) => double.CreateTruncating(_y.Unfolded(mode, i, j)),
            SeededInput.Epsilon<T>());
    }
}
