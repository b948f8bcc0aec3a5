using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Polyad.Managed;

/// <summary>
/// Products of narrow panels whose columns are contiguous, for the insides of blocked factorizations: the operands sit in cache already,
/// so nothing is packed. Tiles of two vectors by four columns (or four dot products by two) keep eight sums in registers, which is what
/// two fused multiply-adds per cycle at a latency of four need.
/// </summary>
internal static unsafe class ColumnKernels
{
    /// <summary>Rows that one sweep of <see cref="CrossProduct{T}"/> takes, so that a panel of 64 columns stays in the second-level cache between sweeps.</summary>
    private const int CrossProductRows = 1024;

    /// <summary>
    /// A leading dimension for a column-major scratch matrix: columns start on vector boundaries, and never a multiple of half a page apart,
    /// which would put a row of the panel into a few cache sets.
    /// </summary>
    public static int LeadingDimension<T>(int rows)
        where T : unmanaged
    {
        int lane = 64 / sizeof(T);
        int padded = (rows + lane - 1) / lane * lane;
        return padded * (long)sizeof(T) % 2048 == 0 ? padded + lane : padded;
    }

    /// <summary>C -= A B, with A m x p and C m x q of contiguous columns and B p x q of any strides.</summary>
    public static void Subtract<T>(int m, int p, int q, T* a, nint lda, T* b, nint bRowStride, nint bColumnStride, T* c, nint ldc)
        where T : unmanaged, INumberBase<T>
    {
        if (Vector512.IsHardwareAccelerated)
        {
            Subtract<Simd512<T>, Vector512<T>, T>(m, p, q, a, lda, b, bRowStride, bColumnStride, c, ldc);
        }
        else if (Vector256.IsHardwareAccelerated)
        {
            Subtract<Simd256<T>, Vector256<T>, T>(m, p, q, a, lda, b, bRowStride, bColumnStride, c, ldc);
        }
        else if (Vector128.IsHardwareAccelerated)
        {
            Subtract<Simd128<T>, Vector128<T>, T>(m, p, q, a, lda, b, bRowStride, bColumnStride, c, ldc);
        }
        else
        {
            Subtract<SimdScalar<T>, T, T>(m, p, q, a, lda, b, bRowStride, bColumnStride, c, ldc);
        }
    }

