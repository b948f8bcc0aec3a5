using System.Numerics;
using System.Numerics.Tensors;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Polyad.Managed;

namespace Polyad.Transforms;

internal static unsafe partial class WalshHadamardKernels
{
    /// <summary>
    /// y = the transform of signs times x, for a power of two elements; while it runs three quarters of a later vector are fetched, evenly, so that memory and arithmetic work at the same time; the last is for the caller, while it reads y. The first two stages are done on the way
    /// from x to y. The results are those of the product and <see cref="Transform{T}(T*, int)"/> to the bit.
    /// </summary>
    /// <param name="x">n numbers.</param>
    /// <param name="signs">n factors, 1 and -1.</param>
    /// <param name="negative">-1 where the factor is -1, otherwise 0: an eighth of the bytes of the factors, which would push x and y out of the nearest cache.</param>
    /// <param name="y">Receives n numbers; no element shared.</param>
    /// <param name="n">A power of two.</param>
    /// <param name="next">n numbers that will be needed soon, or null.</param>
    public static void TransformSigned<T>(T* x, T* signs, sbyte* negative, T* y, int n, T* next)
        where T : unmanaged, INumberBase<T>
    {
        if (n <= CachePart || !Vector256.IsHardwareAccelerated)
        {
            TensorPrimitives.Multiply(new ReadOnlySpan<T>(x, n), new ReadOnlySpan<T>(signs, n), new Span<T>(y, n));
            Transform(y, n);
        }
        else if (typeof(T) == typeof(double))
        {
            if (Vector512.IsHardwareAccelerated)
            {
                Signed<Simd512<double>, Vector512<double>, Lanes512Double, double>((double*)x, negative, (double*)y, n, (double*)next);
            }
            else
            {
                Signed<Simd256<double>, Vector256<double>, Lanes256Double, double>((double*)x, negative, (double*)y, n, (double*)next);
            }
        }
        else
        {
            if (Vector512.IsHardwareAccelerated)
            {
                Signed<Simd512<float>, Vector512<float>, Lanes512Single, float>((float*)x, negative, (float*)y, n, (float*)next);
            }
            else
            {
                Signed<Simd256<float>, Vector256<float>, Lanes256Single, float>((float*)x, negative, (float*)y, n, (float*)next);
            }
        }
    }

    private static void Signed<TSimd, TVector, TLanes, T>(T* x, sbyte* negative, T* y, int n, T* next)
        where TSimd : struct, ISimd<TVector, T>
        where TVector : struct
        where TLanes : struct, IWalshHadamardLanes<TVector>
        where T : unmanaged, INumberBase<T>
    {
        int quarter = n / 4;
        SignedPass<TSimd, TVector, TLanes, T>(x, negative, y, quarter, next);
        for (int k = 0; k < 4; k++)
        {
            nint at = k * (nint)quarter;
            Transform<TSimd, TVector, TLanes, T>(y + at, quarter, next == null ? null : next + quarter + (at / 2));
        }
    }

    /// <summary>
    /// Two stages between the quarters of signs times x; meanwhile a quarter of <paramref name="next"/> is fetched, if it is given. Quarters often lie a multiple of the cache's page apart: eight parts of x and eight of y would take more of its ways than there are.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void SignedPass<TSimd, TVector, TLanes, T>(T* x, sbyte* negative, T* y, int part, T* next)
        where TSimd : struct, ISimd<TVector, T>
        where TVector : struct
        where TLanes : struct, IWalshHadamardLanes<TVector>
        where T : unmanaged, INumberBase<T>
    {
        for (int i = 0; i < part; i += TSimd.Count)
        {
            if (next != null)
            {
                Prefetch.Lines(next + i, (nint)TSimd.Count * sizeof(T));
            }

            T* p = x + i, q = y + i;
            sbyte* s = negative + i;
            TVector a = TLanes.Negate(TSimd.Load(p), s), b = TLanes.Negate(TSimd.Load(p + part), s + part);
            TVector c = TLanes.Negate(TSimd.Load(p + (2 * part)), s + (2 * part)), d = TLanes.Negate(TSimd.Load(p + (3 * part)), s + (3 * part));
            Four<TSimd, TVector, T>(ref a, ref b, ref c, ref d);
            TSimd.Store(q, a);
            TSimd.Store(q + part, b);
            TSimd.Store(q + (2 * part), c);
            TSimd.Store(q + (3 * part), d);
        }
    }
}
