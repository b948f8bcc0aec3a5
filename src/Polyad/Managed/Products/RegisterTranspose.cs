using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Polyad.Managed;

/// <summary>Transposes square blocks inside vector registers: 8 x 8 doubles or 16 x 16 floats with AVX-512, 4 x 4 doubles or 8 x 8 floats with AVX.</summary>
internal static unsafe class RegisterTranspose
{
    /// <summary>The side of the block: 1 where there is no register transpose.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Size<T>()
        where T : unmanaged
        => !Avx.IsSupported ? 1
        : sizeof(T) == sizeof(double) ? (Avx512F.IsSupported && Vector512.IsHardwareAccelerated ? 8 : 4)
        : sizeof(T) == sizeof(float) ? 8
        : 1;

    /// <summary>The side of the largest block: with AVX-512 its lines are cache lines. 1 where there is no register transpose.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int LargeSize<T>()
        where T : unmanaged
        => sizeof(T) == sizeof(float) && Avx512F.IsSupported && Vector512.IsHardwareAccelerated ? 16 : Size<T>();

    /// <summary>As <see cref="Strip"/> with blocks of the large size.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static int LargeStrip<T>(T* source, nint sourceStride, int columns, T* target, nint targetStride)
        where T : unmanaged
    {
        int p = 0, size = LargeSize<T>();
        if (size > 1)
        {
            for (; p <= columns - size; p += size, target += size * targetStride)
            {
                LargeTile<T, CachedLine>(source + p, sourceStride, target, targetStride);
            }
        }

        return p;
    }

    /// <summary>Transposes one block of LargeSize x LargeSize; only where that is above 1.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void LargeTile<T, TLine>(T* source, nint sourceStride, T* target, nint targetStride)
        where T : unmanaged
        where TLine : struct, ILineStore
    {
        if (LargeSize<T>() == 16)
        {
            Sixteen<TLine>((float*)source, sourceStride, (float*)target, targetStride);
        }
        else
        {
            Tile<T, TLine>(source, sourceStride, target, targetStride);
        }
    }

    /// <summary>
    /// Transposes Size rows of <paramref name="columns"/> contiguous entries: entry (i, p) goes to <c>target[p * targetStride + i]</c>.
    /// Returns how many columns were done, a multiple of Size; the caller copies the rest.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static int Strip<T>(T* source, nint sourceStride, int columns, T* target, nint targetStride)
        where T : unmanaged
    {
        int p = 0, size = Size<T>();
        if (size > 1)
        {
            for (; p <= columns - size; p += size, target += size * targetStride)
            {
                Tile<T, CachedLine>(source + p, sourceStride, target, targetStride);
            }
        }

        return p;
    }