    /// <summary>W = A^T B, with A m x p, B m x q and W p x q, all of contiguous columns. W is overwritten.</summary>
    public static void CrossProduct<T>(int m, int p, int q, T* a, nint lda, T* b, nint ldb, T* w, nint ldw)
        where T : unmanaged, INumberBase<T>
    {
        for (int j = 0; j < q; j++)
        {
            new Span<T>(w + (j * ldw), p).Clear();
        }

        for (int row = 0; row < m; row += CrossProductRows)
        {
            int rows = Math.Min(CrossProductRows, m - row);
            if (Vector512.IsHardwareAccelerated)
            {
                AddCrossProduct<Simd512<T>, Vector512<T>, T>(rows, p, q, a + row, lda, b + row, ldb, w, ldw);
            }
            else if (Vector256.IsHardwareAccelerated)
            {
                AddCrossProduct<Simd256<T>, Vector256<T>, T>(rows, p, q, a + row, lda, b + row, ldb, w, ldw);
            }
            else if (Vector128.IsHardwareAccelerated)
            {
                AddCrossProduct<Simd128<T>, Vector128<T>, T>(rows, p, q, a + row, lda, b + row, ldb, w, ldw);
            }
            else
            {
                AddCrossProduct<SimdScalar<T>, T, T>(rows, p, q, a + row, lda, b + row, ldb, w, ldw);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Subtract<TSimd, TVector, T>(int m, int p, int q, T* a, nint lda, T* b, nint bRowStride, nint bColumnStride, T* c, nint ldc)
        where TSimd : struct, ISimd<TVector, T>
        where TVector : struct
        where T : unmanaged, INumberBase<T>
    {
        int w = TSimd.Count, i = 0;
        for (; i <= m - (2 * w); i += 2 * w)
        {
            int j = 0;
            for (; j <= q - 4; j += 4)
            {
                TVector s00 = TSimd.Zero, s01 = TSimd.Zero, s02 = TSimd.Zero, s03 = TSimd.Zero;
                TVector s10 = TSimd.Zero, s11 = TSimd.Zero, s12 = TSimd.Zero, s13 = TSimd.Zero;
                T* ak = a + i;
                T* bk = b + (j * bColumnStride);
                for (int k = 0; k < p; k++)
                {
                    TVector a0 = TSimd.Load(ak), a1 = TSimd.Load(ak + w);
                    TVector v = TSimd.Broadcast(*bk);
                    s00 = TSimd.MultiplyAdd(a0, v, s00);
                    s10 = TSimd.MultiplyAdd(a1, v, s10);
                    v = TSimd.Broadcast(bk[bColumnStride]);
                    s01 = TSimd.MultiplyAdd(a0, v, s01);
                    s11 = TSimd.MultiplyAdd(a1, v, s11);
                    v = TSimd.Broadcast(bk[2 * bColumnStride]);
                    s02 = TSimd.MultiplyAdd(a0, v, s02);
                    s12 = TSimd.MultiplyAdd(a1, v, s12);
                    v = TSimd.Broadcast(bk[3 * bColumnStride]);
                    s03 = TSimd.MultiplyAdd(a0, v, s03);
                    s13 = TSimd.MultiplyAdd(a1, v, s13);
                    ak += lda;
                    bk += bRowStride;
                }

                T* cj = c + i + (j * ldc);
                SubtractAt<TSimd, TVector, T>(cj, s00);
                SubtractAt<TSimd, TVector, T>(cj + w, s10);
                SubtractAt<TSimd, TVector, T>(cj + ldc, s01);
                SubtractAt<TSimd, TVector, T>(cj + ldc + w, s11);
                SubtractAt<TSimd, TVector, T>(cj + (2 * ldc), s02);
                SubtractAt<TSimd, TVector, T>(cj + (2 * ldc) + w, s12);
                SubtractAt<TSimd, TVector, T>(cj + (3 * ldc), s03);
                SubtractAt<TSimd, TVector, T>(cj + (3 * ldc) + w, s13);
            }

            for (; j < q; j++)
            {
                TVector s0 = TSimd.Zero, s1 = TSimd.Zero;
                T* ak = a + i;
                T* bk = b + (j * bColumnStride);
                for (int k = 0; k < p; k++)
                {
                    TVector v = TSimd.Broadcast(*bk);
                    s0 = TSimd.MultiplyAdd(TSimd.Load(ak), v, s0);
                    s1 = TSimd.MultiplyAdd(TSimd.Load(ak + w), v, s1);
                    ak += lda;
                    bk += bRowStride;
                }

                SubtractAt<TSimd, TVector, T>(c + i + (j * ldc), s0);
                SubtractAt<TSimd, TVector, T>(c + i + w + (j * ldc), s1);
            }
        }

        for (; i <= m - w; i += w)
        {
            for (int j = 0; j < q; j++)
            {
                TVector s = TSimd.Zero;
                T* ak = a + i;
                T* bk = b + (j * bColumnStride);
                for (int k = 0; k < p; k++)
                {
                    s = TSimd.MultiplyAdd(TSimd.Load(ak), TSimd.Broadcast(*bk), s);
                    ak += lda;
                    bk += bRowStride;
                }

                SubtractAt<TSimd, TVector, T>(c + i + (j * ldc), s);
            }
        }

        if (i < m)
        {
            Subtract<SimdScalar<T>, T, T>(m - i, p, q, a + i, lda, b, bRowStride, bColumnStride, c + i, ldc);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void SubtractAt<TSimd, TVector, T>(T* c, TVector sum)
        where TSimd : struct, ISimd<TVector, T>
        where TVector : struct
        where T : unmanaged, INumberBase<T>
        => TSimd.Store(c, TSimd.Subtract(TSimd.Load(c), sum));

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void AddCrossProduct<TSimd, TVector, T>(int m, int p, int q, T* a, nint lda, T* b, nint ldb, T* w, nint ldw)
        where TSimd : struct, ISimd<TVector, T>
        where TVector : struct
        where T : unmanaged, INumberBase<T>
    {
        int lanes = TSimd.Count, j = 0;
        for (; j <= q - 2; j += 2)
        {
            T* b0 = b + (j * ldb);
            T* b1 = b0 + ldb;
            T* w0 = w + (j * ldw);
            T* w1 = w0 + ldw;
            int i = 0;
            for (; i <= p - 4; i += 4)
            {
                T* a0 = a + (i * lda);
                T* a1 = a0 + lda;
                T* a2 = a1 + lda;
                T* a3 = a2 + lda;
                TVector s00 = TSimd.Zero, s10 = TSimd.Zero, s20 = TSimd.Zero, s30 = TSimd.Zero;
                TVector s01 = TSimd.Zero, s11 = TSimd.Zero, s21 = TSimd.Zero, s31 = TSimd.Zero;
                int k = 0;
                for (; k <= m - lanes; k += lanes)
                {
                    TVector x0 = TSimd.Load(b0 + k), x1 = TSimd.Load(b1 + k);
                    TVector v = TSimd.Load(a0 + k);
                    s00 = TSimd.MultiplyAdd(v, x0, s00);
                    s01 = TSimd.MultiplyAdd(v, x1, s01);
                    v = TSimd.Load(a1 + k);
                    s10 = TSimd.MultiplyAdd(v, x0, s10);
                    s11 = TSimd.MultiplyAdd(v, x1, s11);
                    v = TSimd.Load(a2 + k);
                    s20 = TSimd.MultiplyAdd(v, x0, s20);
                    s21 = TSimd.MultiplyAdd(v, x1, s21);
                    v = TSimd.Load(a3 + k);
                    s30 = TSimd.MultiplyAdd(v, x0, s30);
                    s31 = TSimd.MultiplyAdd(v, x1, s31);
                }

                T t00 = TSimd.Sum(s00), t10 = TSimd.Sum(s10), t20 = TSimd.Sum(s20), t30 = TSimd.Sum(s30);
                T t01 = TSimd.Sum(s01), t11 = TSimd.Sum(s11), t21 = TSimd.Sum(s21), t31 = TSimd.Sum(s31);
                for (; k < m; k++)
                {
                    T x0 = b0[k], x1 = b1[k];
                    t00 = T.MultiplyAddEstimate(a0[k], x0, t00);
                    t10 = T.MultiplyAddEstimate(a1[k], x0, t10);
                    t20 = T.MultiplyAddEstimate(a2[k], x0, t20);
                    t30 = T.MultiplyAddEstimate(a3[k], x0, t30);
                    t01 = T.MultiplyAddEstimate(a0[k], x1, t01);
                    t11 = T.MultiplyAddEstimate(a1[k], x1, t11);
                    t21 = T.MultiplyAddEstimate(a2[k], x1, t21);
                    t31 = T.MultiplyAddEstimate(a3[k], x1, t31);
                }

                w0[i] += t00;
                w0[i + 1] += t10;
                w0[i + 2] += t20;
                w0[i + 3] += t30;
                w1[i] += t01;
                w1[i + 1] += t11;
                w1[i + 2] += t21;
                w1[i + 3] += t31;
            }

            for (; i < p; i++)
            {
                w0[i] += VectorKernels.Dot(m, a + (i * lda), b0);
                w1[i] += VectorKernels.Dot(m, a + (i * lda), b1);
            }
        }

        for (; j < q; j++)
        {
            for (int i = 0; i < p; i++)
            {
                w[i + (j * ldw)] += VectorKernels.Dot(m, a + (i * lda), b + (j * ldb));
            }
        }
    }
}
