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
    private const int MaxParts = 8;
    private const int PartColumns = 32;

    /// <summary>
    /// How many fixed parts the columns are cut into; a function of the size alone, so that sums have one order for any number of threads. Powers of two, of which two or four threads get the same.
    /// </summary>
    public static int Parts(int rows, int columns)
        => (long)rows * columns < 1 << 14 || columns < 2 * PartColumns ? 1 : Math.Min(MaxParts, 1 << BitOperations.Log2((uint)(columns / PartColumns)));

    /// <summary>
    /// With A = <paramref name="a"/> (column-major, rows x columns) and a_1 its first row: y = tau (A^T u + Q f), r = a_1 + Q g - y, x = A' r, where A' is A without its first row.
    /// </summary>
    /// <param name="a">A.</param>
    /// <param name="u">rows.</param>
    /// <param name="tau">The scalar of u's reflector.</param>
    /// <param name="q">columns x c, columns contiguous.</param>
    /// <param name="f">c.</param>
    /// <param name="g">c.</param>
    /// <param name="y">columns; overwritten.</param>
    /// <param name="r">columns; overwritten.</param>
    /// <param name="x">rows - 1; overwritten.</param>
    /// <param name="partial">Room for (Parts - 1) vectors of rows entries.</param>
    /// <param name="parallelism">Threads.</param>
    public static void Run(in MatrixBlock<T> a, T* u, T tau, in MatrixBlock<T> q, T* f, T* g, T* y, T* r, T* x, T* partial, Parallelism parallelism)
    {
        int rows = a.Rows, parts = Parts(rows, a.Columns), threads = parallelism.ThreadsForStep((double)rows * a.Columns * sizeof(T));
        if (threads > 1 && parts > 1)
        {
            RunTeam(a, u, tau, q, f, g, y, r, x, partial, parts, threads);
        }
        else
        {
            for (int part = 0; part < parts; part++)
            {
                Part(a, part, parts, u, tau, q, f, g, y, r, x, partial);
            }
        }

        for (int part = 1; part < parts; part++)
        {
            VectorKernels.Axpy(rows - 1, T.One, partial + ((part - 1) * (nint)rows), x);
        }
    }

    /// <summary>Apart, so that only the work of several threads pays for a closure.</summary>
    private static void RunTeam(MatrixBlock<T> a, T* u, T tau, MatrixBlock<T> q, T* f, T* g, T* y, T* r, T* x, T* partial, int parts, int threads)
        => WorkTeam.Run(parts, threads, part => Part(a, part, parts, u, tau, q, f, g, y, r, x, partial));

    /// <summary>The columns of one part, with a sum of their own in place of x for all but the first.</summary>
    private static void Part(in MatrixBlock<T> a, int part, int parts, T* u, T tau, in MatrixBlock<T> q, T* f, T* g, T* y, T* r, T* x, T* partial)
    {
        (int start, int end) = WorkTeam.Range(a.Columns, parts, part, 4);
        T* sum = part == 0 ? x : partial + ((part - 1) * (nint)a.Rows);
        new Span<T>(sum, a.Rows - 1).Clear();
        new Span<T>(y + start, end - start).Clear();
        for (int j = start; j < end; j++)
        {
            r[j] = a[0, j];
        }

        Gemv.AddPair(q.Slice(start, 0, end - start, q.Columns), f, y + start, g, r + start);
        Part(a.Slice(0, start, a.Rows, end - start), u, tau, y + start, r + start, sum);
    }

    private static void Part(in MatrixBlock<T> a, T* u, T tau, T* y, T* r, T* x)
    {
        if (Vector512.IsHardwareAccelerated)
        {
            Part<Simd512<T>, Vector512<T>>(a, u, tau, y, r, x);
        }
        else if (Vector256.IsHardwareAccelerated)
        {
            Part<Simd256<T>, Vector256<T>>(a, u, tau, y, r, x);
        }
        else if (Vector128.IsHardwareAccelerated)
        {
            Part<Simd128<T>, Vector128<T>>(a, u, tau, y, r, x);
        }
        else
        {
            Part<SimdScalar<T>, T>(a, u, tau, y, r, x);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Part<TSimd, TVector>(in MatrixBlock<T> a, T* u, T tau, T* y, T* r, T* x)
        where TSimd : struct, ISimd<TVector, T>
        where TVector : struct
    {
        int j = 0, rows = a.Rows;
        for (; j <= a.Columns - 4; j += 4)
        {
            T* column = a.Data + (j * a.ColumnStride);
            Dots<TSimd, TVector>(rows, column, a.ColumnStride, u, y + j, tau);
            for (int k = j; k < j + 4; k++)
            {
                r[k] -= y[k];
            }

            Axpys<TSimd, TVector>(rows - 1, column + 1, a.ColumnStride, r + j, x, ahead: j <= a.Columns - 8 ? 4 * a.ColumnStride : 0);
        }

        for (; j < a.Columns; j++)
        {
            T* column = a.Data + (j * a.ColumnStride);
            y[j] = tau * (VectorKernels.Dot(rows, column, u) + y[j]);
            r[j] -= y[j];
            VectorKernels.Axpy(rows - 1, r[j], column + 1, x);
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

    /// <summary>Works in the nearest cache, which leaves time to fetch the columns at the distance <paramref name="ahead"/>: those that are next.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Axpys<TSimd, TVector>(int n, T* column, nint stride, T* r, T* x, nint ahead)
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
            Prefetch.ToSecondLevel(c0 + i + ahead);
            Prefetch.ToSecondLevel(c1 + i + ahead);
            Prefetch.ToSecondLevel(c2 + i + ahead);
            Prefetch.ToSecondLevel(c3 + i + ahead);
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
