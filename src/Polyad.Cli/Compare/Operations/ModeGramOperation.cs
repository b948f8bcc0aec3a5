using System.Numerics;
using Polyad.Cli.Compare.Accuracy;

namespace Polyad.Cli.Compare.Operations;

/// <summary>G = X_(n) X_(n)^T.</summary>
internal sealed class ModeGramOperation : IOperation
{
    public string Name => "modegram";

    public ShapeKind Shapes => ShapeKind.Tensor;

    public OperationParameters Parameters => OperationParameters.Mode;

    public LinearAlgebraOperation? Primitive => LinearAlgebraOperation.ModeGram;

    public Cost Cost(Problem problem) => NominalCost.ModeGram(problem.Elements, problem.Shape[problem.Mode!.Value]);

    Workload IOperation.Prepare<T>(Problem problem) => new Work<T>(problem.Shape, problem.Mode!.Value);

    private sealed class Work<T>(int[] shape, int mode) : Workload
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        private readonly TensorInput<T> _x = new(shape);
        private readonly T[] _g = new T[(long)shape[mode] * shape[mode]];

        public override void Run(ILinearAlgebraBackend engine)
            => engine.ModeGram(_x.Tensor.AsReadOnlyTensorSpan(), mode, new MatrixView<T>(_g, shape[mode], shape[mode]));

        public override double? AccuracyRatio() => ProductAccuracy.Ratio(
            shape[mode],
            shape[mode],
            _x.Values.Length / shape[mode],
            (i, p) => double.CreateTruncating(_x.Unfolded(mode, i, p)),
            (p, j) => double.CreateTruncating(_x.Unfolded(mode, j, p)),
            (i, j) => double.CreateTruncating(_g[(i * shape[mode]) + j]),
            SeededInput.Epsilon<T>());
    }
}
