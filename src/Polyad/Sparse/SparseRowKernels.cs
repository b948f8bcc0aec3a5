using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Polyad.Managed;

namespace Polyad;

/// <summary>
/// Products of compressed rows with matrices whose rows are contiguous. Four vectors side by side wait in registers while the entries of a row are gone through. Every element is one chain of
/// multiply-adds in the order of the entries, whatever the widths.
/// </summary>
internal static unsafe class SparseRowKernels
{
    /// <summary>Bytes of the dense operand that are fetched before they are needed.</summary>
    private const int BytesAhead = 2048;

    /// <summary>Row i of C += sum over its entries of value times row (column) of B.</summary>
    public static void Gather<T>(in SparseRows<T> rows, in MatrixBlock<T> b, in MatrixBlock<T> c)
        where T : unmanaged, INumberBase<T>
    {
        if (Vector512.IsHardwareAccelerated)
        {
            Gather<Simd512<T>, Vector512<T>, T>(rows, b, c);
        }
        else if (Vector256.IsHardwareAccelerated)
        {
            Gather<Simd256<T>, Vector256<T>, T>(rows, b, c);
        }
        else if (Vector128.IsHardwareAccelerated)
        {
            Gather<Simd128<T>, Vector128<T>, T>(rows, b, c);
        }
        else
        {
            Gather<SimdScalar<T>, T, T>(rows, b, c);
        }
    }

    /// <summary>Element i of y += sum over the entries of row i of value times element (column) of x; any strides.</summary>
    public static void Gather<T>(in SparseRows<T> rows, T* x, nint xStride, T* y, nint yStride)
        where T : unmanaged, INumberBase<T>
    {
        for (int i = 0; i < rows.Count; i++)
        {
            T sum = y[i * yStride];
            for (int p = rows.Pointers[i]; p < rows.Pointers[i + 1]; p++)
            {
                sum = T.MultiplyAddEstimate(rows.Factor * rows.Values[p], x[rows.Columns[p] * xStride], sum);
            }

            y[i * yStride] = sum;
        }
    }

