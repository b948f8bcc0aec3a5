using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Polyad.Managed;

namespace Polyad.Transforms;

/// <summary>
/// Walsh-Hadamard transforms of one vector and of the columns of a matrix. Stages go from the largest stride to the smallest: up to three are done in one pass over memory,
/// those below eight vectors in registers. The parts that a pass leaves are independent, and each is finished before the next: parts that fit a cache stay there.
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
                Transform<Simd512<double>, Vector512<double>, Lanes512Double, double>((double*)x, n);
            }
            else
            {
                Transform<Simd256<double>, Vector256<double>, Lanes256Double, double>((double*)x, n);
            }
        }
        else if (typeof(T) == typeof(float) && Vector256.IsHardwareAccelerated)
        {
            if (wide)
            {
                Transform<Simd512<float>, Vector512<float>, Lanes512Single, float>((float*)x, n);
            }
            else
            {
                Transform<Simd256<float>, Vector256<float>, Lanes256Single, float>((float*)x, n);
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
                done = Pass<Simd512<T>, Vector512<T>, T>(radix, line, step, 0, width);
            }

            if (Vector256.IsHardwareAccelerated)
            {
                done = Pass<Simd256<T>, Vector256<T>, T>(radix, line, step, done, width);
            }

            if (Vector128.IsHardwareAccelerated)
            {
                done = Pass<Simd128<T>, Vector128<T>, T>(radix, line, step, done, width);
            }

            Pass<SimdScalar<T>, T, T>(radix, line, step, done, width);
        }

        for (int k = 0; k < radix && part > 1; k++)
        {
            Lines(x + (k * step), stride, part, columns);
        }
    }

    private static void Transform<TSimd, TVector, TLanes, T>(T* x, int n)
        where TSimd : struct, ISimd<TVector, T>
        where TVector : struct
        where TLanes : struct, IWalshHadamardLanes<TVector>
        where T : unmanaged, INumberBase<T>
    {
        if (n > CachePart)
        {
            int eighth = n / 8;
            Pass<TSimd, TVector, T>(8, x, eighth, 0, eighth);
            for (int i = 0; i < 8; i++)
            {
                Transform<TSimd, TVector, TLanes, T>(x + (i * (nint)eighth), eighth);
            }

            return;
        }

        int block = 8 * TSimd.Count;
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
                Pass<TSimd, TVector, T>(radix, x + i, part, 0, part);
            }

            size = part;
        }

        InRegisters<TSimd, TVector, TLanes, T>(x, n);
    }

    /// <summary>The stages between <paramref name="radix"/> lines that lie <paramref name="step"/> apart, for whole vectors of the columns from first. Returns the column it came to.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static int Pass<TSimd, TVector, T>(int radix, T* x, nint step, int first, int columns)
        where TSimd : struct, ISimd<TVector, T>
        where TVector : struct
        where T : unmanaged, INumberBase<T>
    {
        int i = first;
        for (; i <= columns - TSimd.Count; i += TSimd.Count)
        {
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

    /// <summary>The stages inside blocks of eight vectors: three between the vectors, the rest between their lanes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void InRegisters<TSimd, TVector, TLanes, T>(T* x, int n)
        where TSimd : struct, ISimd<TVector, T>
        where TVector : struct
        where TLanes : struct, IWalshHadamardLanes<TVector>
        where T : unmanaged, INumberBase<T>
    {
        int v = TSimd.Count;
        for (T* p = x, end = x + n; p < end; p += 8 * v)
        {
            TVector a = TSimd.Load(p), b = TSimd.Load(p + v), c = TSimd.Load(p + (2 * v)), d = TSimd.Load(p + (3 * v));
            TVector e = TSimd.Load(p + (4 * v)), f = TSimd.Load(p + (5 * v)), g = TSimd.Load(p + (6 * v)), h = TSimd.Load(p + (7 * v));
            Eight<TSimd, TVector, T>(ref a, ref b, ref c, ref d, ref e, ref f, ref g, ref h);
            TSimd.Store(p, TLanes.Transform(a));
            TSimd.Store(p + v, TLanes.Transform(b));
            TSimd.Store(p + (2 * v), TLanes.Transform(c));
            TSimd.Store(p + (3 * v), TLanes.Transform(d));
            TSimd.Store(p + (4 * v), TLanes.Transform(e));
            TSimd.Store(p + (5 * v), TLanes.Transform(f));
            TSimd.Store(p + (6 * v), TLanes.Transform(g));
            TSimd.Store(p + (7 * v), TLanes.Transform(h));
        }
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
