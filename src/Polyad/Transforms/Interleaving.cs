using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Polyad.Transforms;

/// <summary>Between pairs (a0, b0, a1, b1, ...) and two vectors a and b.</summary>
internal static unsafe class Interleaving
{
    /// <summary>a[i] = pairs[2 i], b[i] = pairs[2 i + 1]</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Split<T>(int n, T* pairs, T* a, T* b)
        where T : unmanaged, INumberBase<T>
    {
        int i = 0;
        if (typeof(T) == typeof(double) && Sse2.IsSupported)
        {
            for (; i <= n - 2; i += 2)
            {
                Vector128<double> x = Vector128.Load((double*)pairs + (2 * (nint)i)), y = Vector128.Load((double*)pairs + (2 * (nint)i) + 2);
                Sse2.UnpackLow(x, y).Store((double*)a + i);
                Sse2.UnpackHigh(x, y).Store((double*)b + i);
            }
        }
        else if (typeof(T) == typeof(float) && Sse.IsSupported)
        {
            for (; i <= n - 4; i += 4)
            {
                Vector128<float> x = Vector128.Load((float*)pairs + (2 * (nint)i)), y = Vector128.Load((float*)pairs + (2 * (nint)i) + 4);
                Sse.Shuffle(x, y, 0x88).Store((float*)a + i);
                Sse.Shuffle(x, y, 0xDD).Store((float*)b + i);
            }
        }

        for (; i < n; i++)
        {
            (a[i], b[i]) = (pairs[2 * (nint)i], pairs[(2 * (nint)i) + 1]);
        }
    }

    /// <summary>pairs[2 i] = a[i], pairs[2 i + 1] = b[i]</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Join<T>(int n, T* a, T* b, T* pairs)
        where T : unmanaged, INumberBase<T>
    {
        int i = 0;
        if (typeof(T) == typeof(double) && Sse2.IsSupported)
        {
            for (; i <= n - 2; i += 2)
            {
                Vector128<double> x = Vector128.Load((double*)a + i), y = Vector128.Load((double*)b + i);
                Sse2.UnpackLow(x, y).Store((double*)pairs + (2 * (nint)i));
                Sse2.UnpackHigh(x, y).Store((double*)pairs + (2 * (nint)i) + 2);
            }
        }
        else if (typeof(T) == typeof(float) && Sse.IsSupported)
        {
            for (; i <= n - 4; i += 4)
            {
                Vector128<float> x = Vector128.Load((float*)a + i), y = Vector128.Load((float*)b + i);
                Sse.UnpackLow(x, y).Store((float*)pairs + (2 * (nint)i));
                Sse.UnpackHigh(x, y).Store((float*)pairs + (2 * (nint)i) + 4);
            }
        }

        for (; i < n; i++)
        {
            (pairs[2 * (nint)i], pairs[(2 * (nint)i) + 1]) = (a[i], b[i]);
        }
    }
}
