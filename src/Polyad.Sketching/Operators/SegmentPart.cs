namespace Polyad.Sketching;

/// <summary>Rows and columns of one Hadamard matrix that a block of a sketch takes.</summary>
internal readonly struct SegmentPart<T>(int first, int column, ReadOnlyMemory<int> rows, ReadOnlyMemory<T> signs, ReadOnlyMemory<sbyte> negative)
    where T : unmanaged
{
    /// <summary>The row of the block that the first of <see cref="Rows"/> is.</summary>
    public int First => first;

    /// <summary>The column of the Hadamard matrix where the block begins.</summary>
    public int Column => column;

    /// <summary>Numbers of rows of the Hadamard matrix.</summary>
    public ReadOnlySpan<int> Rows => rows.Span;

    /// <summary>The signs of the block's columns.</summary>
    public ReadOnlySpan<T> Signs => signs.Span;

    /// <summary>-1 where the sign is -1, otherwise 0.</summary>
    public ReadOnlySpan<sbyte> Negative => negative.Span;
}
