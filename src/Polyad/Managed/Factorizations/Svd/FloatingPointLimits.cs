using System.Numerics;

namespace Polyad.Managed;

/// <summary>The limits of a floating-point format that tolerances are made of.</summary>
internal static class FloatingPointLimits<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>The distance from 1 to the next number (LAPACK's ulp): 2^-52 or 2^-23.</summary>
    public static readonly T Ulp = T.BitIncrement(T.One) - T.One;

    /// <summary>The smallest normal number: 2^-1022 or 2^-126.</summary>
    public static readonly T SmallestNormal = typeof(T) == typeof(double) ? T.CreateChecked(double.ScaleB(1, -1022)) : T.CreateChecked(float.ScaleB(1, -126));

    /// <summary>Below this length the squares of a vector's entries may vanish while they still matter: sqrt(smallest normal / ulp).</summary>
    public static readonly T SquareSafe = T.Sqrt(SmallestNormal / Ulp);
}
