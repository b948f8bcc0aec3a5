using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Polyad.Managed;

namespace Polyad.Transforms;

/// <summary>
/// Walsh-Hadamard transforms of one vector and of the columns of a matrix. The loops are not inlined: inside their generic callers they took up to twice as long. Stages go from the largest stride to the smallest: up to three are done in one pass over memory,
/// those below eight vectors, or sixteen where there are registers for them, in registers. The parts that a pass leaves are independent, and each is finished before the next: parts that fit a cache stay there.
/// </summary>
internal static unsafe partial class WalshHadamardKernels
{
    /// <summary>Elements of a part that stays in the nearest cache while its stages are done.</summary>
    private const int CachePart = 1 << 11;

    /// <summary>Transforms a contiguous vector of a power of two elements.</summary>
    public static void Transform<T>(T* x, int n)
        where T : unmanaged, INumberBase<T>
    {
        bool wide = Vector512.IsHardwareAccelerated;
        if (typeof(T) == typeof(double) && Vector256.IsHardwareAccelerated)
        {
            if (wide)
            {
                Transform<Simd512<double>, Vector512<double>, Lanes512Double, double>((double*)x, n, null);
            }
            else
            {
                Transform<Simd256<double>, Vector256<double>, Lanes256Double, double>((double*)x, n, null);
            }
        }
        else if (typeof(T) == typeof(float) && Vector256.IsHardwareAccelerated)
        {
            if (wide)
            {
                Transform<Simd512<float>, Vector512<float>, Lanes512Single, float>((float*)x, n, null);
            }
            else
            {
                Transform<Simd256<float>, Vector256<float>, Lanes256Single, float>((float*)x, n, null);
            }
        }
        else
        {
            Lines(x, 1, n, 1);
        }
    }

    /// <summary>Transforms the columns of a matrix whose rows are contiguous.</summary>
    public static void Lines<T>(T* x, nint stride, int rows, int columns)
        where T : unmanaged, INumberBase<T>
    {
        if (rows == 1 || columns == 0)
        {
            return;
        }

        int radix = Math.Min(rows, 8), part = rows / radix;
        nint step = part * stride;

        // Rows without a gap between them are one long row for a pass.
        bool whole = stride == columns && (long)part * columns <= int.MaxValue;
        int lines = whole ? 1 : part, width = whole ? part * columns : columns;
        for (int i = 0; i < lines; i++)
        {
            T* line = x + (i * stride);
            int done = 0;
            if (Vector512.IsHardwareAccelerated)
            {
                done = Pass<Simd512<T>, Vector512<T>, T>(radix, line, step, 0, width, null);
            }

            if (Vector256.IsHardwareAccelerated)
            {
                done = Pass<Simd256<T>, Vector256<T>, T>(radix, line, step, done, width, null);
            }

            if (Vector128.IsHardwareAccelerated)
            {
                done = Pass<Simd128<T>, Vector128<T>, T>(radix, line, step, done, width, null);
            }

            Pass<SimdScalar<T>, T, T>(radix, line, step, done, width, null);
        }

        for (int k = 0; k < radix && part > 1; k++)
        {
            Lines(x + (k * step), stride, part, columns);
        }
    }

    /// <summary>Transforms a vector and fetches three quarters as many numbers of a later one, if it is given (a vector of at least four times the block that registers hold), a few lines at each step: more at once than the machine has room for would halt it.</summary>
    private static void Transform<TSimd, TVector, TLanes, T>(T* x, int n, T* next)
        where TSimd : struct, ISimd<TVector, T>
        where TVector : struct
        where TLanes : struct, IWalshHadamardLanes<TVector>
        where T : unmanaged, INumberBase<T>
    {
        if (n > CachePart)
        {
            int eighth = n / 8;
            Pass<TSimd, TVector, T>(8, x, eighth, 0, eighth, null);
            for (int i = 0; i < 8; i++)
            {
                nint at = i * (nint)eighth;
                Transform<TSimd, TVector, TLanes, T>(x + at, eighth, next == null ? null : next + (at / 4 * 3));
            }

            return;
        }

        // With 512 bits there are 32 registers: room for sixteen vectors.
        bool sixteen = TSimd.Count * sizeof(T) == 64 && n >= 16 * TSimd.Count;
        int block = (sixteen ? 16 : 8) * TSimd.Count;
        if (n < block)
        {
            Lines(x, 1, n, 1);
            return;
        }

        for (int size = n; size > block;)
        {
            int radix = Math.Min(size / block, 8), part = size / radix;
            for (int i = 0; i < n; i += size)
            {
                Pass<TSimd, TVector, T>(radix, x + i, part, 0, part, size == n ? next : null);
            }

            size = part;
        }

        // The first pass has fetched half of it.
        T* rest = next == null ? null : next + (n / 4);
        if (sixteen)
        {
            SixteenInRegisters<TSimd, TVector, TLanes, T>(x, n, rest);
        }
        else
        {
            EightInRegisters<TSimd, TVector, TLanes, T>(x, n, rest);
        }
    }

