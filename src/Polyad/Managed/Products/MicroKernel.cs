using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace Polyad.Managed;

/// <summary>
/// The register tile at the heart of every product (BLIS: Van Zee and van de Geijn 2015): (Vectors * lanes) x Columns sums stay in registers while
/// k runs; each step loads Vectors vectors of A and broadcasts Columns entries of B. 3 x 8 fills the 32 registers of AVX-512 and NEON, 3 x 4 the 16 of AVX2.
/// </summary>
internal static unsafe class MicroKernel
{
    /// <summary>C = alpha * A * B + beta * C on one tile whose rows are contiguous. Every entry is one chain of k multiply-adds in order, then one update.
    /// A product is streamed, its B coming from main memory and its C being a buffer of unfinished sums, when TStream counts more than zero.</summary>
    /// <param name="k">Depth, at least 1.</param>
    /// <param name="a">Vectors * lanes contiguous rows for each of the k steps.</param>
    /// <param name="aStep">Distance from one step of A to the next.</param>
    /// <param name="b">Column 0 of B.</param>
    /// <param name="bStep">Distance from one step of B to the next: 1 when B is used in place, Columns when packed.</param>
    /// <param name="bColumn">Distance from one column of B to the next: 1 when packed.</param>
    /// <param name="lastColumn">The last column to read; columns after it repeat it, and their sums are dropped by the caller.</param>
    /// <param name="c">The tile.</param>
    /// <param name="cColumn">Distance from one column of C to the next.</param>
    /// <param name="alpha">Scale of the product.</param>
    /// <param name="beta">Scale of C; C is not read when it is 0. Of a streamed product it only says whether the sums begin with what C holds (not 0) or with zero.</param>
    /// <param name="ahead">Of a streamed product: the distance from a step of B to the first line to fetch for it.</param>
    /// <param name="line">Of a streamed product: the distance between the eight lines to fetch every eight steps.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run<TSimd, TVector, T, TVectors, TColumns, TStream>(
        int k, T* a, nint aStep, T* b, nint bStep, nint bColumn, int lastColumn, T* c, nint cColumn, T alpha, T beta, nint ahead = 0, nint line = 0)
        where TSimd : struct, ISimd<TVector, T>
        where TVector : struct
        where T : unmanaged, INumberBase<T>
        where TVectors : struct, ITileCount
        where TColumns : struct, ITileCount
        where TStream : struct, ITileCount
    {
        TVector s00 = TSimd.Zero, s10 = TSimd.Zero, s20 = TSimd.Zero;
        TVector s01 = TSimd.Zero, s11 = TSimd.Zero, s21 = TSimd.Zero;
        TVector s02 = TSimd.Zero, s12 = TSimd.Zero, s22 = TSimd.Zero;
        TVector s03 = TSimd.Zero, s13 = TSimd.Zero, s23 = TSimd.Zero;
        TVector s04 = TSimd.Zero, s14 = TSimd.Zero, s24 = TSimd.Zero;
        TVector s05 = TSimd.Zero, s15 = TSimd.Zero, s25 = TSimd.Zero;
        TVector s06 = TSimd.Zero, s16 = TSimd.Zero, s26 = TSimd.Zero;
        TVector s07 = TSimd.Zero, s17 = TSimd.Zero, s27 = TSimd.Zero;
        if (TStream.Count > 0 && !T.IsZero(beta))
        {
            Resume<TSimd, TVector, T, TVectors>(c + (0 * cColumn), out s00, out s10, out s20);
            Resume<TSimd, TVector, T, TVectors>(c + (1 * cColumn), out s01, out s11, out s21);
            Resume<TSimd, TVector, T, TVectors>(c + (2 * cColumn), out s02, out s12, out s22);
            Resume<TSimd, TVector, T, TVectors>(c + (3 * cColumn), out s03, out s13, out s23);
            if (TColumns.Count > 4)
            {
                Resume<TSimd, TVector, T, TVectors>(c + (4 * cColumn), out s04, out s14, out s24);
                Resume<TSimd, TVector, T, TVectors>(c + (5 * cColumn), out s05, out s15, out s25);
                Resume<TSimd, TVector, T, TVectors>(c + (6 * cColumn), out s06, out s16, out s26);
                Resume<TSimd, TVector, T, TVectors>(c + (7 * cColumn), out s07, out s17, out s27);
            }
        }

        T* b0 = b;
        T* b1 = b + (Math.Min(1, lastColumn) * bColumn);
        T* b2 = b + (Math.Min(2, lastColumn) * bColumn);
        T* b3 = b + (Math.Min(3, lastColumn) * bColumn);
        T* b4 = b + (Math.Min(4, lastColumn) * bColumn);
        T* b5 = b + (Math.Min(5, lastColumn) * bColumn);
        T* b6 = b + (Math.Min(6, lastColumn) * bColumn);
        T* b7 = b + (Math.Min(7, lastColumn) * bColumn);
        nint q = 0;
        for (int p = 0; p < k; p++, a += aStep, q += bStep)
        {
            if (TStream.Count > 0 && (p & 7) == 0)
            {
                Fetch(b0 + q + ahead, line);
            }

            TVector a0 = TSimd.Load(a);
            TVector a1 = TVectors.Count > 1 ? TSimd.Load(a + TSimd.Count) : TSimd.Zero;
            TVector a2 = TVectors.Count > 2 ? TSimd.Load(a + (2 * TSimd.Count)) : TSimd.Zero;
            TVector v0 = TSimd.Broadcast(b0[q]);
            s00 = TSimd.MultiplyAdd(a0, v0, s00);
            s10 = TVectors.Count > 1 ? TSimd.MultiplyAdd(a1, v0, s10) : s10;
            s20 = TVectors.Count > 2 ? TSimd.MultiplyAdd(a2, v0, s20) : s20;
            TVector v1 = TSimd.Broadcast(b1[q]);
            s01 = TSimd.MultiplyAdd(a0, v1, s01);
            s11 = TVectors.Count > 1 ? TSimd.MultiplyAdd(a1, v1, s11) : s11;
            s21 = TVectors.Count > 2 ? TSimd.MultiplyAdd(a2, v1, s21) : s21;
            TVector v2 = TSimd.Broadcast(b2[q]);
            s02 = TSimd.MultiplyAdd(a0, v2, s02);
            s12 = TVectors.Count > 1 ? TSimd.MultiplyAdd(a1, v2, s12) : s12;
            s22 = TVectors.Count > 2 ? TSimd.MultiplyAdd(a2, v2, s22) : s22;
            TVector v3 = TSimd.Broadcast(b3[q]);
            s03 = TSimd.MultiplyAdd(a0, v3, s03);
            s13 = TVectors.Count > 1 ? TSimd.MultiplyAdd(a1, v3, s13) : s13;
            s23 = TVectors.Count > 2 ? TSimd.MultiplyAdd(a2, v3, s23) : s23;
            if (TColumns.Count > 4)
            {
                TVector v4 = TSimd.Broadcast(b4[q]);
                s04 = TSimd.MultiplyAdd(a0, v4, s04);
                s14 = TVectors.Count > 1 ? TSimd.MultiplyAdd(a1, v4, s14) : s14;
                s24 = TVectors.Count > 2 ? TSimd.MultiplyAdd(a2, v4, s24) : s24;
                TVector v5 = TSimd.Broadcast(b5[q]);
                s05 = TSimd.MultiplyAdd(a0, v5, s05);
                s15 = TVectors.Count > 1 ? TSimd.MultiplyAdd(a1, v5, s15) : s15;
                s25 = TVectors.Count > 2 ? TSimd.MultiplyAdd(a2, v5, s25) : s25;
                TVector v6 = TSimd.Broadcast(b6[q]);
                s06 = TSimd.MultiplyAdd(a0, v6, s06);
                s16 = TVectors.Count > 1 ? TSimd.MultiplyAdd(a1, v6, s16) : s16;
                s26 = TVectors.Count > 2 ? TSimd.MultiplyAdd(a2, v6, s26) : s26;
                TVector v7 = TSimd.Broadcast(b7[q]);
                s07 = TSimd.MultiplyAdd(a0, v7, s07);
                s17 = TVectors.Count > 1 ? TSimd.MultiplyAdd(a1, v7, s17) : s17;
                s27 = TVectors.Count > 2 ? TSimd.MultiplyAdd(a2, v7, s27) : s27;
            }
        }

        TVector scale = TSimd.Broadcast(alpha), keep = TSimd.Broadcast(beta);
        bool overwrite = TStream.Count > 0 || T.IsZero(beta);
        Update<TSimd, TVector, T, TVectors>(c, s00, s10, s20, scale, keep, overwrite);
        Update<TSimd, TVector, T, TVectors>(c + (1 * cColumn), s01, s11, s21, scale, keep, overwrite);
        Update<TSimd, TVector, T, TVectors>(c + (2 * cColumn), s02, s12, s22, scale, keep, overwrite);
        Update<TSimd, TVector, T, TVectors>(c + (3 * cColumn), s03, s13, s23, scale, keep, overwrite);
        if (TColumns.Count > 4)
        {
            Update<TSimd, TVector, T, TVectors>(c + (4 * cColumn), s04, s14, s24, scale, keep, overwrite);
            Update<TSimd, TVector, T, TVectors>(c + (5 * cColumn), s05, s15, s25, scale, keep, overwrite);
            Update<TSimd, TVector, T, TVectors>(c + (6 * cColumn), s06, s16, s26, scale, keep, overwrite);
            Update<TSimd, TVector, T, TVectors>(c + (7 * cColumn), s07, s17, s27, scale, keep, overwrite);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Resume<TSimd, TVector, T, TVectors>(T* c, out TVector s0, out TVector s1, out TVector s2)
        where TSimd : struct, ISimd<TVector, T>
        where TVector : struct
        where T : unmanaged, INumberBase<T>
        where TVectors : struct, ITileCount
    {
        s0 = TSimd.Load(c);
        s1 = TVectors.Count > 1 ? TSimd.Load(c + TSimd.Count) : TSimd.Zero;
        s2 = TVectors.Count > 2 ? TSimd.Load(c + (2 * TSimd.Count)) : TSimd.Zero;
    }

    /// <summary>Eight lines on their way into the cache; an address beyond the data does no harm.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Fetch<T>(T* first, nint line)
        where T : unmanaged
    {
        if (Sse.IsSupported)
        {
            T* fifth = first + (4 * line);
            Sse.Prefetch0(first);
            Sse.Prefetch0(first + line);
            Sse.Prefetch0(first + (2 * line));
            Sse.Prefetch0(first + (3 * line));
            Sse.Prefetch0(fifth);
            Sse.Prefetch0(fifth + line);
            Sse.Prefetch0(fifth + (2 * line));
            Sse.Prefetch0(fifth + (3 * line));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Update<TSimd, TVector, T, TVectors>(T* c, TVector s0, TVector s1, TVector s2, TVector scale, TVector keep, bool overwrite)
        where TSimd : struct, ISimd<TVector, T>
        where TVector : struct
        where T : unmanaged, INumberBase<T>
        where TVectors : struct, ITileCount
    {
        int w = TSimd.Count;
        if (overwrite)
        {
            TSimd.Store(c, TSimd.Multiply(scale, s0));
            if (TVectors.Count > 1)
            {
                TSimd.Store(c + w, TSimd.Multiply(scale, s1));
            }

            if (TVectors.Count > 2)
            {
                TSimd.Store(c + (2 * w), TSimd.Multiply(scale, s2));
            }

            return;
        }

        TSimd.Store(c, TSimd.MultiplyAdd(scale, s0, TSimd.Multiply(keep, TSimd.Load(c))));
        if (TVectors.Count > 1)
        {
            TSimd.Store(c + w, TSimd.MultiplyAdd(scale, s1, TSimd.Multiply(keep, TSimd.Load(c + w))));
        }

        if (TVectors.Count > 2)
        {
            TSimd.Store(c + (2 * w), TSimd.MultiplyAdd(scale, s2, TSimd.Multiply(keep, TSimd.Load(c + (2 * w)))));
        }
    }
}
