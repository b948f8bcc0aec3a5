using System.Numerics;
using System.Runtime.CompilerServices;

namespace Polyad.Managed;

/// <summary>LU with partial pivoting of one narrow column-major panel, left-looking in strips of four columns.</summary>
internal static unsafe class LuPanel
{
    /// <summary>The widest panel.</summary>
    public const int MaxColumns = 32;

    private const int Strip = 4;

    /// <summary>Factors in place. Returns the first column whose pivot is exactly zero, or -1.</summary>
    /// <param name="panel">m x w, columns contiguous, w at most <see cref="MaxColumns"/>.</param>
    /// <param name="pivots">min(m, w) row swaps, counted from the panel's first row.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static int Factor<T>(in MatrixBlock<T> panel, Span<int> pivots)
        where T : unmanaged, INumberBase<T>
    {
        int m = panel.Rows, n = panel.Columns, zero = -1;
        nint ld = panel.ColumnStride;
        for (int c = 0; c < n; c += Strip)
        {
            int width = Math.Min(Strip, n - c), done = Math.Min(c, m);
            T* strip = panel.Data + (c * ld);
            for (int j = 0; j < width; j++)
            {
                T* column = strip + (j * ld);
                for (int i = 0; i < done; i++)
                {
                    (column[i], column[pivots[i]]) = (column[pivots[i]], column[i]);
                }

                for (int p = 0; p < done - 1; p++)
                {
                    VectorKernels.Axpy(done - p - 1, -column[p], panel.Data + p + 1 + (p * ld), column + p + 1);
                }
            }

            if (c >= m)
            {
                continue;
            }

            if (c > 0)
            {
                ColumnKernels.Subtract(m - c, c, width, panel.Data + c, ld, strip, 1, ld, strip + c, ld);
            }

            for (int j = c; j < Math.Min(c + width, m); j++)
            {
                T* column = panel.Data + (j * ld);
                int pivot = j + PivotSearch.IndexOfLargest(m - j, column + j);
                pivots[j] = pivot;
                if (T.IsZero(column[pivot]))
                {
                    // The whole rest of the column is zero: there is nothing to eliminate.
                    zero = zero < 0 ? j : zero;
                    continue;
                }

                if (pivot != j)
                {
                    for (int k = 0; k < c + width; k++)
                    {
                        T* other = panel.Data + (k * ld);
                        (other[j], other[pivot]) = (other[pivot], other[j]);
                    }
                }

                Divide(m - j - 1, column + j + 1, column[j]);
                for (int k = j + 1; k < c + width; k++)
                {
                    T* other = panel.Data + (k * ld);
                    VectorKernels.Axpy(m - j - 1, -other[j], column + j + 1, other + j + 1);
                }
            }
        }

        return zero;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Divide<T>(int n, T* x, T divisor)
        where T : unmanaged, INumberBase<T>
    {
        T reciprocal = T.One / divisor;
        if (T.IsFinite(reciprocal))
        {
            VectorKernels.Scale(n, reciprocal, x);
            return;
        }

        for (int i = 0; i < n; i++)
        {
            x[i] /= divisor;
        }
    }
}
