using System.Numerics;

namespace Polyad.Sketching;

/// <summary>What maps made of maps share.</summary>
internal static class FeatureParts
{
    public static FeatureMap<T>[] Checked<T>(IReadOnlyList<FeatureMap<T>> parts)
        where T : unmanaged, INumberBase<T>
    {
        ArgumentNullException.ThrowIfNull(parts);
        return parts.Count == 0 || parts.Any(static p => p is null)
            ? throw new ArgumentException($"There must be at least one map, and none of them null; given {parts.Count}.", nameof(parts))
            : [.. parts];
    }

    /// <summary>A seed for part i: word i of a stream that nothing else reads. Two equal parts so draw different features.</summary>
    public static ulong Seed(in FitContext context, int part)
    {
        Span<ulong> word = stackalloc ulong[1];
        context.Draws(DrawStream.PartSeeds).Words(word, (ulong)part);
        return word[0];
    }
}
