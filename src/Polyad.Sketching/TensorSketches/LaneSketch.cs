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
    {
        int n = features.Rows, batches = (n + Lanes - 1) / Lanes;
        bool overflow = false;
        WorkTeam.Run(batches, Parallelism.Current.ThreadsForFlops(FlopsPerRow * n), b =>
        {
            int first = b * Lanes, count = Math.Min(Lanes, n - first);
            using Scratch<T> scratch = Workspace.Rent<T>((nint)OutputDimension * Lanes);
            T* lines = scratch.Pointer;
            Batch(rows, first, count, lines);
            if (!FiniteCheck.All(new ReadOnlyMatrixView<T>(scratch.Span, OutputDimension, Lanes), out _, out _))
            {
                Volatile.Write(ref overflow, true);
            }

            BlockCopy.Run(new MatrixBlock<T>(lines, count, OutputDimension, 1, Lanes), features.Slice(first, 0, count, OutputDimension));
        });
        if (overflow)
        {
            throw new OverflowException($"A feature is too large for {typeof(T).Name}: scale the rows down.");
        }
    }

    /// <summary>Writes the features of some rows, a line each.</summary>
    internal abstract void Batch(HomogeneousRows<T> rows, int first, int count, T* lines);
}
