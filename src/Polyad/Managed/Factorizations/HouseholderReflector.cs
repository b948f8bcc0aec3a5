using System.Numerics;
using System.Runtime.CompilerServices;

namespace Polyad.Managed;

/// <summary>
/// Elementary reflectors H = I - tau v v^T with v = (1, x)^T, chosen so that H (alpha, x)^T = (beta, 0)^T (LAPACK's xLARFG).
/// </summary>
internal static unsafe class HouseholderReflector
{
    /// <summary>
    /// Makes the reflector of (<paramref name="alpha"/>, x): <paramref name="alpha"/> becomes beta, x the tail of v (its head is 1, not stored).
    /// Returns tau, which is 0 (H = I) when x is zero and lies in [1, 2] otherwise. Neither overflows nor underflows where beta is representable.
    /// O(n).
    /// </summary>
    /// <param name="n">The length of x, from 0.</param>
    /// <param name="alpha">The head; the entry that stays.</param>
    /// <param name="x">The contiguous tail.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static T Make<T>(int n, ref T alpha, T* x)
        where T : unmanaged, INumberBase<T>
    {
        T norm = VectorKernels.Norm2(n, x);
        if (T.IsZero(norm))
        {
            return T.Zero;
        }

        // A vector of subnormal length loses its digits in 1 / (alpha - beta): lift it by a power of two, and lower beta at the end.
        T lift = typeof(T) == typeof(float) ? T.CreateTruncating(9.671406556917033e24) : T.CreateTruncating(8.112963841460668e31);
        T small = typeof(T) == typeof(float) ? T.CreateTruncating(1e-31) : T.CreateTruncating(1e-290);
        int lifts = 0;
        T beta = Length(alpha, norm);
        while (lifts < 20 && T.MaxMagnitude(beta, small) == small)
        {
            VectorKernels.Scale(n, lift, x);
            alpha *= lift;
            norm = VectorKernels.Norm2(n, x);
            beta = Length(alpha, norm);
            lifts++;
        }

        if (!T.IsNegative(alpha))
        {
            beta = -beta;
        }

        T tau = (beta - alpha) / beta;
        VectorKernels.Scale(n, T.One / (alpha - beta), x);
        for (int i = 0; i < lifts; i++)
        {
            beta /= lift;
        }

        alpha = beta;
        return tau;
    }

    /// <summary>sqrt(a^2 + b^2) without squares that overflow or vanish.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T Length<T>(T a, T b)
        where T : unmanaged, INumberBase<T>
    {
        a = T.Abs(a);
        b = T.Abs(b);
        T large = T.MaxMagnitude(a, b), small = T.MinMagnitude(a, b);
        if (T.IsZero(large))
        {
            return large;
        }

        T ratio = small / large;
        return large * VectorKernels.SquareRoot(T.One + (ratio * ratio));
    }
}
