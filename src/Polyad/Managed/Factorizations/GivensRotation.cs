using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Polyad.Managed;

/// <summary>Givens rotations: [c s; -s c] (f, g)^T = (r, 0)^T.</summary>
internal static unsafe class GivensRotation
{
    /// <summary>c, s and r, without overflow or harmful underflow (LAPACK dlartg's task).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Create<T>(T f, T g, out T c, out T s, out T r)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (T.IsZero(g))
        {
            c = T.One;
            s = T.Zero;
            r = f;
            return;
        }

        T square = (f * f) + (g * g);
        if (square > FloatingPointLimits<T>.SmallestNormal / FloatingPointLimits<T>.Ulp && T.IsFinite(square))
        {
            r = T.Sqrt(square);
            c = f / r;
            s = g / r;
            return;
        }

        T scale = T.Max(T.Abs(f), T.Abs(g));
        T fs = f / scale, gs = g / scale;
        T length = T.Sqrt((fs * fs) + (gs * gs));
        c = fs / length;
        s = gs / length;
        r = scale * length;
    }

    /// <summary>(x, y) = (c x + s y, c y - s x) on contiguous vectors.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Apply<T>(int n, T* x, T* y, T c, T s)
        where T : unmanaged, INumberBase<T>
    {
        if (Vector512.IsHardwareAccelerated)
        {
            Apply<Simd512<T>, Vector512<T>, T>(n, x, y, c, s);
        }
        else if (Vector256.IsHardwareAccelerated)
        {
            Apply<Simd256<T>, Vector256<T>, T>(n, x, y, c, s);
        }
        else if (Vector128.IsHardwareAccelerated)
        {
            Apply<Simd128<T>, Vector128<T>, T>(n, x, y, c, s);
        }
        else
        {
            Apply<SimdScalar<T>, T, T>(n, x, y, c, s);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Apply<TSimd, TVector, T>(int n, T* x, T* y, T c, T s)
        where TSimd : struct, ISimd<TVector, T>
        where TVector : struct
        where T : unmanaged, INumberBase<T>
    {
        int w = TSimd.Count, i = 0;
        TVector vc = TSimd.Broadcast(c), vs = TSimd.Broadcast(s), minus = TSimd.Broadcast(-s);
        for (; i <= n - w; i += w)
        {
            TVector p = TSimd.Load(x + i), q = TSimd.Load(y + i);
            TSimd.Store(x + i, TSimd.MultiplyAdd(vs, q, TSimd.Multiply(vc, p)));
            TSimd.Store(y + i, TSimd.MultiplyAdd(minus, p, TSimd.Multiply(vc, q)));
        }

        for (; i < n; i++)
        {
            T p = x[i], q = y[i];
            x[i] = T.MultiplyAddEstimate(s, q, c * p);
            y[i] = T.MultiplyAddEstimate(-s, p, c * q);
        }
    }
}