    /// <summary>
    /// The stages between <paramref name="radix"/> lines that lie <paramref name="step"/> apart, for whole vectors of the columns from first; meanwhile a quarter as many numbers are fetched from
    /// <paramref name="next"/>, if it is given. Returns the column it came to.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static int Pass<TSimd, TVector, T>(int radix, T* x, nint step, int first, int columns, T* next)
        where TSimd : struct, ISimd<TVector, T>
        where TVector : struct
        where T : unmanaged, INumberBase<T>
    {
        int i = first;
        for (; i <= columns - TSimd.Count; i += TSimd.Count)
        {
            if (next != null)
            {
                Prefetch.Lines(next + (radix / 4 * (nint)i), radix / 4 * (nint)TSimd.Count * sizeof(T));
            }

            T* p = x + i;
            TVector a = TSimd.Load(p), b = TSimd.Load(p + step);
            if (radix == 2)
            {
                TSimd.Store(p, TSimd.Add(a, b));
                TSimd.Store(p + step, TSimd.Subtract(a, b));
                continue;
            }

            TVector c = TSimd.Load(p + (2 * step)), d = TSimd.Load(p + (3 * step));
            if (radix == 4)
            {
                Four<TSimd, TVector, T>(ref a, ref b, ref c, ref d);
                TSimd.Store(p, a);
                TSimd.Store(p + step, b);
                TSimd.Store(p + (2 * step), c);
                TSimd.Store(p + (3 * step), d);
                continue;
            }

            TVector e = TSimd.Load(p + (4 * step)), f = TSimd.Load(p + (5 * step)), g = TSimd.Load(p + (6 * step)), h = TSimd.Load(p + (7 * step));
            Eight<TSimd, TVector, T>(ref a, ref b, ref c, ref d, ref e, ref f, ref g, ref h);
            TSimd.Store(p, a);
            TSimd.Store(p + step, b);
            TSimd.Store(p + (2 * step), c);
            TSimd.Store(p + (3 * step), d);
            TSimd.Store(p + (4 * step), e);
            TSimd.Store(p + (5 * step), f);
            TSimd.Store(p + (6 * step), g);
            TSimd.Store(p + (7 * step), h);
        }

        return i;
    }

    /// <summary>The stages inside blocks of eight vectors: three between the vectors, the rest between their lanes. Half as many numbers are fetched from <paramref name="next"/>, if it is given.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void EightInRegisters<TSimd, TVector, TLanes, T>(T* x, int n, T* next)
        where TSimd : struct, ISimd<TVector, T>
        where TVector : struct
        where TLanes : struct, IWalshHadamardLanes<TVector>
        where T : unmanaged, INumberBase<T>
    {
        int block = 8 * TSimd.Count;
        for (int i = 0; i < n; i += block)
        {
            if (next != null)
            {
                Prefetch.Lines(next + (i / 2), (nint)block / 2 * sizeof(T));
            }

            T* p = x + i;
            Load<TSimd, TVector, T>(p, out TVector a, out TVector b, out TVector c, out TVector d, out TVector e, out TVector f, out TVector g, out TVector h);
            Eight<TSimd, TVector, T>(ref a, ref b, ref c, ref d, ref e, ref f, ref g, ref h);
            StoreTransformed<TSimd, TVector, TLanes, T>(p, a, b, c, d, e, f, g, h);
        }
    }

