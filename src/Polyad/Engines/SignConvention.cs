using System.Numerics;
using System.Numerics.Tensors;
using System.Runtime.CompilerServices;

namespace Polyad;

/// <summary>Fixes the signs that an engine is free to choose, so that every engine gives the same vectors.</summary>
internal static class SignConvention
{
    /// <summary>Makes the entry of largest magnitude (the first on ties) of each of the first <paramref name="count"/> columns of U positive, and flips the rows of Vt with them.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static unsafe void ColumnsPositive<T>(in MatrixView<T> u, in MatrixView<T> vt, int count)
        where T : unmanaged, INumberBase<T>
    {
        if (u.IsEmpty || count == 0)
        {
            return;
        }

        using Scratch<T> scratch = Workspace.Rent<T>(count);
        T* extreme = scratch.Pointer;
        scratch.Clear();
        fixed (T* up = u)
        {
            if (u.RowStride == 1 && u.ColumnStride != 1)
            {
                for (int j = 0; j < count; j++)
                {
                    T* column = up + (j * u.ColumnStride);
                    for (int i = 0; i < u.Rows; i++)
                    {
                        Keep(column[i], ref extreme[j]);
                    }
                }
            }
            else
            {
                // Row by row, so that a row-major U is read in order.
                for (int i = 0; i < u.Rows; i++)
                {
                    KeepRow(up + (i * u.RowStride), u.ColumnStride, extreme, count);
                }
            }
        }

        if (ToSigns(extreme, count))
        {
            ScaleColumns(u, extreme, count);
            ScaleColumns(vt.Transpose, extreme, Math.Min(count, vt.Rows));
        }
    }

    /// <summary>Makes the diagonal of R not negative, flipping the columns of Q with its rows. Pass an empty Q when it is not wanted.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static unsafe void DiagonalNotNegative<T>(in MatrixView<T> q, in MatrixView<T> r)
        where T : unmanaged, INumberBase<T>
    {
        int count = Math.Min(r.Rows, r.Columns);
        using Scratch<T> scratch = Workspace.Rent<T>(count);
        T* signs = scratch.Pointer;
        for (int k = 0; k < count; k++)
        {
            signs[k] = r[k, k];
        }

        if (!ToSigns(signs, count))
        {
            return;
        }

        ScaleColumns(q, signs, Math.Min(count, q.Columns));
        for (int k = 0; k < count; k++)
        {
            // Only what lies on and above the diagonal: a zero below keeps its sign.
            ScaleColumns(r.Slice(k, k, 1, r.Columns - k).Transpose, signs + k, 1);
        }
    }

    /// <summary>Keeps the entries of largest magnitude seen so far, the first on ties.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static unsafe void KeepRow<T>(T* row, nint stride, T* extreme, int count)
        where T : unmanaged, INumberBase<T>
    {
        int j = 0;
        if (stride == 1 && Vector.IsHardwareAccelerated)
        {
            for (; j <= count - Vector<T>.Count; j += Vector<T>.Count)
            {
                Vector<T> value = Vector.Load(row + j), kept = Vector.Load(extreme + j);
                Vector.ConditionalSelect(Vector.GreaterThan(Vector.Abs(value), Vector.Abs(kept)), value, kept).Store(extreme + j);
            }
        }

        for (; j < count; j++)
        {
            Keep(row[j * stride], ref extreme[j]);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Keep<T>(T value, ref T extreme)
        where T : unmanaged, INumberBase<T>
    {
        if (typeof(T) == typeof(double) ? Math.Abs((double)(object)value) > Math.Abs((double)(object)extreme) : MathF.Abs((float)(object)value) > MathF.Abs((float)(object)extreme))
        {
            extreme = value;
        }
    }

    /// <summary>Turns numbers into their signs, +1 or -1; false when none is negative.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static unsafe bool ToSigns<T>(T* numbers, int count)
        where T : unmanaged, INumberBase<T>
    {
        bool any = false;
        for (int k = 0; k < count; k++)
        {
            bool negative = T.IsNegative(numbers[k]);
            numbers[k] = negative ? -T.One : T.One;
            any |= negative;
        }

        return any;
    }

    /// <summary>Multiplies the first columns by their signs, in the order in which the matrix lies.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static unsafe void ScaleColumns<T>(in MatrixView<T> a, T* signs, int count)
        where T : unmanaged, INumberBase<T>
    {
        if (a.IsEmpty || count == 0)
        {
            return;
        }

        fixed (T* origin = a)
        {
            if (a.ColumnStride == 1 && count > 1)
            {
                ReadOnlySpan<T> factors = new(signs, count);
                for (int i = 0; i < a.Rows; i++)
                {
                    Span<T> row = new(origin + (i * a.RowStride), count);
                    TensorPrimitives.Multiply(row, factors, row);
                }

                return;
            }

            for (int j = 0; j < count; j++)
            {
                if (!T.IsNegative(signs[j]))
                {
                    continue;
                }

                T* column = origin + (j * a.ColumnStride);
                if (a.RowStride == 1)
                {
                    Span<T> line = new(column, a.Rows);
                    TensorPrimitives.Negate(line, line);
                    continue;
                }

                for (int i = 0; i < a.Rows; i++)
                {
                    column[i * a.RowStride] = -column[i * a.RowStride];
                }
            }
        }
    }
}
