using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Polyad.Managed;

/// <summary>Level-1 kernels on contiguous vectors. Each has one order of operations per instruction set, whatever the alignment.</summary>
internal static unsafe class VectorKernels
{
    /// <summary>x . y</summary>
    public static T Dot<T>(int n, T* x, T* y)
        where T : unmanaged, INumberBase<T>
        => Vector512.IsHardwareAccelerated ? Dot<Simd512<T>, Vector512<T>, T>(n, x, y)
        : Vector256.IsHardwareAccelerated ? Dot<Simd256<T>, Vector256<T>, T>(n, x, y)
        : Vector128.IsHardwareAccelerated ? Dot<Simd128<T>, Vector128<T>, T>(n, x, y)
        : Dot<SimdScalar<T>, T, T>(n, x, y);

    /// <summary>The dot products of x with four vectors that are <paramref name="stride"/> apart.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void FourDots<TSimd, TVector, T>(int n, T* a, nint stride, T* x, out T s0, out T s1, out T s2, out T s3)
        where TSimd : struct, ISimd<TVector, T>
        where TVector : struct
        where T : unmanaged, INumberBase<T>
    {
        int w = TSimd.Count, i = 0;
        T* a0 = a;
        T* a1 = a0 + stride;
        T* a2 = a1 + stride;
        T* a3 = a2 + stride;
        TVector p0 = TSimd.Zero, p1 = TSimd.Zero, p2 = TSimd.Zero, p3 = TSimd.Zero;
        TVector q0 = TSimd.Zero, q1 = TSimd.Zero, q2 = TSimd.Zero, q3 = TSimd.Zero;
        for (; i <= n - (2 * w); i += 2 * w)
        {
            TVector s = TSimd.Load(x + i), t = TSimd.Load(x + i + w);
            p0 = TSimd.MultiplyAdd(TSimd.Load(a0 + i), s, p0);
            p1 = TSimd.MultiplyAdd(TSimd.Load(a1 + i), s, p1);
            p2 = TSimd.MultiplyAdd(TSimd.Load(a2 + i), s, p2);
            p3 = TSimd.MultiplyAdd(TSimd.Load(a3 + i), s, p3);
            q0 = TSimd.MultiplyAdd(TSimd.Load(a0 + i + w), t, q0);
            q1 = TSimd.MultiplyAdd(TSimd.Load(a1 + i + w), t, q1);
            q2 = TSimd.MultiplyAdd(TSimd.Load(a2 + i + w), t, q2);
            q3 = TSimd.MultiplyAdd(TSimd.Load(a3 + i + w), t, q3);
        }

        s0 = TSimd.Sum(TSimd.Add(p0, q0));
        s1 = TSimd.Sum(TSimd.Add(p1, q1));
        s2 = TSimd.Sum(TSimd.Add(p2, q2));
        s3 = TSimd.Sum(TSimd.Add(p3, q3));
        for (; i < n; i++)
        {
            s0 = T.MultiplyAddEstimate(a0[i], x[i], s0);
            s1 = T.MultiplyAddEstimate(a1[i], x[i], s1);
            s2 = T.MultiplyAddEstimate(a2[i], x[i], s2);
            s3 = T.MultiplyAddEstimate(a3[i], x[i], s3);
        }
    }

    /// <summary>y += alpha x</summary>
    public static void Axpy<T>(int n, T alpha, T* x, T* y)
        where T : unmanaged, INumberBase<T>
    {
        if (Vector512.IsHardwareAccelerated)
        {
            Axpy<Simd512<T>, Vector512<T>, T>(n, alpha, x, y);
        }
        else if (Vector256.IsHardwareAccelerated)
        {
            Axpy<Simd256<T>, Vector256<T>, T>(n, alpha, x, y);
        }
        else if (Vector128.IsHardwareAccelerated)
        {
            Axpy<Simd128<T>, Vector128<T>, T>(n, alpha, x, y);
        }
        else
        {
            Axpy<SimdScalar<T>, T, T>(n, alpha, x, y);
        }
    }

    /// <summary>x *= alpha</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Scale<T>(int n, T alpha, T* x)
        where T : unmanaged, INumberBase<T>
    {
        int i = 0;
        if (Vector.IsHardwareAccelerated)
        {
            Vector<T> a = new(alpha);
            for (; i <= n - Vector<T>.Count; i += Vector<T>.Count)
            {
                (Vector.Load(x + i) * a).Store(x + i);
            }
        }

        for (; i < n; i++)
        {
            x[i] *= alpha;
        }
    }

