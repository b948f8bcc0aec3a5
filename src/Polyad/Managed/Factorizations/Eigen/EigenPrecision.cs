using System.Numerics;

namespace Polyad.Managed;

/// <summary>The constants of floating-point arithmetic that the eigensolver's tolerances are made of.</summary>
internal static class EigenPrecision<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Half the distance from 1 to the next number: the largest relative error of one rounding (LAPACK's eps).</summary>
    public static readonly T UnitRoundoff = (T.BitIncrement(T.One) - T.One) / (T.One + T.One);

    /// <summary>The smallest normal number, whose reciprocal is finite (LAPACK's safe minimum).</summary>
    public static readonly T SafeMinimum = typeof(T) == typeof(float) ? T.CreateChecked(1.17549435e-38f) : T.CreateChecked(2.2250738585072014e-308);

    /// <summary>The exponent s for which 2^s brings a magnitude into [1, 2), held where 2^s and 2^-s are both normal; 0 for zero.</summary>
    public static int ExponentToUnit(T magnitude)
    {
        int limit = typeof(T) == typeof(float) ? 120 : 1000;
        return T.IsZero(magnitude) ? 0 : Math.Clamp(-T.ILogB(magnitude), -limit, limit);
    }

    /// <summary>The length of (x, y) without overflow.</summary>
    public static T Length(T x, T y)
    {
        T a = T.Abs(x), b = T.Abs(y);
        T large = a > b ? a : b, small = a > b ? b : a;
        if (T.IsZero(small))
        {
            return large;
        }

        T ratio = small / large;
        return large * T.Sqrt(T.One + (ratio * ratio));
    }
}
