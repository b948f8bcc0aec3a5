using System.Numerics;

namespace Polyad;

/// <summary>Fixes the signs that an engine is free to choose, so that every engine gives the same vectors.</summary>
internal static class SignConvention
{
    /// <summary>Makes the entry of largest magnitude (the first on ties) of each of the first <paramref name="count"/> columns of U positive, and flips the rows of Vt with them.</summary>
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

        // Row by row, so that a row-major U is read in order: keep each column's entry of largest magnitude with its sign.
        fixed (T* up = u)
        fixed (T* vp = vt)
        {
            for (int i = 0; i < u.Rows; i++)
            {
                T* row = up + (i * u.RowStride);
                for (int j = 0; j < count; j++)
                {
                    T value = row[j * u.ColumnStride];
                    if (T.MaxMagnitude(value, extreme[j]) != extreme[j] && T.Abs(value) != T.Abs(extreme[j]))
                    {
                        extreme[j] = value;
                    }
                }
            }

            for (int j = 0; j < count; j++)
            {
                if (!T.IsNegative(extreme[j]))
                {
                    continue;
                }

                for (int i = 0; i < u.Rows; i++)
                {
                    up[(i * u.RowStride) + (j * u.ColumnStride)] = -up[(i * u.RowStride) + (j * u.ColumnStride)];
                }

                for (int i = 0; i < vt.Columns && j < vt.Rows; i++)
                {
                    vp[(j * vt.RowStride) + (i * vt.ColumnStride)] = -vp[(j * vt.RowStride) + (i * vt.ColumnStride)];
                }
            }
        }
    }

    /// <summary>Makes the diagonal of R not negative, flipping the columns of Q with its rows. Pass an empty Q when it is not wanted.</summary>
    public static void DiagonalNotNegative<T>(in MatrixView<T> q, in MatrixView<T> r)
        where T : unmanaged, INumberBase<T>
    {
        for (int k = 0; k < Math.Min(r.Rows, r.Columns); k++)
        {
            if (!T.IsNegative(r[k, k]))
            {
                continue;
            }

            for (int j = k; j < r.Columns; j++)
            {
                r[k, j] = -r[k, j];
            }

            for (int i = 0; i < q.Rows; i++)
            {
                q[i, k] = -q[i, k];
            }
        }
    }
}
