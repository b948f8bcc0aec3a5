using System.Numerics;
using Polyad.Cli.Compare.Accuracy;
using Polyad.Sketching;

namespace Polyad.Cli.Compare.Operations;

/// <summary>Y = X S^T for the m rows of X, n numbers each, and a sketch S of D x n drawn once: D is the rank.</summary>
internal sealed class LinearSketchOperation(string name, SketchDistribution distribution, Func<double, double, double, Cost> cost) : RowSketchOperation(name)
{
    public override Cost Cost(Problem problem) => cost(problem.Shape[0], problem.Shape[1], problem.Rank!.Value);

    protected override Workload Prepare<T>(int m, int n, int features) => new Work<T>(distribution, m, n, features);

    private sealed class Work<T>(SketchDistribution distribution, int m, int n, int features) : Workload
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        private readonly SketchOperator<T> _sketch = distribution.Create<T>(features, n, 1);
        private readonly T[] _x = SeededInput.Uniform<T>((long)m * n), _y = SeededInput.Zeros<T>((long)m * features);

        public override void Run(ILinearAlgebraBackend engine)
            => _sketch.ApplyRightAdjoint(T.One, new ReadOnlyMatrixView<T>(_x, m, n), T.Zero, new MatrixView<T>(_y, m, features), engine);

        /// <summary>Against the product with the same sketch, written out.</summary>
        public override double? AccuracyRatio()
        {
            T[] row = new T[n];
            int drawn = -1;
            return ProductAccuracy.Ratio(
                m,
                features,
                n,
                (i, p) => double.CreateTruncating(_x[((long)i * n) + p]),
                (p, j) =>
                {
                    if (drawn != j)
                    {
                        _sketch.Fill(drawn = j, 0, new MatrixView<T>(row, 1, n));
                    }

                    return double.CreateTruncating(row[p]);
                },
                (i, j) => double.CreateTruncating(_y[((long)i * features) + j]),
                SeededInput.Epsilon<T>());
        }
    }
}
