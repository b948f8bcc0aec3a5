using System.Runtime.CompilerServices;

namespace Polyad.Draws;

/// <summary>
/// The circular functions by correctly rounded operations only (the minimax coefficients of Sun's fdlibm 5.3), hence equal on every machine.
/// </summary>
internal static class DrawCircle
{
    /// <summary>The cosine and sine of 2 pi k 2^-53 for words k below 2^53, within 2 ulp. The reduction to an eighth of the circle is exact, in integers.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void CosineSine<TLanes, TWords, TReals>(TWords k, out TReals cosine, out TReals sine)
        where TLanes : struct, IDrawLanes<TWords, TReals>
        where TWords : struct
        where TReals : struct
    {
        TWords quadrant = TLanes.ShiftRight(TLanes.Add(k, TLanes.Words(1UL << 50)), 51);
        TWords rest = TLanes.Subtract(k, TLanes.ShiftLeft(quadrant, 51));
        TReals x = TLanes.Multiply(TLanes.ToReals(rest), TLanes.Reals(Math.PI / 2 / (1UL << 51)));
        TReals z = TLanes.Multiply(x, x);

        TReals p = Step<TLanes, TWords, TReals>(1.58969099521155010221e-10, z, -2.50507602534068634195e-08);
        p = TLanes.Add(TLanes.Multiply(p, z), TLanes.Reals(2.75573137070700676789e-06));
        p = TLanes.Add(TLanes.Multiply(p, z), TLanes.Reals(-1.98412698298579493134e-04));
        p = TLanes.Add(TLanes.Multiply(p, z), TLanes.Reals(8.33333333332248946124e-03));
        p = TLanes.Add(TLanes.Multiply(p, z), TLanes.Reals(-1.66666666666666324348e-01));
        TReals s = TLanes.Add(x, TLanes.Multiply(TLanes.Multiply(z, x), p));

        p = Step<TLanes, TWords, TReals>(-1.13596475577881948265e-11, z, 2.08757232129817482790e-09);
        p = TLanes.Add(TLanes.Multiply(p, z), TLanes.Reals(-2.75573143513906633035e-07));
        p = TLanes.Add(TLanes.Multiply(p, z), TLanes.Reals(2.48015872894767294178e-05));
        p = TLanes.Add(TLanes.Multiply(p, z), TLanes.Reals(-1.38888888888741095749e-03));
        p = TLanes.Add(TLanes.Multiply(p, z), TLanes.Reals(4.16666666666666019037e-02));
        TReals half = TLanes.Multiply(TLanes.Reals(0.5), z), one = TLanes.Reals(1), lead = TLanes.Subtract(one, half);
        TReals c = TLanes.Add(lead, TLanes.Add(TLanes.Subtract(TLanes.Subtract(one, lead), half), TLanes.Multiply(TLanes.Multiply(z, z), p)));

        // Quadrant q: (c, s), (-s, c), (-c, -s), (s, -c).
        TWords odd = TLanes.IsPositive(TLanes.And(quadrant, TLanes.Words(1)));
        TWords sineSign = TLanes.ShiftLeft(TLanes.And(quadrant, TLanes.Words(2)), 62);
        TWords cosineSign = TLanes.ShiftLeft(TLanes.And(TLanes.Add(quadrant, TLanes.Words(1)), TLanes.Words(2)), 62);
        cosine = TLanes.AsReals(TLanes.Xor(TLanes.AsWords(TLanes.Select(odd, s, c)), cosineSign));
        sine = TLanes.AsReals(TLanes.Xor(TLanes.AsWords(TLanes.Select(odd, c, s)), sineSign));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TReals Step<TLanes, TWords, TReals>(double lead, TReals x, double next)
        where TLanes : struct, IDrawLanes<TWords, TReals>
        where TWords : struct
        where TReals : struct
        => TLanes.Add(TLanes.Multiply(TLanes.Reals(lead), x), TLanes.Reals(next));
}
