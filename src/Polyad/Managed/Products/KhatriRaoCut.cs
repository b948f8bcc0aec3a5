namespace Polyad.Managed;

/// <summary>How the rows of a Khatri-Rao product (first matrix slowest) are cut: the product of the last matrices is the tail, of which a block is a piece, scaled by one row of the product of the matrices before.</summary>
internal readonly struct KhatriRaoCut
{
    /// <summary>Rows of the tail: enough for long vectors, few enough that it stays in the second-level cache.</summary>
    private const nint LeastTail = 128, MostTail = 1024;

    /// <param name="leading">Rows of the matrices that come first and are in no tail.</param>
    /// <param name="lengths">Rows of those after them, at least one.</param>
    /// <param name="most">Rows of a piece.</param>
    /// <param name="multiple">Of which a piece shall be one.</param>
    public KhatriRaoCut(ReadOnlySpan<nint> leading, ReadOnlySpan<nint> lengths, int most, int multiple)
    {
        First = lengths.Length - 1;
        Tail = lengths[First];
        while (First > 0 && (Tail < LeastTail || Tail * lengths[First - 1] <= MostTail))
        {
            Tail *= lengths[--First];
        }

        OuterRight = TensorLayout.Count(lengths[..First]);
        Outer = TensorLayout.Count(leading) * OuterRight;
        nint pieces = (Tail + most - 1) / most;
        Piece = (int)(((Tail + pieces - 1) / pieces) + multiple - 1) / multiple * multiple;
        Pieces = (Tail + Piece - 1) / Piece;
    }

    /// <summary>The first matrix of the tail.</summary>
    public int First { get; }

    /// <summary>Rows of the tail.</summary>
    public nint Tail { get; }

    /// <summary>Rows of the product of the matrices before the tail.</summary>
    public nint Outer { get; }

    /// <summary>Rows of the product of those of them that are not leading.</summary>
    public nint OuterRight { get; }

    /// <summary>Rows of a block, the last one of the tail apart.</summary>
    public int Piece { get; }

    /// <summary>Blocks of the tail.</summary>
    public nint Pieces { get; }

    /// <summary>Blocks of the product.</summary>
    public nint Blocks => Outer * Pieces;

    /// <summary>The row of the tail with which a block begins.</summary>
    public nint Start(nint block) => block % Pieces * Piece;

    /// <summary>The row of the product with which a block begins.</summary>
    public nint Line(nint block) => (block / Pieces * Tail) + Start(block);

    /// <summary>Rows of a block.</summary>
    public int Count(nint block) => (int)Math.Min(Piece, Tail - Start(block));
}
