using System.Numerics;
using System.Numerics.Tensors;
using Polyad.Managed;

namespace Polyad;

/// <summary>
/// The count sketch (Charikar, Chen, Farach-Colton 2002): coordinate i of a vector is added to bucket h(i) with sign s(i). Results are the same for any number of threads.
/// </summary>
public static unsafe class CountSketch
{
    /// <summary>Draws buckets (stream 0 of the seed) and signs (stream 1): coordinate i uses draw i, so a longer sketch begins with a shorter one.</summary>
    /// <param name="seed">The seed.</param>
    /// <param name="buckets">Receives numbers in [0, size).</param>
    /// <param name="signs">Receives +1 or -1, as many as buckets.</param>
    /// <param name="size">Number of buckets, at least 1.</param>
    public static void Draw<T>(ulong seed, Span<int> buckets, Span<T> signs, int size)
        where T : unmanaged, INumberBase<T>
    {
        Arguments.Length<T>(signs, buckets.Length);
        new CounterRandom(seed, 0).Integers(buckets, size);
        new CounterRandom(seed, 1).Signs(signs);
    }

    /// <summary>Sketches every row: Y[r, h(i)] += s(i) X[r, i]. O(entries).</summary>
    /// <param name="x">m x d.</param>
    /// <param name="buckets">d numbers in [0, columns of Y).</param>
    /// <param name="signs">d signs (any weights).</param>
    /// <param name="y">m x size; overwritten.</param>
    /// <exception cref="ArgumentException">Shapes do not match, a bucket is out of range, or X and Y overlap.</exception>
    public static void ApplyRows<T>(in ReadOnlyMatrixView<T> x, ReadOnlySpan<int> buckets, ReadOnlySpan<T> signs, in MatrixView<T> y)
        where T : unmanaged, INumberBase<T>
        => ApplyColumns(x.Transpose, buckets, signs, y.Transpose);

    /// <summary>Sketches every column: Y[h(i), c] += s(i) X[i, c]. O(entries).</summary>
    /// <param name="x">d x n.</param>
    /// <param name="buckets">d numbers in [0, rows of Y).</param>
    /// <param name="signs">d signs (any weights).</param>
    /// <param name="y">size x n; overwritten.</param>
    /// <exception cref="ArgumentException">Shapes do not match, a bucket is out of range, or X and Y overlap.</exception>
    public static void ApplyColumns<T>(in ReadOnlyMatrixView<T> x, ReadOnlySpan<int> buckets, ReadOnlySpan<T> signs, in MatrixView<T> y)
        where T : unmanaged, INumberBase<T>
    {
        Arguments.Supported<T>();
        Arguments.Shape(y, y.Rows, x.Columns);
        Arguments.Length(buckets, x.Rows);
        Arguments.Length(signs, x.Rows);
        Arguments.Disjoint<T>(x, y, nameof(x), nameof(y));
        CheckBuckets(buckets, y.Rows);
        y.Fill(T.Zero);
        if (x.IsEmpty || y.IsEmpty)
        {
            return;
        }

        // A compressed matrix with one entry in each row.
        using Scratch<int> pointers = Workspace.Rent<int>((nint)x.Rows + 1);
        for (int i = 0; i <= x.Rows; i++)
        {
            pointers.Pointer[i] = i;
        }

        fixed (T* px = x, py = y, ps = signs)
        fixed (int* pb = buckets)
        {
            ScatterProduct.Run(new SparseRows<T>(x.Rows, pointers.Pointer, pb, ps, T.One), Pinned.Block(x, px), Pinned.Block(y, py));
        }
    }

    /// <summary>Sketches every row of a sparse matrix. O(entries).</summary>
    /// <param name="x">m x d.</param>
    /// <param name="buckets">d numbers in [0, columns of Y).</param>
    /// <param name="signs">d signs.</param>
    /// <param name="y">m x size; overwritten.</param>
    /// <exception cref="ArgumentException">Shapes do not match, or a bucket is out of range.</exception>
    public static void ApplyRows<T>(CsrMatrix<T> x, ReadOnlySpan<int> buckets, ReadOnlySpan<T> signs, in MatrixView<T> y)
        where T : unmanaged, INumberBase<T>
    {
        ArgumentNullException.ThrowIfNull(x);
        Arguments.Shape(y, x.Rows, y.Columns);
        Arguments.Length(buckets, x.Columns);
        Arguments.Length(signs, x.Columns);
        CheckBuckets(buckets, y.Columns);
        y.Fill(T.Zero);
        if (x.NonZeros == 0 || y.IsEmpty)
        {
            return;
        }

        fixed (T* py = y, ps = signs, pv = x.Values)
        fixed (int* pb = buckets, pr = x.RowPointers, pc = x.ColumnIndices)
        {
            MatrixBlock<T> target = Pinned.Block(y, py);
            int* bucket = pb, pointers = pr, columns = pc;
            T* sign = ps, values = pv;
            int rows = x.Rows, parts = Math.Min(rows, 256);
            WorkTeam.Run(parts, Parallelism.Current.ThreadsForBytes((double)x.NonZeros * (sizeof(T) + sizeof(int))), part =>
            {
                (int first, int end) = WorkTeam.Range(rows, parts, part, 1);
                for (int i = first; i < end; i++)
                {
                    T* line = target.Data + (i * target.RowStride);
                    for (int p = pointers[i]; p < pointers[i + 1]; p++)
                    {
                        line[bucket[columns[p]] * target.ColumnStride] += sign[columns[p]] * values[p];
                    }
                }
            });
        }
    }

    private static void CheckBuckets(ReadOnlySpan<int> buckets, int size)
    {
        for (int i = 0; i < buckets.Length; i++)
        {
            if ((uint)buckets[i] >= (uint)size)
            {
                throw new ArgumentException($"Coordinate {i} has bucket {buckets[i]}; there are {size}.", nameof(buckets));
            }
        }
    }
}
