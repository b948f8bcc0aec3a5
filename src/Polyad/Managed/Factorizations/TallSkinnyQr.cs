using System.Numerics;

namespace Polyad.Managed;

/// <summary>
/// R of a tall matrix by a tree (TSQR: Demmel, Grigori, Hoemmen, Langou 2012), so that A is read once: rows are taken in chunks that stay in
/// the second-level cache; within a segment each chunk is factored below the R of those before it, and the R of the segments are factored last.
/// Chunks and segments depend on the shape alone, never on the number of threads.
/// </summary>
internal static unsafe partial class TallSkinnyQr
{
    private const int MaxColumns = 256;
    private const int MaxSegments = 16;

    /// <summary>Rows of a chunk of few columns: a strip of four columns then stays in the first-level cache.</summary>
    private const int MinChunkRows = 1024;

    /// <summary>True where the tree is the faster way to R.</summary>
    public static bool Suits(int rows, int columns) => columns <= MaxColumns && rows >= 2 * ChunkRows(columns);

    /// <summary>Writes R, n x n upper triangular with any signs. About 2 m n^2 (1 + n / chunk) flops.</summary>
    /// <param name="a">m x n, any strides, <see cref="Suits"/>.</param>
    /// <param name="r">n x n, any strides.</param>
    /// <param name="parallelism">Threads for the segments.</param>
    public static void RunR<T>(in MatrixBlock<T> a, in MatrixBlock<T> r, Parallelism parallelism)
        where T : unmanaged, INumberBase<T>
    {
        int m = a.Rows, n = a.Columns, chunk = ChunkRows(n), segments = Segments(m, chunk);
        int ld = ColumnKernels.LeadingDimension<T>(segments * n);
        using Scratch<T> scratch = Workspace.Rent<T>((nint)ld * n);
        MatrixBlock<T> source = a, stacked = new(scratch.Pointer, segments * n, n, 1, ld);
        int threads = parallelism.ThreadsForFlops(2.0 * m * n * n);
        Parallelism inner = threads > 1 && segments > 1 ? Parallelism.Sequential : parallelism;
        WorkTeam.Run(segments, segments > 1 ? threads : 1, index =>
        {
            (int start, int end) = WorkTeam.Range(m, segments, index, 1);
            Segment(source.Slice(start, 0, end - start, n), stacked.Slice(index * n, 0, n, n), chunk, inner);
        });

        if (segments > 1)
        {
            FactorInPlace(stacked, parallelism);
        }

        QrFactorization.CopyR(stacked, r);
    }

    /// <summary>Long enough that the triangle on top costs little beside the chunk, short enough to stay in cache where that is possible.</summary>
    private static int ChunkRows(int columns) => Math.Max(4 * columns, MinChunkRows);

    private static int Segments(int rows, int chunk) => Math.Clamp(rows / (4 * chunk), 1, MaxSegments);

    private static void Segment<T>(in MatrixBlock<T> a, in MatrixBlock<T> r, int chunk, Parallelism parallelism)
        where T : unmanaged, INumberBase<T>
    {
        int n = a.Columns, ld = ColumnKernels.LeadingDimension<T>(n + chunk);
        using Scratch<T> scratch = Workspace.Rent<T>((nint)ld * n);
        int top = 0;
        for (int done = 0; done < a.Rows;)
        {
            int rows = Math.Min(n + chunk - top, a.Rows - done);
            MatrixBlock<T> work = new(scratch.Pointer, top + rows, n, 1, ld);
            BlockCopy.Run(a.Slice(done, 0, rows, n), work.Slice(top, 0, rows, n));
            FactorInPlace(work, parallelism);
            QrFactorization.CopyR(work, work.Slice(0, 0, n, n));
            done += rows;
            top = n;
        }

        BlockCopy.Run(new MatrixBlock<T>(scratch.Pointer, n, n, 1, ld), r);
    }

    private static void FactorInPlace<T>(in MatrixBlock<T> work, Parallelism parallelism)
        where T : unmanaged, INumberBase<T>
    {
        int block = QrFactorization.BlockSize(work.Rows, work.Columns);
        using Scratch<T> factors = Workspace.Rent<T>((nint)block * work.Columns);
        QrFactorization.Factor(work, MatrixBlock<T>.ColumnMajor(factors.Pointer, block, work.Columns), parallelism);
    }
}
