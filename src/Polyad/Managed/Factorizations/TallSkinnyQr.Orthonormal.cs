using System.Numerics;

namespace Polyad.Managed;

/// <summary>The tree with its Q: the reflectors of every chunk are kept, and Q is made from the root down, one product per chunk.</summary>
internal static unsafe partial class TallSkinnyQr
{
    /// <summary>True where the tree is the faster way to R and thin Q: one panel holds all columns.</summary>
    public static bool SuitsQ(int rows, int columns) => columns <= QrPanel.MaxColumns && rows >= 2 * ChunkRows(columns);

    /// <summary>A = Q R with thin Q, the diagonal of R not negative. About 4 m n^2 flops, A read and Q written once.</summary>
    /// <param name="a">m x n, any strides, <see cref="SuitsQ"/>.</param>
    /// <param name="q">m x n, any strides.</param>
    /// <param name="r">n x n, any strides.</param>
    /// <param name="parallelism">Threads for the segments.</param>
    public static void Run<T>(in MatrixBlock<T> a, in MatrixBlock<T> q, in MatrixBlock<T> r, Parallelism parallelism)
        where T : unmanaged, INumberBase<T>
    {
        int m = a.Rows, n = a.Columns, chunk = ChunkRows(n), segments = Segments(m, chunk);
        int slots = Slots((m / segments) + 1, n, chunk), threads = parallelism.ThreadsForFlops(4.0 * m * n * n);
        nint slotSize = SlotSize<T>(n, chunk);
        int ld = ColumnKernels.LeadingDimension<T>(segments * n);
        using Scratch<T> reflectors = Workspace.Rent<T>(slotSize * slots * segments);
        using Scratch<T> tops = Workspace.Rent<T>(((nint)ld * n) + (2 * (nint)n * n));
        T* storage = reflectors.Pointer;
        MatrixBlock<T> source = a, target = q, stacked = new(tops.Pointer, segments * n, n, 1, ld);
        WorkTeam.Run(segments, threads, index =>
        {
            (int start, int end) = WorkTeam.Range(m, segments, index, 1);
            FactorSegment(source.Slice(start, 0, end - start, n), stacked.Slice(index * n, 0, n, n), chunk, storage + (index * slots * slotSize));
        });

        MatrixBlock<T> root = MatrixBlock<T>.ColumnMajor(tops.Pointer + ((nint)ld * n), n, n);
        MatrixBlock<T> t = MatrixBlock<T>.ColumnMajor(root.Data + (n * n), n, n);
        root.Clear();
        QrPanel.Factor(stacked, root, t);
        using Scratch<T> signs = Workspace.Rent<T>(n);
        QrFactorization.FlipNegativeRows(root, signs.Pointer);
        BlockCopy.Run(root, r);
        FormRoot(stacked, t, signs.Pointer);
        WorkTeam.Run(segments, threads, index =>
        {
            (int start, int end) = WorkTeam.Range(m, segments, index, 1);
            FormSegment(target.Slice(start, 0, end - start, n), stacked.Slice(index * n, 0, n, n), chunk, storage + (index * slots * slotSize));
        });
    }

    /// <summary>Chunks of a segment: the first has n rows more, where the later ones have the R of those before.</summary>
    private static int Slots(int rows, int n, int chunk) => rows <= n + chunk ? 1 : 1 + ((rows - n - 1) / chunk);

    /// <summary>Room for the explicit V of one chunk and for its T.</summary>
    private static nint SlotSize<T>(int n, int chunk)
        where T : unmanaged
        => ((nint)ColumnKernels.LeadingDimension<T>(n + chunk) * n) + ColumnKernels.LeadingDimension<T>(n * n);

    private static (MatrixBlock<T> V, MatrixBlock<T> T) Slot<T>(T* storage, int slot, int rows, int n, int chunk)
        where T : unmanaged
    {
        int ld = ColumnKernels.LeadingDimension<T>(n + chunk);
        T* data = storage + (slot * SlotSize<T>(n, chunk));
        return (new(data, rows, n, 1, ld), MatrixBlock<T>.ColumnMajor(data + ((nint)ld * n), n, n));
    }

