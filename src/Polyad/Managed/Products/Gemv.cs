using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Polyad.Managed;

/// <summary>Matrix times vector, bound by the read of the matrix: four lines of it are taken at once, so that the vector is read a quarter as often.</summary>
internal static unsafe class Gemv
{
    /// <summary>y = alpha A x + beta y with contiguous x (columns of A) and y (rows of A); y is not read when beta is 0.</summary>
    public static void Run<T>(T alpha, in MatrixBlock<T> a, T* x, T beta, T* y)
        where T : unmanaged, INumberBase<T>
    {
        if (T.IsZero(beta))
        {
            new Span<T>(y, a.Rows).Clear();
        }
        else if (beta != T.One)
        {
            VectorKernels.Scale(a.Rows, beta, y);
        }

        if (a.ColumnStride == 1)
        {
            if (Vector512.IsHardwareAccelerated)
            {
                ByRow<Simd512<T>, Vector512<T>, T>(alpha, a, x, y);
            }
            else if (Vector256.IsHardwareAccelerated)
            {
                ByRow<Simd256<T>, Vector256<T>, T>(alpha, a, x, y);
            }
            else if (Vector128.IsHardwareAccelerated)
            {
                ByRow<Simd128<T>, Vector128<T>, T>(alpha, a, x, y);
            }
            else
            {
                ByRow<SimdScalar<T>, T, T>(alpha, a, x, y);
            }
        }
        else if (a.RowStride == 1)
        {
            if (Vector512.IsHardwareAccelerated)
            {
                ByColumn<Simd512<T>, Vector512<T>, T>(alpha, a, x, y);
            }
            else if (Vector256.IsHardwareAccelerated)
            {
                ByColumn<Simd256<T>, Vector256<T>, T>(alpha, a, x, y);
            }
            else if (Vector128.IsHardwareAccelerated)
            {
                ByColumn<Simd128<T>, Vector128<T>, T>(alpha, a, x, y);
            }
            else
            {
                ByColumn<SimdScalar<T>, T, T>(alpha, a, x, y);
            }
        }
        else
        {
            for (int i = 0; i < a.Rows; i++)
            {
                T sum = T.Zero;
                for (int j = 0; j < a.Columns; j++)
                {
                    sum = T.MultiplyAddEstimate(a[i, j], x[j], sum);
                }

                y[i] = T.MultiplyAddEstimate(alpha, sum, y[i]);
            }
        }
    }

