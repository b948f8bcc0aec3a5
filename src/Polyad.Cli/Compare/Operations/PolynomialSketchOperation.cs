using System.Numerics;
using Polyad.Cli.Compare.Accuracy;
using Polyad.Sketching;

namespace Polyad.Cli.Compare.Operations;

/// <summary>D features of m rows whose inner products estimate (x.y)^3: D is the rank.</summary>
internal sealed class PolynomialSketchOperation(string name, SketchFamily family, Func<double, double, int, double, Cost> cost) : RowSketchOperation(name)
{
    private const int Degree = 3;

    protected override string? Pairs => family.IsComplex ? "real and imaginary parts make an even number of features" : null;

    public override Cost Cost(Problem problem) => cost(problem.Shape[0], problem.Shape[1], Degree, problem.Rank!.Value);

    protected override Workload Prepare<T>(int m, int n, int features) => new Work<T>(family, m, n, features);

    private sealed class Work<T>(SketchFamily family, int m, int n, int features) : Workload
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        private readonly PolynomialSketch<T> _sketch = family.Create<T>(n, Degree, features, seed: 1);
        private readonly T[] _x = SeededInput.UnitRows<T>(m, n), _y = SeededInput.Zeros<T>((long)m * features);

        public override void Run(ILinearAlgebraBackend engine)
            => _sketch.Apply(new ReadOnlyMatrixView<T>(_x, m, n), new MatrixView<T>(_y, m, features), engine);

        public override double? AccuracyRatio()
        {
            VarianceModel model = new(family, Degree, n, features);
            return KernelAccuracy.Ratio(
                DenseMatrix.From(_x, Math.Min(m, KernelAccuracy.Rows), n),
                (i, j) => KernelAccuracy.Inner(_y, features, 0..features, i, j),
                static (x, y) => Math.Pow(System.Numerics.Tensors.TensorPrimitives.Dot(x, y), Degree),
                (x, y) => model.Predict(x, y).Variance,
                SeededInput.Epsilon<T>());
        }
    }
}