    private static void FactorSegment<T>(in MatrixBlock<T> a, in MatrixBlock<T> r, int chunk, T* storage)
        where T : unmanaged, INumberBase<T>
    {
        int n = a.Columns, top = 0;
        r.Clear();
        for (int done = 0, slot = 0; done < a.Rows; slot++)
        {
            int rows = Math.Min(n + chunk - top, a.Rows - done);
            (MatrixBlock<T> v, MatrixBlock<T> t) = Slot(storage, slot, top + rows, n, chunk);
            BlockCopy.Run(r.Slice(0, 0, top, n), v.Slice(0, 0, top, n));
            BlockCopy.Run(a.Slice(done, 0, rows, n), v.Slice(top, 0, rows, n));
            QrPanel.Factor(v, r, t);
            done += rows;
            top = n;
        }
    }

    /// <summary>Overwrites the explicit V of the root by its Q with the signs D on its columns: (D, 0)^T - V (T V_1^T D).</summary>
    private static void FormRoot<T>(in MatrixBlock<T> v, in MatrixBlock<T> t, T* signs)
        where T : unmanaged, INumberBase<T>
    {
        int n = v.Columns;
        using Scratch<T> scratch = Workspace.Rent<T>(((nint)v.Rows * n) + (n * n));
        MatrixBlock<T> q = MatrixBlock<T>.ColumnMajor(scratch.Pointer, v.Rows, n), w = MatrixBlock<T>.ColumnMajor(scratch.Pointer + ((nint)v.Rows * n), n, n);
        Gemm.Run(T.One, t, v.Slice(0, 0, n, n).Transpose, T.Zero, w, Parallelism.Sequential);
        for (int i = 0; i < n; i++)
        {
            VectorKernels.Scale(n, signs[i], w.Data + (i * n));
        }

        Gemm.Run(-T.One, v, w, T.Zero, q, Parallelism.Sequential);
        for (int i = 0; i < n; i++)
        {
            q[i, i] += signs[i];
        }

        BlockCopy.Run(q, v);
    }

    /// <summary>
    /// The rows of Q that belong to a segment, last chunk first: with C the n x n part that comes from the chunks after (from the root at first),
    /// (I - V T V^T) (C, 0)^T = (C - V_1 W, -V_2 W)^T with W = T V_1^T C. The upper part is C for the chunk before, the lower one is done.
    /// </summary>
    private static void FormSegment<T>(in MatrixBlock<T> q, in MatrixBlock<T> c, int chunk, T* storage)
        where T : unmanaged, INumberBase<T>
    {
        int n = q.Columns;
        using Scratch<T> scratch = Workspace.Rent<T>(2 * n * n);
        MatrixBlock<T> vc = MatrixBlock<T>.ColumnMajor(scratch.Pointer, n, n), w = MatrixBlock<T>.ColumnMajor(scratch.Pointer + (n * n), n, n);
        for (int slot = Slots(q.Rows, n, chunk) - 1; slot >= 0; slot--)
        {
            int start = n + (slot * chunk), rows = Math.Min(chunk, q.Rows - start);
            (MatrixBlock<T> v, MatrixBlock<T> t) = Slot(storage, slot, n + rows, n, chunk);
            MatrixBlock<T> head = v.Slice(0, 0, n, n);
            Gemm.Run(T.One, head.Transpose, c, T.Zero, vc, Parallelism.Sequential);
            Gemm.Run(T.One, t, vc, T.Zero, w, Parallelism.Sequential);
            Gemm.Run(-T.One, v.Slice(n, 0, rows, n), w, T.Zero, q.Slice(start, 0, rows, n), Parallelism.Sequential);
            Gemm.Run(-T.One, head, w, T.One, c, Parallelism.Sequential);
        }

        BlockCopy.Run(c, q.Slice(0, 0, n, n));
    }
}
