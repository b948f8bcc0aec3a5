using System.Numerics;
using System.Numerics.Tensors;
using Polyad.Managed;
using Polyad.Transforms;

namespace Polyad.Sketching;

/// <summary>
/// Subsampled Hadamard transforms down the columns of a matrix, several columns side by side. With i = B i1 + i2 and h = B h1 + h2 the sign (-1)^popcount(h and i) is that of (h1, i1) times that of
/// (h2, i2): the matrix is read once, B rows at a time, these are transformed in the cache, and what the wanted rows h take of them is added with the sign of (h1, i1).
/// </summary>
internal static unsafe class HadamardLines
{
    /// <summary>Bytes of transformed rows that stay in the second-level cache.</summary>
    private const int CacheBytes = 256 << 10;

    /// <summary>Bytes of a row that are taken at a time, so that memory is read in pieces of some lines.</summary>
    private const int RowBytes = 512;

    /// <summary>Rows that are fetched before they are needed.</summary>
    private const int RowsAhead = 6;

    /// <summary>B = alpha S A + beta B.</summary>
    public static void Apply<T>(SegmentPart<T> part, int order, T alpha, MatrixBlock<T> a, T beta, MatrixBlock<T> b)
        where T : unmanaged, INumberBase<T>
    {
        (int height, int width) = Blocking<T>(part.Rows.Length, order);
        WorkTeam.Run((a.Columns + width - 1) / width, Threads(a, b), index =>
        {
            int from = index * width, count = Math.Min(width, a.Columns - from), wanted = part.Rows.Length;
            bool single = height == order;
            using Scratch<T> scratch = Workspace.Rent<T>(((nint)height + (single ? 0 : wanted)) * count);
            MatrixBlock<T> lines = MatrixBlock<T>.RowMajor(scratch.Pointer, height, count), sums = MatrixBlock<T>.RowMajor(scratch.Pointer + ((nint)height * count), single ? 0 : wanted, count);
            BlockScale.Run(sums, T.Zero);
            for (int high = part.Column / height; high * (long)height < part.Column + a.Rows; high++)
            {
                Load(part, high * height, a.Slice(0, from, a.Rows, count), lines);
                WalshHadamardKernels.Lines(lines.Data, count, height, count);
                for (int i = 0; i < wanted; i++)
                {
                    int row = part.Rows[i];
                    T* line = lines.Data + ((row & (height - 1)) * (nint)count);
                    if (single)
                    {
                        BlockAdd.Run(alpha, MatrixBlock<T>.RowMajor(line, 1, count), beta, b.Slice(i, from, 1, count));
                    }
                    else
                    {
                        VectorKernels.Axpy(count, Sign<T>(row / height, high), line, sums.Data + (i * (nint)count));
                    }
                }
            }

            if (!single)
            {
                BlockAdd.Run(alpha, sums, beta, b.Slice(0, from, wanted, count));
            }
        });
    }

    /// <summary>B = alpha S^T A + beta B.</summary>
    public static void Adjoint<T>(SegmentPart<T> part, int order, T alpha, MatrixBlock<T> a, T beta, MatrixBlock<T> b)
        where T : unmanaged, INumberBase<T>
    {
        (int height, int width) = Blocking<T>(part.Rows.Length, order);
        WorkTeam.Run((b.Columns + width - 1) / width, Threads(b, a), index =>
        {
            int from = index * width, count = Math.Min(width, b.Columns - from), wanted = part.Rows.Length;
            using Scratch<T> scratch = Workspace.Rent<T>(((nint)height + wanted) * count);
            MatrixBlock<T> lines = MatrixBlock<T>.RowMajor(scratch.Pointer, height, count), given = MatrixBlock<T>.RowMajor(scratch.Pointer + ((nint)height * count), wanted, count);
            BlockCopy.Run(a.Slice(0, from, wanted, count), given);
            for (int high = part.Column / height; high * (long)height < part.Column + b.Rows; high++)
            {
                BlockScale.Run(lines, T.Zero);
                for (int i = 0; i < wanted; i++)
                {
                    int row = part.Rows[i];
                    VectorKernels.Axpy(count, Sign<T>(row / height, high), given.Data + (i * (nint)count), lines.Data + ((row & (height - 1)) * (nint)count));
                }

                WalshHadamardKernels.Lines(lines.Data, count, height, count);
                (int first, int end) = Inside(part.Column, b.Rows, high * height, height);
                for (int j = first; j < end; j++)
                {
                    MatrixBlock<T> line = lines.Slice(part.Column + j - (high * height), 0, 1, count);
                    BlockAdd.Run(alpha * part.Signs[j], line, beta, b.Slice(j, from, 1, count));
                }
            }
        });
    }

    /// <summary>Rows transformed at a time, and columns side by side. The rows wanted are visited once for each block of rows: it should not be much smaller than their number.</summary>
    private static (int Height, int Width) Blocking<T>(int wanted, int order)
        where T : unmanaged
    {
        // A power of 8: three stages in a pass.
        int height = 512;
        while (height < order && height < wanted / 4)
        {
            height *= 8;
        }

        height = Math.Min(order, height);
        return (height, Math.Clamp(CacheBytes / sizeof(T) / height, 64 / sizeof(T), RowBytes / sizeof(T)));
    }

    private static int Threads<T>(in MatrixBlock<T> large, in MatrixBlock<T> small)
        where T : unmanaged
        => Parallelism.Current.ThreadsForBytes(sizeof(T) * (double)large.Columns * (large.Rows + small.Rows));

    private static T Sign<T>(int a, int b)
        where T : unmanaged, INumberBase<T>
        => (BitOperations.PopCount((uint)(a & b)) & 1) == 0 ? T.One : -T.One;

    /// <summary>The rows of a block of so many rows, starting at a column of the Hadamard matrix, that lie among some columns of it.</summary>
    private static (int First, int End) Inside(int column, int rows, int from, int count)
        => (Math.Max(0, from - column), (int)Math.Min(rows, (long)from + count - column));

    /// <summary>Signed rows of A where they stand among columns <paramref name="from"/> and on of the Hadamard matrix, zeros elsewhere.</summary>
    private static void Load<T>(SegmentPart<T> part, int from, in MatrixBlock<T> a, in MatrixBlock<T> lines)
        where T : unmanaged, INumberBase<T>
    {
        (int first, int end) = Inside(part.Column, a.Rows, from, lines.Rows);
        int top = part.Column + first - from;
        BlockScale.Run(lines.Slice(0, 0, top, lines.Columns), T.Zero);
        BlockScale.Run(lines.Slice(top + end - first, 0, lines.Rows - top - (end - first), lines.Columns), T.Zero);
        if (a.ColumnStride != 1)
        {
            BlockCopy.Run(a.Slice(first, 0, end - first, a.Columns), lines.Slice(top, 0, end - first, a.Columns));
        }

        int columns = lines.Columns;
        nint bytes = (nint)columns * sizeof(T), ahead = RowsAhead * a.RowStride;
        for (int j = first; j < end; j++)
        {
            Span<T> line = new(lines.Data + ((nint)(top + j - first) * columns), columns);
            if (a.ColumnStride != 1)
            {
                TensorPrimitives.Multiply(line, part.Signs[j], line);
                continue;
            }

            T* row = a.Data + (j * a.RowStride);
            // Rows far apart are not foreseen by the machine.
            Prefetch.Lines(row + ahead, bytes);
            TensorPrimitives.Multiply(new ReadOnlySpan<T>(row, columns), part.Signs[j], line);
        }
    }
}
