using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Polyad.Managed;

namespace Polyad;

/// <summary>
/// u = A v + beta u and w += A^T u of a matrix with contiguous rows, which memory delivers once: four rows are multiplied by v, and are still in the nearest cache when they are added to w. While that goes
/// on the next four are fetched.
/// </summary>
internal static unsafe class BidiagonalStep
{
    /// <summary>Rows taken at a time.</summary>
    private const int Lines = 4;

    /// <summary>Whether four rows stay in the nearest cache.</summary>
    public static bool Fits<T>(in MatrixBlock<T> a)
        where T : unmanaged
        => a.ColumnStride == 1 && (long)a.Columns * sizeof(T) <= 8 << 10;

    /// <summary>The rows of a block; u has any stride, v and w none.</summary>
    public static void Run<T>(in MatrixBlock<T> a, T* v, T beta, T* u, nint uStride, T* w)
        where T : unmanaged, INumberBase<T>
    {
        if (Vector512.IsHardwareAccelerated)
        {
            Run<Simd512<T>, Vector512<T>, T>(a, v, beta, u, uStride, w);
        }
        else if (Vector256.IsHardwareAccelerated)
        {
            Run<Simd256<T>, Vector256<T>, T>(a, v, beta, u, uStride, w);
        }
        else if (Vector128.IsHardwareAccelerated)
        {
            Run<Simd128<T>, Vector128<T>, T>(a, v, beta, u, uStride, w);
        }
        else
        {
            Run<SimdScalar<T>, T, T>(a, v, beta, u, uStride, w);
        }
    }

    private static void Run<TSimd, TVector, T>(in MatrixBlock<T> a, T* v, T beta, T* u, nint uStride, T* w)
        where TSimd : struct, ISimd<TVector, T>
        where TVector : struct
        where T : unmanaged, INumberBase<T>
    {
        int i = 0;
        for (; i <= a.Rows - Lines; i += Lines)
        {
            Four<TSimd, TVector, T>(a.Data + (i * a.RowStride), a.RowStride, a.Columns, v, beta, u + (i * uStride), uStride, w);
        }

        for (; i < a.Rows; i++)
        {
            T* row = a.Data + (i * a.RowStride);
            T* element = u + (i * uStride);
            T sum = VectorKernels.Dot(a.Columns, row, v);
            *element = T.IsZero(beta) ? sum : sum + (beta * *element);
            VectorKernels.Axpy(a.Columns, *element, row, w);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Four<TSimd, TVector, T>(T* a, nint stride, int n, T* v, T beta, T* u, nint uStride, T* w)
        where TSimd : struct, ISimd<TVector, T>
        where TVector : struct
        where T : unmanaged, INumberBase<T>
    {
        VectorKernels.FourDots<TSimd, TVector, T>(n, a, stride, v, out T s0, out T s1, out T s2, out T s3);
        if (!T.IsZero(beta))
        {
            s0 += beta * u[0];
            s1 += beta * u[uStride];
            s2 += beta * u[2 * uStride];
            s3 += beta * u[3 * uStride];
        }

        u[0] = s0;
        u[uStride] = s1;
        u[2 * uStride] = s2;
        u[3 * uStride] = s3;
        TVector f0 = TSimd.Broadcast(s0), f1 = TSimd.Broadcast(s1), f2 = TSimd.Broadcast(s2), f3 = TSimd.Broadcast(s3);
        T* a0 = a, a1 = a + stride, a2 = a1 + stride, a3 = a2 + stride;
        int step = TSimd.Count, j = 0;
        nint next = 4 * stride;
        for (; j <= n - step; j += step)
        {
            if (Sse.IsSupported)
            {
                Sse.Prefetch0(a0 + next + j);
                Sse.Prefetch0(a1 + next + j);
                Sse.Prefetch0(a2 + next + j);
                Sse.Prefetch0(a3 + next + j);
            }

            TVector sum = TSimd.MultiplyAdd(f0, TSimd.Load(a0 + j), TSimd.Load(w + j));
            sum = TSimd.MultiplyAdd(f1, TSimd.Load(a1 + j), sum);
            sum = TSimd.MultiplyAdd(f2, TSimd.Load(a2 + j), sum);
            TSimd.Store(w + j, TSimd.MultiplyAdd(f3, TSimd.Load(a3 + j), sum));
        }

        for (; j < n; j++)
        {
            w[j] = T.MultiplyAddEstimate(s3, a3[j], T.MultiplyAddEstimate(s2, a2[j], T.MultiplyAddEstimate(s1, a1[j], T.MultiplyAddEstimate(s0, a0[j], w[j]))));
        }
    }
}
