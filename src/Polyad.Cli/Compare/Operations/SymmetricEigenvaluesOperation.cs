using System.Numerics;
using Polyad.Cli.Compare.Accuracy;

namespace Polyad.Cli.Compare.Operations;

/// <summary>Eigenvalues alone, of a symmetric matrix whose eigenvalues are known.</summary>
internal sealed class SymmetricEigenvaluesOperation : IOperation
{
    public string Name => "eigvals";

    public ShapeKind Shapes => ShapeKind.Square;

    public OperationParameters Parameters => OperationParameters.None;

    public LinearAlgebraOperation? Primitive => LinearAlgebraOperation.SymmetricEigenvalues;

    public Cost Cost(Problem problem) => NominalCost.SymmetricEigenvalues(problem.Shape[0]);

    Workload IOperation.Prepare<T>(Problem problem) => new Work<T>(problem.Shape[0]);

    private sealed class Work<T>(int n) : Workload
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        private readonly double[] _exact = [.. Enumerable.Range(0, n).Select(i => -1 + (2.0 * i / n))];
        private readonly T[] _w = new T[n];
        private T[]? _a;

        public override void Run(ILinearAlgebraBackend engine)
        {
            _a ??= SeededInput.WithSpectrum<T>(n, n, _exact, symmetric: true);
            engine.SymmetricEigenvalues(new ReadOnlyMatrixView<T>(_a, n, n), _w);
        }

        public override double? AccuracyRatio() => LapackRatio.Spectrum(DenseMatrix.From(_w, 1, n).Values, _exact, SeededInput.Epsilon<T>());
    }
}
