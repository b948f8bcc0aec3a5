using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Polyad.Sketching;

/// <summary>
/// Sines and cosines of many angles: reduction to [-pi/4, pi/4] by three parts of pi/2 with fused multiply-adds (Cody and Waite 1980), then the minimax polynomials of Sun's fdlibm (double)
/// and Cephes (float). Absolute error below 2^-52 for doubles and 2^-23 for floats, for angles up to 2^30 (double) and 2^13 (float); larger ones go one by one through
/// <see cref="Math.SinCos(double)"/>. An element has the same bits on every vector width, whatever lies beside it.
/// </summary>
internal static unsafe class SineCosine
{
    /// <summary>cosines = scale cos(angles), sines = scale sin(angles); the cosines may lie over the angles.</summary>
    public static void Pairs<T>(ReadOnlySpan<T> angles, Span<T> cosines, Span<T> sines, T scale)
        where T : unmanaged, INumberBase<T>
    {
        fixed (T* x = angles, c = cosines, s = sines)
        {
            Run(x, null, c, s, scale, angles.Length);
        }
    }

    /// <summary>x = scale cos(x + offsets)</summary>
    public static void Cosines<T>(Span<T> x, ReadOnlySpan<T> offsets, T scale)
        where T : unmanaged, INumberBase<T>
    {
        fixed (T* p = x, o = offsets)
        {
            Run(p, o, p, null, scale, x.Length);
        }
    }

