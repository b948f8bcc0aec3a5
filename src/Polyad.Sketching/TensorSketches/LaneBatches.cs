using System.Numerics;

namespace Polyad.Sketching;

/// <summary>Runs work on batches of rows, one row per lane, and puts their features in place.</summary>
internal static unsafe class LaneBatches
{
    /// <summary>Fills a batch: the first row, the number of rows, and the lines of the features.</summary>
    public delegate void Batch(int first, int count, nint lines);

    /// <summary>Fills the features of all rows.</summary>
    /// <param name="features">n x D.</param>
    /// <param name="flopsPerRow">What a row costs, to choose the threads.</param>
    /// <param name="batch">Fills D lines.</param>
    /// <exception cref="OverflowException">A feature is not finite.</exception>
    public static void Run<T>(MatrixBlock<T> features, double flopsPerRow, Batch batch)
        where T : unmanaged, INumberBase<T>
    {
        int n = features.Rows, lanes = LaneSketch<T>.Lanes;
        bool overflow = false;
        WorkTeam.Run((n + lanes - 1) / lanes, Parallelism.Current.ThreadsForFlops(flopsPerRow * n), b =>
        {
            int first = b * lanes, count = Math.Min(lanes, n - first);
            using Scratch<T> scratch = Workspace.Rent<T>((nint)features.Columns * lanes);
            batch(first, count, (nint)scratch.Pointer);
            if (!FiniteCheck.All(new ReadOnlyMatrixView<T>(scratch.Span, features.Columns, lanes), out _, out _))
            {
                Volatile.Write(ref overflow, true);
            }

            BlockCopy.Run(new MatrixBlock<T>(scratch.Pointer, count, features.Columns, 1, lanes), features.Slice(first, 0, count, features.Columns));
        });
        if (overflow)
        {
            throw new OverflowException($"A feature is too large for {typeof(T).Name}: scale the rows down.");
        }
    }
}
