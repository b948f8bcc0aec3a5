using System.Numerics;
using System.Numerics.Tensors;
using Polyad.Cli.Compare.Accuracy;
using Polyad.Sketching;

namespace Polyad.Cli.Compare.Operations;

/// <summary>min ||A x - b|| to full accuracy by LSQR, preconditioned by the triangle of a sketch or of a Gram matrix in single precision.</summary>
internal sealed class SketchedLeastSquaresOperation() : LeastSquaresOperation("lstsq")
{
    protected override Workload Prepare<T>(int m, int n) => new Work<T>(m, n);

    private sealed class Work<T> : Workload
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        private readonly T[] _a, _b;
        private readonly Tensor<T> _matrix, _rightSide;
        private Tensor<T>? _x;

        public Work(int m, int n)
        {
            (_a, _b) = (SeededInput.Uniform<T>((long)m * n), SeededInput.Uniform<T>(m, 1));
            (_matrix, _rightSide) = (Tensor.Create(_a, [m, n]), Tensor.Create(_b, [m]));
        }

        public override void Run(ILinearAlgebraBackend engine) => _x = new SketchedLeastSquares { Seed = 1, Backend = engine }.Fit(_matrix, _rightSide).Solution;

        public override double? AccuracyRatio()
        {
            (int m, int n) = ((int)_matrix.Lengths[0], (int)_matrix.Lengths[1]);
            T[] x = new T[n];
            _x!.FlattenTo(x);
            return LeastSquaresAccuracy.Ratio(DenseMatrix.From(_a, m, n), DenseMatrix.From(_b, m, 1), DenseMatrix.From(x, n, 1), SeededInput.Epsilon<T>());
        }
    }
}
