using System.Numerics;
using System.Runtime.CompilerServices;

namespace Polyad.Managed;

/// <summary>Finds the entry of largest magnitude of a contiguous vector (BLAS's IxAMAX).</summary>
internal static unsafe class PivotSearch
{
    /// <summary>The first index of the largest |x_i|, the same for every vector width; 0 when an entry is NaN.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static int IndexOfLargest<T>(int n, T* x)
        where T : unmanaged, INumberBase<T>
    {
        int lanes = Vector<T>.Count, i = 0;
        T largest = T.Zero;
        bool vectors = Vector.IsHardwareAccelerated;
        if (vectors && n >= 2 * lanes)
        {
            Vector<T> m0 = Vector<T>.Zero, m1 = Vector<T>.Zero;
            for (; i <= n - (2 * lanes); i += 2 * lanes)
            {
                m0 = Vector.Max(m0, Vector.Abs(Vector.Load(x + i)));
                m1 = Vector.Max(m1, Vector.Abs(Vector.Load(x + i + lanes)));
            }

            m0 = Vector.Max(m0, m1);
            for (int lane = 0; lane < lanes; lane++)
            {
                largest = T.MaxMagnitude(largest, m0[lane]);
            }
        }

        for (; i < n; i++)
        {
            largest = T.MaxMagnitude(largest, T.Abs(x[i]));
        }

        i = 0;
        if (vectors)
        {
            Vector<T> wanted = new(largest);
            while (i <= n - lanes && !Vector.EqualsAny(Vector.Abs(Vector.Load(x + i)), wanted))
            {
                i += lanes;
            }
        }

        for (; i < n; i++)
        {
            if (T.Abs(x[i]) == largest)
            {
                return i;
            }
        }

        return 0;
    }
}
