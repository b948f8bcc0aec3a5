using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Polyad;

/// <summary>The copy of a matrix whose two layouts have different fastest modes: square tiles transposed in registers.</summary>
internal static unsafe class TileTranspose
{
    /// <summary>Destination elements written along one row before the next rows are begun: the source lines they come from stay in the cache.</summary>
    private const int Panel = 128;

    /// <summary>Copies element (i, j), i along the mode that is fastest in the source and j along the one that is fastest in the destination.</summary>
    public static void Run<T>(T* source, T* target, TensorCopy.Axis line, TensorCopy.Axis run)
        where T : unmanaged
    {
        int tile = line.Source != 1 || run.Target != 1 ? 0
            : sizeof(T) == 8 ? (Avx512F.IsSupported ? 8 : Avx.IsSupported ? 4 : 0)
            : sizeof(T) == 4 && Avx.IsSupported ? 8 : 0;
        nint rows = line.Length, columns = run.Length, down = line.Target, across = run.Source;
        nint wholeRows = tile == 0 ? 0 : rows - (rows % tile);

        // Rows whose pitch is a multiple of a cache line are all aligned alike: begin where whole lines begin.
        nint head = 0;
        if (tile > 0 && (down * sizeof(T)) % 64 == 0)
        {
            head = Math.Min(columns, (nint)((64 - ((nuint)target & 63)) & 63) / sizeof(T));
        }

        Plain(source, target, line, run, 0, rows, 0, head);
        for (nint j0 = head; j0 < columns; j0 += Panel)
        {
            nint jEnd = Math.Min(j0 + Panel, columns);
            nint wholeEnd = tile == 0 ? j0 : jEnd - ((jEnd - j0) % tile);
            if (tile > 0)
            {
                Panels(source, target, down, across, wholeRows, j0, wholeEnd);
            }

            Plain(source, target, line, run, wholeRows, rows, j0, wholeEnd);
            Plain(source, target, line, run, 0, rows, wholeEnd, jEnd);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Panels<T>(T* source, T* target, nint down, nint across, nint rows, nint from, nint to)
        where T : unmanaged
    {
        if (sizeof(T) == 8 && Avx512F.IsSupported)
        {
            for (nint i = 0; i < rows; i += 8)
            {
                for (nint j = from; j < to; j += 8)
                {
                    Eight((double*)(source + i + (j * across)), (double*)(target + (i * down) + j), across, down);
                }
            }
        }
        else if (sizeof(T) == 8)
        {
            for (nint i = 0; i < rows; i += 4)
            {
                for (nint j = from; j < to; j += 4)
                {
                    Four((double*)(source + i + (j * across)), (double*)(target + (i * down) + j), across, down);
                }
            }
        }
        else
        {
            for (nint i = 0; i < rows; i += 8)
            {
                for (nint j = from; j < to; j += 8)
                {
                    Eight((float*)(source + i + (j * across)), (float*)(target + (i * down) + j), across, down);
                }
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Plain<T>(T* source, T* target, TensorCopy.Axis line, TensorCopy.Axis run, nint iFrom, nint iTo, nint jFrom, nint jTo)
        where T : unmanaged
    {
        if (iFrom == iTo || jFrom == jTo)
        {
            return;
        }

        for (nint i0 = iFrom; i0 < iTo; i0 += 16)
        {
            nint iEnd = Math.Min(i0 + 16, iTo);
            for (nint j = jFrom; j < jTo; j++)
            {
                T* from = source + (i0 * line.Source) + (j * run.Source);
                T* to = target + (i0 * line.Target) + (j * run.Target);
                for (nint i = i0; i < iEnd; i++)
                {
                    *to = *from;
                    from += line.Source;
                    to += line.Target;
                }
            }
        }
    }

    /// <summary>8 x 8 doubles: pairs by unpacking, then 128-bit quarters gathered twice.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Eight(double* s, double* t, nint across, nint down)
    {
        Vector512<double> r0 = Vector512.Load(s), r1 = Vector512.Load(s + across), r2 = Vector512.Load(s + (2 * across)), r3 = Vector512.Load(s + (3 * across));
        Vector512<double> r4 = Vector512.Load(s + (4 * across)), r5 = Vector512.Load(s + (5 * across)), r6 = Vector512.Load(s + (6 * across)), r7 = Vector512.Load(s + (7 * across));

        // e: even columns, o: odd columns of two rows; lane q of e01 holds column 2q of rows 0 and 1.
        Vector512<double> e01 = Avx512F.UnpackLow(r0, r1), o01 = Avx512F.UnpackHigh(r0, r1), e23 = Avx512F.UnpackLow(r2, r3), o23 = Avx512F.UnpackHigh(r2, r3);
        Vector512<double> e45 = Avx512F.UnpackLow(r4, r5), o45 = Avx512F.UnpackHigh(r4, r5), e67 = Avx512F.UnpackLow(r6, r7), o67 = Avx512F.UnpackHigh(r6, r7);

        // Lanes 0 and 2 (columns 0 and 4), then lanes 1 and 3 (columns 2 and 6).
        Vector512<double> a = Avx512F.Shuffle4x128(e01, e23, 0x88), b = Avx512F.Shuffle4x128(e45, e67, 0x88);
        Vector512<double> c = Avx512F.Shuffle4x128(e01, e23, 0xDD), d = Avx512F.Shuffle4x128(e45, e67, 0xDD);
        Avx512F.Shuffle4x128(a, b, 0x88).Store(t);
        Avx512F.Shuffle4x128(a, b, 0xDD).Store(t + (4 * down));
        Avx512F.Shuffle4x128(c, d, 0x88).Store(t + (2 * down));
        Avx512F.Shuffle4x128(c, d, 0xDD).Store(t + (6 * down));
        a = Avx512F.Shuffle4x128(o01, o23, 0x88);
        b = Avx512F.Shuffle4x128(o45, o67, 0x88);
        c = Avx512F.Shuffle4x128(o01, o23, 0xDD);
        d = Avx512F.Shuffle4x128(o45, o67, 0xDD);
        Avx512F.Shuffle4x128(a, b, 0x88).Store(t + down);
        Avx512F.Shuffle4x128(a, b, 0xDD).Store(t + (5 * down));
        Avx512F.Shuffle4x128(c, d, 0x88).Store(t + (3 * down));
        Avx512F.Shuffle4x128(c, d, 0xDD).Store(t + (7 * down));
    }

    /// <summary>4 x 4 doubles.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Four(double* s, double* t, nint across, nint down)
    {
        Vector256<double> r0 = Vector256.Load(s), r1 = Vector256.Load(s + across), r2 = Vector256.Load(s + (2 * across)), r3 = Vector256.Load(s + (3 * across));
        Vector256<double> e01 = Avx.UnpackLow(r0, r1), o01 = Avx.UnpackHigh(r0, r1), e23 = Avx.UnpackLow(r2, r3), o23 = Avx.UnpackHigh(r2, r3);
        Avx.Permute2x128(e01, e23, 0x20).Store(t);
        Avx.Permute2x128(o01, o23, 0x20).Store(t + down);
        Avx.Permute2x128(e01, e23, 0x31).Store(t + (2 * down));
        Avx.Permute2x128(o01, o23, 0x31).Store(t + (3 * down));
    }

    /// <summary>8 x 8 floats: pairs, then quadruples, then 128-bit halves.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Eight(float* s, float* t, nint across, nint down)
    {
        Vector256<float> r0 = Vector256.Load(s), r1 = Vector256.Load(s + across), r2 = Vector256.Load(s + (2 * across)), r3 = Vector256.Load(s + (3 * across));
        Vector256<float> r4 = Vector256.Load(s + (4 * across)), r5 = Vector256.Load(s + (5 * across)), r6 = Vector256.Load(s + (6 * across)), r7 = Vector256.Load(s + (7 * across));
        Vector256<float> l01 = Avx.UnpackLow(r0, r1), h01 = Avx.UnpackHigh(r0, r1), l23 = Avx.UnpackLow(r2, r3), h23 = Avx.UnpackHigh(r2, r3);
        Vector256<float> l45 = Avx.UnpackLow(r4, r5), h45 = Avx.UnpackHigh(r4, r5), l67 = Avx.UnpackLow(r6, r7), h67 = Avx.UnpackHigh(r6, r7);

        // c04 holds column 0 of rows 0 to 3 in its low half and column 4 in its high half.
        Vector256<float> c04 = Avx.Shuffle(l01, l23, 0x44), c15 = Avx.Shuffle(l01, l23, 0xEE), c26 = Avx.Shuffle(h01, h23, 0x44), c37 = Avx.Shuffle(h01, h23, 0xEE);
        Vector256<float> d04 = Avx.Shuffle(l45, l67, 0x44), d15 = Avx.Shuffle(l45, l67, 0xEE), d26 = Avx.Shuffle(h45, h67, 0x44), d37 = Avx.Shuffle(h45, h67, 0xEE);
        Avx.Permute2x128(c04, d04, 0x20).Store(t);
        Avx.Permute2x128(c15, d15, 0x20).Store(t + down);
        Avx.Permute2x128(c26, d26, 0x20).Store(t + (2 * down));
        Avx.Permute2x128(c37, d37, 0x20).Store(t + (3 * down));
        Avx.Permute2x128(c04, d04, 0x31).Store(t + (4 * down));
        Avx.Permute2x128(c15, d15, 0x31).Store(t + (5 * down));
        Avx.Permute2x128(c26, d26, 0x31).Store(t + (6 * down));
        Avx.Permute2x128(c37, d37, 0x31).Store(t + (7 * down));
    }
}
