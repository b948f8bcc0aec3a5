using System.Numerics;
using System.Numerics.Tensors;
using Polyad.Cli.Compare.Accuracy;
using Polyad.Sketching;

namespace Polyad.Cli.Compare.Operations;

/// <summary>D random Fourier features of m rows for exp(-|x - y|^2 / 2): D, even, is the rank.</summary>
internal sealed class RandomFourierOperation() : RowSketchOperation("rff")
{
    private const double Gamma = 0.5;

    public override bool UsesEngine => true;

    protected override string? Pairs => "sines and cosines make an even number of features";

    public override Cost Cost(Problem problem) => NominalCost.RandomFourier(problem.Shape[0], problem.Shape[1], problem.Rank!.Value);

    protected override Workload Prepare<T>(int m, int n, int features) => new Work<T>(m, n, features);

    private sealed class Work<T>(int m, int n, int features) : Workload
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        private readonly T[] _x = SeededInput.UnitRows<T>(m, n), _y = SeededInput.Zeros<T>((long)m * features);
        private readonly Dictionary<ILinearAlgebraBackend, FeatureMap<T>> _maps = [];

        public override void Run(ILinearAlgebraBackend engine)
        {
            ReadOnlyMatrixView<T> x = new(_x, m, n);
            if (!_maps.TryGetValue(engine, out FeatureMap<T>? map))
            {
                // Frequencies are drawn in the first run, which is not timed.
                map = new RandomFourierFeatures<T> { Kernel = new GaussianKernel(Gamma), Dimension = features, Backend = engine }.Fit(x, seed: 1);
                _maps.Add(engine, map);
            }

            map.Transform(x, new MatrixView<T>(_y, m, features));
        }

        public override double? AccuracyRatio() => KernelAccuracy.Ratio(
            DenseMatrix.From(_x, Math.Min(m, KernelAccuracy.Rows), n),
            (i, j) => KernelAccuracy.Inner(_y, features, 0..features, i, j),
            Kernel,
            (x, y) => Math.Pow(1 - Math.Pow(Kernel(x, y), 2), 2) / features,
            SeededInput.Epsilon<T>());

        private static double Kernel(double[] x, double[] y) => Math.Exp(-Gamma * Math.Pow(TensorPrimitives.Distance(x, y), 2));
    }
}
