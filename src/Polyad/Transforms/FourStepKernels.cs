using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Polyad.Managed;

namespace Polyad.Transforms;

/// <summary>The moves of the four-step transform on strips of one line of the cache (64 bytes).</summary>
internal static unsafe class FourStepKernels
{
    /// <summary>Copies lines that lie <paramref name="stride"/> elements apart into neighbours.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Gather<T>(T* source, nint stride, int lines, T* destination)
        where T : unmanaged
    {
        for (int i = 0; i < lines; i++, source += stride, destination += 64 / sizeof(T))
        {
            Vector512.Load((byte*)source).Store((byte*)destination);
        }
    }

    /// <summary>Copies neighbouring lines to places that lie <paramref name="stride"/> elements apart.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Scatter<T>(T* source, T* destination, nint stride, int lines)
        where T : unmanaged
    {
        for (int i = 0; i < lines; i++, source += 64 / sizeof(T), destination += stride)
        {
            Vector512.Load((byte*)source).Store((byte*)destination);
        }
    }

    /// <summary>Transposes a square of lines.</summary>
    public static void Transpose<T>(T* source, T* destination)
        where T : unmanaged, INumberBase<T>
    {
        int width = 64 / sizeof(T), size = RegisterTranspose.Size<T>();
        if (size > 1)
        {
            for (int i = 0; i < width; i += size)
            {
                RegisterTranspose.Strip(source + (i * width), width, width, destination + i, width);
            }

            return;
        }

        for (int i = 0; i < width; i++)
        {
            for (int j = 0; j < width; j++)
            {
                destination[(j * width) + i] = source[(i * width) + j];
            }
        }
    }

    /// <summary>Line k of y = line k of x times the turn of the strip times that of the lane.</summary>
    /// <param name="lines">Number of lines.</param>
    /// <param name="strip">A pair (cosine, sine) per line.</param>
    /// <param name="lane">A line of cosines and one of sines per line.</param>
    /// <param name="xr">Real parts of the input.</param>
    /// <param name="xi">Imaginary parts of the input.</param>
    /// <param name="yr">Real parts of the output.</param>
    /// <param name="yi">Imaginary parts of the output.</param>
    public static void Turn<T>(int lines, T* strip, T* lane, T* xr, T* xi, T* yr, T* yi)
        where T : unmanaged, INumberBase<T>
    {
        if (Vector512.IsHardwareAccelerated)
        {
            Turn<Simd512<T>, Vector512<T>, T>(lines, strip, lane, xr, xi, yr, yi);
        }
        else if (Vector256.IsHardwareAccelerated)
        {
            Turn<Simd256<T>, Vector256<T>, T>(lines, strip, lane, xr, xi, yr, yi);
        }
        else if (Vector128.IsHardwareAccelerated)
        {
            Turn<Simd128<T>, Vector128<T>, T>(lines, strip, lane, xr, xi, yr, yi);
        }
        else
        {
            Turn<SimdScalar<T>, T, T>(lines, strip, lane, xr, xi, yr, yi);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Turn<TSimd, TVector, T>(int lines, T* strip, T* lane, T* xr, T* xi, T* yr, T* yi)
        where TSimd : struct, ISimd<TVector, T>
        where TVector : struct
        where T : unmanaged, INumberBase<T>
    {
        int width = 64 / sizeof(T);
        for (int k = 0; k < lines; k++, strip += 2, lane += 2 * width, xr += width, xi += width, yr += width, yi += width)
        {
            TVector sc = TSimd.Broadcast(strip[0]), ss = TSimd.Broadcast(strip[1]);
            for (int q = 0; q < width; q += TSimd.Count)
            {
                TVector lc = TSimd.Load(lane + q), ls = TSimd.Load(lane + width + q), r = TSimd.Load(xr + q), i = TSimd.Load(xi + q);
                TVector c = TSimd.Subtract(TSimd.Multiply(sc, lc), TSimd.Multiply(ss, ls)), s = TSimd.MultiplyAdd(sc, ls, TSimd.Multiply(ss, lc));
                TSimd.Store(yr + q, TSimd.Subtract(TSimd.Multiply(r, c), TSimd.Multiply(i, s)));
                TSimd.Store(yi + q, TSimd.MultiplyAdd(r, s, TSimd.Multiply(i, c)));
            }
        }
    }
}
