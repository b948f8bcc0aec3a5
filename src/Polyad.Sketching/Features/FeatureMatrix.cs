using System.Numerics;
using System.Numerics.Tensors;
using Polyad.Managed;

namespace Polyad.Sketching;

/// <summary>Element-wise work on the rows of a matrix of features. A row is one call of a vector kernel whatever the number of threads, so its bits do not depend on that.</summary>
internal static unsafe class FeatureMatrix
{
    /// <summary>What is done to one contiguous row.</summary>
    public delegate void RowKernel<T>(int row, Span<T> values);

    /// <summary>What is done to one contiguous row with room to work in.</summary>
    public delegate void WorkingRowKernel<T>(int row, Span<T> values, Span<T> work);

    /// <summary>Runs a kernel on every row; rows that are not contiguous are copied out and back.</summary>
    /// <param name="x">The matrix.</param>
    /// <param name="nanoseconds">The cost of an element, by which the threads are chosen.</param>
    /// <param name="kernel">The kernel.</param>
    public static void ForEachRow<T>(in MatrixView<T> x, double nanoseconds, RowKernel<T> kernel)
        where T : unmanaged, INumberBase<T>
        => ForEachRow(x, nanoseconds, 0, (int row, Span<T> values, Span<T> _) => kernel(row, values));

    /// <summary>As the other one, with room for <paramref name="work"/> numbers, which a thread's rows share one after the other.</summary>
    public static void ForEachRow<T>(in MatrixView<T> x, double nanoseconds, nint work, WorkingRowKernel<T> kernel)
        where T : unmanaged, INumberBase<T>
    {
        if (x.IsEmpty)
        {
            return;
        }

        fixed (T* pointer = x)
        {
            MatrixBlock<T> block = Pinned.Block(x, pointer);

            // Thread limits are stated in flops; a core does some ten of them in a nanosecond.
            int threads = Parallelism.Current.ThreadsForFlops(10 * nanoseconds * block.Rows * block.Columns);
            int parts = Math.Min(block.Rows, threads == 1 ? 1 : 4 * threads);
            bool contiguous = block.ColumnStride == 1;
            WorkTeam.Run(parts, threads, part =>
            {
                (int first, int end) = WorkTeam.Range(block.Rows, parts, part, 1);
                using Scratch<T> scratch = Workspace.Rent<T>(work + (contiguous ? 0 : block.Columns));
                Span<T> room = scratch.Span[..(int)work];
                MatrixBlock<T> dense = MatrixBlock<T>.RowMajor(scratch.Pointer + work, 1, block.Columns);
                for (int i = first; i < end; i++)
                {
                    if (contiguous)
                    {
                        kernel(i, new Span<T>(block.Data + (i * block.RowStride), block.Columns), room);
                        continue;
                    }

                    MatrixBlock<T> line = block.Slice(i, 0, 1, block.Columns);
                    BlockCopy.Run(line, dense);
                    kernel(i, new Span<T>(dense.Data, block.Columns), room);
                    BlockCopy.Run(dense, line);
                }
            });
        }
    }

    /// <summary>x *= factor</summary>
    public static void Scale<T>(in MatrixView<T> x, T factor)
        where T : unmanaged, INumberBase<T>
    {
        if (factor != T.One)
        {
            ForEachRow(x, 0.1, (_, row) => TensorPrimitives.Multiply(row, factor, row));
        }
    }
}