    private static void Run<T>(T* x, T* offsets, T* cosines, T* sines, T scale, int count)
        where T : unmanaged, INumberBase<T>
    {
        if (Vector512.IsHardwareAccelerated)
        {
            Run<CircularLanes512<T>, Vector512<T>, T>(x, offsets, cosines, sines, scale, count);
        }
        else if (Vector256.IsHardwareAccelerated)
        {
            Run<CircularLanes256<T>, Vector256<T>, T>(x, offsets, cosines, sines, scale, count);
        }
        else
        {
            Run<CircularLanes128<T>, Vector128<T>, T>(x, offsets, cosines, sines, scale, count);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Run<TLanes, TVector, T>(T* x, T* offsets, T* cosines, T* sines, T scale, int count)
        where TLanes : struct, ICircularLanes<TVector, T>
        where TVector : struct
        where T : unmanaged, INumberBase<T>
    {
        int i = 0;
        TVector factor = TLanes.Broadcast(scale);
        for (; i <= count - TLanes.Count; i += TLanes.Count)
        {
            TVector angle = TLanes.Load(x + i);
            if (offsets != null)
            {
                angle = TLanes.Add(angle, TLanes.Load(offsets + i));
            }

            Evaluate<TLanes, TVector, T>(angle, out TVector sine, out TVector cosine);
            TLanes.Store(cosines + i, TLanes.Multiply(cosine, factor));
            if (sines != null)
            {
                TLanes.Store(sines + i, TLanes.Multiply(sine, factor));
            }
        }

        if (i == count)
        {
            return;
        }

        T* rest = stackalloc T[4 * TLanes.Count];
        T* restOffsets = rest + TLanes.Count, restCosines = rest + (2 * TLanes.Count), restSines = rest + (3 * TLanes.Count);
        int left = count - i;
        new Span<T>(rest, 2 * TLanes.Count).Clear();
        new Span<T>(x + i, left).CopyTo(new Span<T>(rest, left));
        if (offsets != null)
        {
            new Span<T>(offsets + i, left).CopyTo(new Span<T>(restOffsets, left));
        }

        Run<TLanes, TVector, T>(rest, offsets == null ? null : restOffsets, restCosines, restSines, scale, TLanes.Count);
        new Span<T>(restCosines, left).CopyTo(new Span<T>(cosines + i, left));
        if (sines != null)
        {
            new Span<T>(restSines, left).CopyTo(new Span<T>(sines + i, left));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Evaluate<TLanes, TVector, T>(TVector x, out TVector sine, out TVector cosine)
        where TLanes : struct, ICircularLanes<TVector, T>
        where TVector : struct
        where T : unmanaged, INumberBase<T>
    {
        T limit = Number<T>(typeof(T) == typeof(double) ? 1L << 30 : 1 << 13);
        if (TLanes.AnyBeyond(x, limit))
        {
            WithLargeOnes<TLanes, TVector, T>(x, double.CreateChecked(limit), out sine, out cosine);
            return;
        }

        Reduced<TLanes, TVector, T>(x, out sine, out cosine);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Reduced<TLanes, TVector, T>(TVector x, out TVector sine, out TVector cosine)
        where TLanes : struct, ICircularLanes<TVector, T>
        where TVector : struct
        where T : unmanaged, INumberBase<T>
    {
        bool wide = typeof(T) == typeof(double);

        // Adding 1.5 * 2^52 (2^23) rounds to an integer, which stands in the lowest bits.
        TVector shift = TLanes.Broadcast(Number<T>(wide ? 6755399441055744.0 : 12582912.0));
        TVector shifted = TLanes.MultiplyAdd(x, TLanes.Broadcast(Number<T>(0.6366197723675814)), shift);
        TVector k = TLanes.Subtract(shifted, shift);
        TVector r = TLanes.MultiplyAdd(k, TLanes.Broadcast(Number<T>(wide ? -1.5707963267948966 : -1.5707963705062866)), x);
        r = TLanes.MultiplyAdd(k, TLanes.Broadcast(Number<T>(wide ? -6.123233995736766e-17 : 4.371138828673793e-08)), r);
        r = TLanes.MultiplyAdd(k, TLanes.Broadcast(Number<T>(wide ? 1.4973849048591698e-33 : 1.7151245100058819e-15)), r);
        TVector z = TLanes.Multiply(r, r), p, q;
        if (wide)
        {
            p = Step<TLanes, TVector, T>(TLanes.Broadcast(Number<T>(1.58969099521155010221e-10)), z, -2.50507602534068634195e-08);
            p = Step<TLanes, TVector, T>(p, z, 2.75573137070700676789e-06);
            p = Step<TLanes, TVector, T>(p, z, -1.98412698298579493134e-04);
            p = Step<TLanes, TVector, T>(p, z, 8.33333333332248946124e-03);
            p = Step<TLanes, TVector, T>(p, z, -1.66666666666666324348e-01);
            q = Step<TLanes, TVector, T>(TLanes.Broadcast(Number<T>(-1.13596475577881948265e-11)), z, 2.08757232129817482790e-09);
            q = Step<TLanes, TVector, T>(q, z, -2.75573143513906633035e-07);
            q = Step<TLanes, TVector, T>(q, z, 2.48015872894767294178e-05);
            q = Step<TLanes, TVector, T>(q, z, -1.38888888888741095749e-03);
            q = Step<TLanes, TVector, T>(q, z, 4.16666666666666019037e-02);
        }
        else
        {
            p = Step<TLanes, TVector, T>(TLanes.Broadcast(Number<T>(-1.9515295891e-4)), z, 8.3321608736e-3);
            p = Step<TLanes, TVector, T>(p, z, -1.6666654611e-1);
            q = Step<TLanes, TVector, T>(TLanes.Broadcast(Number<T>(2.443315711809948e-5)), z, -1.388731625493765e-3);
            q = Step<TLanes, TVector, T>(q, z, 4.166664568298827e-2);
        }

        sine = TLanes.MultiplyAdd(TLanes.Multiply(r, z), p, r);
        cosine = TLanes.MultiplyAdd(TLanes.Multiply(z, z), q, TLanes.MultiplyAdd(z, TLanes.Broadcast(Number<T>(-0.5)), TLanes.Broadcast(T.One)));
        TLanes.Turn(shifted, ref sine, ref cosine);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector Step<TLanes, TVector, T>(TVector p, TVector z, double coefficient)
        where TLanes : struct, ICircularLanes<TVector, T>
        where TVector : struct
        where T : unmanaged, INumberBase<T>
        => TLanes.MultiplyAdd(p, z, TLanes.Broadcast(Number<T>(coefficient)));

    /// <summary>Lanes beyond the limit go one by one; the others are what they would be without them.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void WithLargeOnes<TLanes, TVector, T>(TVector x, double limit, out TVector sine, out TVector cosine)
        where TLanes : struct, ICircularLanes<TVector, T>
        where TVector : struct
        where T : unmanaged, INumberBase<T>
    {
        T* values = stackalloc T[4 * TLanes.Count];
        T* small = values + TLanes.Count, sines = values + (2 * TLanes.Count), cosines = values + (3 * TLanes.Count);
        TLanes.Store(values, x);
        for (int i = 0; i < TLanes.Count; i++)
        {
            small[i] = Math.Abs(double.CreateTruncating(values[i])) <= limit ? values[i] : T.Zero;
        }

        Reduced<TLanes, TVector, T>(TLanes.Load(small), out sine, out cosine);
        TLanes.Store(sines, sine);
        TLanes.Store(cosines, cosine);
        for (int i = 0; i < TLanes.Count; i++)
        {
            double value = double.CreateTruncating(values[i]);
            if (!(Math.Abs(value) <= limit))
            {
                (double s, double c) = Math.SinCos(value);
                (sines[i], cosines[i]) = (Number<T>(s), Number<T>(c));
            }
        }

        (sine, cosine) = (TLanes.Load(sines), TLanes.Load(cosines));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T Number<T>(double value)
        where T : unmanaged, INumberBase<T>
        => typeof(T) == typeof(double) ? (T)(object)value : (T)(object)(float)value;
}
