using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Polyad.Cli.Machine;

/// <summary>
/// The measured limit of arithmetic: fused multiply-adds on registers alone, in enough independent chains to hide their latency (16, or 12 where the machine has only 16 vector registers),
/// on the widest vectors. No kernel can be faster; a measured figure, unlike a data sheet's, knows this machine's clock and neighbours.
/// </summary>
internal static class FmaCeiling
{
    private const double BurstSeconds = 4e-3;

    /// <summary>GFLOP/s with so many threads: the best of <paramref name="bursts"/> bursts of a few milliseconds.</summary>
    public static double Measure<T>(int threads, int bursts = 25)
        where T : unmanaged
    {
        Func<long, double> kernel = Kernel<T>(out double flopsPerStep);
        long steps = 1 << 12;

        // Double the work until a burst is long enough to time.
        while (Timed(kernel, steps, 1) is var seconds && seconds < BurstSeconds)
        {
            steps *= seconds < BurstSeconds / 16 ? 8 : 2;
        }

        double best = 0;
        for (int burst = 0; burst < bursts; burst++)
        {
            best = Math.Max(best, threads * flopsPerStep * steps / Timed(kernel, steps, threads) / 1e9);
        }

        return best;
    }

    private static Func<long, double> Kernel<T>(out double flopsPerStep)
        where T : unmanaged
    {
        bool single = typeof(T) == typeof(float);
        if (Vector512.IsHardwareAccelerated)
        {
            flopsPerStep = 2 * 16 * (single ? Single512.Count : Double512.Count);
            return single ? SixteenChains<Vector512<float>, Single512> : SixteenChains<Vector512<double>, Double512>;
        }

        if (Vector256.IsHardwareAccelerated)
        {
            flopsPerStep = 2 * 12 * (single ? Single256.Count : Double256.Count);
            return single ? TwelveChains<Vector256<float>, Single256> : TwelveChains<Vector256<double>, Double256>;
        }

        if (Vector128.IsHardwareAccelerated && System.Runtime.Intrinsics.Arm.AdvSimd.IsSupported)
        {
            flopsPerStep = 2 * 16 * (single ? Single128.Count : Double128.Count);
            return single ? SixteenChains<Vector128<float>, Single128> : SixteenChains<Vector128<double>, Double128>;
        }

        flopsPerStep = 2 * 12 * (single ? Single128.Count : Double128.Count);
        return single ? TwelveChains<Vector128<float>, Single128> : TwelveChains<Vector128<double>, Double128>;
    }

    /// <summary>Seconds from the moment all threads are ready until the last has done its steps.</summary>
    private static double Timed(Func<long, double> kernel, long steps, int threads)
    {
        if (threads <= 1)
        {
            long start = Stopwatch.GetTimestamp();
            _ = kernel(steps);
            return Stopwatch.GetElapsedTime(start).TotalSeconds;
        }

        long[] from = new long[threads], to = new long[threads];
        ParallelBurst.Run(threads, index =>
        {
            from[index] = Stopwatch.GetTimestamp();
            _ = kernel(steps);
            to[index] = Stopwatch.GetTimestamp();
        });
        return Stopwatch.GetElapsedTime(from.Min(), to.Max()).TotalSeconds;
    }

