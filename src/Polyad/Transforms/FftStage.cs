using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Polyad.Managed;

namespace Polyad.Transforms;

/// <summary>
/// One pass of the self-sorting transform of Stockham (Cochran et al. 1967): with n = r m and stride s, output q + s (r p + j) is the sum over k of
/// input q + s (p + m k) times w_r^(jk), times w_n^(pj). Real and imaginary parts lie apart, so every vector holds s neighbours of one kind.
/// </summary>
internal static unsafe class FftStage
{
    /// <param name="radix">2, 3, 4, 5 or 8.</param>
    /// <param name="count">How many p.</param>
    /// <param name="inStep">m s, between the inputs of a butterfly.</param>
    /// <param name="outStep">s, the product of the radices done: between its outputs, and between neighbouring p.</param>
    /// <param name="lanes">How many q.</param>
    /// <param name="w">For each p the radix - 1 pairs (cosine, sine) of w_n^(pj).</param>
    /// <param name="xr">Real parts of the input.</param>
    /// <param name="xi">Imaginary parts of the input.</param>
    /// <param name="yr">Real parts of the output.</param>
    /// <param name="yi">Imaginary parts of the output.</param>
    public static void Run<T>(int radix, int count, nint inStep, nint outStep, int lanes, T* w, T* xr, T* xi, T* yr, T* yi)
        where T : unmanaged, INumberBase<T>
    {
        if (Vector512.IsHardwareAccelerated && lanes % Vector512<T>.Count == 0)
        {
            Run<Simd512<T>, Vector512<T>, T>(radix, count, inStep, outStep, lanes, w, xr, xi, yr, yi);
        }
        else if (Vector256.IsHardwareAccelerated && lanes % Vector256<T>.Count == 0)
        {
            Run<Simd256<T>, Vector256<T>, T>(radix, count, inStep, outStep, lanes, w, xr, xi, yr, yi);
        }
        else if (Vector128.IsHardwareAccelerated && lanes % Vector128<T>.Count == 0)
        {
            Run<Simd128<T>, Vector128<T>, T>(radix, count, inStep, outStep, lanes, w, xr, xi, yr, yi);
        }
        else
        {
            Run<SimdScalar<T>, T, T>(radix, count, inStep, outStep, lanes, w, xr, xi, yr, yi);
        }
    }

