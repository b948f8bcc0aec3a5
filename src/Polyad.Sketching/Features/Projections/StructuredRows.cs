using System.Numerics;
using System.Numerics.Tensors;
using Polyad.Managed;
using Polyad.Transforms;

namespace Polyad.Sketching;

/// <summary>Products with fast transforms: each row is padded to a power of two and goes through one block of vectors after another, all of it in the first-level cache.</summary>
internal static unsafe class StructuredRows
{
    /// <summary>What a block of vectors makes of a padded row.</summary>
    /// <param name="row">p numbers.</param>
    /// <param name="block">Which block.</param>
    /// <param name="products">Receives p numbers.</param>
    /// <param name="spare">Room for p numbers.</param>
    public delegate void Block<T>(ReadOnlySpan<T> row, int block, Span<T> products, Span<T> spare);

    /// <summary>The next power of two of d.</summary>
    public static int Padded(int columns)
        => columns <= 1 << 30 ? (int)BitOperations.RoundUpToPowerOf2((uint)columns) : throw new ArgumentException($"Fast transforms take rows of at most 2^30 numbers; given {columns}.", nameof(columns));

    /// <summary>The blocks of p vectors that m vectors need.</summary>
    public static int Blocks(int count, int padded) => (int)((count + (long)padded - 1) / padded);

    /// <summary>products[i, j] = factor_j times what the blocks make of row i.</summary>
    /// <param name="x">n x d.</param>
    /// <param name="padded">p.</param>
    /// <param name="products">n x m.</param>
    /// <param name="nanoseconds">The cost of one product, by which the threads are chosen.</param>
    /// <param name="block">The transform.</param>
    /// <param name="factors">m factors.</param>
    public static void Apply<T>(in FeatureRows<T> x, int padded, in MatrixView<T> products, double nanoseconds, Block<T> block, T[] factors)
        where T : unmanaged, INumberBase<T>
    {
        int n = x.Rows, d = x.Columns;
        using Scratch<T> dense = Workspace.Rent<T>((nint)n * padded);
        T* rows = dense.Pointer;
        MatrixView<T> all = MatrixBlock<T>.RowMajor(rows, n, padded).AsView();
        x.CopyTo(all.Slice(0, 0, n, d));
        all.Slice(0, d, n, padded - d).Fill(T.Zero);
        FeatureMatrix.ForEachRow(products, nanoseconds, 2 * (nint)padded, (i, row, room) =>
        {
            Span<T> work = room[..padded], spare = room[padded..];
            ReadOnlySpan<T> input = new(rows + ((nint)i * padded), padded);
            for (int first = 0, b = 0; first < row.Length; first += padded, b++)
            {
                int count = Math.Min(padded, row.Length - first);
                block(input, b, work, spare);
                TensorPrimitives.Multiply<T>(work[..count], factors.AsSpan(first, count), row.Slice(first, count));
            }
        });
    }

    /// <summary>The Walsh-Hadamard transform of one padded row.</summary>
    public static void Transform<T>(Span<T> row)
        where T : unmanaged, INumberBase<T>
    {
        fixed (T* p = row)
        {
            WalshHadamardKernels.Transform(p, row.Length);
        }
    }
}
