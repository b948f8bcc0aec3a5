using System.Numerics;
using Polyad.Cli.Compare.Accuracy;
using Polyad.Cli.Decompose;
using Polyad.Decomposition;

namespace Polyad.Cli.Compare.Operations;

/// <summary>Tucker at given ranks, of a tensor that has them.</summary>
internal sealed class TuckerOperation : IOperation
{
    public string Name => "tucker";

    public ShapeKind Shapes => ShapeKind.Tensor;

    public OperationParameters Parameters => OperationParameters.Rank;

    public LinearAlgebraOperation? Primitive => null;

    public Cost Cost(Problem problem) => NominalCost.Tucker(problem.Shape, problem.Rank!.Value);

    Workload IOperation.Prepare<T>(Problem problem) => new Work<T>(problem.Shape, problem.Rank!.Value);

    private sealed class Work<T>(int[] shape, int rank) : Workload
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        private readonly TensorInput<T> _x = TensorInput<T>.Planted(shape, rank);
        private TuckerResult<T>? _result;

        public override void Run(ILinearAlgebraBackend engine)
            => _result = new Tucker { Backend = engine, MaxIterations = 50 }.Fit(_x.Tensor, [.. shape.Select(n => Math.Min(n, rank))]);

        /// <summary>The tensor has the rank that is asked for: what is left is rounding, of order eps times the length of the longest mode.</summary>
        public override double? AccuracyRatio()
            => LapackRatio.Finite(RelativeError.Of(_x.Tensor, _result!.Reconstruct()) / (shape.Max() * SeededInput.Epsilon<T>()));
    }
}
