using System.Numerics;
using System.Runtime.CompilerServices;

namespace Polyad.Transforms;

/// <summary>Products of split complex vectors, element by element; the output may be the first input.</summary>
internal static unsafe class ComplexProduct
{
    /// <summary>z = x y</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run<T>(int n, T* xr, T* xi, T* yr, T* yi, T* zr, T* zi)
        where T : unmanaged, INumberBase<T>
    {
        int i = 0;
        if (Vector.IsHardwareAccelerated)
        {
            for (; i <= n - Vector<T>.Count; i += Vector<T>.Count)
            {
                Vector<T> a = Vector.Load(xr + i), b = Vector.Load(xi + i), c = Vector.Load(yr + i), s = Vector.Load(yi + i);
                ((a * c) - (b * s)).Store(zr + i);
                ((b * c) + (a * s)).Store(zi + i);
            }
        }

        for (; i < n; i++)
        {
            (T a, T b, T c, T s) = (xr[i], xi[i], yr[i], yi[i]);
            (zr[i], zi[i]) = ((a * c) - (b * s), (b * c) + (a * s));
        }
    }

    /// <summary>z = x conj(y)</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Conjugated<T>(int n, T* xr, T* xi, T* yr, T* yi, T* zr, T* zi)
        where T : unmanaged, INumberBase<T>
    {
        int i = 0;
        if (Vector.IsHardwareAccelerated)
        {
            for (; i <= n - Vector<T>.Count; i += Vector<T>.Count)
            {
                Vector<T> a = Vector.Load(xr + i), b = Vector.Load(xi + i), c = Vector.Load(yr + i), s = Vector.Load(yi + i);
                ((a * c) + (b * s)).Store(zr + i);
                ((b * c) - (a * s)).Store(zi + i);
            }
        }

        for (; i < n; i++)
        {
            (T a, T b, T c, T s) = (xr[i], xi[i], yr[i], yi[i]);
            (zr[i], zi[i]) = ((a * c) + (b * s), (b * c) - (a * s));
        }
    }
}
