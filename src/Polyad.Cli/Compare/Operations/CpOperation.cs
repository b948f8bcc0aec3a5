using System.Numerics;
using Polyad.Cli.Compare.Accuracy;
using Polyad.Cli.Decompose;
using Polyad.Decomposition;

namespace Polyad.Cli.Compare.Operations;

/// <summary>CP by ten sweeps of alternating least squares.</summary>
internal sealed class CpOperation : IOperation
{
    private const int Sweeps = 10;

    public string Name => "cp";

    public ShapeKind Shapes => ShapeKind.Tensor;

    public OperationParameters Parameters => OperationParameters.Rank;

    public LinearAlgebraOperation? Primitive => null;

    public Cost Cost(Problem problem) => NominalCost.CpSweeps(problem.Elements, problem.Rank!.Value, Sweeps);

    Workload IOperation.Prepare<T>(Problem problem) => new Work<T>(problem.Shape, problem.Rank!.Value);

    private sealed class Work<T>(int[] shape, int rank) : Workload
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        private readonly TensorInput<T> _x = new(shape);
        private CpResult<T>? _result;

        public override void Run(ILinearAlgebraBackend engine)
            => _result = new CpAls { Backend = engine, MaxIterations = Sweeps, Tolerance = 0, Initialization = CpInitialization.Random, Acceleration = CpAcceleration.None, Seed = 1 }.Fit(_x.Tensor, rank);

        /// <summary>
        /// The error that the sweeps report, against the error itself. They know it by an identity of squares, which is good to eps N; relative to the error's own square.
        /// </summary>
        public override double? AccuracyRatio()
        {
            double exact = RelativeError.Of(_x.Tensor, _result!.Reconstruct());
            return LapackRatio.Finite(Math.Abs((_result.RelativeError * _result.RelativeError) - (exact * exact)) / (shape.Max() * SeededInput.Epsilon<T>()));
        }
    }
}
