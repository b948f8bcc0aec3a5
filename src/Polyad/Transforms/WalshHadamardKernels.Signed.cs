using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Polyad.Managed;

namespace Polyad.Transforms;

internal static unsafe partial class WalshHadamardKernels
{
    /// <summary>
    /// y = the transform of signs times x, for a power of two elements; while it runs a later vector is fetched, so that memory and arithmetic work at the same time. The first three stages are done on the way
    /// from x to y. The results are those of the product and <see cref="Transform{T}(T*, int)"/> to the bit.
    /// </summary>
    /// <param name="x">n numbers.</param>
    /// <param name="signs">n factors.</param>
    /// <param name="y">Receives n numbers; no element shared.</param>
    /// <param name="n">A power of two.</param>
    /// <param name="next">n numbers that will be needed soon, or null.</param>
    public static void TransformSigned<T>(T* x, T* signs, T* y, int n, T* next)
        where T : unmanaged, INumberBase<T>
    {
        if (n <= CachePart || !Vector256.IsHardwareAccelerated)
        {
            System.Numerics.Tensors.TensorPrimitives.Multiply(new ReadOnlySpan<T>(x, n), new ReadOnlySpan<T>(signs, n), new Span<T>(y, n));
            Transform(y, n);
            return;
        }

        int eighth = n / 8;
        if (Vector512.IsHardwareAccelerated)
        {
            SignedPass<Simd512<T>, Vector512<T>, T>(x, signs, y, eighth);
        }
        else
        {
            SignedPass<Simd256<T>, Vector256<T>, T>(x, signs, y, eighth);
        }

        for (int k = 0; k < 8; k++)
        {
            if (next != null)
            {
                Prefetch.Lines(next + (k * (nint)eighth), (nint)eighth * sizeof(T));
            }

            Transform(y + (k * (nint)eighth), eighth);
        }
    }

    /// <summary>Three stages between eight parts of signs times x. The parts are whole vectors.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void SignedPass<TSimd, TVector, T>(T* x, T* signs, T* y, int part)
        where TSimd : struct, ISimd<TVector, T>
        where TVector : struct
        where T : unmanaged, INumberBase<T>
    {
        for (int i = 0; i < part; i += TSimd.Count)
        {
            T* p = x + i, s = signs + i, q = y + i;
            TVector a = TSimd.Multiply(TSimd.Load(p), TSimd.Load(s)), b = TSimd.Multiply(TSimd.Load(p + part), TSimd.Load(s + part));
            TVector c = TSimd.Multiply(TSimd.Load(p + (2 * part)), TSimd.Load(s + (2 * part))), d = TSimd.Multiply(TSimd.Load(p + (3 * part)), TSimd.Load(s + (3 * part)));
            TVector e = TSimd.Multiply(TSimd.Load(p + (4 * part)), TSimd.Load(s + (4 * part))), f = TSimd.Multiply(TSimd.Load(p + (5 * part)), TSimd.Load(s + (5 * part)));
            TVector g = TSimd.Multiply(TSimd.Load(p + (6 * part)), TSimd.Load(s + (6 * part))), h = TSimd.Multiply(TSimd.Load(p + (7 * part)), TSimd.Load(s + (7 * part)));
            Eight<TSimd, TVector, T>(ref a, ref b, ref c, ref d, ref e, ref f, ref g, ref h);
            TSimd.Store(q, a);
            TSimd.Store(q + part, b);
            TSimd.Store(q + (2 * part), c);
            TSimd.Store(q + (3 * part), d);
            TSimd.Store(q + (4 * part), e);
            TSimd.Store(q + (5 * part), f);
            TSimd.Store(q + (6 * part), g);
            TSimd.Store(q + (7 * part), h);
        }
    }
}
