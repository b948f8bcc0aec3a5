using Polyad.Cli.Compare;

namespace Polyad.Cli.Tune;

/// <summary>What a problem of the tool asks of an engine, in the terms of <see cref="ShapeClass"/>.</summary>
internal readonly record struct PrimitiveShape(LinearAlgebraOperation Operation, int[] Shape, int Mode)
{
    /// <returns>Null where the problem is an algorithm of several operations.</returns>
    public static PrimitiveShape? Of(Problem problem) => problem.Operation.Primitive is { } primitive
        ? new PrimitiveShape(
            primitive,
            primitive switch
            {
                // The tool's "gram" is A^T A: the contract's A A^T of the transpose.
                LinearAlgebraOperation.Gram => [problem.Shape[1], problem.Shape[0]],
                LinearAlgebraOperation.TriangularSolve => [problem.Shape[0], problem.Shape[0]],
                _ => problem.Shape,
            },
            problem.Mode ?? 0)
        : null;

    public ShapeClass Class(bool singlePrecision, bool sequential) => ShapeClass.Of(Operation, Shape, Mode, singlePrecision, sequential);

    public EngineChoice Explain(AutoBackend auto, bool singlePrecision, int threads) => auto.Explain(Operation, Shape, Mode, singlePrecision, threads);
}
