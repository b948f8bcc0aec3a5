using System.Numerics;

namespace Polyad.Cli.Compare.Operations;

/// <summary>min ||A x - b|| for a tall A. The nominal cost is that of an orthogonal factorization, whether a route takes one or not: so their figures compare.</summary>
internal abstract class LeastSquaresOperation(string name) : IOperation
{
    public string Name => name;

    public ShapeKind Shapes => ShapeKind.Rectangle;

    public OperationParameters Parameters => OperationParameters.None;

    public LinearAlgebraOperation? Primitive => null;

    public string? Unsuited(Problem problem) => problem.Shape[0] < problem.Shape[1] ? "the matrix must be at least as tall as wide" : null;

    public Cost Cost(Problem problem) => NominalCost.LeastSquares(problem.Shape[0], problem.Shape[1]);

    Workload IOperation.Prepare<T>(Problem problem) => Prepare<T>(problem.Shape[0], problem.Shape[1]);

    protected abstract Workload Prepare<T>(int m, int n)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>;
}
