using System.Numerics;
using System.Runtime.CompilerServices;
using Polyad.Managed;

namespace Polyad.Transforms;

/// <summary>Where a butterfly's twiddle factors come from: number <c>index</c> of a table whose numbers lie <c>step</c> apart.</summary>
internal unsafe interface ITwiddles<TVector, T>
    where TVector : struct
    where T : unmanaged, INumberBase<T>
{
    static abstract TVector At(T* w, nint step, int index);
}

/// <summary>One factor for all lanes: the lanes are different transforms.</summary>
internal readonly unsafe struct SharedTwiddles<TSimd, TVector, T> : ITwiddles<TVector, T>
    where TSimd : struct, ISimd<TVector, T>
    where TVector : struct
    where T : unmanaged, INumberBase<T>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector At(T* w, nint step, int index) => TSimd.Broadcast(w[index]);
}

/// <summary>A factor for each lane: the lanes are neighbouring butterflies of one transform.</summary>
internal readonly unsafe struct LaneTwiddles<TSimd, TVector, T> : ITwiddles<TVector, T>
    where TSimd : struct, ISimd<TVector, T>
    where TVector : struct
    where T : unmanaged, INumberBase<T>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector At(T* w, nint step, int index) => TSimd.Load(w + (index * step));
}

/// <summary>
/// Butterflies of 4 and 8 points on vectors of split complex numbers: output j at b + j * outStep is the sum over k of the input at a + k * inStep times w_r^(jk),
/// times the twiddle factor j, whose cosine and sine are numbers 2 (j - 1) and 2 (j - 1) + 1 of the table.
/// </summary>
internal static unsafe class FftButterfly
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Four<TSimd, TVector, TTwiddles, T>(T* ar, T* ai, nint inStep, T* br, T* bi, nint outStep, T* w, nint wStep)
        where TSimd : struct, ISimd<TVector, T>
        where TVector : struct
        where TTwiddles : struct, ITwiddles<TVector, T>
        where T : unmanaged, INumberBase<T>
    {
        TVector r0 = TSimd.Load(ar), r1 = TSimd.Load(ar + inStep), r2 = TSimd.Load(ar + (2 * inStep)), r3 = TSimd.Load(ar + (3 * inStep));
        TVector i0 = TSimd.Load(ai), i1 = TSimd.Load(ai + inStep), i2 = TSimd.Load(ai + (2 * inStep)), i3 = TSimd.Load(ai + (3 * inStep));
        TVector pr = TSimd.Add(r0, r2), pi = TSimd.Add(i0, i2), mr = TSimd.Subtract(r0, r2), mi = TSimd.Subtract(i0, i2);
        TVector ur = TSimd.Add(r1, r3), ui = TSimd.Add(i1, i3), vr = TSimd.Subtract(r1, r3), vi = TSimd.Subtract(i1, i3);
        TSimd.Store(br, TSimd.Add(pr, ur));
        TSimd.Store(bi, TSimd.Add(pi, ui));
        Turn<TSimd, TVector, TTwiddles, T>(TSimd.Add(mr, vi), TSimd.Subtract(mi, vr), w, wStep, 1, br, bi, outStep);
        Turn<TSimd, TVector, TTwiddles, T>(TSimd.Subtract(pr, ur), TSimd.Subtract(pi, ui), w, wStep, 2, br, bi, outStep);
        Turn<TSimd, TVector, TTwiddles, T>(TSimd.Subtract(mr, vi), TSimd.Add(mi, vr), w, wStep, 3, br, bi, outStep);
    }

    /// <summary>Two halves of four points: the even outputs of the sums, the odd ones of the differences turned by w_8^k.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Eight<TSimd, TVector, TTwiddles, T>(T* ar, T* ai, nint inStep, T* br, T* bi, nint outStep, T* w, nint wStep)
        where TSimd : struct, ISimd<TVector, T>
        where TVector : struct
        where TTwiddles : struct, ITwiddles<TVector, T>
        where T : unmanaged, INumberBase<T>
    {
        TVector h = TSimd.Broadcast(T.CreateTruncating(0.70710678118654752440));
        TVector xr = TSimd.Load(ar), yr = TSimd.Load(ar + (4 * inStep)), xi = TSimd.Load(ai), yi = TSimd.Load(ai + (4 * inStep));
        TVector s0r = TSimd.Add(xr, yr), s0i = TSimd.Add(xi, yi), d0r = TSimd.Subtract(xr, yr), d0i = TSimd.Subtract(xi, yi);
        (xr, yr, xi, yi) = (TSimd.Load(ar + (2 * inStep)), TSimd.Load(ar + (6 * inStep)), TSimd.Load(ai + (2 * inStep)), TSimd.Load(ai + (6 * inStep)));
        TVector s2r = TSimd.Add(xr, yr), s2i = TSimd.Add(xi, yi), d2r = TSimd.Subtract(xr, yr), d2i = TSimd.Subtract(xi, yi);
        (xr, yr, xi, yi) = (TSimd.Load(ar + inStep), TSimd.Load(ar + (5 * inStep)), TSimd.Load(ai + inStep), TSimd.Load(ai + (5 * inStep)));
        TVector s1r = TSimd.Add(xr, yr), s1i = TSimd.Add(xi, yi), d1r = TSimd.Subtract(xr, yr), d1i = TSimd.Subtract(xi, yi);
        (xr, yr, xi, yi) = (TSimd.Load(ar + (3 * inStep)), TSimd.Load(ar + (7 * inStep)), TSimd.Load(ai + (3 * inStep)), TSimd.Load(ai + (7 * inStep)));
        TVector s3r = TSimd.Add(xr, yr), s3i = TSimd.Add(xi, yi), d3r = TSimd.Subtract(xr, yr), d3i = TSimd.Subtract(xi, yi);

        TVector er = TSimd.Add(s0r, s2r), ei = TSimd.Add(s0i, s2i), fr = TSimd.Subtract(s0r, s2r), fi = TSimd.Subtract(s0i, s2i);
        TVector gr = TSimd.Add(s1r, s3r), gi = TSimd.Add(s1i, s3i), kr = TSimd.Subtract(s1r, s3r), ki = TSimd.Subtract(s1i, s3i);
        TSimd.Store(br, TSimd.Add(er, gr));
        TSimd.Store(bi, TSimd.Add(ei, gi));
        Turn<TSimd, TVector, TTwiddles, T>(TSimd.Add(fr, ki), TSimd.Subtract(fi, kr), w, wStep, 2, br, bi, outStep);
        Turn<TSimd, TVector, TTwiddles, T>(TSimd.Subtract(er, gr), TSimd.Subtract(ei, gi), w, wStep, 4, br, bi, outStep);
        Turn<TSimd, TVector, TTwiddles, T>(TSimd.Subtract(fr, ki), TSimd.Add(fi, kr), w, wStep, 6, br, bi, outStep);

        // w_8 = (1 - i) / sqrt(2), w_8^2 = -i, w_8^3 = -(1 + i) / sqrt(2).
        TVector t1r = TSimd.Multiply(h, TSimd.Add(d1r, d1i)), t1i = TSimd.Multiply(h, TSimd.Subtract(d1i, d1r));
        TVector t3r = TSimd.Multiply(h, TSimd.Subtract(d3i, d3r)), t3i = TSimd.Multiply(h, TSimd.Add(d3r, d3i));
        er = TSimd.Add(d0r, d2i);
        ei = TSimd.Subtract(d0i, d2r);
        fr = TSimd.Subtract(d0r, d2i);
        fi = TSimd.Add(d0i, d2r);
        gr = TSimd.Add(t1r, t3r);
        gi = TSimd.Subtract(t1i, t3i);
        kr = TSimd.Subtract(t1r, t3r);
        ki = TSimd.Add(t1i, t3i);
        Turn<TSimd, TVector, TTwiddles, T>(TSimd.Add(er, gr), TSimd.Add(ei, gi), w, wStep, 1, br, bi, outStep);
        Turn<TSimd, TVector, TTwiddles, T>(TSimd.Add(fr, ki), TSimd.Subtract(fi, kr), w, wStep, 3, br, bi, outStep);
        Turn<TSimd, TVector, TTwiddles, T>(TSimd.Subtract(er, gr), TSimd.Subtract(ei, gi), w, wStep, 5, br, bi, outStep);
        Turn<TSimd, TVector, TTwiddles, T>(TSimd.Subtract(fr, ki), TSimd.Add(fi, kr), w, wStep, 7, br, bi, outStep);
    }

    /// <summary>Stores output <paramref name="j"/>, (r + i sqrt(-1)) times its twiddle factor.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Turn<TSimd, TVector, TTwiddles, T>(TVector r, TVector i, T* w, nint wStep, int j, T* br, T* bi, nint outStep)
        where TSimd : struct, ISimd<TVector, T>
        where TVector : struct
        where TTwiddles : struct, ITwiddles<TVector, T>
        where T : unmanaged, INumberBase<T>
    {
        TVector c = TTwiddles.At(w, wStep, 2 * (j - 1)), s = TTwiddles.At(w, wStep, (2 * (j - 1)) + 1);
        TSimd.Store(br + (j * outStep), TSimd.Subtract(TSimd.Multiply(r, c), TSimd.Multiply(i, s)));
        TSimd.Store(bi + (j * outStep), TSimd.MultiplyAdd(r, s, TSimd.Multiply(i, c)));
    }
}