    /// <summary>Row (column) of C += value times row i of B, for every entry of row i.</summary>
    public static void Scatter<T>(in SparseRows<T> rows, in MatrixBlock<T> b, in MatrixBlock<T> c)
        where T : unmanaged, INumberBase<T>
    {
        if (Vector512.IsHardwareAccelerated)
        {
            Scatter<Simd512<T>, Vector512<T>, T>(rows, b, c);
        }
        else if (Vector256.IsHardwareAccelerated)
        {
            Scatter<Simd256<T>, Vector256<T>, T>(rows, b, c);
        }
        else if (Vector128.IsHardwareAccelerated)
        {
            Scatter<Simd128<T>, Vector128<T>, T>(rows, b, c);
        }
        else
        {
            Scatter<SimdScalar<T>, T, T>(rows, b, c);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Gather<TSimd, TVector, T>(in SparseRows<T> rows, in MatrixBlock<T> b, in MatrixBlock<T> c)
        where TSimd : struct, ISimd<TVector, T>
        where TVector : struct
        where T : unmanaged, INumberBase<T>
    {
        int w = TSimd.Count, n = c.Columns;
        int* pointers = rows.Pointers, columns = rows.Columns;
        T* values = rows.Values;
        for (int i = 0; i < rows.Count; i++)
        {
            int from = pointers[i], to = pointers[i + 1];
            T* sum = c.Data + (i * c.RowStride);
            int j = 0;
            for (; j <= n - (4 * w); j += 4 * w)
            {
                T* target = sum + j;
                TVector s0 = TSimd.Load(target), s1 = TSimd.Load(target + w), s2 = TSimd.Load(target + (2 * w)), s3 = TSimd.Load(target + (3 * w));
                for (int p = from; p < to; p++)
                {
                    T* line = b.Data + (columns[p] * b.RowStride) + j;
                    TVector value = TSimd.Broadcast(rows.Factor * values[p]);
                    s0 = TSimd.MultiplyAdd(value, TSimd.Load(line), s0);
                    s1 = TSimd.MultiplyAdd(value, TSimd.Load(line + w), s1);
                    s2 = TSimd.MultiplyAdd(value, TSimd.Load(line + (2 * w)), s2);
                    s3 = TSimd.MultiplyAdd(value, TSimd.Load(line + (3 * w)), s3);
                }

                TSimd.Store(target, s0);
                TSimd.Store(target + w, s1);
                TSimd.Store(target + (2 * w), s2);
                TSimd.Store(target + (3 * w), s3);
            }

            for (; j <= n - w; j += w)
            {
                TVector s = TSimd.Load(sum + j);
                for (int p = from; p < to; p++)
                {
                    s = TSimd.MultiplyAdd(TSimd.Broadcast(rows.Factor * values[p]), TSimd.Load(b.Data + (columns[p] * b.RowStride) + j), s);
                }

                TSimd.Store(sum + j, s);
            }

            for (; j < n; j++)
            {
                T s = sum[j];
                for (int p = from; p < to; p++)
                {
                    s = T.MultiplyAddEstimate(rows.Factor * values[p], b.Data[(columns[p] * b.RowStride) + j], s);
                }

                sum[j] = s;
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Scatter<TSimd, TVector, T>(in SparseRows<T> rows, in MatrixBlock<T> b, in MatrixBlock<T> c)
        where TSimd : struct, ISimd<TVector, T>
        where TVector : struct
        where T : unmanaged, INumberBase<T>
    {
        int w = TSimd.Count, n = b.Columns;
        int* pointers = rows.Pointers, columns = rows.Columns;
        T* values = rows.Values;
        nint bytes = (nint)n * sizeof(T), ahead = b.RowStride * Math.Max(1, BytesAhead / bytes);
        for (int i = 0; i < rows.Count; i++)
        {
            int from = pointers[i], to = pointers[i + 1];
            T* line = b.Data + (i * b.RowStride);
            Prefetch.Lines(line + ahead, bytes);
            int j = 0;
            for (; j <= n - (4 * w); j += 4 * w)
            {
                TVector x0 = TSimd.Load(line + j), x1 = TSimd.Load(line + j + w), x2 = TSimd.Load(line + j + (2 * w)), x3 = TSimd.Load(line + j + (3 * w));
                for (int p = from; p < to; p++)
                {
                    T* target = c.Data + (columns[p] * c.RowStride) + j;
                    TVector value = TSimd.Broadcast(rows.Factor * values[p]);
                    TSimd.Store(target, TSimd.MultiplyAdd(value, x0, TSimd.Load(target)));
                    TSimd.Store(target + w, TSimd.MultiplyAdd(value, x1, TSimd.Load(target + w)));
                    TSimd.Store(target + (2 * w), TSimd.MultiplyAdd(value, x2, TSimd.Load(target + (2 * w))));
                    TSimd.Store(target + (3 * w), TSimd.MultiplyAdd(value, x3, TSimd.Load(target + (3 * w))));
                }
            }

            for (; j <= n - w; j += w)
            {
                TVector x = TSimd.Load(line + j);
                for (int p = from; p < to; p++)
                {
                    T* target = c.Data + (columns[p] * c.RowStride) + j;
                    TSimd.Store(target, TSimd.MultiplyAdd(TSimd.Broadcast(rows.Factor * values[p]), x, TSimd.Load(target)));
                }
            }

            for (; j < n; j++)
            {
                T x = line[j];
                for (int p = from; p < to; p++)
                {
                    T* target = c.Data + (columns[p] * c.RowStride) + j;
                    *target = T.MultiplyAddEstimate(rows.Factor * values[p], x, *target);
                }
            }
        }
    }
}

/// <summary>Some pinned compressed rows.</summary>
internal readonly unsafe struct SparseRows<T>(int count, int* pointers, int* columns, T* values, T factor)
    where T : unmanaged
{
    public readonly int Count = count;

    /// <summary>Where each row begins among all entries; one more than there are rows.</summary>
    public readonly int* Pointers = pointers;

    /// <summary>The columns of all entries.</summary>
    public readonly int* Columns = columns;

    /// <summary>All entries.</summary>
    public readonly T* Values = values;

    /// <summary>Scale of the entries.</summary>
    public readonly T Factor = factor;

    public SparseRows<T> Slice(int first, int length) => new(length, Pointers + first, Columns, Values, Factor);
}