    // Each chain is c <- c * x + y with x below 1: it converges, so no value overflows or becomes denormal.
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static double TwelveChains<TVector, TLanes>(long steps)
        where TVector : struct
        where TLanes : struct, IFmaLanes<TVector>
    {
        TVector x = TLanes.Splat(0.999), y = TLanes.Splat(0.001);
        TVector c0 = TLanes.Splat(0), c1 = TLanes.Splat(1), c2 = TLanes.Splat(2), c3 = TLanes.Splat(3), c4 = TLanes.Splat(4), c5 = TLanes.Splat(5);
        TVector c6 = TLanes.Splat(6), c7 = TLanes.Splat(7), c8 = TLanes.Splat(8), c9 = TLanes.Splat(9), c10 = TLanes.Splat(10), c11 = TLanes.Splat(11);
        for (long i = 0; i < steps; i++)
        {
            c0 = TLanes.MultiplyAdd(c0, x, y);
            c1 = TLanes.MultiplyAdd(c1, x, y);
            c2 = TLanes.MultiplyAdd(c2, x, y);
            c3 = TLanes.MultiplyAdd(c3, x, y);
            c4 = TLanes.MultiplyAdd(c4, x, y);
            c5 = TLanes.MultiplyAdd(c5, x, y);
            c6 = TLanes.MultiplyAdd(c6, x, y);
            c7 = TLanes.MultiplyAdd(c7, x, y);
            c8 = TLanes.MultiplyAdd(c8, x, y);
            c9 = TLanes.MultiplyAdd(c9, x, y);
            c10 = TLanes.MultiplyAdd(c10, x, y);
            c11 = TLanes.MultiplyAdd(c11, x, y);
        }

        TVector low = TLanes.Add(TLanes.Add(TLanes.Add(c0, c1), TLanes.Add(c2, c3)), TLanes.Add(c4, c5));
        TVector high = TLanes.Add(TLanes.Add(TLanes.Add(c6, c7), TLanes.Add(c8, c9)), TLanes.Add(c10, c11));
        return TLanes.Sum(TLanes.Add(low, high));
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static double SixteenChains<TVector, TLanes>(long steps)
        where TVector : struct
        where TLanes : struct, IFmaLanes<TVector>
    {
        TVector x = TLanes.Splat(0.999), y = TLanes.Splat(0.001);
        TVector c0 = TLanes.Splat(0), c1 = TLanes.Splat(1), c2 = TLanes.Splat(2), c3 = TLanes.Splat(3), c4 = TLanes.Splat(4), c5 = TLanes.Splat(5);
        TVector c6 = TLanes.Splat(6), c7 = TLanes.Splat(7), c8 = TLanes.Splat(8), c9 = TLanes.Splat(9), c10 = TLanes.Splat(10), c11 = TLanes.Splat(11);
        TVector c12 = TLanes.Splat(12), c13 = TLanes.Splat(13), c14 = TLanes.Splat(14), c15 = TLanes.Splat(15);
        for (long i = 0; i < steps; i++)
        {
            c0 = TLanes.MultiplyAdd(c0, x, y);
            c1 = TLanes.MultiplyAdd(c1, x, y);
            c2 = TLanes.MultiplyAdd(c2, x, y);
            c3 = TLanes.MultiplyAdd(c3, x, y);
            c4 = TLanes.MultiplyAdd(c4, x, y);
            c5 = TLanes.MultiplyAdd(c5, x, y);
            c6 = TLanes.MultiplyAdd(c6, x, y);
            c7 = TLanes.MultiplyAdd(c7, x, y);
            c8 = TLanes.MultiplyAdd(c8, x, y);
            c9 = TLanes.MultiplyAdd(c9, x, y);
            c10 = TLanes.MultiplyAdd(c10, x, y);
            c11 = TLanes.MultiplyAdd(c11, x, y);
            c12 = TLanes.MultiplyAdd(c12, x, y);
            c13 = TLanes.MultiplyAdd(c13, x, y);
            c14 = TLanes.MultiplyAdd(c14, x, y);
            c15 = TLanes.MultiplyAdd(c15, x, y);
        }

        TVector low = TLanes.Add(TLanes.Add(TLanes.Add(c0, c1), TLanes.Add(c2, c3)), TLanes.Add(TLanes.Add(c4, c5), TLanes.Add(c6, c7)));
        TVector high = TLanes.Add(TLanes.Add(TLanes.Add(c8, c9), TLanes.Add(c10, c11)), TLanes.Add(TLanes.Add(c12, c13), TLanes.Add(c14, c15)));
        return TLanes.Sum(TLanes.Add(low, high));
    }
}
