using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
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
        int whole = columns / (2 * TSimd.Count) * (2 * TSimd.Count);
        double sum = 0;
        int i = 0;
        for (; i + 4 <= rows; i += 4)
        {
            sum += FourRows<TSimd, TVector, T>(x + (i * pitch), pitch, whole, a + ((nint)i * rank), panel, width, rank, scale);
        }

        for (; i < rows; i++)
        {
            sum += OneRow<TSimd, TVector, T>(x + (i * pitch), whole, a + ((nint)i * rank), panel, width, rank, scale);
        }

        return whole < columns ? sum + Rest(x, pitch, rows, whole, columns, a, panel, width, rank, scale) : sum;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static double FourRows<TSimd, TVector, T>(T* x, nint pitch, int columns, T* a, T* panel, int width, int rank, T scale)
        where TSimd : struct, ISimd<TVector, T>
        where TVector : struct
        where T : unmanaged, INumberBase<T>
    {
        int lanes = TSimd.Count;
        TVector s = TSimd.Broadcast(scale), sum0 = TSimd.Zero, sum1 = TSimd.Zero;
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

    /// <summary>Columns that do not fill two vectors.</summary>
    private static double Rest<T>(T* x, nint pitch, int rows, int from, int to, T* a, T* panel, int width, int rank, T scale)
        where T : unmanaged, INumberBase<T>
    {
        double sum = 0;
        for (int i = 0; i < rows; i++)
        {
            for (int j = from; j < to; j++)
            {
                T model = T.Zero;
                for (int r = 0; r < rank; r++)
                {
                    model = T.MultiplyAddEstimate(a[((nint)i * rank) + r], panel[((nint)r * width) + j], model);
                }

                double difference = double.CreateTruncating((x[(i * pitch) + j] - model) * scale);
                sum += difference * difference;
            }
        }

        return sum;
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
