using System.Runtime.CompilerServices;

namespace Polyad.Draws;

/// <summary>
/// Standard normals by the transform of Box and Muller (1958): r = sqrt(-2 log u), (r cos 2 pi v, r sin 2 pi v).
/// </summary>
internal static class BoxMuller
{
    /// <summary>Two normals from a radius variable u in (0, 1] and an angle of 53 bits.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Pair<TLanes, TWords, TReals>(TReals u, TWords angle, out TReals first, out TReals second)
        where TLanes : struct, IDrawLanes<TWords, TReals>
        where TWords : struct
        where TReals : struct
    {
        TReals radius = TLanes.SquareRoot(TLanes.Multiply(TLanes.Reals(-2), DrawLogarithm.Log<TLanes, TWords, TReals>(u)));
        DrawCircle.CosineSine<TLanes, TWords, TReals>(angle, out TReals cosine, out TReals sine);
        first = TLanes.Multiply(radius, cosine);
        second = TLanes.Multiply(radius, sine);
    }
}
