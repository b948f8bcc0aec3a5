using System.Numerics;
using Polyad.Managed;
using Polyad.Transforms;

namespace Polyad;

/// <summary>
/// The fast Walsh-Hadamard transform in natural (Hadamard) order, unscaled: y[i] = sum of (-1)^popcount(i AND j) x[j]. It is its own inverse up to 1/n. n log2 n additions.
/// Every output is the same tree of additions whatever the vector width, so results are bit-equal on all machines.
/// </summary>
public static unsafe class WalshHadamard
{
    /// <summary>Transforms in place.</summary>
    /// <exception cref="ArgumentException">The length is not a power of two.</exception>
    public static void Forward<T>(Span<T> x)
        where T : unmanaged, INumberBase<T>
    {
        CheckLength<T>(x.Length);
        fixed (T* p = x)
        {
            Transform(p, x.Length);
        }
    }

    /// <summary>Transforms every row in place.</summary>
    /// <param name="x">Any number of rows, a power of two columns.</param>
    /// <exception cref="ArgumentException">The number of columns is not a power of two.</exception>
    public static void ForwardRows<T>(in MatrixView<T> x)
        where T : unmanaged, INumberBase<T>
    {
        CheckLength<T>(x.Columns);
        fixed (T* p = x)
        {
            MatrixBlock<T> block = Pinned.Block(x, p);
            int threads = Parallelism.Current.ThreadsForBytes((double)x.Rows * x.Columns * sizeof(T));
            if (x.ColumnStride == 1 || x.Columns == 1)
            {
                WorkTeam.Run(block.Rows, threads, i => Transform(block.Data + (i * block.RowStride), block.Columns));
                return;
            }

            WorkTeam.Run(block.Rows, threads, i =>
            {
                using Scratch<T> row = Workspace.Rent<T>(block.Columns);
                MatrixBlock<T> line = block.Slice(i, 0, 1, block.Columns), dense = MatrixBlock<T>.RowMajor(row.Pointer, 1, block.Columns);
                BlockCopy.Run(line, dense);
                Transform(row.Pointer, block.Columns);
                BlockCopy.Run(dense, line);
            });
        }
    }

    /// <summary>Transforms every column in place; the rows of a row-major matrix are added as vectors.</summary>
    /// <param name="x">A power of two rows, any number of columns.</param>
    /// <exception cref="ArgumentException">The number of rows is not a power of two.</exception>
    public static void ForwardColumns<T>(in MatrixView<T> x)
        where T : unmanaged, INumberBase<T>
    {
        CheckLength<T>(x.Rows);
        if (x.ColumnStride != 1 || x.Columns == 1)
        {
            ForwardRows(x.Transpose);
            return;
        }

        fixed (T* p = x)
        {
            MatrixBlock<T> block = Pinned.Block(x, p);
            int line = 64 / sizeof(T), threads = Parallelism.Current.ThreadsForBytes((double)x.Rows * x.Columns * sizeof(T));
            WorkTeam.Run(threads, threads, part =>
            {
                (int first, int end) = WorkTeam.Range(block.Columns, threads, part, line);
                WalshHadamardKernels.Lines(block.Data + first, block.RowStride, block.Rows, end - first);
            });
        }
    }

    private static void Transform<T>(T* x, int n)
        where T : unmanaged, INumberBase<T>
        => WalshHadamardKernels.Transform(x, n);

    private static void CheckLength<T>(int length)
        where T : unmanaged
    {
        Arguments.Supported<T>();
        if (!BitOperations.IsPow2(length))
        {
            throw new ArgumentException($"The Walsh-Hadamard transform needs a power of two; the length is {length}.", nameof(length));
        }
    }
}
