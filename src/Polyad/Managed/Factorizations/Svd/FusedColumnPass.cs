using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Polyad.Managed;

/// <summary>
/// The memory-bound half of bidiagonalisation in one reading of the matrix instead of two: as soon as y_j = a_j^T u is known the entry r_j of the next row is, and a_j is still in the
/// cache for x += a_j r_j (Van Zee, van de Geijn, Quintana-Orti: Restructuring the tridiagonal and bidiagonal QR algorithms, 2014; Howell et al., Cache efficient bidiagonalization, 2008).
/// </summary>
internal static unsafe class FusedColumnPass<T>
    where T : unmanaged, INumberBase<T>
{
    /// <summary>Elements of a line of memory, and of the longest vector.</summary>
    private static int Line => StreamingStore.CacheLine / sizeof(T);

    /// <summary>
    /// With A = <paramref name="a"/> (column-major, rows x columns) and a_1 its first row: y = tau (A^T u + Q f), r = a_1 + Q g - y, x = A' r, where A' is A without its first row.
    /// </summary>
    /// <param name="a">A.</param>
    /// <param name="above">
    /// Rows that lie above A's first in memory: some of them may be read, and of x's written, so that whole aligned vectors are taken where columns are aligned. u is zero there.
    /// </param>
    /// <param name="u">rows.</param>
    /// <param name="tau">The scalar of u's reflector.</param>
    /// <param name="q">columns x c, columns contiguous.</param>
    /// <param name="f">c.</param>
    /// <param name="g">c.</param>
    /// <param name="y">columns; overwritten.</param>
    /// <param name="r">columns; overwritten.</param>
    /// <param name="x">rows - 1; overwritten.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run(in MatrixBlock<T> a, int above, T* u, T tau, in MatrixBlock<T> q, T* f, T* g, T* y, T* r, T* x)
    {
        above &= Line - 1;
        int aboveSum = (above + 1) & (Line - 1);
        new Span<T>(x - aboveSum, a.Rows - 1 + aboveSum).Clear();
        new Span<T>(y, a.Columns).Clear();
        for (int j = 0; j < a.Columns; j++)
        {
            r[j] = a[0, j];
        }

        Gemv.AddPair(q, f, y, g, r);
        Part(a, above, u, tau, y, r, x);
    }

    private static void Part(in MatrixBlock<T> a, int above, T* u, T tau, T* y, T* r, T* x)
    {
        if (Vector512.IsHardwareAccelerated)
        {
            Part<Simd512<T>, Vector512<T>>(a, above, u, tau, y, r, x);
        }
        else if (Vector256.IsHardwareAccelerated)
        {
            Part<Simd256<T>, Vector256<T>>(a, above, u, tau, y, r, x);
        }
        else if (Vector128.IsHardwareAccelerated)
        {
            Part<Simd128<T>, Vector128<T>>(a, above, u, tau, y, r, x);
        }
        else
        {
            Part<SimdScalar<T>, T>(a, above, u, tau, y, r, x);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Part<TSimd, TVector>(in MatrixBlock<T> a, int above, T* u, T tau, T* y, T* r, T* x)
        where TSimd : struct, ISimd<TVector, T>
        where TVector : struct
    {
        // From an aligned row on: what is added there is zero, or lies above x.
        int j = 0, aboveSum = (above + 1) & (Line - 1), rows = a.Rows + above, sums = a.Rows - 1 + aboveSum;
        u -= above;
        x -= aboveSum;
        for (; j <= a.Columns - 4; j += 4)
        {
            T* column = a.Data + (j * a.ColumnStride);
            Dots<TSimd, TVector>(rows, column - above, a.ColumnStride, u, y + j, tau);
            for (int k = j; k < j + 4; k++)
            {
                r[k] -= y[k];
            }

            Axpys<TSimd, TVector>(sums, column + 1 - aboveSum, a.ColumnStride, r + j, x);
        }

        for (; j < a.Columns; j++)
        {
            T* column = a.Data + (j * a.ColumnStride);
            y[j] = tau * (VectorKernels.Dot(rows, column - above, u) + y[j]);
            r[j] -= y[j];
            VectorKernels.Axpy(sums, r[j], column + 1 - aboveSum, x);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Dots<TSimd, TVector>(int n, T* column, nint stride, T* u, T* y, T tau)
        where TSimd : struct, ISimd<TVector, T>
        where TVector : struct
    {
        VectorKernels.FourDots<TSimd, TVector, T>(n, column, stride, u, out T s0, out T s1, out T s2, out T s3);
        y[0] = tau * (s0 + y[0]);
        y[1] = tau * (s1 + y[1]);
        y[2] = tau * (s2 + y[2]);
        y[3] = tau * (s3 + y[3]);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Axpys<TSimd, TVector>(int n, T* column, nint stride, T* r, T* x)
        where TSimd : struct, ISimd<TVector, T>
        where TVector : struct
    {
        int w = TSimd.Count, i = 0;
        T* c0 = column;
        T* c1 = c0 + stride;
        T* c2 = c1 + stride;
        T* c3 = c2 + stride;
        T r0 = r[0], r1 = r[1], r2 = r[2], r3 = r[3];
        TVector v0 = TSimd.Broadcast(r0), v1 = TSimd.Broadcast(r1), v2 = TSimd.Broadcast(r2), v3 = TSimd.Broadcast(r3);
        for (; i <= n - w; i += w)
        {
            TVector s = TSimd.MultiplyAdd(TSimd.Load(c0 + i), v0, TSimd.Load(x + i));
            s = TSimd.MultiplyAdd(TSimd.Load(c1 + i), v1, s);
            s = TSimd.MultiplyAdd(TSimd.Load(c2 + i), v2, s);
            TSimd.Store(x + i, TSimd.MultiplyAdd(TSimd.Load(c3 + i), v3, s));
        }

        for (; i < n; i++)
        {
            T s = T.MultiplyAddEstimate(c0[i], r0, x[i]);
            s = T.MultiplyAddEstimate(c1[i], r1, s);
            s = T.MultiplyAddEstimate(c2[i], r2, s);
            x[i] = T.MultiplyAddEstimate(c3[i], r3, s);
        }
    }
}
