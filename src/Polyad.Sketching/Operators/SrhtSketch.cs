using System.Numerics;
using Polyad.Managed;

namespace Polyad.Sketching;

/// <summary>
/// The subsampled randomized Hadamard transform (Ailon, Chazelle 2006; Tropp 2011): random signs of the coordinates, zeros up to N, the next power of two, the Walsh-Hadamard transform, and D of
/// its N rows without replacement. Entries are +1 and -1. With D = N it is orthogonal up to its scale. More than N rows are blocks below each other, each with its own signs and order.
/// A vector costs N log2 N additions, whatever D.
/// </summary>
/// <remarks>
/// Block b uses stream 2 b for its signs and 2 b + 1 for its row order. More rows leave the others as they are; so do more columns up to N.
/// </remarks>
public sealed unsafe class SrhtSketch<T> : SketchOperator<T>
    where T : unmanaged, INumberBase<T>
{
    private readonly HadamardSegment<T>?[] _segments;

    /// <summary>A sketch of D rows and n columns.</summary>
    /// <param name="rows">D, at least 1.</param>
    /// <param name="columns">n, 1 to 2^30.</param>
    /// <param name="state">A seed, or where another sketch ended.</param>
    /// <exception cref="ArgumentOutOfRangeException">A size is below 1, or n is above 2^30.</exception>
    public SrhtSketch(int rows, int columns, SketchState state = default)
        : base(rows, columns, state)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(columns, 1 << 30);
        Order = (int)BitOperations.RoundUpToPowerOf2((uint)columns);
        _segments = new HadamardSegment<T>?[((rows - 1) / Order) + 1];
    }

    /// <summary>N, the order of the Hadamard matrix.</summary>
    public int Order { get; }

    /// <inheritdoc/>
    public override SketchState NextState => State.Skip(2 * (ulong)_segments.Length);

    /// <summary>1 / sqrt(D).</summary>
    public override double IsometryScale => 1 / Math.Sqrt(Rows);

    internal override void FillCore(SketchRange range, in MatrixView<T> block)
    {
        fixed (T* p = block)
        {
            MatrixBlock<T> target = Pinned.Block(block, p);
            foreach (SegmentPart<T> part in Parts(range))
            {
                for (int i = 0; i < part.Rows.Length; i++)
                {
                    for (int j = 0; j < range.Columns; j++)
                    {
                        T sign = part.Signs[j];
                        target[part.First + i, j] = (BitOperations.PopCount((uint)(part.Rows[i] & (range.Column + j))) & 1) == 0 ? sign : -sign;
                    }
                }
            }
        }
    }

    internal override void ApplyCore(SketchRange range, T alpha, in ReadOnlyMatrixView<T> a, T beta, in MatrixView<T> b, ILinearAlgebraBackend backend)
    {
        fixed (T* from = a, to = b)
        {
            MatrixBlock<T> source = Pinned.Block(a, from), target = Pinned.Block(b, to);
            foreach (SegmentPart<T> part in Parts(range))
            {
                MatrixBlock<T> rows = target.Slice(part.First, 0, part.Rows.Length, target.Columns);
                if (source.RowStride == 1 && (source.ColumnStride != 1 || source.Columns == 1))
                {
                    HadamardVectors.Apply(part, Order, alpha, source, beta, rows);
                }
                else
                {
                    HadamardLines.Apply(part, Order, alpha, source, beta, rows);
                }
            }
        }
    }

    internal override void AdjointCore(SketchRange range, T alpha, in ReadOnlyMatrixView<T> a, T beta, in MatrixView<T> b, ILinearAlgebraBackend backend)
    {
        fixed (T* from = a, to = b)
        {
            MatrixBlock<T> source = Pinned.Block(a, from), target = Pinned.Block(b, to);
            foreach (SegmentPart<T> part in Parts(range))
            {
                HadamardLines.Adjoint(part, Order, alpha, source.Slice(part.First, 0, part.Rows.Length, source.Columns), part.First == 0 ? beta : T.One, target);
            }
        }
    }

    internal override void SparseCore(SketchSide side, SketchRange range, T alpha, CsrMatrix<T> a, T beta, in MatrixView<T> b)
    {
        bool left = side.IsLeft();
        CsrMatrix<T> rows = left ? a.Transpose() : a;
        fixed (T* to = b)
        {
            MatrixBlock<T> target = left ? Pinned.Block(b, to).Transpose : Pinned.Block(b, to);
            foreach (SegmentPart<T> part in Parts(range))
            {
                if (side.ActsTransposed())
                {
                    HadamardVectors.AdjointSparse(part, Order, alpha, rows, part.First == 0 ? beta : T.One, target);
                }
                else
                {
                    HadamardVectors.ApplySparse(part, Order, alpha, rows, beta, target.Slice(0, part.First, target.Rows, part.Rows.Length));
                }
            }
        }
    }

    /// <summary>What a block of the sketch takes of each Hadamard matrix.</summary>
    private IEnumerable<SegmentPart<T>> Parts(SketchRange range)
    {
        for (int first = 0; first < range.Rows;)
        {
            int row = range.Row + first, index = row / Order, inside = row % Order, count = Math.Min(Order - inside, range.Rows - first);
            HadamardSegment<T> segment = Segment(index);
            yield return new(first, range.Column, segment.Rows.AsMemory(inside, count), segment.Signs.AsMemory(range.Column, range.Columns), segment.Negative.AsMemory(range.Column, range.Columns));
            first += count;
        }
    }

    /// <summary>The signs and row order of a Hadamard matrix, drawn when first used; two threads at worst draw the same ones twice.</summary>
    private HadamardSegment<T> Segment(int index)
    {
        if (Volatile.Read(ref _segments[index]) is { } known)
        {
            return known;
        }

        T[] signs = new T[Columns];
        State.Draws(StreamFamily.Hadamard, 2 * (ulong)index).Signs<T>(signs);
        int count = Math.Min(Order, Rows - (index * Order));
        CounterRandom draws = State.Draws(StreamFamily.Hadamard, (2 * (ulong)index) + 1);
        HadamardSegment<T> segment = new(signs, Array.ConvertAll(signs, static sign => (sbyte)(T.IsNegative(sign) ? -1 : 0)), count == Order ? draws.Permutation(Order) : draws.Sample(Order, count));
        Volatile.Write(ref _segments[index], segment);
        return segment;
    }
}

/// <summary>The draws of one Hadamard matrix.</summary>
/// <param name="Signs">n signs.</param>
/// <param name="Negative">-1 where the sign is -1, otherwise 0: the same for kernels that change the sign of whole vectors.</param>
/// <param name="Rows">Numbers of rows of the Hadamard matrix.</param>
internal sealed record HadamardSegment<T>(T[] Signs, sbyte[] Negative, int[] Rows)
    where T : unmanaged;
