using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Polyad.Managed;

/// <summary>
/// y = A x for a symmetric matrix of which the lower triangle is stored. The product is bound by the read of A, so each element is read once and used twice:
/// a_ij x_j goes to y_i and a_ij x_i to y_j. Four columns are taken together, so that x and y are read a quarter as often.
/// </summary>
internal static unsafe class SymmetricMatrixVector
{
    /// <summary>
    /// Adds to y what columns from .. end - 1 of a column-major matrix give over rows from .. n - 1, all indices absolute. The strict upper triangle and the rows from n
    /// to <paramref name="ld"/> must be stored as zeros, x must be zero (and y may be written) in rows outside these: whole aligned vectors are read, with no ragged ends.
    /// </summary>
    /// <param name="a">Column-major, 64-byte aligned.</param>
    /// <param name="ld">Distance between columns, a multiple of 64 bytes.</param>
    /// <param name="from">The first column.</param>
    /// <param name="end">One past the last column.</param>
    /// <param name="n">One past the last row.</param>
    /// <param name="x">ld elements, 64-byte aligned.</param>
    /// <param name="y">ld elements, 64-byte aligned.</param>
    /// <param name="backwards">From the last columns to the first. Products that take turns find in the cache what the one before has read last.</param>
    public static void Add<T>(T* a, nint ld, int from, int end, int n, T* x, T* y, bool backwards)
        where T : unmanaged, INumberBase<T>
    {
        if (Vector512.IsHardwareAccelerated)
        {
            Add<Simd512<T>, Vector512<T>, T>(a, ld, from, end, n, x, y, backwards);
        }
        else if (Vector256.IsHardwareAccelerated)
        {
            Add<Simd256<T>, Vector256<T>, T>(a, ld, from, end, n, x, y, backwards);
        }
        else if (Vector128.IsHardwareAccelerated)
        {
            Add<Simd128<T>, Vector128<T>, T>(a, ld, from, end, n, x, y, backwards);
        }
        else
        {
            Add<SimdScalar<T>, T, T>(a, ld, from, end, n, x, y, backwards);
        }
    }

    /// <summary>The zeros stored above the diagonal let every column start at an aligned row; the diagonal, which is then met twice, is taken off once.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Add<TSimd, TVector, T>(T* a, nint ld, int from, int end, int n, T* x, T* y, bool backwards)
        where TSimd : struct, ISimd<TVector, T>
        where TVector : struct
        where T : unmanaged, INumberBase<T>
    {
        int w = TSimd.Count, fours = (end - from) / 4;
        for (int k = 0; k < fours; k++)
        {
            int j = from + (4 * (backwards ? fours - 1 - k : k));
            T* c0 = a + (j * ld);
            T* c1 = c0 + ld;
            T* c2 = c1 + ld;
            T* c3 = c2 + ld;
            TVector x0 = TSimd.Broadcast(x[j]), x1 = TSimd.Broadcast(x[j + 1]), x2 = TSimd.Broadcast(x[j + 2]), x3 = TSimd.Broadcast(x[j + 3]);
            TVector s0 = TSimd.Zero, s1 = TSimd.Zero, s2 = TSimd.Zero, s3 = TSimd.Zero;
            for (nint i = j & -w; i < n; i += w)
            {
                TVector vx = TSimd.Load(x + i), vy = TSimd.Load(y + i);
                TVector v0 = TSimd.Load(c0 + i), v1 = TSimd.Load(c1 + i), v2 = TSimd.Load(c2 + i), v3 = TSimd.Load(c3 + i);
                s0 = TSimd.MultiplyAdd(v0, vx, s0);
                vy = TSimd.MultiplyAdd(v0, x0, vy);
                s1 = TSimd.MultiplyAdd(v1, vx, s1);
                vy = TSimd.MultiplyAdd(v1, x1, vy);
                s2 = TSimd.MultiplyAdd(v2, vx, s2);
                vy = TSimd.MultiplyAdd(v2, x2, vy);
                s3 = TSimd.MultiplyAdd(v3, vx, s3);
                vy = TSimd.MultiplyAdd(v3, x3, vy);
                TSimd.Store(y + i, vy);
            }

            y[j] += TSimd.Sum(s0) - (c0[j] * x[j]);
            y[j + 1] += TSimd.Sum(s1) - (c1[j + 1] * x[j + 1]);
            y[j + 2] += TSimd.Sum(s2) - (c2[j + 2] * x[j + 2]);
            y[j + 3] += TSimd.Sum(s3) - (c3[j + 3] * x[j + 3]);
        }

        for (int j = from + (4 * fours); j < end; j++)
        {
            T* c0 = a + (j * ld);
            TVector x0 = TSimd.Broadcast(x[j]), s0 = TSimd.Zero;
            for (nint i = j & -w; i < n; i += w)
            {
                TVector v0 = TSimd.Load(c0 + i);
                s0 = TSimd.MultiplyAdd(v0, TSimd.Load(x + i), s0);
                TSimd.Store(y + i, TSimd.MultiplyAdd(v0, x0, TSimd.Load(y + i)));
            }

            y[j] += TSimd.Sum(s0) - (c0[j] * x[j]);
        }
    }
}
