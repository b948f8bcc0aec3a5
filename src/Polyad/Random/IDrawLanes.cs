namespace Polyad.Draws;

/// <summary>
/// The vector operations that random draws are made of. Every one is exact or correctly rounded, none is a fused multiply-add, so a draw has the same bits
/// for every implementation.
/// </summary>
internal unsafe interface IDrawLanes<TWords, TReals>
    where TWords : struct
    where TReals : struct
{
    static abstract int Count { get; }

    /// <summary>Which block, counted from the first, each lane computes: ordered so that <see cref="StorePairs(ulong*, TWords, TWords)"/> is two unpacks and two stores.</summary>
    static abstract TWords BlockOffsets { get; }

    static abstract TWords Words(ulong value);

    static abstract TReals Reals(double value);

    static abstract TWords Add(TWords a, TWords b);

    static abstract TWords Subtract(TWords a, TWords b);

    static abstract TWords And(TWords a, TWords b);

    static abstract TWords Or(TWords a, TWords b);

    static abstract TWords Xor(TWords a, TWords b);

    static abstract TWords ShiftLeft(TWords a, int count);

    static abstract TWords ShiftRight(TWords a, int count);

    /// <summary>The 64-bit product of the lower halves of the lanes.</summary>
    static abstract TWords MultiplyLow32(TWords a, TWords b);

    static abstract TReals Add(TReals a, TReals b);

    static abstract TReals Subtract(TReals a, TReals b);

    static abstract TReals Multiply(TReals a, TReals b);

    static abstract TReals Divide(TReals a, TReals b);

    static abstract TReals SquareRoot(TReals a);

    /// <summary>The value of a signed word of magnitude below 2^53: exact.</summary>
    static abstract TReals ToReals(TWords signed);

    static abstract TReals AsReals(TWords bits);

    static abstract TWords AsWords(TReals value);

    /// <summary>All ones in the lanes where the signed word is positive.</summary>
    static abstract TWords IsPositive(TWords signed);

    static abstract TReals Select(TWords mask, TReals whereOnes, TReals whereZeros);

    /// <summary>Stores first[block 0], second[block 0], first[block 1], ...</summary>
    static abstract void StorePairs(ulong* destination, TWords first, TWords second);
}
