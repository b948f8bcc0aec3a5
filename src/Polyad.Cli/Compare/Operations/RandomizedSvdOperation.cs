using System.Numerics;
using System.Numerics.Tensors;
using Polyad.Cli.Compare.Accuracy;
using Polyad.Sketching;

namespace Polyad.Cli.Compare.Operations;

/// <summary>The leading singular triplets, as many as the rank, of a matrix with singular values 1, 1/2, 1/3, ...: ten columns of oversampling and two power iterations.</summary>
internal sealed class RandomizedSvdOperation : IOperation
{
    private const int Oversampling = 10, PowerIterations = 2;

    public string Name => "rsvd";

    public ShapeKind Shapes => ShapeKind.Rectangle;

    public OperationParameters Parameters => OperationParameters.Rank;

    public LinearAlgebraOperation? Primitive => null;

    public string? Unsuited(Problem problem) => problem.Rank > problem.Shape.Min() ? "the rank is above the shorter side" : null;

    public Cost Cost(Problem problem)
        => NominalCost.RandomizedSvd(problem.Shape[0], problem.Shape[1], Math.Min(problem.Rank!.Value + Oversampling, problem.Shape.Min()), PowerIterations);

    Workload IOperation.Prepare<T>(Problem problem) => new Work<T>(problem.Shape[0], problem.Shape[1], problem.Rank!.Value);

    private sealed class Work<T> : Workload
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        private readonly int _m, _n, _rank;
        private readonly T[] _a;
        private readonly Tensor<T> _tensor;
        private readonly double _best;
        private LowRankSvd<T>? _result;

        public Work(int m, int n, int rank)
        {
            double[] values = [.. Enumerable.Range(1, Math.Min(m, n)).Select(static j => 1.0 / j)];
            (_m, _n, _rank) = (m, n, rank);
            _a = SeededInput.WithSpectrum<T>(m, n, values);
            _tensor = Tensor.Create(_a, [m, n]);
            _best = Math.Sqrt(values.Skip(rank).Sum(static s => s * s));
        }

        public override void Run(ILinearAlgebraBackend engine)
            => _result = new RandomizedSvd { Oversampling = Oversampling, PowerIterations = PowerIterations, Seed = 1, Backend = engine }.Fit(_tensor, _rank);

        /// <summary>||A - U S V^T|| over that of the best matrix of the rank, in the Frobenius norm: 1 is the least there can be. Where nothing is left, over what rounding leaves.</summary>
        public override double? AccuracyRatio()
        {
            LowRankSvd<T> svd = _result!;
            DenseMatrix u = Matrix(svd.U), s = Matrix(svd.S.Reshape([1, _rank])), vt = Matrix(svd.Vt), a = DenseMatrix.From(_a, _m, _n);
            double epsilon = SeededInput.Epsilon<T>(), rounding = Math.Max(_m, _n) * epsilon * TensorPrimitives.Norm<double>(a.Values);
            double left = TensorPrimitives.Norm<double>(a.Minus(u.ScaleColumns(s.Values), vt).Values) / double.Hypot(_best, rounding);
            return LapackRatio.Finite(Math.Max(left, Math.Max(LapackRatio.Orthogonality(u, epsilon), LapackRatio.Orthogonality(vt, epsilon, rows: true))));
        }

        private static DenseMatrix Matrix(Tensor<T> tensor)
        {
            T[] flat = new T[tensor.FlattenedLength];
            tensor.FlattenTo(flat);
            return DenseMatrix.From(flat, (int)tensor.Lengths[0], (int)tensor.Lengths[1]);
        }
    }
}