    /// <summary>The largest |x_i|; NaN when one is NaN.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static T MaxMagnitude<T>(int n, T* x)
        where T : unmanaged, INumberBase<T>
    {
        T max = T.Zero;
        for (int i = 0; i < n; i++)
        {
            max = T.MaxMagnitude(max, T.Abs(x[i]));
        }

        return max;
    }

    /// <summary>The Euclidean length, scaled where squares would overflow or vanish.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static T Norm2<T>(int n, T* x)
        where T : unmanaged, INumberBase<T>
    {
        T plain = Dot(n, x, x);
        double square = double.CreateSaturating(plain);
        double tiny = typeof(T) == typeof(float) ? 1e-30 : 1e-280, huge = typeof(T) == typeof(float) ? 1e37 : 1e300;
        if (square > tiny && square < huge)
        {
            return SquareRoot(plain);
        }

        T scale = MaxMagnitude(n, x);
        if (T.IsZero(scale) || !T.IsFinite(scale))
        {
            return scale;
        }

        T sum = T.Zero;
        for (int i = 0; i < n; i++)
        {
            T scaled = x[i] / scale;
            sum += scaled * scaled;
        }

        return scale * SquareRoot(sum);
    }

    /// <summary>The square root in the type's own precision.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T SquareRoot<T>(T value)
        where T : unmanaged, INumberBase<T>
    {
        if (typeof(T) == typeof(double))
        {
            return (T)(object)Math.Sqrt((double)(object)value);
        }

        if (typeof(T) == typeof(float))
        {
            return (T)(object)MathF.Sqrt((float)(object)value);
        }

        throw new NotSupportedException($"Element type {typeof(T).Name} is not supported here; use double or float.");
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static T Dot<TSimd, TVector, T>(int n, T* x, T* y)
        where TSimd : struct, ISimd<TVector, T>
        where TVector : struct
        where T : unmanaged, INumberBase<T>
    {
        int w = TSimd.Count, i = 0;
        TVector s0 = TSimd.Zero, s1 = TSimd.Zero, s2 = TSimd.Zero, s3 = TSimd.Zero;
        for (; i <= n - (4 * w); i += 4 * w)
        {
            s0 = TSimd.MultiplyAdd(TSimd.Load(x + i), TSimd.Load(y + i), s0);
            s1 = TSimd.MultiplyAdd(TSimd.Load(x + i + w), TSimd.Load(y + i + w), s1);
            s2 = TSimd.MultiplyAdd(TSimd.Load(x + i + (2 * w)), TSimd.Load(y + i + (2 * w)), s2);
            s3 = TSimd.MultiplyAdd(TSimd.Load(x + i + (3 * w)), TSimd.Load(y + i + (3 * w)), s3);
        }

        for (; i <= n - w; i += w)
        {
            s0 = TSimd.MultiplyAdd(TSimd.Load(x + i), TSimd.Load(y + i), s0);
        }

        T sum = TSimd.Sum(TSimd.Add(TSimd.Add(s0, s1), TSimd.Add(s2, s3)));
        for (; i < n; i++)
        {
            sum = T.MultiplyAddEstimate(x[i], y[i], sum);
        }

        return sum;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Axpy<TSimd, TVector, T>(int n, T alpha, T* x, T* y)
        where TSimd : struct, ISimd<TVector, T>
        where TVector : struct
        where T : unmanaged, INumberBase<T>
    {
        int w = TSimd.Count, i = 0;
        TVector a = TSimd.Broadcast(alpha);
        for (; i <= n - (2 * w); i += 2 * w)
        {
            TSimd.Store(y + i, TSimd.MultiplyAdd(a, TSimd.Load(x + i), TSimd.Load(y + i)));
            TSimd.Store(y + i + w, TSimd.MultiplyAdd(a, TSimd.Load(x + i + w), TSimd.Load(y + i + w)));
        }

        for (; i <= n - w; i += w)
        {
            TSimd.Store(y + i, TSimd.MultiplyAdd(a, TSimd.Load(x + i), TSimd.Load(y + i)));
        }

        for (; i < n; i++)
        {
            y[i] = T.MultiplyAddEstimate(alpha, x[i], y[i]);
        }
    }
}
