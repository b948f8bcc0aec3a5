using System.Runtime.CompilerServices;

namespace Polyad.Draws;

/// <summary>
/// The natural logarithm by correctly rounded operations only (the reduction and minimax coefficients of Sun's fdlibm 5.3), hence equal on every machine.
/// </summary>
internal static class DrawLogarithm
{
    private const double Ln2High = 6.93147180369123816490e-01;
    private const double Ln2Low = 1.90821492927058770002e-10;

    /// <summary>The natural logarithm of positive normal numbers, below 1 ulp: x = 2^e m with m in [sqrt(1/2), sqrt(2)), log m by s = (m - 1)/(m + 1).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TReals Log<TLanes, TWords, TReals>(TReals x)
        where TLanes : struct, IDrawLanes<TWords, TReals>
        where TWords : struct
        where TReals : struct
    {
        // Adding (1 - sqrt(1/2)) in units of the mantissa's bits carries into the exponent exactly where m would reach sqrt(2).
        TWords bits = TLanes.Add(TLanes.AsWords(x), TLanes.Words(0x3FF0000000000000UL - 0x3FE6A09E667F3BCDUL));
        TReals e = TLanes.ToReals(TLanes.Subtract(TLanes.ShiftRight(bits, 52), TLanes.Words(1023)));
        TReals m = TLanes.AsReals(TLanes.Add(TLanes.And(bits, TLanes.Words(0x000FFFFFFFFFFFFFUL)), TLanes.Words(0x3FE6A09E667F3BCDUL)));

        TReals f = TLanes.Subtract(m, TLanes.Reals(1));
        TReals s = TLanes.Divide(f, TLanes.Add(TLanes.Reals(2), f));
        TReals z = TLanes.Multiply(s, s);
        TReals w = TLanes.Multiply(z, z);
        TReals even = Step<TLanes, TWords, TReals>(1.531383769920937332e-01, w, 2.222219843214978396e-01);
        even = TLanes.Multiply(w, TLanes.Add(TLanes.Multiply(even, w), TLanes.Reals(3.999999999940941908e-01)));
        TReals odd = Step<TLanes, TWords, TReals>(1.479819860511658591e-01, w, 1.818357216161805012e-01);
        odd = TLanes.Add(TLanes.Multiply(odd, w), TLanes.Reals(2.857142874366239149e-01));
        odd = TLanes.Multiply(z, TLanes.Add(TLanes.Multiply(odd, w), TLanes.Reals(6.666666666666735130e-01)));
        TReals remainder = TLanes.Add(odd, even);
        TReals halfSquare = TLanes.Multiply(TLanes.Multiply(TLanes.Reals(0.5), f), f);
        TReals tail = TLanes.Add(TLanes.Multiply(s, TLanes.Add(halfSquare, remainder)), TLanes.Multiply(e, TLanes.Reals(Ln2Low)));
        return TLanes.Subtract(TLanes.Multiply(e, TLanes.Reals(Ln2High)), TLanes.Subtract(TLanes.Subtract(halfSquare, tail), f));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TReals Step<TLanes, TWords, TReals>(double lead, TReals x, double next)
        where TLanes : struct, IDrawLanes<TWords, TReals>
        where TWords : struct
        where TReals : struct
        => TLanes.Add(TLanes.Multiply(TLanes.Reals(lead), x), TLanes.Reals(next));
}
