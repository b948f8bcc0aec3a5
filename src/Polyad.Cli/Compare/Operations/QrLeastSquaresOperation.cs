using System.Numerics;
using Polyad.Cli.Compare.Accuracy;

namespace Polyad.Cli.Compare.Operations;

/// <summary>min ||A x - b|| by the R of [A b], whose last column is Q^T b: the cheapest route by an orthogonal factorization.</summary>
internal sealed class QrLeastSquaresOperation() : LeastSquaresOperation("lstsq-qr")
{
    protected override Workload Prepare<T>(int m, int n) => new Work<T>(m, n);

    private sealed class Work<T> : Workload
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        private readonly int _m, _n, _k;
        private readonly T[] _both, _r, _x;

        public Work(int m, int n)
        {
            (_m, _n, _k) = (m, n, Math.Min(m, n + 1));
            (_both, _r, _x) = (SeededInput.Zeros<T>((long)m * (n + 1)), SeededInput.Zeros<T>((long)_k * (n + 1)), new T[n]);
            MatrixView<T> both = new(_both, m, n + 1);
            new ReadOnlyMatrixView<T>(SeededInput.Uniform<T>((long)m * n), m, n).CopyTo(both.Slice(0, 0, m, n));
            new ReadOnlyMatrixView<T>(SeededInput.Uniform<T>(m, 1), m, 1).CopyTo(both.Slice(0, n, m, 1));
        }

        public override void Run(ILinearAlgebraBackend engine)
        {
            MatrixView<T> r = new(_r, _k, _n + 1), x = new(_x, _n, 1);
            engine.QrR(new ReadOnlyMatrixView<T>(_both, _m, _n + 1), r);
            ReadOnlyMatrixView<T> triangle = new(_r, _k, _n + 1);
            triangle.Slice(0, _n, _n, 1).CopyTo(x);
            engine.TriangularSolve(Triangle.Upper, false, triangle.Slice(0, 0, _n, _n), x);
        }

        public override double? AccuracyRatio()
        {
            T[] a = SeededInput.Zeros<T>((long)_m * _n), b = new T[_m];
            ReadOnlyMatrixView<T> both = new(_both, _m, _n + 1);
            both.Slice(0, 0, _m, _n).CopyTo(new MatrixView<T>(a, _m, _n));
            both.Slice(0, _n, _m, 1).CopyTo(new MatrixView<T>(b, _m, 1));
            return LeastSquaresAccuracy.Ratio(DenseMatrix.From(a, _m, _n), DenseMatrix.From(b, _m, 1), DenseMatrix.From(_x, _n, 1), SeededInput.Epsilon<T>());
        }
    }
}
