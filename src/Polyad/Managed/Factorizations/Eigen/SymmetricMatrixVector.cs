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
    /// <summary>From this order on the columns are split into parts with a partial y each; the split does not depend on the threads, so neither do the roundings.</summary>
    private const int SplitOrder = 256;

    /// <summary>How many parts the columns are split into.</summary>
    public static int Parts(int order) => order < SplitOrder ? 1 : WorkTeam.SteadyParts;

    /// <summary>Elements of scratch that the parts need for vectors of <paramref name="ld"/> elements.</summary>
    public static nint ScratchLength(nint ld) => (WorkTeam.SteadyParts - 1) * ld;

    /// <summary>
    /// One part of y = A x over rows and columns first..n-1 of a column-major matrix, all indices absolute; <see cref="Sum"/> joins the parts. The strict upper triangle and the rows from n
    /// to <paramref name="ld"/> must be stored as zeros, x must be zero (and y may be written) in rows outside first..n-1: whole aligned vectors are read, with no ragged ends.
    /// </summary>
    /// <param name="a">Column-major, 64-byte aligned.</param>
    /// <param name="ld">Distance between columns, a multiple of 64 bytes.</param>
    /// <param name="first">The first row and column of the matrix.</param>
    /// <param name="n">One past the last.</param>
    /// <param name="x">ld elements, 64-byte aligned.</param>
    /// <param name="y">ld elements, 64-byte aligned; overwritten.</param>
    /// <param name="scratch"><see cref="ScratchLength"/> elements, 64-byte aligned.</param>
    /// <param name="part">Which of the <see cref="Parts"/>.</param>
    public static void RunPart<T>(T* a, nint ld, int first, int n, T* x, T* y, T* scratch, int part)
        where T : unmanaged, INumberBase<T>
    {
        T* partial = part == 0 ? y : scratch + ((part - 1) * ld);
        (int start, int end) = Range(first, n, part);
        Clear(partial, ld, start);
        Columns(a, ld, start, end, n, x, partial);
    }

    /// <summary>Adds what the parts after the first have gathered, in rows from .. to - 1.</summary>
    public static void Sum<T>(nint ld, int first, int n, T* y, T* scratch, int from, int to)
        where T : unmanaged, INumberBase<T>
    {
        int parts = Parts(n - first);
        for (int part = 1; part < parts; part++)
        {
            int start = Math.Max(from, Range(first, n, part).Start);
            if (start < to)
            {
                VectorKernels.Axpy(to - start, T.One, scratch + ((part - 1) * ld) + start, y + start);
            }
        }
    }

    /// <summary>Cuts the triangle's columns by area, at multiples of 16.</summary>
    private static (int Start, int End) Range(int first, int n, int part)
    {
        int order = n - first;
        return Parts(order) == 1 ? (first, n) : (first + Cut(order, part), first + Cut(order, part + 1));
    }

    private static int Cut(int order, int index) => index == WorkTeam.SteadyParts ? order : (int)(order * (1 - Math.Sqrt(1 - WorkTeam.SteadyCut(index)))) / 16 * 16;

    private static void Clear<T>(T* y, nint ld, int start)
        where T : unmanaged
    {
        int aligned = start & ~15;
        new Span<T>(y + aligned, (int)ld - aligned).Clear();
    }

    private static void Columns<T>(T* a, nint ld, int first, int end, int n, T* x, T* y)
        where T : unmanaged, INumberBase<T>
    {
        if (Vector512.IsHardwareAccelerated)
        {
            Columns<Simd512<T>, Vector512<T>, T>(a, ld, first, end, n, x, y);
        }
        else if (Vector256.IsHardwareAccelerated)
        {
            Columns<Simd256<T>, Vector256<T>, T>(a, ld, first, end, n, x, y);
        }
        else if (Vector128.IsHardwareAccelerated)
        {
            Columns<Simd128<T>, Vector128<T>, T>(a, ld, first, end, n, x, y);
        }
        else
        {
            Columns<SimdScalar<T>, T, T>(a, ld, first, end, n, x, y);
        }
    }

    /// <summary>The zeros stored above the diagonal let every column start at an aligned row; the diagonal, which is then met twice, is taken off once.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Columns<TSimd, TVector, T>(T* a, nint ld, int first, int end, int n, T* x, T* y)
        where TSimd : struct, ISimd<TVector, T>
        where TVector : struct
        where T : unmanaged, INumberBase<T>
    {
        int w = TSimd.Count, j = first;
        for (; j <= end - 4; j += 4)
        {
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

        for (; j < end; j++)
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
