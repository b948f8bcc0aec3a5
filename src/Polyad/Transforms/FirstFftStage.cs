using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Polyad.Managed;

namespace Polyad.Transforms;

/// <summary>
/// The first pass of Stockham's method for a single transform. Its stride is one, so the lanes are neighbouring butterflies p: inputs p + m k are contiguous,
/// and the outputs r p + j of a block are transposed in registers. Later passes then have a stride of at least a vector.
/// </summary>
internal static unsafe class FirstFftStage
{
    private const int Block = 64;

    /// <summary>The radix whose outputs the machine transposes, or 1: for m butterflies the pass needs m to be a multiple of it.</summary>
    public static int Radix<T>()
        where T : unmanaged, INumberBase<T>
        => RegisterTranspose.Size<T>();

    /// <param name="butterflies">How many p, a multiple of the radix.</param>
    /// <param name="m">Between the inputs of a butterfly, and between the rows of the table.</param>
    /// <param name="w">Row 2 (j - 1) has the cosines of w_n^(pj), the next row the sines.</param>
    /// <param name="xr">Real parts of the input.</param>
    /// <param name="xi">Imaginary parts of the input.</param>
    /// <param name="yr">Real parts of the output.</param>
    /// <param name="yi">Imaginary parts of the output.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run<T>(int butterflies, int m, T* w, T* xr, T* xi, T* yr, T* yi)
        where T : unmanaged, INumberBase<T>
    {
        int radix = Radix<T>();
        T* br = stackalloc T[2 * 8 * Block];
        T* bi = br + (8 * Block);
        for (int p = 0; p < butterflies; p += Block)
        {
            int count = Math.Min(Block, butterflies - p);
            if (Vector512.IsHardwareAccelerated && radix == 8 && count % Vector512<T>.Count == 0)
            {
                Butterflies<Simd512<T>, Vector512<T>, T>(radix, m, count, w + p, xr + p, xi + p, br, bi);
            }
            else
            {
                Butterflies<Simd256<T>, Vector256<T>, T>(radix, m, count, w + p, xr + p, xi + p, br, bi);
            }

            RegisterTranspose.Strip(br, Block, count, yr + ((nint)radix * p), radix);
            RegisterTranspose.Strip(bi, Block, count, yi + ((nint)radix * p), radix);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Butterflies<TSimd, TVector, T>(int radix, int m, int count, T* w, T* xr, T* xi, T* br, T* bi)
        where TSimd : struct, ISimd<TVector, T>
        where TVector : struct
        where T : unmanaged, INumberBase<T>
    {
        if (radix == 8)
        {
            for (int p = 0; p < count; p += TSimd.Count)
            {
                FftButterfly.Eight<TSimd, TVector, LaneTwiddles<TSimd, TVector, T>, T>(xr + p, xi + p, m, br + p, bi + p, Block, w + p, m);
            }
        }
        else
        {
            for (int p = 0; p < count; p += TSimd.Count)
            {
                FftButterfly.Four<TSimd, TVector, LaneTwiddles<TSimd, TVector, T>, T>(xr + p, xi + p, m, br + p, bi + p, Block, w + p, m);
            }
        }
    }
}
