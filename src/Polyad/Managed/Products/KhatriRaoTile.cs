using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace Polyad.Managed;

/// <summary>
/// The register tile of the product of an unfolding with a Khatri-Rao product: up to two vectors of X by up to fourteen columns of K, no lane of which is padding. X is streamed past the tile
/// and later lines are fetched meanwhile; K comes from the first-level cache. Either each step takes one entry of every column of K for a vector of sums side by side
/// (X's contiguous mode is kept), or a vector of entries for a vector of partial sums (X's contiguous mode is summed over), of at most ten columns.
/// </summary>
internal static unsafe class KhatriRaoTile
{
    /// <summary>Sums += X K over so many steps.</summary>
    /// <param name="steps">Whole steps.</param>
    /// <param name="tail">Lanes of one more step that is not whole, its vectors ending with the lines of X; only when vectors of K are taken.</param>
    /// <param name="x">The first vector of X.</param>
    /// <param name="second">From it to the second one.</param>
    /// <param name="xStep">From one step of X to the next.</param>
    /// <param name="k">The first column of K, or where entries are taken the first row of a panel as wide as the tile.</param>
    /// <param name="stride">From one column of K to the next, where vectors are taken.</param>
    /// <param name="resume">Whether there are sums already.</param>
    /// <param name="sums">Two vectors for each column: where the sums are, or are to be, kept.</param>
    /// <param name="weights">Two vectors for each column: factors of sums that are complete, and so are not kept; null for those that are.</param>
    /// <param name="totals">A vector for each column, to which the weighted sums are added.</param>
    /// <param name="ahead">What is to be fetched with the first step; an address beyond the data does no harm.</param>
    /// <param name="also">From there to what else is to be fetched with the same step, or zero: a fetch takes the place of a load, also where it finds its data present.</param>
    /// <param name="aheadStep">From there to what is to be fetched with the next step.</param>
    /// <param name="otherStep">The step after that one; the two take turns, so that fetches can be spread over more steps than there are lines.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run<TSimd, TVector, T, TVectors, TColumns, TBroadcast, TFetches>(
        int steps, int tail, T* x, nint second, nint xStep, T* k, nint stride, bool resume, T* sums, T* weights, T* totals, T* ahead, nint also, nint aheadStep, nint otherStep)
        where TSimd : struct, ISimd<TVector, T>
        where TVector : struct
        where T : unmanaged, INumberBase<T>
        where TVectors : struct, ITileCount
        where TColumns : struct, ITileCount
        where TBroadcast : struct, ITileCount
        where TFetches : struct, ITileCount
    {
        int w = TSimd.Count;
        TVector s0 = TSimd.Zero, t0 = TSimd.Zero;
        TVector s1 = TSimd.Zero, t1 = TSimd.Zero;
        TVector s2 = TSimd.Zero, t2 = TSimd.Zero;
        TVector s3 = TSimd.Zero, t3 = TSimd.Zero;
        TVector s4 = TSimd.Zero, t4 = TSimd.Zero;
        TVector s5 = TSimd.Zero, t5 = TSimd.Zero;
        TVector s6 = TSimd.Zero, t6 = TSimd.Zero;
        TVector s7 = TSimd.Zero, t7 = TSimd.Zero;
        TVector s8 = TSimd.Zero, t8 = TSimd.Zero;
        TVector s9 = TSimd.Zero, t9 = TSimd.Zero;
        TVector s10 = TSimd.Zero, t10 = TSimd.Zero;
        TVector s11 = TSimd.Zero, t11 = TSimd.Zero;
        TVector s12 = TSimd.Zero, t12 = TSimd.Zero;
        TVector s13 = TSimd.Zero, t13 = TSimd.Zero;
        if (resume)
        {
            Resume<TSimd, TVector, T, TVectors>(sums, out s0, out t0);
            if (TColumns.Count > 1)
            {
                Resume<TSimd, TVector, T, TVectors>(sums + (2 * w), out s1, out t1);
            }

            if (TColumns.Count > 2)
            {
                Resume<TSimd, TVector, T, TVectors>(sums + (4 * w), out s2, out t2);
            }

            if (TColumns.Count > 3)
            {
                Resume<TSimd, TVector, T, TVectors>(sums + (6 * w), out s3, out t3);
            }

            if (TColumns.Count > 4)
            {
                Resume<TSimd, TVector, T, TVectors>(sums + (8 * w), out s4, out t4);
            }

            if (TColumns.Count > 5)
            {
                Resume<TSimd, TVector, T, TVectors>(sums + (10 * w), out s5, out t5);
            }

            if (TColumns.Count > 6)
            {
                Resume<TSimd, TVector, T, TVectors>(sums + (12 * w), out s6, out t6);
            }

            if (TColumns.Count > 7)
            {
                Resume<TSimd, TVector, T, TVectors>(sums + (14 * w), out s7, out t7);
            }

            if (TColumns.Count > 8)
            {
                Resume<TSimd, TVector, T, TVectors>(sums + (16 * w), out s8, out t8);
            }

            if (TColumns.Count > 9)
            {
                Resume<TSimd, TVector, T, TVectors>(sums + (18 * w), out s9, out t9);
            }

            if (TColumns.Count > 10)
            {
                Resume<TSimd, TVector, T, TVectors>(sums + (20 * w), out s10, out t10);
            }

            if (TColumns.Count > 11)
            {
                Resume<TSimd, TVector, T, TVectors>(sums + (22 * w), out s11, out t11);
            }

            if (TColumns.Count > 12)
            {
                Resume<TSimd, TVector, T, TVectors>(sums + (24 * w), out s12, out t12);
            }

            if (TColumns.Count > 13)
            {
                Resume<TSimd, TVector, T, TVectors>(sums + (26 * w), out s13, out t13);
            }
        }

        T* k0 = k;
        T* k3 = k + (3 * stride);
        T* k6 = k + (6 * stride);
        T* k9 = k + (9 * stride);
        nint twice = 2 * stride;
        int all = steps + (tail > 0 ? 1 : 0);
        for (int p = 0; p < all; p++)
        {
            if (Sse.IsSupported)
            {
                Sse.Prefetch0(ahead);
                if (TFetches.Count > 1)
                {
                    Sse.Prefetch0(ahead + also);
                }
            }

            bool whole = TBroadcast.Count > 0 || p < steps;
            TVector a0 = whole ? TSimd.Load(x) : TSimd.LoadLast(x + tail, tail);
            TVector a1 = TVectors.Count < 2 ? TSimd.Zero : whole ? TSimd.Load(x + second) : TSimd.LoadLast(x + second + tail, tail);
            TVector v0 = TBroadcast.Count > 0 ? TSimd.Broadcast(k0[0]) : TSimd.Load(k0);
            s0 = TSimd.MultiplyAdd(a0, v0, s0);
            t0 = TVectors.Count > 1 ? TSimd.MultiplyAdd(a1, v0, t0) : t0;
            if (TColumns.Count > 1)
            {
                TVector v1 = TBroadcast.Count > 0 ? TSimd.Broadcast(k0[1]) : TSimd.Load(k0 + stride);
                s1 = TSimd.MultiplyAdd(a0, v1, s1);
                t1 = TVectors.Count > 1 ? TSimd.MultiplyAdd(a1, v1, t1) : t1;
            }

            if (TColumns.Count > 2)
            {
                TVector v2 = TBroadcast.Count > 0 ? TSimd.Broadcast(k0[2]) : TSimd.Load(k0 + twice);
                s2 = TSimd.MultiplyAdd(a0, v2, s2);
                t2 = TVectors.Count > 1 ? TSimd.MultiplyAdd(a1, v2, t2) : t2;
            }

            if (TColumns.Count > 3)
            {
                TVector v3 = TBroadcast.Count > 0 ? TSimd.Broadcast(k0[3]) : TSimd.Load(k3);
                s3 = TSimd.MultiplyAdd(a0, v3, s3);
                t3 = TVectors.Count > 1 ? TSimd.MultiplyAdd(a1, v3, t3) : t3;
            }

            if (TColumns.Count > 4)
            {
                TVector v4 = TBroadcast.Count > 0 ? TSimd.Broadcast(k0[4]) : TSimd.Load(k3 + stride);
                s4 = TSimd.MultiplyAdd(a0, v4, s4);
                t4 = TVectors.Count > 1 ? TSimd.MultiplyAdd(a1, v4, t4) : t4;
            }

            if (TColumns.Count > 5)
            {
                TVector v5 = TBroadcast.Count > 0 ? TSimd.Broadcast(k0[5]) : TSimd.Load(k3 + twice);
                s5 = TSimd.MultiplyAdd(a0, v5, s5);
                t5 = TVectors.Count > 1 ? TSimd.MultiplyAdd(a1, v5, t5) : t5;
            }

            if (TColumns.Count > 6)
            {
                TVector v6 = TBroadcast.Count > 0 ? TSimd.Broadcast(k0[6]) : TSimd.Load(k6);
                s6 = TSimd.MultiplyAdd(a0, v6, s6);
                t6 = TVectors.Count > 1 ? TSimd.MultiplyAdd(a1, v6, t6) : t6;
            }

            if (TColumns.Count > 7)
            {
                TVector v7 = TBroadcast.Count > 0 ? TSimd.Broadcast(k0[7]) : TSimd.Load(k6 + stride);
                s7 = TSimd.MultiplyAdd(a0, v7, s7);
                t7 = TVectors.Count > 1 ? TSimd.MultiplyAdd(a1, v7, t7) : t7;
            }

            if (TColumns.Count > 8)
            {
                TVector v8 = TBroadcast.Count > 0 ? TSimd.Broadcast(k0[8]) : TSimd.Load(k6 + twice);
                s8 = TSimd.MultiplyAdd(a0, v8, s8);
                t8 = TVectors.Count > 1 ? TSimd.MultiplyAdd(a1, v8, t8) : t8;
            }

            if (TColumns.Count > 9)
            {
                TVector v9 = TBroadcast.Count > 0 ? TSimd.Broadcast(k0[9]) : TSimd.Load(k9);
                s9 = TSimd.MultiplyAdd(a0, v9, s9);
                t9 = TVectors.Count > 1 ? TSimd.MultiplyAdd(a1, v9, t9) : t9;
            }

            if (TColumns.Count > 10)
            {
                TVector v10 = TSimd.Broadcast(k0[10]);
                s10 = TSimd.MultiplyAdd(a0, v10, s10);
                t10 = TVectors.Count > 1 ? TSimd.MultiplyAdd(a1, v10, t10) : t10;
            }

            if (TColumns.Count > 11)
            {
                TVector v11 = TSimd.Broadcast(k0[11]);
                s11 = TSimd.MultiplyAdd(a0, v11, s11);
                t11 = TVectors.Count > 1 ? TSimd.MultiplyAdd(a1, v11, t11) : t11;
            }

            if (TColumns.Count > 12)
            {
                TVector v12 = TSimd.Broadcast(k0[12]);
                s12 = TSimd.MultiplyAdd(a0, v12, s12);
                t12 = TVectors.Count > 1 ? TSimd.MultiplyAdd(a1, v12, t12) : t12;
            }

            if (TColumns.Count > 13)
            {
                TVector v13 = TSimd.Broadcast(k0[13]);
                s13 = TSimd.MultiplyAdd(a0, v13, s13);
                t13 = TVectors.Count > 1 ? TSimd.MultiplyAdd(a1, v13, t13) : t13;
            }

            x += xStep;
            ahead += aheadStep;
            (aheadStep, otherStep) = (otherStep, aheadStep);
            if (TBroadcast.Count > 0)
            {
                k0 += TColumns.Count;
            }
            else
            {
                k0 += w;
                k3 += w;
                k6 += w;
                k9 += w;
            }
        }

        if (weights != null)
        {
            Weigh<TSimd, TVector, T, TVectors>(weights, totals, s0, t0);
            if (TColumns.Count > 1)
            {
                Weigh<TSimd, TVector, T, TVectors>(weights + (2 * w), totals + w, s1, t1);
            }

            if (TColumns.Count > 2)
            {
                Weigh<TSimd, TVector, T, TVectors>(weights + (4 * w), totals + (2 * w), s2, t2);
            }

            if (TColumns.Count > 3)
            {
                Weigh<TSimd, TVector, T, TVectors>(weights + (6 * w), totals + (3 * w), s3, t3);
            }

            if (TColumns.Count > 4)
            {
                Weigh<TSimd, TVector, T, TVectors>(weights + (8 * w), totals + (4 * w), s4, t4);
            }

            if (TColumns.Count > 5)
            {
                Weigh<TSimd, TVector, T, TVectors>(weights + (10 * w), totals + (5 * w), s5, t5);
            }

            if (TColumns.Count > 6)
            {
                Weigh<TSimd, TVector, T, TVectors>(weights + (12 * w), totals + (6 * w), s6, t6);
            }

            if (TColumns.Count > 7)
            {
                Weigh<TSimd, TVector, T, TVectors>(weights + (14 * w), totals + (7 * w), s7, t7);
            }

            if (TColumns.Count > 8)
            {
                Weigh<TSimd, TVector, T, TVectors>(weights + (16 * w), totals + (8 * w), s8, t8);
            }

            if (TColumns.Count > 9)
            {
                Weigh<TSimd, TVector, T, TVectors>(weights + (18 * w), totals + (9 * w), s9, t9);
            }

            if (TColumns.Count > 10)
            {
                Weigh<TSimd, TVector, T, TVectors>(weights + (20 * w), totals + (10 * w), s10, t10);
            }

            if (TColumns.Count > 11)
            {
                Weigh<TSimd, TVector, T, TVectors>(weights + (22 * w), totals + (11 * w), s11, t11);
            }

            if (TColumns.Count > 12)
            {
                Weigh<TSimd, TVector, T, TVectors>(weights + (24 * w), totals + (12 * w), s12, t12);
            }

            if (TColumns.Count > 13)
            {
                Weigh<TSimd, TVector, T, TVectors>(weights + (26 * w), totals + (13 * w), s13, t13);
            }
        }
        else
        {
            Keep<TSimd, TVector, T, TVectors>(sums, s0, t0);
            if (TColumns.Count > 1)
            {
                Keep<TSimd, TVector, T, TVectors>(sums + (2 * w), s1, t1);
            }

            if (TColumns.Count > 2)
            {
                Keep<TSimd, TVector, T, TVectors>(sums + (4 * w), s2, t2);
            }

            if (TColumns.Count > 3)
            {
                Keep<TSimd, TVector, T, TVectors>(sums + (6 * w), s3, t3);
            }

            if (TColumns.Count > 4)
            {
                Keep<TSimd, TVector, T, TVectors>(sums + (8 * w), s4, t4);
            }

            if (TColumns.Count > 5)
            {
                Keep<TSimd, TVector, T, TVectors>(sums + (10 * w), s5, t5);
            }

            if (TColumns.Count > 6)
            {
                Keep<TSimd, TVector, T, TVectors>(sums + (12 * w), s6, t6);
            }

            if (TColumns.Count > 7)
            {
                Keep<TSimd, TVector, T, TVectors>(sums + (14 * w), s7, t7);
            }

            if (TColumns.Count > 8)
            {
                Keep<TSimd, TVector, T, TVectors>(sums + (16 * w), s8, t8);
            }

            if (TColumns.Count > 9)
            {
                Keep<TSimd, TVector, T, TVectors>(sums + (18 * w), s9, t9);
            }

            if (TColumns.Count > 10)
            {
                Keep<TSimd, TVector, T, TVectors>(sums + (20 * w), s10, t10);
            }

            if (TColumns.Count > 11)
            {
                Keep<TSimd, TVector, T, TVectors>(sums + (22 * w), s11, t11);
            }

            if (TColumns.Count > 12)
            {
                Keep<TSimd, TVector, T, TVectors>(sums + (24 * w), s12, t12);
            }

            if (TColumns.Count > 13)
            {
                Keep<TSimd, TVector, T, TVectors>(sums + (26 * w), s13, t13);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Resume<TSimd, TVector, T, TVectors>(T* sums, out TVector first, out TVector second)
        where TSimd : struct, ISimd<TVector, T>
        where TVector : struct
        where T : unmanaged, INumberBase<T>
        where TVectors : struct, ITileCount
    {
        first = TSimd.Load(sums);
        second = TVectors.Count > 1 ? TSimd.Load(sums + TSimd.Count) : TSimd.Zero;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Keep<TSimd, TVector, T, TVectors>(T* sums, TVector first, TVector second)
        where TSimd : struct, ISimd<TVector, T>
        where TVector : struct
        where T : unmanaged, INumberBase<T>
        where TVectors : struct, ITileCount
    {
        TSimd.Store(sums, first);
        if (TVectors.Count > 1)
        {
            TSimd.Store(sums + TSimd.Count, second);
        }
    }
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Weigh<TSimd, TVector, T, TVectors>(T* weights, T* totals, TVector first, TVector second)
        where TSimd : struct, ISimd<TVector, T>
        where TVector : struct
        where T : unmanaged, INumberBase<T>
        where TVectors : struct, ITileCount
    {
        TVector total = TSimd.MultiplyAdd(first, TSimd.Load(weights), TSimd.Load(totals));
        TSimd.Store(totals, TVectors.Count > 1 ? TSimd.MultiplyAdd(second, TSimd.Load(weights + TSimd.Count), total) : total);
    }
}