    /// <summary>y += A x and z += A w in one reading of A, whose columns are contiguous.</summary>
    public static void AddPair<T>(in MatrixBlock<T> a, T* x, T* y, T* w, T* z)
        where T : unmanaged, INumberBase<T>
    {
        if (Vector512.IsHardwareAccelerated)
        {
            AddPair<Simd512<T>, Vector512<T>, T>(a, x, y, w, z);
        }
        else if (Vector256.IsHardwareAccelerated)
        {
            AddPair<Simd256<T>, Vector256<T>, T>(a, x, y, w, z);
        }
        else if (Vector128.IsHardwareAccelerated)
        {
            AddPair<Simd128<T>, Vector128<T>, T>(a, x, y, w, z);
        }
        else
        {
            AddPair<SimdScalar<T>, T, T>(a, x, y, w, z);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void AddPair<TSimd, TVector, T>(in MatrixBlock<T> a, T* x, T* y, T* w, T* z)
        where TSimd : struct, ISimd<TVector, T>
        where TVector : struct
        where T : unmanaged, INumberBase<T>
    {
        int lanes = TSimd.Count, m = a.Rows, j = 0;
        for (; j <= a.Columns - 4; j += 4)
        {
            T* c0 = a.Data + (j * a.ColumnStride);
            T* c1 = c0 + a.ColumnStride;
            T* c2 = c1 + a.ColumnStride;
            T* c3 = c2 + a.ColumnStride;
            TVector x0 = TSimd.Broadcast(x[j]), x1 = TSimd.Broadcast(x[j + 1]), x2 = TSimd.Broadcast(x[j + 2]), x3 = TSimd.Broadcast(x[j + 3]);
            TVector w0 = TSimd.Broadcast(w[j]), w1 = TSimd.Broadcast(w[j + 1]), w2 = TSimd.Broadcast(w[j + 2]), w3 = TSimd.Broadcast(w[j + 3]);
            int i = 0;
            for (; i <= m - lanes; i += lanes)
            {
                TVector v = TSimd.Load(c0 + i);
                TVector s = TSimd.MultiplyAdd(v, x0, TSimd.Load(y + i)), t = TSimd.MultiplyAdd(v, w0, TSimd.Load(z + i));
                v = TSimd.Load(c1 + i);
                s = TSimd.MultiplyAdd(v, x1, s);
                t = TSimd.MultiplyAdd(v, w1, t);
                v = TSimd.Load(c2 + i);
                s = TSimd.MultiplyAdd(v, x2, s);
                t = TSimd.MultiplyAdd(v, w2, t);
                v = TSimd.Load(c3 + i);
                TSimd.Store(y + i, TSimd.MultiplyAdd(v, x3, s));
                TSimd.Store(z + i, TSimd.MultiplyAdd(v, w3, t));
            }

            for (; i < m; i++)
            {
                T s = T.MultiplyAddEstimate(c0[i], x[j], y[i]), t = T.MultiplyAddEstimate(c0[i], w[j], z[i]);
                s = T.MultiplyAddEstimate(c1[i], x[j + 1], s);
                t = T.MultiplyAddEstimate(c1[i], w[j + 1], t);
                s = T.MultiplyAddEstimate(c2[i], x[j + 2], s);
                t = T.MultiplyAddEstimate(c2[i], w[j + 2], t);
                y[i] = T.MultiplyAddEstimate(c3[i], x[j + 3], s);
                z[i] = T.MultiplyAddEstimate(c3[i], w[j + 3], t);
            }
        }

        for (; j < a.Columns; j++)
        {
            VectorKernels.Axpy(m, x[j], a.Data + (j * a.ColumnStride), y);
            VectorKernels.Axpy(m, w[j], a.Data + (j * a.ColumnStride), z);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void ByRow<TSimd, TVector, T>(T alpha, in MatrixBlock<T> a, T* x, T* y)
        where TSimd : struct, ISimd<TVector, T>
        where TVector : struct
        where T : unmanaged, INumberBase<T>
    {
        int w = TSimd.Count, n = a.Columns, i = 0;
        for (; i <= a.Rows - 4; i += 4)
        {
            T* r0 = a.Data + (i * a.RowStride);
            T* r1 = r0 + a.RowStride;
            T* r2 = r1 + a.RowStride;
            T* r3 = r2 + a.RowStride;
            TVector s0 = TSimd.Zero, s1 = TSimd.Zero, s2 = TSimd.Zero, s3 = TSimd.Zero;
            int j = 0;
            for (; j <= n - w; j += w)
            {
                TVector v = TSimd.Load(x + j);
                s0 = TSimd.MultiplyAdd(TSimd.Load(r0 + j), v, s0);
                s1 = TSimd.MultiplyAdd(TSimd.Load(r1 + j), v, s1);
                s2 = TSimd.MultiplyAdd(TSimd.Load(r2 + j), v, s2);
                s3 = TSimd.MultiplyAdd(TSimd.Load(r3 + j), v, s3);
            }

            T t0 = TSimd.Sum(s0), t1 = TSimd.Sum(s1), t2 = TSimd.Sum(s2), t3 = TSimd.Sum(s3);
            for (; j < n; j++)
            {
                t0 = T.MultiplyAddEstimate(r0[j], x[j], t0);
                t1 = T.MultiplyAddEstimate(r1[j], x[j], t1);
                t2 = T.MultiplyAddEstimate(r2[j], x[j], t2);
                t3 = T.MultiplyAddEstimate(r3[j], x[j], t3);
            }

            y[i] = T.MultiplyAddEstimate(alpha, t0, y[i]);
            y[i + 1] = T.MultiplyAddEstimate(alpha, t1, y[i + 1]);
            y[i + 2] = T.MultiplyAddEstimate(alpha, t2, y[i + 2]);
            y[i + 3] = T.MultiplyAddEstimate(alpha, t3, y[i + 3]);
        }

        for (; i < a.Rows; i++)
        {
            y[i] = T.MultiplyAddEstimate(alpha, VectorKernels.Dot(n, a.Data + (i * a.RowStride), x), y[i]);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void ByColumn<TSimd, TVector, T>(T alpha, in MatrixBlock<T> a, T* x, T* y)
        where TSimd : struct, ISimd<TVector, T>
        where TVector : struct
        where T : unmanaged, INumberBase<T>
    {
        int w = TSimd.Count, m = a.Rows, j = 0;
        for (; j <= a.Columns - 4; j += 4)
        {
            T* c0 = a.Data + (j * a.ColumnStride);
            T* c1 = c0 + a.ColumnStride;
            T* c2 = c1 + a.ColumnStride;
            T* c3 = c2 + a.ColumnStride;
            T x0 = alpha * x[j], x1 = alpha * x[j + 1], x2 = alpha * x[j + 2], x3 = alpha * x[j + 3];
            TVector v0 = TSimd.Broadcast(x0), v1 = TSimd.Broadcast(x1), v2 = TSimd.Broadcast(x2), v3 = TSimd.Broadcast(x3);
            int i = 0;
            for (; i <= m - w; i += w)
            {
                TVector s = TSimd.MultiplyAdd(TSimd.Load(c0 + i), v0, TSimd.Load(y + i));
                s = TSimd.MultiplyAdd(TSimd.Load(c1 + i), v1, s);
                s = TSimd.MultiplyAdd(TSimd.Load(c2 + i), v2, s);
                TSimd.Store(y + i, TSimd.MultiplyAdd(TSimd.Load(c3 + i), v3, s));
            }

            for (; i < m; i++)
            {
                T s = T.MultiplyAddEstimate(c0[i], x0, y[i]);
                s = T.MultiplyAddEstimate(c1[i], x1, s);
                s = T.MultiplyAddEstimate(c2[i], x2, s);
                y[i] = T.MultiplyAddEstimate(c3[i], x3, s);
            }
        }

        for (; j < a.Columns; j++)
        {
            VectorKernels.Axpy(m, alpha * x[j], a.Data + (j * a.ColumnStride), y);
        }
    }
}
