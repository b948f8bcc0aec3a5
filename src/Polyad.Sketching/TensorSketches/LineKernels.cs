using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Polyad.Sketching;

/// <summary>Kernels on lines of 64 bytes, one number of each of several rows. Products and sums are not fused: the same bits on every machine.</summary>
internal static unsafe class LineKernels
{
    /// <summary>y_i = s_i x_i</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Scale<T>(int n, T* s, T* x, T* y)
        where T : unmanaged, INumberBase<T>
    {
        int w = Vector512<T>.Count;
        for (int i = 0; i < n; i++, x += w, y += w)
        {
            (Vector512.Load(x) * Vector512.Create(s[i])).Store(y);
        }
    }

    /// <summary>y_i = (sr_i + i si_i)(xr_i + i xi_i)</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Scale<T>(int n, T* sr, T* si, T* xr, T* xi, T* yr, T* yi)
        where T : unmanaged, INumberBase<T>
    {
        int w = Vector512<T>.Count;
        for (int i = 0; i < n; i++, xr += w, xi += w, yr += w, yi += w)
        {
            Vector512<T> a = Vector512.Load(xr), b = Vector512.Load(xi), c = Vector512.Create(sr[i]), d = Vector512.Create(si[i]);
            ((a * c) - (b * d)).Store(yr);
            ((a * d) + (b * c)).Store(yi);
        }
    }

    /// <summary>y_t = scale x_place(t)</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Gather<T>(int n, int* places, T scale, T* x, T* y)
        where T : unmanaged, INumberBase<T>
    {
        int w = Vector512<T>.Count;
        Vector512<T> factor = Vector512.Create(scale);
        for (int t = 0; t < n; t++, y += w)
        {
            (Vector512.Load(x + ((nint)places[t] * w)) * factor).Store(y);
        }
    }

    /// <summary>y_t *= x_place(t)</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void GatherMultiply<T>(int n, int* places, T* x, T* y)
        where T : unmanaged, INumberBase<T>
    {
        int w = Vector512<T>.Count;
        for (int t = 0; t < n; t++, y += w)
        {
            (Vector512.Load(y) * Vector512.Load(x + ((nint)places[t] * w))).Store(y);
        }
    }

    /// <summary>y_t *= x_place(t), complex</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void GatherMultiply<T>(int n, int* places, T* xr, T* xi, T* yr, T* yi)
        where T : unmanaged, INumberBase<T>
    {
        int w = Vector512<T>.Count;
        for (int t = 0; t < n; t++, yr += w, yi += w)
        {
            nint at = (nint)places[t] * w;
            Vector512<T> a = Vector512.Load(xr + at), b = Vector512.Load(xi + at), c = Vector512.Load(yr), d = Vector512.Load(yi);
            ((a * c) - (b * d)).Store(yr);
            ((a * d) + (b * c)).Store(yi);
        }
    }

    /// <summary>y_place(i) += s_i x_i</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Scatter<T>(int n, int* places, T* s, T* x, T* y)
        where T : unmanaged, INumberBase<T>
    {
        int w = Vector512<T>.Count;
        for (int i = 0; i < n; i++, x += w)
        {
            T* target = y + ((nint)places[i] * w);
            (Vector512.Load(target) + (Vector512.Load(x) * Vector512.Create(s[i]))).Store(target);
        }
    }
}
