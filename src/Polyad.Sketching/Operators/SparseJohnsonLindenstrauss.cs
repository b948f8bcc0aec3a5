using System.Numerics;
using System.Runtime.CompilerServices;

namespace Polyad.Sketching;

/// <summary>
/// The sparse Johnson-Lindenstrauss transform (Kane, Nelson 2014; the OSNAP of Nelson, Nguyen 2013): every column has exactly s entries, random signs in s different random rows. With s = 1 it is
/// the count sketch (Charikar, Chen, Farach-Colton 2002; Clarkson, Woodruff 2013). A product costs 2 s entries(A) flops. Eight entries per column embed subspaces about as well as normal
/// entries do; one needs far more rows.
/// </summary>
/// <remarks>
/// Rows are those of a partial Fisher-Yates shuffle: draw s j + t of stream 0 chooses among the D - t rows that are left, so more columns leave the others as they are, and more rows change
/// them. Signs are draws s j + t of stream 1.
/// </remarks>
public sealed class SparseJohnsonLindenstrauss<T> : SparseSketch<T>
    where T : unmanaged, INumberBase<T>
{
    /// <summary>A sketch of D rows and n columns.</summary>
    /// <param name="rows">D, at least 1.</param>
    /// <param name="columns">n, at least 1.</param>
    /// <param name="nonZeros">s, 1 to D.</param>
    /// <param name="state">A seed, or where another sketch ended.</param>
    /// <exception cref="ArgumentOutOfRangeException">A size is below 1, or s is not between 1 and D.</exception>
    public SparseJohnsonLindenstrauss(int rows, int columns, int nonZeros, SketchState state = default)
        : base(rows, columns, state)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(nonZeros, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(nonZeros, rows);
        NonZeros = nonZeros;
    }

    /// <summary>s, the number of entries of each column.</summary>
    public int NonZeros { get; }

    /// <inheritdoc/>
    public override SketchState NextState => State.Skip(2);

    /// <summary>1 / sqrt(s).</summary>
    public override double IsometryScale => 1 / Math.Sqrt(NonZeros);

    private protected override bool DrawsColumns => true;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private protected override CsrMatrix<T> Draw(SketchRange range)
    {
        int s = NonZeros, count = checked(range.Columns * s);
        int[] pointers = new int[range.Columns + 1], rows = new int[count];
        T[] signs = new T[count];
        ulong start = (ulong)range.Column * (ulong)s;
        State.Draws(StreamFamily.Sjlt, 1).Signs<T>(signs, start);
        if (s == 1)
        {
            State.Draws(StreamFamily.Sjlt, 0).Integers(rows, Rows, start);
        }
        else
        {
            DrawRows(rows, start);
        }

        // Sorted, and without what lies outside the block.
        int kept = 0;
        for (int j = 0; j < range.Columns; j++)
        {
            rows.AsSpan(j * s, s).Sort(signs.AsSpan(j * s, s));
            for (int p = j * s; p < (j + 1) * s; p++)
            {
                int row = rows[p] - range.Row;
                if ((uint)row < (uint)range.Rows)
                {
                    (rows[kept], signs[kept]) = (row, signs[p]);
                    kept++;
                }
            }

            pointers[j + 1] = kept;
        }

        return new(pointers, kept == count ? rows : rows[..kept], kept == count ? signs : signs[..kept], range.Columns, range.Rows);
    }

    /// <summary>The first s places of a shuffle of 0..D-1 for each column. Swaps are undone after a column, so that a column costs O(s).</summary>
    private void DrawRows(Span<int> chosen, ulong start)
    {
        const int Chunk = 512;
        int s = NonZeros;
        int[] order = new int[Rows];
        for (int i = 0; i < order.Length; i++)
        {
            order[i] = i;
        }

        int[] swaps = new int[s];
        ulong[] words = new ulong[Math.Min(chosen.Length, Chunk * s)];
        CounterRandom draws = State.Draws(StreamFamily.Sjlt, 0);
        for (int first = 0; first < chosen.Length; first += words.Length)
        {
            Span<ulong> part = words.AsSpan(0, Math.Min(words.Length, chosen.Length - first));
            draws.Words(part, start + (ulong)first);
            for (int at = 0; at < part.Length; at += s)
            {
                for (int t = 0; t < s; t++)
                {
                    int place = t + (int)Math.BigMul(part[at + t], (ulong)(Rows - t), out _);
                    swaps[t] = place;
                    (order[t], order[place]) = (order[place], order[t]);
                    chosen[first + at + t] = order[t];
                }

                for (int t = s - 1; t >= 0; t--)
                {
                    (order[t], order[swaps[t]]) = (order[swaps[t]], order[t]);
                }
            }
        }
    }
}
