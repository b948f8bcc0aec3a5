using System.Numerics;
using Polyad.Cli.Compare.Accuracy;
using Polyad.Cli.Decompose;
using Polyad.Decomposition;

namespace Polyad.Cli.Compare.Operations;

/// <summary>A tensor train at a given bond rank, of a tensor that has it.</summary>
internal sealed class TensorTrainOperation : IOperation
{
    public string Name => "tt";

    public ShapeKind Shapes => ShapeKind.Tensor;

    public OperationParameters Parameters => OperationParameters.Rank;

    public LinearAlgebraOperation? Primitive => null;

    public Cost Cost(Problem problem) => NominalCost.TensorTrain(problem.Shape, problem.Rank!.Value);

    Workload IOperation.Prepare<T>(Problem problem) => new Work<T>(problem.Shape, problem.Rank!.Value);

    private sealed class Work<T>(int[] shape, int rank) : Workload
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        private readonly TensorInput<T> _x = TensorInput<T>.Planted(shape, rank);
        private TensorTrainResult<T>? _result;

        public override void Run(ILinearAlgebraBackend engine) => _result = new TensorTrain { Backend = engine, Tolerance = 0, MaxRank = rank }.Fit(_x.Tensor);

        /// <summary>The tensor has the rank that is asked for: what is left is rounding, of order eps times the length of the longest mode.</summary>
        public override double? AccuracyRatio()
            => LapackRatio.Finite(RelativeError.Of(_x.Tensor, _result!.Reconstruct()) / (shape.Max() * SeededInput.Epsilon<T>()));
    }
}
