using System.Numerics;

namespace Polyad.Managed;

/// <summary>Multiplies by a product of reflectors, H_0 H_1 .. H_{k-1} C, block by block in compact WY form (Schreiber, Van Loan 1989; LAPACK dormbr, dormtr).</summary>
internal static unsafe class ReflectorProduct<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private const int BlockColumns = 48;

    /// <summary>
    /// C = H_0 .. H_{k-1} C. Reflector j is column j of <paramref name="reflectors"/> from row j + <paramref name="offset"/> on; its head becomes 1, and what stands beside and above
    /// the heads of a block 0. Columns of C are independent: threads take ranges of them.
    /// </summary>
    public static void ApplyLeft(in MatrixBlock<T> reflectors, int offset, T* tau, in MatrixBlock<T> c, Parallelism parallelism)
    {
        int k = Math.Min(reflectors.Columns, reflectors.Rows - offset);
        if (k <= 0)
        {
            return;
        }

        int block = Math.Min(BlockColumns, k), blocks = (k + block - 1) / block;
        using Scratch<T> scratch = Workspace.Rent<T>((nint)block * k);
        MatrixBlock<T> v = reflectors.Slice(offset, 0, reflectors.Rows - offset, k), t = MatrixBlock<T>.ColumnMajor(scratch.Pointer, block, k);
        int threads = parallelism.ThreadsForFlops(4.0 * v.Rows * k * c.Columns);
        if (threads > 1)
        {
            Share(v, t, tau, c.Slice(offset, 0, v.Rows, c.Columns), blocks, threads);
            return;
        }

        for (int i = 0; i < blocks; i++)
        {
            Prepare(v, t, tau, i);
        }

        Apply(v, t, c.Slice(offset, 0, v.Rows, c.Columns));
    }

    private static void Share(MatrixBlock<T> v, MatrixBlock<T> t, T* tau, MatrixBlock<T> c, int blocks, int threads)
    {
        WorkTeam.Run(blocks, threads, i => Prepare(v, t, tau, i));
        WorkTeam.Run(2 * threads, threads, part =>
        {
            (int from, int to) = WorkTeam.Range(c.Columns, 2 * threads, part, 16);
            Apply(v, t, c.Slice(0, from, c.Rows, to - from));
        });
    }

    /// <summary>Makes a block of reflectors explicit where it is, and its T.</summary>
    private static void Prepare(in MatrixBlock<T> v, in MatrixBlock<T> t, T* tau, int index)
    {
        int start = index * t.Rows, columns = Math.Min(t.Rows, v.Columns - start);
        MatrixBlock<T> block = v.Slice(start, start, v.Rows - start, columns);
        CompactWy.MakeExplicit(block);
        CompactWy.BuildT(block, tau + start, t.Slice(0, start, columns, columns));
    }

    private static void Apply(in MatrixBlock<T> v, in MatrixBlock<T> t, in MatrixBlock<T> c)
    {
        for (int start = (v.Columns - 1) / t.Rows * t.Rows; start >= 0; start -= t.Rows)
        {
            int columns = Math.Min(t.Rows, v.Columns - start), rows = v.Rows - start;
            CompactWy.ApplyLeft(false, v.Slice(start, start, rows, columns), t.Slice(0, start, columns, columns), c.Slice(start, 0, rows, c.Columns));
        }
    }
}
