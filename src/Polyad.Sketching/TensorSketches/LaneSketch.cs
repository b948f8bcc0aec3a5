using System.Numerics;

namespace Polyad.Sketching;

/// <summary>
/// A sketch that works on as many rows at once as a line of 64 bytes has numbers: entry j of all of them lies in line j, so that every step, signs, transforms and the look-up
/// of sampled coordinates alike, is one operation on lines. Lanes never mix: a row's features do not depend on its neighbours.
/// </summary>
public abstract unsafe class LaneSketch<T> : PolynomialSketch<T>
    where T : unmanaged, INumberBase<T>
{
    private protected LaneSketch(SketchFamily family, int inputDimension, in PolynomialKernel kernel, int outputDimension, ulong seed)
        : base(family, inputDimension, kernel, outputDimension, seed)
    {
    }

    /// <summary>Numbers in a line.</summary>
    internal static int Lanes => 64 / sizeof(T);

    /// <summary>What a row costs, to choose the threads.</summary>
    internal abstract double FlopsPerRow { get; }

    internal sealed override void FillProduct(HomogeneousRows<T> rows, MatrixBlock<T> features, ILinearAlgebraBackend backend)
        => LaneBatches.Run(features, FlopsPerRow, (first, count, lines) => Batch(rows, first, count, (T*)lines));

    /// <summary>Writes the features of some rows, a line each.</summary>
    internal abstract void Batch(HomogeneousRows<T> rows, int first, int count, T* lines);
}
