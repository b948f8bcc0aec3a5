using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Polyad.Managed;

namespace Polyad.Decomposition;

/// <summary>
/// The sum of squares of s (X - A B) on a block, the model living in registers only: four rows and two vectors of columns at a time, 2 k flops for each element beside one reading of X.
/// </summary>
internal static unsafe class ResidualKernel
{
    /// <summary>Columns of a packed panel are a multiple of this, whatever the vector width.</summary>
    public const int Granule = 32;

    /// <param name="x">rows x columns, of row stride <paramref name="pitch"/>.</param>
    /// <param name="pitch">Elements between rows of X.</param>
    /// <param name="rows">m.</param>
    /// <param name="columns">n.</param>
    /// <param name="a">m x k, dense.</param>
    /// <param name="panel">B: k rows of <paramref name="width"/> elements, zero beyond n.</param>
    /// <param name="width">n rounded up to <see cref="Granule"/>.</param>
    /// <param name="rank">k.</param>
    /// <param name="scale">s.</param>
    public static double SquareSum<T>(T* x, nint pitch, int rows, int columns, T* a, T* panel, int width, int rank, T scale)
        where T : unmanaged, INumberBase<T>
        => Vector512.IsHardwareAccelerated ? Run<Simd512<T>, Vector512<T>, T>(x, pitch, rows, columns, a, panel, width, rank, scale)
        : Vector256.IsHardwareAccelerated ? Run<Simd256<T>, Vector256<T>, T>(x, pitch, rows, columns, a, panel, width, rank, scale)
        : Vector128.IsHardwareAccelerated ? Run<Simd128<T>, Vector128<T>, T>(x, pitch, rows, columns, a, panel, width, rank, scale)
        : Run<SimdScalar<T>, T, T>(x, pitch, rows, columns, a, panel, width, rank, scale);

