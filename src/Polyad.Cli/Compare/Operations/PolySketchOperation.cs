using System.Numerics;
using Polyad.Cli.Compare.Accuracy;
using Polyad.Sketching;

namespace Polyad.Cli.Compare.Operations;

/// <summary>Features of every degree up to 3 of m rows from one recursive sketch, D of each: D is the rank.</summary>
internal sealed class PolySketchOperation() : RowSketchOperation("polysketch")
{
    private const int Degree = 3;

    protected override string? Pairs => "real and imaginary parts make an even number of features";

    public override Cost Cost(Problem problem) => NominalCost.PolySketch(problem.Shape[0], problem.Shape[1], Degree, problem.Rank!.Value);

    protected override Workload Prepare<T>(int m, int n, int features) => new Work<T>(m, n, features);

    private sealed class Work<T>(int m, int n, int features) : Workload
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        private readonly PolySketch<T> _sketch = new(n, Degree, features, seed: 1);
        private readonly T[] _x = SeededInput.UnitRows<T>(m, n), _y = SeededInput.Zeros<T>((long)m * (1 + (Degree * features)));

        public override void Run(ILinearAlgebraBackend engine)
            => _sketch.Apply(new ReadOnlyMatrixView<T>(_x, m, n), new MatrixView<T>(_y, m, _sketch.OutputDimension), engine);

        /// <summary>The worst degree.</summary>
        public override double? AccuracyRatio()
            => Enumerable.Range(1, Degree).Max(degree =>
            {
                VarianceModel model = new(SketchFamily.Tree(_sketch.Options), degree, n, features);
                return KernelAccuracy.Ratio(
                    DenseMatrix.From(_x, Math.Min(m, KernelAccuracy.Rows), n),
                    (i, j) => KernelAccuracy.Inner(_y, _sketch.OutputDimension, _sketch.DegreeColumns(degree), i, j),
                    (x, y) => Math.Pow(System.Numerics.Tensors.TensorPrimitives.Dot(x, y), degree),
                    (x, y) => model.Predict(x, y).Variance,
                    SeededInput.Epsilon<T>());
            });
    }
}
