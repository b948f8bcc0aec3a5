using System.Numerics;
using System.Runtime.CompilerServices;

namespace Polyad.Managed;

/// <summary>A Givens rotation of two contiguous vectors.</summary>
internal static unsafe class PlaneRotation
{
    /// <summary>(x, y) becomes (c x + s y, c y - s x).</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Apply<T>(int n, T* x, T* y, T c, T s)
        where T : unmanaged, INumberBase<T>
    {
        int i = 0;
        if (Vector.IsHardwareAccelerated)
        {
            Vector<T> vc = new(c), vs = new(s);
            for (; i <= n - Vector<T>.Count; i += Vector<T>.Count)
            {
                Vector<T> vx = Vector.Load(x + i), vy = Vector.Load(y + i);
                ((vc * vx) + (vs * vy)).Store(x + i);
                ((vc * vy) - (vs * vx)).Store(y + i);
            }
        }

        for (; i < n; i++)
        {
            T tx = x[i], ty = y[i];
            x[i] = (c * tx) + (s * ty);
            y[i] = (c * ty) - (s * tx);
        }
    }
}
