using System.Numerics;
using Polyad.Cli.Compare.Accuracy;

namespace Polyad.Cli.Compare.Operations;

/// <summary>Singular values alone, of a matrix whose singular values are known.</summary>
internal sealed class SingularValuesOperation : IOperation
{
    public string Name => "svdvals";

    public ShapeKind Shapes => ShapeKind.Rectangle;

    public OperationParameters Parameters => OperationParameters.None;

    public LinearAlgebraOperation? Primitive => LinearAlgebraOperation.SingularValues;

    public Cost Cost(Problem problem) => NominalCost.SingularValues(problem.Shape[0], problem.Shape[1]);

    Workload IOperation.Prepare<T>(Problem problem) => new Work<T>(problem.Shape[0], problem.Shape[1]);

    private sealed class Work<T>(int m, int n) : Workload
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        private readonly double[] _exact = [.. Enumerable.Range(0, Math.Min(m, n)).Select(i => 1 - (0.9 * i / Math.Min(m, n)))];
        private readonly T[] _s = new T[Math.Min(m, n)];
        private T[]? _a;

        public override void Run(ILinearAlgebraBackend engine)
        {
            _a ??= SeededInput.WithSpectrum<T>(m, n, _exact);
            engine.SingularValues(new ReadOnlyMatrixView<T>(_a, m, n), _s);
        }

        public override double? AccuracyRatio() => LapackRatio.Spectrum(DenseMatrix.From(_s, 1, _s.Length).Values, _exact, SeededInput.Epsilon<T>());
    }
}