    /// <summary>Transposes one block of Size x Size; only where Size is above 1.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Tile<T, TLine>(T* source, nint sourceStride, T* target, nint targetStride)
        where T : unmanaged
        where TLine : struct, ILineStore
    {
        if (sizeof(T) == sizeof(float))
        {
            Eight((float*)source, sourceStride, (float*)target, targetStride);
        }
        else if (Avx512F.IsSupported && Vector512.IsHardwareAccelerated)
        {
            Eight<TLine>((double*)source, sourceStride, (double*)target, targetStride);
        }
        else
        {
            Four((double*)source, sourceStride, (double*)target, targetStride);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Eight<TLine>(double* s, nint sourceStride, double* target, nint targetStride)
        where TLine : struct, ILineStore
    {
        Vector512<double> r0 = Vector512.Load(s), r1 = Vector512.Load(s + sourceStride);
        Vector512<double> r2 = Vector512.Load(s + (2 * sourceStride)), r3 = Vector512.Load(s + (3 * sourceStride));
        Vector512<double> r4 = Vector512.Load(s + (4 * sourceStride)), r5 = Vector512.Load(s + (5 * sourceStride));
        Vector512<double> r6 = Vector512.Load(s + (6 * sourceStride)), r7 = Vector512.Load(s + (7 * sourceStride));

        // Pairs within 128-bit lanes, then even and odd lanes gathered twice: 24 shuffles.
        Vector512<double> e0 = Avx512F.UnpackLow(r0, r1), o0 = Avx512F.UnpackHigh(r0, r1), e1 = Avx512F.UnpackLow(r2, r3), o1 = Avx512F.UnpackHigh(r2, r3);
        Vector512<double> e2 = Avx512F.UnpackLow(r4, r5), o2 = Avx512F.UnpackHigh(r4, r5), e3 = Avx512F.UnpackLow(r6, r7), o3 = Avx512F.UnpackHigh(r6, r7);
        Vector512<double> a0 = Avx512F.Shuffle4x128(e0, e1, 0x88), a1 = Avx512F.Shuffle4x128(e0, e1, 0xDD);
        Vector512<double> a2 = Avx512F.Shuffle4x128(e2, e3, 0x88), a3 = Avx512F.Shuffle4x128(e2, e3, 0xDD);
        Vector512<double> b0 = Avx512F.Shuffle4x128(o0, o1, 0x88), b1 = Avx512F.Shuffle4x128(o0, o1, 0xDD);
        Vector512<double> b2 = Avx512F.Shuffle4x128(o2, o3, 0x88), b3 = Avx512F.Shuffle4x128(o2, o3, 0xDD);
        TLine.Store(Avx512F.Shuffle4x128(a0, a2, 0x88).AsByte(), (byte*)target);
        TLine.Store(Avx512F.Shuffle4x128(b0, b2, 0x88).AsByte(), (byte*)(target + targetStride));
        TLine.Store(Avx512F.Shuffle4x128(a1, a3, 0x88).AsByte(), (byte*)(target + (2 * targetStride)));
        TLine.Store(Avx512F.Shuffle4x128(b1, b3, 0x88).AsByte(), (byte*)(target + (3 * targetStride)));
        TLine.Store(Avx512F.Shuffle4x128(a0, a2, 0xDD).AsByte(), (byte*)(target + (4 * targetStride)));
        TLine.Store(Avx512F.Shuffle4x128(b0, b2, 0xDD).AsByte(), (byte*)(target + (5 * targetStride)));
        TLine.Store(Avx512F.Shuffle4x128(a1, a3, 0xDD).AsByte(), (byte*)(target + (6 * targetStride)));
        TLine.Store(Avx512F.Shuffle4x128(b1, b3, 0xDD).AsByte(), (byte*)(target + (7 * targetStride)));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Four(double* s, nint sourceStride, double* target, nint targetStride)
    {
        // Pairs within 128-bit lanes, then lanes exchanged: the 4 x 4 transpose in eight shuffles.
        Vector256<double> a = Vector256.Load(s), b = Vector256.Load(s + sourceStride), c = Vector256.Load(s + (2 * sourceStride)), d = Vector256.Load(s + (3 * sourceStride));
        Vector256<double> ab0 = Avx.UnpackLow(a, b), ab1 = Avx.UnpackHigh(a, b), cd0 = Avx.UnpackLow(c, d), cd1 = Avx.UnpackHigh(c, d);
        Avx.Permute2x128(ab0, cd0, 0x20).Store(target);
        Avx.Permute2x128(ab1, cd1, 0x20).Store(target + targetStride);
        Avx.Permute2x128(ab0, cd0, 0x31).Store(target + (2 * targetStride));
        Avx.Permute2x128(ab1, cd1, 0x31).Store(target + (3 * targetStride));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Eight(float* s, nint sourceStride, float* target, nint targetStride)
    {
        Vector256<float> r0 = Avx.LoadVector256(s), r1 = Avx.LoadVector256(s + sourceStride);
        Vector256<float> r2 = Avx.LoadVector256(s + (2 * sourceStride)), r3 = Avx.LoadVector256(s + (3 * sourceStride));
        Vector256<float> r4 = Avx.LoadVector256(s + (4 * sourceStride)), r5 = Avx.LoadVector256(s + (5 * sourceStride));
        Vector256<float> r6 = Avx.LoadVector256(s + (6 * sourceStride)), r7 = Avx.LoadVector256(s + (7 * sourceStride));

        // Pairs, then quadruples within 128-bit lanes, then lanes exchanged.
        Vector256<float> p0 = Avx.UnpackLow(r0, r1), p1 = Avx.UnpackHigh(r0, r1), p2 = Avx.UnpackLow(r2, r3), p3 = Avx.UnpackHigh(r2, r3);
        Vector256<float> p4 = Avx.UnpackLow(r4, r5), p5 = Avx.UnpackHigh(r4, r5), p6 = Avx.UnpackLow(r6, r7), p7 = Avx.UnpackHigh(r6, r7);
        Vector256<float> q0 = Avx.Shuffle(p0, p2, 0x44), q1 = Avx.Shuffle(p0, p2, 0xEE), q2 = Avx.Shuffle(p1, p3, 0x44), q3 = Avx.Shuffle(p1, p3, 0xEE);
        Vector256<float> q4 = Avx.Shuffle(p4, p6, 0x44), q5 = Avx.Shuffle(p4, p6, 0xEE), q6 = Avx.Shuffle(p5, p7, 0x44), q7 = Avx.Shuffle(p5, p7, 0xEE);
        Avx.Permute2x128(q0, q4, 0x20).Store(target);
        Avx.Permute2x128(q1, q5, 0x20).Store(target + targetStride);
        Avx.Permute2x128(q2, q6, 0x20).Store(target + (2 * targetStride));
        Avx.Permute2x128(q3, q7, 0x20).Store(target + (3 * targetStride));
        Avx.Permute2x128(q0, q4, 0x31).Store(target + (4 * targetStride));
        Avx.Permute2x128(q1, q5, 0x31).Store(target + (5 * targetStride));
        Avx.Permute2x128(q2, q6, 0x31).Store(target + (6 * targetStride));
        Avx.Permute2x128(q3, q7, 0x31).Store(target + (7 * targetStride));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Sixteen<TLine>(float* s, nint sourceStride, float* target, nint targetStride)
        where TLine : struct, ILineStore
    {
        // Four rows at a time, 4 x 4 blocks within 128-bit lanes: vector c of a group holds columns c, c + 4, c + 8, c + 12 of its four rows, one a lane.
        Quads(s, sourceStride, out Vector512<float> a0, out Vector512<float> a1, out Vector512<float> a2, out Vector512<float> a3);
        Quads(s + (4 * sourceStride), sourceStride, out Vector512<float> b0, out Vector512<float> b1, out Vector512<float> b2, out Vector512<float> b3);
        Quads(s + (8 * sourceStride), sourceStride, out Vector512<float> c0, out Vector512<float> c1, out Vector512<float> c2, out Vector512<float> c3);
        Quads(s + (12 * sourceStride), sourceStride, out Vector512<float> d0, out Vector512<float> d1, out Vector512<float> d2, out Vector512<float> d3);
        Lanes<TLine>(a0, b0, c0, d0, target, targetStride);
        Lanes<TLine>(a1, b1, c1, d1, target + targetStride, targetStride);
        Lanes<TLine>(a2, b2, c2, d2, target + (2 * targetStride), targetStride);
        Lanes<TLine>(a3, b3, c3, d3, target + (3 * targetStride), targetStride);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Quads(float* s, nint stride, out Vector512<float> q0, out Vector512<float> q1, out Vector512<float> q2, out Vector512<float> q3)
    {
        Vector512<float> r0 = Vector512.Load(s), r1 = Vector512.Load(s + stride), r2 = Vector512.Load(s + (2 * stride)), r3 = Vector512.Load(s + (3 * stride));
        Vector512<double> l0 = Avx512F.UnpackLow(r0, r1).AsDouble(), h0 = Avx512F.UnpackHigh(r0, r1).AsDouble();
        Vector512<double> l1 = Avx512F.UnpackLow(r2, r3).AsDouble(), h1 = Avx512F.UnpackHigh(r2, r3).AsDouble();
        q0 = Avx512F.UnpackLow(l0, l1).AsSingle();
        q1 = Avx512F.UnpackHigh(l0, l1).AsSingle();
        q2 = Avx512F.UnpackLow(h0, h1).AsSingle();
        q3 = Avx512F.UnpackHigh(h0, h1).AsSingle();
    }

    /// <summary>The 4 x 4 transpose of 128-bit lanes; its rows go to every fourth line.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Lanes<TLine>(Vector512<float> a, Vector512<float> b, Vector512<float> c, Vector512<float> d, float* target, nint stride)
        where TLine : struct, ILineStore
    {
        Vector512<float> ab = Avx512F.Shuffle4x128(a, b, 0x88), cd = Avx512F.Shuffle4x128(c, d, 0x88);
        TLine.Store(Avx512F.Shuffle4x128(ab, cd, 0x88).AsByte(), (byte*)target);
        TLine.Store(Avx512F.Shuffle4x128(ab, cd, 0xDD).AsByte(), (byte*)(target + (8 * stride)));
        ab = Avx512F.Shuffle4x128(a, b, 0xDD);
        cd = Avx512F.Shuffle4x128(c, d, 0xDD);
        TLine.Store(Avx512F.Shuffle4x128(ab, cd, 0x88).AsByte(), (byte*)(target + (4 * stride)));
        TLine.Store(Avx512F.Shuffle4x128(ab, cd, 0xDD).AsByte(), (byte*)(target + (12 * stride)));
    }
}