    private static void Run<TSimd, TVector, T>(int radix, int count, nint inStep, nint outStep, int lanes, T* w, T* xr, T* xi, T* yr, T* yi)
        where TSimd : struct, ISimd<TVector, T>
        where TVector : struct
        where T : unmanaged, INumberBase<T>
    {
        switch (radix)
        {
            case 8:
                Radix8<TSimd, TVector, T>(count, inStep, outStep, lanes, w, xr, xi, yr, yi);
                break;
            case 4:
                Radix4<TSimd, TVector, T>(count, inStep, outStep, lanes, w, xr, xi, yr, yi);
                break;
            default:
                OtherRadix<TSimd, TVector, T>(radix, count, inStep, outStep, lanes, w, xr, xi, yr, yi);
                break;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Radix8<TSimd, TVector, T>(int count, nint inStep, nint outStep, int lanes, T* w, T* xr, T* xi, T* yr, T* yi)
        where TSimd : struct, ISimd<TVector, T>
        where TVector : struct
        where T : unmanaged, INumberBase<T>
    {
        for (int p = 0; p < count; p++, w += 14, xr += outStep, xi += outStep, yr += 8 * outStep, yi += 8 * outStep)
        {
            for (int q = 0; q < lanes; q += TSimd.Count)
            {
                FftButterfly.Eight<TSimd, TVector, SharedTwiddles<TSimd, TVector, T>, T>(xr + q, xi + q, inStep, yr + q, yi + q, outStep, w, 1);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Radix4<TSimd, TVector, T>(int count, nint inStep, nint outStep, int lanes, T* w, T* xr, T* xi, T* yr, T* yi)
        where TSimd : struct, ISimd<TVector, T>
        where TVector : struct
        where T : unmanaged, INumberBase<T>
    {
        for (int p = 0; p < count; p++, w += 6, xr += outStep, xi += outStep, yr += 4 * outStep, yi += 4 * outStep)
        {
            for (int q = 0; q < lanes; q += TSimd.Count)
            {
                FftButterfly.Four<TSimd, TVector, SharedTwiddles<TSimd, TVector, T>, T>(xr + q, xi + q, inStep, yr + q, yi + q, outStep, w, 1);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void OtherRadix<TSimd, TVector, T>(int radix, int count, nint step, nint s, int lanes, T* w, T* xr, T* xi, T* yr, T* yi)
        where TSimd : struct, ISimd<TVector, T>
        where TVector : struct
        where T : unmanaged, INumberBase<T>
    {
        TVector half = TSimd.Broadcast(T.CreateTruncating(0.5)), sin3 = TSimd.Broadcast(T.CreateTruncating(0.86602540378443864676));
        TVector c51 = TSimd.Broadcast(T.CreateTruncating(0.30901699437494742410)), c52 = TSimd.Broadcast(T.CreateTruncating(-0.80901699437494742410));
        TVector s51 = TSimd.Broadcast(T.CreateTruncating(0.95105651629515357212)), s52 = TSimd.Broadcast(T.CreateTruncating(0.58778525229247312917));
        for (int p = 0; p < count; p++, w += 2 * (radix - 1))
        {
            for (int q = 0; q < lanes; q += TSimd.Count)
            {
                T* ar = xr + ((nint)p * s) + q;
                T* ai = xi + ((nint)p * s) + q;
                T* br = yr + (radix * (nint)p * s) + q;
                T* bi = yi + (radix * (nint)p * s) + q;
                TVector r0 = TSimd.Load(ar), i0 = TSimd.Load(ai), r1 = TSimd.Load(ar + step), i1 = TSimd.Load(ai + step);
                if (radix == 2)
                {
                    TSimd.Store(br, TSimd.Add(r0, r1));
                    TSimd.Store(bi, TSimd.Add(i0, i1));
                    Turn<TSimd, TVector, T>(TSimd.Subtract(r0, r1), TSimd.Subtract(i0, i1), TSimd.Broadcast(w[0]), TSimd.Broadcast(w[1]), br + s, bi + s);
                    continue;
                }

                TVector r2 = TSimd.Load(ar + (2 * step)), i2 = TSimd.Load(ai + (2 * step));
                if (radix == 3)
                {
                    TVector tr = TSimd.Add(r1, r2), ti = TSimd.Add(i1, i2), dr = TSimd.Multiply(sin3, TSimd.Subtract(r1, r2)), di = TSimd.Multiply(sin3, TSimd.Subtract(i1, i2));
                    TVector er = TSimd.Subtract(r0, TSimd.Multiply(half, tr)), ei = TSimd.Subtract(i0, TSimd.Multiply(half, ti));
                    TSimd.Store(br, TSimd.Add(r0, tr));
                    TSimd.Store(bi, TSimd.Add(i0, ti));
                    Turn<TSimd, TVector, T>(TSimd.Add(er, di), TSimd.Subtract(ei, dr), TSimd.Broadcast(w[0]), TSimd.Broadcast(w[1]), br + s, bi + s);
                    Turn<TSimd, TVector, T>(TSimd.Subtract(er, di), TSimd.Add(ei, dr), TSimd.Broadcast(w[2]), TSimd.Broadcast(w[3]), br + (2 * s), bi + (2 * s));
                    continue;
                }

                TVector r3 = TSimd.Load(ar + (3 * step)), i3 = TSimd.Load(ai + (3 * step)), r4 = TSimd.Load(ar + (4 * step)), i4 = TSimd.Load(ai + (4 * step));
                TVector ar14 = TSimd.Add(r1, r4), ai14 = TSimd.Add(i1, i4), dr14 = TSimd.Subtract(r1, r4), di14 = TSimd.Subtract(i1, i4);
                TVector ar23 = TSimd.Add(r2, r3), ai23 = TSimd.Add(i2, i3), dr23 = TSimd.Subtract(r2, r3), di23 = TSimd.Subtract(i2, i3);
                TVector f1r = TSimd.MultiplyAdd(c52, ar23, TSimd.MultiplyAdd(c51, ar14, r0)), f1i = TSimd.MultiplyAdd(c52, ai23, TSimd.MultiplyAdd(c51, ai14, i0));
                TVector f2r = TSimd.MultiplyAdd(c51, ar23, TSimd.MultiplyAdd(c52, ar14, r0)), f2i = TSimd.MultiplyAdd(c51, ai23, TSimd.MultiplyAdd(c52, ai14, i0));
                TVector g1r = TSimd.MultiplyAdd(s51, dr14, TSimd.Multiply(s52, dr23)), g1i = TSimd.MultiplyAdd(s51, di14, TSimd.Multiply(s52, di23));
                TVector g2r = TSimd.Subtract(TSimd.Multiply(s52, dr14), TSimd.Multiply(s51, dr23)), g2i = TSimd.Subtract(TSimd.Multiply(s52, di14), TSimd.Multiply(s51, di23));
                TSimd.Store(br, TSimd.Add(r0, TSimd.Add(ar14, ar23)));
                TSimd.Store(bi, TSimd.Add(i0, TSimd.Add(ai14, ai23)));
                Turn<TSimd, TVector, T>(TSimd.Add(f1r, g1i), TSimd.Subtract(f1i, g1r), TSimd.Broadcast(w[0]), TSimd.Broadcast(w[1]), br + s, bi + s);
                Turn<TSimd, TVector, T>(TSimd.Add(f2r, g2i), TSimd.Subtract(f2i, g2r), TSimd.Broadcast(w[2]), TSimd.Broadcast(w[3]), br + (2 * s), bi + (2 * s));
                Turn<TSimd, TVector, T>(TSimd.Subtract(f2r, g2i), TSimd.Add(f2i, g2r), TSimd.Broadcast(w[4]), TSimd.Broadcast(w[5]), br + (3 * s), bi + (3 * s));
                Turn<TSimd, TVector, T>(TSimd.Subtract(f1r, g1i), TSimd.Add(f1i, g1r), TSimd.Broadcast(w[6]), TSimd.Broadcast(w[7]), br + (4 * s), bi + (4 * s));
            }
        }
    }

    /// <summary>Stores (r + i sqrt(-1)) (c + s sqrt(-1)).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Turn<TSimd, TVector, T>(TVector r, TVector i, TVector c, TVector s, T* real, T* imaginary)
        where TSimd : struct, ISimd<TVector, T>
        where TVector : struct
        where T : unmanaged, INumberBase<T>
    {
        TSimd.Store(real, TSimd.Subtract(TSimd.Multiply(r, c), TSimd.Multiply(i, s)));
        TSimd.Store(imaginary, TSimd.MultiplyAdd(r, s, TSimd.Multiply(i, c)));
    }
}