    /// <summary>As <see cref="EightInRegisters"/> for blocks of sixteen vectors: one stage more in the same pass.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void SixteenInRegisters<TSimd, TVector, TLanes, T>(T* x, int n, T* next)
        where TSimd : struct, ISimd<TVector, T>
        where TVector : struct
        where TLanes : struct, IWalshHadamardLanes<TVector>
        where T : unmanaged, INumberBase<T>
    {
        int half = 8 * TSimd.Count;
        for (int i = 0; i < n; i += 2 * half)
        {
            if (next != null)
            {
                Prefetch.Lines(next + (i / 2), (nint)half * sizeof(T));
            }

            T* p = x + i, q = p + half;
            Load<TSimd, TVector, T>(p, out TVector a0, out TVector b0, out TVector c0, out TVector d0, out TVector e0, out TVector f0, out TVector g0, out TVector h0);
            Load<TSimd, TVector, T>(q, out TVector a1, out TVector b1, out TVector c1, out TVector d1, out TVector e1, out TVector f1, out TVector g1, out TVector h1);
            (a0, a1) = (TSimd.Add(a0, a1), TSimd.Subtract(a0, a1));
            (b0, b1) = (TSimd.Add(b0, b1), TSimd.Subtract(b0, b1));
            (c0, c1) = (TSimd.Add(c0, c1), TSimd.Subtract(c0, c1));
            (d0, d1) = (TSimd.Add(d0, d1), TSimd.Subtract(d0, d1));
            (e0, e1) = (TSimd.Add(e0, e1), TSimd.Subtract(e0, e1));
            (f0, f1) = (TSimd.Add(f0, f1), TSimd.Subtract(f0, f1));
            (g0, g1) = (TSimd.Add(g0, g1), TSimd.Subtract(g0, g1));
            (h0, h1) = (TSimd.Add(h0, h1), TSimd.Subtract(h0, h1));
            Eight<TSimd, TVector, T>(ref a0, ref b0, ref c0, ref d0, ref e0, ref f0, ref g0, ref h0);
            Eight<TSimd, TVector, T>(ref a1, ref b1, ref c1, ref d1, ref e1, ref f1, ref g1, ref h1);
            StoreTransformed<TSimd, TVector, TLanes, T>(p, a0, b0, c0, d0, e0, f0, g0, h0);
            StoreTransformed<TSimd, TVector, TLanes, T>(q, a1, b1, c1, d1, e1, f1, g1, h1);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Load<TSimd, TVector, T>(
        T* p, out TVector a, out TVector b, out TVector c, out TVector d, out TVector e, out TVector f, out TVector g, out TVector h)
        where TSimd : struct, ISimd<TVector, T>
        where TVector : struct
        where T : unmanaged, INumberBase<T>
    {
        int v = TSimd.Count;
        (a, b, c, d) = (TSimd.Load(p), TSimd.Load(p + v), TSimd.Load(p + (2 * v)), TSimd.Load(p + (3 * v)));
        (e, f, g, h) = (TSimd.Load(p + (4 * v)), TSimd.Load(p + (5 * v)), TSimd.Load(p + (6 * v)), TSimd.Load(p + (7 * v)));
    }

    /// <summary>Eight vectors with the stages between their lanes done.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void StoreTransformed<TSimd, TVector, TLanes, T>(
        T* p, TVector a, TVector b, TVector c, TVector d, TVector e, TVector f, TVector g, TVector h)
        where TSimd : struct, ISimd<TVector, T>
        where TVector : struct
        where TLanes : struct, IWalshHadamardLanes<TVector>
        where T : unmanaged, INumberBase<T>
    {
        int v = TSimd.Count;
        TSimd.Store(p, TLanes.Transform(a));
        TSimd.Store(p + v, TLanes.Transform(b));
        TSimd.Store(p + (2 * v), TLanes.Transform(c));
        TSimd.Store(p + (3 * v), TLanes.Transform(d));
        TSimd.Store(p + (4 * v), TLanes.Transform(e));
        TSimd.Store(p + (5 * v), TLanes.Transform(f));
        TSimd.Store(p + (6 * v), TLanes.Transform(g));
        TSimd.Store(p + (7 * v), TLanes.Transform(h));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Four<TSimd, TVector, T>(ref TVector a, ref TVector b, ref TVector c, ref TVector d)
        where TSimd : struct, ISimd<TVector, T>
        where TVector : struct
        where T : unmanaged, INumberBase<T>
    {
        (a, c) = (TSimd.Add(a, c), TSimd.Subtract(a, c));
        (b, d) = (TSimd.Add(b, d), TSimd.Subtract(b, d));
        (a, b) = (TSimd.Add(a, b), TSimd.Subtract(a, b));
        (c, d) = (TSimd.Add(c, d), TSimd.Subtract(c, d));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Eight<TSimd, TVector, T>(
        ref TVector a, ref TVector b, ref TVector c, ref TVector d, ref TVector e, ref TVector f, ref TVector g, ref TVector h)
        where TSimd : struct, ISimd<TVector, T>
        where TVector : struct
        where T : unmanaged, INumberBase<T>
    {
        (a, e) = (TSimd.Add(a, e), TSimd.Subtract(a, e));
        (b, f) = (TSimd.Add(b, f), TSimd.Subtract(b, f));
        (c, g) = (TSimd.Add(c, g), TSimd.Subtract(c, g));
        (d, h) = (TSimd.Add(d, h), TSimd.Subtract(d, h));
        Four<TSimd, TVector, T>(ref a, ref b, ref c, ref d);
        Four<TSimd, TVector, T>(ref e, ref f, ref g, ref h);
    }
}
