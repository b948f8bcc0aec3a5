using System.Numerics;
using System.Numerics.Tensors;
using Polyad.Cli.Compare.Accuracy;

namespace Polyad.Cli.Compare.Operations;

/// <summary>G = X_(n) times the Khatri-Rao product of the other factors.</summary>
internal sealed class MttkrpOperation : IOperation
{
    public string Name => "mttkrp";

    public ShapeKind Shapes => ShapeKind.Tensor;

    public OperationParameters Parameters => OperationParameters.Mode | OperationParameters.Rank;

    public LinearAlgebraOperation? Primitive => LinearAlgebraOperation.Mttkrp;

    public Cost Cost(Problem problem) => NominalCost.Mttkrp(problem.Elements, problem.Shape[problem.Mode!.Value], problem.Rank!.Value);

    Workload IOperation.Prepare<T>(Problem problem) => new Work<T>(problem.Shape, problem.Mode!.Value, problem.Rank!.Value);

    private sealed class Work<T>(int[] shape, int mode, int rank) : Workload
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        private readonly TensorInput<T> _x = new(shape);
        private readonly T[][] _factors = [.. shape.Select((length, k) => SeededInput.Uniform<T>((long)length * rank, k + 1))];
        private readonly T[] _g = new T[(long)shape[mode] * rank];
        private Tensor<T>[]? _tensors;

        public override void Run(ILinearAlgebraBackend engine)
        {
            _tensors ??= [.. _factors.Select((values, k) => Tensor.Create(values, [shape[k], rank]))];
            engine.Mttkrp(_x.Tensor.AsReadOnlyTensorSpan(), _tensors, mode, new MatrixView<T>(_g, shape[mode], rank));
        }

        public override double? AccuracyRatio() => ProductAccuracy.Ratio(
            shape[mode],
            rank,
            _x.Values.Length / shape[mode],
            (i, p) => double.CreateTruncating(_x.Unfolded(mode, i, p)),
            KhatriRao,
            (i, r) => double.CreateTruncating(_g[(i * rank) + r]),
            SeededInput.Epsilon<T>());

        private DoubleDouble KhatriRao(int p, int r)
        {
            DoubleDouble product = 1;
            for (int k = shape.Length - 1; k >= 0; k--)
            {
                if (k != mode)
                {
                    product *= double.CreateTruncating(_factors[k][(p % shape[k] * rank) + r]);
                    p /= shape[k];
                }
            }

            return product;
        }
    }
}
