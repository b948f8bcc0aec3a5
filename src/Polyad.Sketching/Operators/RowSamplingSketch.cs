using System.Numerics;

namespace Polyad.Sketching;

/// <summary>
/// Row i of S picks coordinate j with probability p_j: its one entry is 1 / sqrt(n p_j), which is 1 for uniform draws. With leverage scores as weights (Drineas, Mahoney, Muthukrishnan 2006)
/// D = O(N log N / eps^2) rows embed the subspace of the scores; uniform draws do so only for matrices whose rows matter alike. A product costs O(D k).
/// </summary>
/// <remarks>
/// With replacement row i uses word 0 of stream i, so the sketch that begins at <see cref="NextState"/>, put below this one, makes one larger sketch. Without replacement (uniform draws only) the
/// rows are the first D places of a random order of stream 0. Either way more rows leave the others as they are; more columns change them.
/// </remarks>
public sealed class RowSamplingSketch<T> : SparseSketch<T>
    where T : unmanaged, INumberBase<T>
{
    private readonly CoordinateDraws _draws;

    /// <summary>Uniform draws.</summary>
    /// <param name="rows">D, at least 1.</param>
    /// <param name="columns">n, at least 1.</param>
    /// <param name="replacement">Whether a coordinate may be drawn again.</param>
    /// <param name="state">A seed, or where another sketch ended.</param>
    /// <exception cref="ArgumentOutOfRangeException">A size is below 1, or D is above n without replacement.</exception>
    public RowSamplingSketch(int rows, int columns, bool replacement = true, SketchState state = default)
        : base(rows, columns, state)
    {
        if (!replacement && rows > columns)
        {
            throw new ArgumentOutOfRangeException(nameof(rows), rows, $"Only {columns} different rows can be drawn without replacement.");
        }

        Replacement = replacement;
        _draws = new(columns);
    }

    /// <summary>Draws in proportion to weights, with replacement.</summary>
    /// <param name="rows">D, at least 1.</param>
    /// <param name="weights">n numbers, finite, at least 0, not all 0; leverage scores for one.</param>
    /// <param name="state">A seed, or where another sketch ended.</param>
    /// <exception cref="ArgumentException">A weight is negative or not finite, or all are 0.</exception>
    public RowSamplingSketch(int rows, ReadOnlySpan<double> weights, SketchState state = default)
        : base(rows, weights.Length, state)
    {
        Replacement = true;
        _draws = new(weights);
    }

    /// <summary>Whether a coordinate may be drawn again.</summary>
    public bool Replacement { get; }

    /// <inheritdoc/>
    public override SketchState NextState => State.Skip(Replacement ? (ulong)Rows : 1);

    /// <summary>sqrt(n / D).</summary>
    public override double IsometryScale => Math.Sqrt((double)Columns / Rows);

    private protected override bool DrawsColumns => false;

    private protected override CsrMatrix<T> Draw(SketchRange range)
    {
        int[] chosen = Replacement ? new int[range.Rows] : State.Draws(StreamFamily.RowSampling, 0).Sample(Columns, range.Row + range.Rows)[range.Row..];
        for (int i = 0; i < chosen.Length && Replacement; i++)
        {
            chosen[i] = _draws.Choose(Philox.Block(State.Seed, State.Draws(StreamFamily.RowSampling, (ulong)(range.Row + i)).Stream, 0).Low);
        }

        int[] pointers = new int[range.Rows + 1];
        List<int> columns = new(range.Rows);
        List<T> values = new(range.Rows);
        for (int i = 0; i < chosen.Length; i++)
        {
            if ((uint)(chosen[i] - range.Column) < (uint)range.Columns)
            {
                columns.Add(chosen[i] - range.Column);
                values.Add(T.CreateTruncating(_draws.Factor(chosen[i])));
            }

            pointers[i + 1] = columns.Count;
        }

        return new(pointers, [.. columns], [.. values], range.Rows, range.Columns);
    }
}
