using System.Numerics;

namespace Polyad.Sketching;

/// <summary>
/// A leverage score sparsified sketch (LESS; Derezinski, Liao, Dobriban, Mahoney 2021): every row is the sum of k independent draws, each a random sign times 1 / sqrt(n p_j) at coordinate j, drawn
/// with probability p_j. With leverage scores as weights and k about the rank it is nearly as even as normal entries; uniform draws (LESS-uniform) with k of some tens do well in practice. Between
/// row sampling (k = 1, but signed) and a dense sketch. A product costs 2 k D columns(A) flops.
/// </summary>
/// <remarks>
/// Draw t of row i is word t of stream i, so the sketch that begins at <see cref="NextState"/>, put below this one, makes one larger sketch, and more rows leave the others as they are. Draws of
/// one row that meet are added.
/// </remarks>
public sealed class LessSketch<T> : SparseSketch<T>
    where T : unmanaged, INumberBase<T>
{
    private readonly CoordinateDraws _draws;

    /// <summary>Uniform draws.</summary>
    /// <param name="rows">D, at least 1.</param>
    /// <param name="columns">n, at least 1.</param>
    /// <param name="nonZeros">k, at least 1.</param>
    /// <param name="state">A seed, or where another sketch ended.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is below 1.</exception>
    public LessSketch(int rows, int columns, int nonZeros, SketchState state = default)
        : this(rows, columns, new CoordinateDraws(columns), nonZeros, state)
    {
    }

    /// <summary>Draws in proportion to weights.</summary>
    /// <param name="rows">D, at least 1.</param>
    /// <param name="weights">n numbers, finite, at least 0, not all 0; leverage scores for one.</param>
    /// <param name="nonZeros">k, at least 1.</param>
    /// <param name="state">A seed, or where another sketch ended.</param>
    /// <exception cref="ArgumentException">A weight is negative or not finite, or all are 0.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A number is below 1.</exception>
    public LessSketch(int rows, ReadOnlySpan<double> weights, int nonZeros, SketchState state = default)
        : this(rows, weights.Length, new CoordinateDraws(weights), nonZeros, state)
    {
    }

    private LessSketch(int rows, int columns, CoordinateDraws draws, int nonZeros, SketchState state)
        : base(rows, columns, state)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(nonZeros, 1);
        (NonZeros, _draws) = (nonZeros, draws);
    }

    /// <summary>k, the number of draws that make a row.</summary>
    public int NonZeros { get; }

    /// <inheritdoc/>
    public override SketchState NextState => State.Skip((ulong)Rows);

    /// <summary>sqrt(n / (k D)).</summary>
    public override double IsometryScale => Math.Sqrt(Columns / ((double)NonZeros * Rows));

    private protected override bool DrawsColumns => false;

    private protected override CsrMatrix<T> Draw(SketchRange range)
    {
        int[] pointers = new int[range.Rows + 1], chosen = new int[NonZeros];
        ulong[] words = new ulong[NonZeros];
        T[] drawn = new T[NonZeros];
        List<int> columns = new(range.Rows);
        List<T> values = new(range.Rows);
        for (int i = 0; i < range.Rows; i++)
        {
            State.Draws(StreamFamily.Less, (ulong)(range.Row + i)).Words(words);
            for (int t = 0; t < NonZeros; t++)
            {
                chosen[t] = _draws.Choose(words[t]);
                drawn[t] = T.CreateTruncating((words[t] & 1) == 0 ? _draws.Factor(chosen[t]) : -_draws.Factor(chosen[t]));
            }

            // Draws of one coordinate have one magnitude: their sum does not depend on their order.
            chosen.AsSpan().Sort(drawn.AsSpan());
            for (int t = 0; t < NonZeros;)
            {
                int column = chosen[t];
                T sum = T.Zero;
                for (; t < NonZeros && chosen[t] == column; t++)
                {
                    sum += drawn[t];
                }

                if ((uint)(column - range.Column) < (uint)range.Columns && !T.IsZero(sum))
                {
                    columns.Add(column - range.Column);
                    values.Add(sum);
                }
            }

            pointers[i + 1] = columns.Count;
        }

        return new(pointers, [.. columns], [.. values], range.Rows, range.Columns);
    }
}