    private static double Run<TSimd, TVector, T>(T* x, nint pitch, int rows, int columns, T* a, T* panel, int width, int rank, T scale)
        where TSimd : struct, ISimd<TVector, T>
        where TVector : struct
        where T : unmanaged, INumberBase<T>
    {
        int pair = 2 * TSimd.Count, whole = columns / pair * pair, rest = columns - whole;
        T* tail = stackalloc T[4 * pair];
        new Span<T>(tail, 4 * pair).Clear();
        double sum = 0;
        for (int i = 0; i < rows; i += 4)
        {
            int count = Math.Min(4, rows - i);
            T* lines = x + (i * pitch), left = a + ((nint)i * rank);
            for (int k = 0; k < count && rest > 0; k++)
            {
                // Columns that do not fill two vectors, padded with zeros as the panel is.
                new ReadOnlySpan<T>(lines + (k * pitch) + whole, rest).CopyTo(new Span<T>(tail + (k * pair), rest));
            }

            if (count == 4)
            {
                sum += FourRows<TSimd, TVector, T>(lines, pitch, whole, left, panel, width, rank, scale);
                sum += rest > 0 ? FourRows<TSimd, TVector, T>(tail, pair, pair, left, panel + whole, width, rank, scale) : 0;
                continue;
            }

            for (int k = 0; k < count; k++)
            {
                sum += OneRow<TSimd, TVector, T>(lines + (k * pitch), whole, left + (k * rank), panel, width, rank, scale);
                sum += rest > 0 ? OneRow<TSimd, TVector, T>(tail + (k * pair), pair, left + (k * rank), panel + whole, width, rank, scale) : 0;
            }
        }

        return sum;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static double FourRows<TSimd, TVector, T>(T* x, nint pitch, int columns, T* a, T* panel, int width, int rank, T scale)
        where TSimd : struct, ISimd<TVector, T>
        where TVector : struct
        where T : unmanaged, INumberBase<T>
    {
        int lanes = TSimd.Count;
        TVector s = TSimd.Broadcast(scale), sum0 = TSimd.Zero, sum1 = TSimd.Zero;
        nint ahead = 4 * pitch;
        T* x1 = x + pitch, x2 = x1 + pitch, x3 = x2 + pitch, a1 = a + rank, a2 = a1 + rank, a3 = a2 + rank;
        for (int j = 0; j < columns; j += 2 * lanes)
        {
            TVector m00 = TSimd.Zero, m01 = TSimd.Zero, m10 = TSimd.Zero, m11 = TSimd.Zero, m20 = TSimd.Zero, m21 = TSimd.Zero, m30 = TSimd.Zero, m31 = TSimd.Zero;
            T* b = panel + j;
            for (int r = 0; r < rank; r++, b += width)
            {
                TVector b0 = TSimd.Load(b), b1 = TSimd.Load(b + lanes), f = TSimd.Broadcast(a[r]);
                m00 = TSimd.MultiplyAdd(f, b0, m00);
                m01 = TSimd.MultiplyAdd(f, b1, m01);
                f = TSimd.Broadcast(a1[r]);
                m10 = TSimd.MultiplyAdd(f, b0, m10);
                m11 = TSimd.MultiplyAdd(f, b1, m11);
                f = TSimd.Broadcast(a2[r]);
                m20 = TSimd.MultiplyAdd(f, b0, m20);
                m21 = TSimd.MultiplyAdd(f, b1, m21);
                f = TSimd.Broadcast(a3[r]);
                m30 = TSimd.MultiplyAdd(f, b0, m30);
                m31 = TSimd.MultiplyAdd(f, b1, m31);
            }

            Ahead(x + j + ahead);
            Ahead(x1 + j + ahead);
            Ahead(x2 + j + ahead);
            Ahead(x3 + j + ahead);
            Add<TSimd, TVector, T>(x + j, m00, s, ref sum0);
            Add<TSimd, TVector, T>(x + j + lanes, m01, s, ref sum1);
            Add<TSimd, TVector, T>(x1 + j, m10, s, ref sum0);
            Add<TSimd, TVector, T>(x1 + j + lanes, m11, s, ref sum1);
            Add<TSimd, TVector, T>(x2 + j, m20, s, ref sum0);
            Add<TSimd, TVector, T>(x2 + j + lanes, m21, s, ref sum1);
            Add<TSimd, TVector, T>(x3 + j, m30, s, ref sum0);
            Add<TSimd, TVector, T>(x3 + j + lanes, m31, s, ref sum1);
        }

        return double.CreateTruncating(TSimd.Sum(TSimd.Add(sum0, sum1)));
    }

    private static double OneRow<TSimd, TVector, T>(T* x, int columns, T* a, T* panel, int width, int rank, T scale)
        where TSimd : struct, ISimd<TVector, T>
        where TVector : struct
        where T : unmanaged, INumberBase<T>
    {
        int lanes = TSimd.Count;
        TVector s = TSimd.Broadcast(scale), sum0 = TSimd.Zero, sum1 = TSimd.Zero;
        for (int j = 0; j < columns; j += 2 * lanes)
        {
            TVector m0 = TSimd.Zero, m1 = TSimd.Zero;
            T* b = panel + j;
            for (int r = 0; r < rank; r++, b += width)
            {
                TVector f = TSimd.Broadcast(a[r]);
                m0 = TSimd.MultiplyAdd(f, TSimd.Load(b), m0);
                m1 = TSimd.MultiplyAdd(f, TSimd.Load(b + lanes), m1);
            }

            Add<TSimd, TVector, T>(x + j, m0, s, ref sum0);
            Add<TSimd, TVector, T>(x + j + lanes, m1, s, ref sum1);
        }

        return double.CreateTruncating(TSimd.Sum(TSimd.Add(sum0, sum1)));
    }

    /// <summary>The same columns of the next four rows, which the hardware does not expect: two lines of them.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Ahead<T>(T* address)
        where T : unmanaged
    {
        if (Sse.IsSupported)
        {
            Sse.Prefetch0(address);
            Sse.Prefetch0((byte*)address + 64);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Add<TSimd, TVector, T>(T* x, TVector model, TVector scale, ref TVector sum)
        where TSimd : struct, ISimd<TVector, T>
        where TVector : struct
        where T : unmanaged, INumberBase<T>
    {
        TVector difference = TSimd.Multiply(TSimd.Subtract(TSimd.Load(x), model), scale);
        sum = TSimd.MultiplyAdd(difference, difference, sum);
    }
}
