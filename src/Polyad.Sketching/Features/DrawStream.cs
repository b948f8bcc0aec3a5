namespace Polyad.Sketching;

/// <summary>The streams of a seed that feature maps draw from. Numbers are part of the meaning of a seed: they do not change.</summary>
internal static class DrawStream
{
    public const ulong Weights = 0;
    public const ulong Offsets = 1;
    public const ulong Signs = 2;
    public const ulong Landmarks = 3;
    public const ulong PartSeeds = 4;

    /// <summary>Levels of a recursion, above the stream of its purpose.</summary>
    public const ulong Levels = 1UL << 16;

    /// <summary>Permutation i of many.</summary>
    public const ulong Permutations = 1UL << 32;

    /// <summary>Length i of a random vector: two streams each.</summary>
    public const ulong Lengths = 2UL << 32;

    /// <summary>What length i is mixed with: two streams each.</summary>
    public const ulong Mixing = 4UL << 32;
}
