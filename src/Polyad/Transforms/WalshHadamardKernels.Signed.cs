using System.Numerics;
using System.Numerics.Tensors;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Polyad.Managed;

namespace Polyad.Transforms;

internal static unsafe partial class WalshHadamardKernels
{
    /// <summary>
    /// y = the transform of signs times x, for a power of two elements. The first two stages are done on the way from x to y. The results are those of the product and <see cref="Transform{T}(T*, int)"/> to the bit.
    /// Later passes, which find y in the nearest cache, meanwhile fetch three quarters of a later vector; the last is for the caller, while it reads y. On the way from x to y, when both pass through that cache, memory would only hold up the lines that the second level has:
    /// work on numbers of the nearest cache and transfers from memory go on side by side, work on numbers of the second level waits for them.
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
        SignedPass<TSimd, TVector, TLanes, T>(x, negative, y, quarter);
        for (int k = 0; k < 4; k++)
        {
            nint at = k * (nint)quarter;
            Transform<TSimd, TVector, TLanes, T>(y + at, quarter, next == null ? null : next + (at / 4 * 3));
        }
    }

    /// <summary>
    /// Two stages between the quarters of signs times x. Quarters often lie a multiple of the cache's page apart: eight parts of x and eight of y would take more of its ways than there are.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void SignedPass<TSimd, TVector, TLanes, T>(T* x, sbyte* negative, T* y, int part)
        where TSimd : struct, ISimd<TVector, T>
        where TVector : struct
        where TLanes : struct, IWalshHadamardLanes<TVector>
        where T : unmanaged, INumberBase<T>
    {
        for (int i = 0; i < part; i += TSimd.Count)
        {
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
