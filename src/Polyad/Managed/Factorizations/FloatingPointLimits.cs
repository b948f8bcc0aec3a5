using System.Numerics;

namespace Polyad.Managed;

/// <summary>The limits of a floating-point format that tolerances are made of, and what keeps clear of them.</summary>
internal static class FloatingPointLimits<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>The distance from 1 to the next number (LAPACK's ulp): 2^-52 or 2^-23.</summary>
    public static readonly T Ulp = T.BitIncrement(T.One) - T.One;

    /// <summary>Half of <see cref="Ulp"/>: the largest relative error of one rounding (LAPACK's eps).</summary>
    public static readonly T UnitRoundoff = Ulp / (T.One + T.One);

    /// <summary>The smallest normal number: 2^-1022 or 2^-126; its reciprocal is finite (LAPACK's safe minimum).</summary>
    public static readonly T SmallestNormal = typeof(T) == typeof(double) ? T.CreateChecked(double.ScaleB(1, -1022)) : T.CreateChecked(float.ScaleB(1, -126));

    /// <summary>Below this length the squares of a vector's entries may vanish while they still matter: sqrt(smallest normal / ulp).</summary>
    public static readonly T SquareSafe = T.Sqrt(SmallestNormal / Ulp);

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
