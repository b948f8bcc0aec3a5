using System.Numerics;

namespace Polyad.Sketching;

/// <summary>
/// Independent entries that are +1 or -1 with probability p / 2 each, else 0 (Achlioptas 2003 with p = 1/3; Li, Hastie, Church 2006 with p = 1 / sqrt(n)). A product costs 2 p D entries(A) flops.
/// </summary>
/// <remarks>
/// A row is cut into pieces of 256 columns. The draws of piece g of row i are words 512 g and on of stream i: how many entries (binomial, by inversion), where (a partial shuffle), and their
/// signs. So more rows or columns leave the others as they are, and the sketch that begins at <see cref="NextState"/>, put below this one, makes one larger sketch.
/// </remarks>
public sealed class SparseSignSketch<T> : SparseSketch<T>
    where T : unmanaged, INumberBase<T>
{
    private const int Piece = 256;

    // Probabilities that a piece has at most 0, 1, .. entries, from products and sums only: the same on every machine.
    private readonly double[] _atMost;

    /// <summary>A sketch of D rows and n columns.</summary>
    /// <param name="rows">D, at least 1.</param>
    /// <param name="columns">n, at least 1.</param>
    /// <param name="density">p, above 0 and at most 1.</param>
    /// <param name="state">A seed, or where another sketch ended.</param>
    /// <exception cref="ArgumentOutOfRangeException">A size is below 1, or the density is outside (0, 1].</exception>
    public SparseSignSketch(int rows, int columns, double density, SketchState state = default)
        : base(rows, columns, state)
    {
        if (!(density > 0 && density <= 1))
        {
            throw new ArgumentOutOfRangeException(nameof(density), density, "The density must be above 0 and at most 1.");
        }

        Density = density;
        _atMost = Binomial(density);
    }

    /// <summary>p, the probability that an entry is not 0.</summary>
    public double Density { get; }

    /// <inheritdoc/>
    public override SketchState NextState => State.Skip((ulong)Rows);

    /// <summary>1 / sqrt(p D).</summary>
    public override double IsometryScale => 1 / Math.Sqrt(Density * Rows);

    private protected override bool DrawsColumns => false;

    private protected override CsrMatrix<T> Draw(SketchRange range)
    {
        int capacity = (int)Math.Min(int.MaxValue / 4, (Density * range.Rows * range.Columns * 1.1) + 1000);
        List<int> columns = new(capacity);
        List<T> signs = new(capacity);
        int[] pointers = new int[range.Rows + 1];
        Span<byte> order = stackalloc byte[Piece];
        Span<sbyte> at = stackalloc sbyte[Piece];
        int end = range.Column + range.Columns;
        for (int i = 0; i < range.Rows; i++)
        {
            ulong stream = State.Draws(StreamFamily.SparseSign, (ulong)(range.Row + i)).Stream;
            for (int g = range.Column / Piece; g * Piece < end; g++)
            {
                int count = DrawPiece(stream, g, order, at);
                for (int k = 0; k < Piece && count > 0; k++)
                {
                    if (at[k] == 0)
                    {
                        continue;
                    }

                    count--;
                    int column = (g * Piece) + k;
                    if (column >= range.Column && column < end)
                    {
                        columns.Add(column - range.Column);
                        signs.Add(T.CreateTruncating(at[k]));
                    }
                }
            }

            pointers[i + 1] = columns.Count;
        }

        return new(pointers, [.. columns], [.. signs], range.Rows, range.Columns);
    }

    /// <summary>The signs of one piece, 0 where there is no entry. Returns how many there are.</summary>
    private int DrawPiece(ulong stream, int piece, Span<byte> order, Span<sbyte> signs)
    {
        ulong block = (ulong)piece * Piece;
        (ulong low, ulong high) = Philox.Block(State.Seed, stream, block);
        double u = (low >> 11) * (1.0 / (1UL << 53));
        int count = 0;
        while (count < Piece && u >= _atMost[count])
        {
            count++;
        }

        signs.Clear();
        if (count == 0)
        {
            return 0;
        }

        for (int k = 0; k < Piece; k++)
        {
            order[k] = (byte)k;
        }

        // The word beside the count is not used: entry t takes word t of the blocks that follow, its upper bits for the place and its lowest for the sign.
        for (int t = 0; t < count; t++)
        {
            if (t % 2 == 0)
            {
                (low, high) = Philox.Block(State.Seed, stream, block + 1 + (ulong)(t / 2));
            }

            ulong word = t % 2 == 0 ? low : high;
            int place = t + (int)Math.BigMul(word, (ulong)(Piece - t), out _);
            (order[t], order[place]) = (order[place], order[t]);
            signs[order[t]] = (sbyte)(1 - (2 * (int)(word & 1)));
        }

        return count;
    }

    /// <summary>The distribution function of the binomial law of 256 trials: ratios of successive terms, from the side where the first term does not vanish.</summary>
    private static double[] Binomial(double p)
    {
        double[] terms = new double[Piece + 1];
        double q = 1 - p;
        bool turned = p > 0.5;
        (double less, double more) = turned ? (q, p) : (p, q);
        double term = 1;
        for (int k = 0; k < Piece; k++)
        {
            term *= more;
        }

        for (int k = 0; k <= Piece; k++)
        {
            terms[turned ? Piece - k : k] = term;
            term *= (Piece - k) / (k + 1.0) * (less / more);
        }

        for (int k = 1; k <= Piece; k++)
        {
            terms[k] += terms[k - 1];
        }

        terms[Piece] = double.PositiveInfinity;
        return terms;
    }
}
