namespace Polyad.Sketching;

/// <summary>What a stream of a sketch's seed is drawn for. The streams of one sketch are independent.</summary>
internal enum StreamRole
{
    Bucket = 1,
    Sign = 2,
    Axis = 3,
    Place = 4,
    Weight = 5,
    ImaginaryWeight = 6,
    Degree = 7,
    Leaf = 8,
    LeafSign = 9,
    Part = 10,
}

/// <summary>The streams of a sketch's seed: role in the top 8 bits, factor in the next 24, index in the rest.</summary>
internal static class SketchStream
{
    public static CounterRandom Of(ulong seed, StreamRole role, int factor, long index = 0)
        => new(seed, ((ulong)role << 56) | ((ulong)(uint)factor << 32) | (ulong)index);

    /// <summary>A seed for a sketch that is part of another one.</summary>
    public static ulong Seed(ulong seed, int part)
    {
        Span<ulong> word = stackalloc ulong[1];
        Of(seed, StreamRole.Part, part).Words(word);
        return word[0];
    }
}
