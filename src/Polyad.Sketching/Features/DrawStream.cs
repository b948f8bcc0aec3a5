namespace Polyad.Sketching;

/// <summary>The streams of a seed that feature maps draw from. Numbers are part of the meaning of a seed: they do not change.</summary>
internal static class DrawStream
{
    public const ulong Weights = 0;
    public const ulong Offsets = 1;
    public const ulong Radii = 2;
    public const ulong Signs = 3;
    public const ulong Permutations = 4;
    public const ulong Landmarks = 5;
    public const ulong PartSeeds = 6;

    /// <summary>Families that need many streams count up from here.</summary>
    public const ulong Many = 1UL << 32;
}
