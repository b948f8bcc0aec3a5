using System.Numerics;
using System.Runtime.CompilerServices;

namespace Polyad.Managed;

/// <summary>
/// Householder QR of one narrow panel, left-looking in strips of four columns: a strip first receives all earlier reflectors of the panel as
/// one compact WY product, then its own four are made, then T grows by four columns. Nearly all work so runs in register-tiled kernels.
/// </summary>
internal static unsafe class QrPanel
{
    /// <summary>The widest panel.</summary>
    public const int MaxColumns = 64;

    /// <summary>Factors the panel in place: it becomes the explicit V (ones on the diagonal, zeros above). 2 w^2 (m - w/3) flops, and as many to make T.</summary>
    /// <param name="panel">m x w with m at least w, columns contiguous, w at most <see cref="MaxColumns"/>.</param>
    /// <param name="r">w x w; its upper triangle receives R, its strict lower part is left alone.</param>
    /// <param name="t">w x w, columns contiguous; receives T with zeros below, the taus on its diagonal.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Factor<T>(in MatrixBlock<T> panel, in MatrixBlock<T> r, in MatrixBlock<T> t)
        where T : unmanaged, INumberBase<T>
    {
        int m = panel.Rows, n = panel.Columns;
        nint ld = panel.ColumnStride;
        T* w = stackalloc T[2 * MaxColumns * CompactWy.Strip];
        T* tw = w + (MaxColumns * CompactWy.Strip);
        t.Clear();
        for (int c = 0; c < n; c += CompactWy.Strip)
        {
            int width = Math.Min(CompactWy.Strip, n - c);
            T* strip = panel.Data + (c * ld);
            if (c > 0)
            {
                ColumnKernels.CrossProduct(m, c, width, panel.Data, ld, strip, ld, w, MaxColumns);
                ColumnKernels.CrossProduct(c, c, width, t.Data, t.ColumnStride, w, MaxColumns, tw, MaxColumns);
                ColumnKernels.Subtract(m, c, width, panel.Data, ld, tw, 1, MaxColumns, strip, ld);
            }

            for (int j = c; j < c + width; j++)
            {
                T* column = panel.Data + (j * ld);
                T tau = HouseholderReflector.Make(m - j - 1, ref column[j], column + j + 1);
                for (int i = 0; i < j; i++)
                {
                    r[i, j] = column[i];
                    column[i] = T.Zero;
                }

                r[j, j] = column[j];
                column[j] = T.One;
                t[j, j] = tau;
                if (T.IsZero(tau))
                {
                    continue;
                }

                for (int k = j + 1; k < c + width; k++)
                {
                    T* other = panel.Data + (k * ld) + j;
                    VectorKernels.Axpy(m - j, -tau * VectorKernels.Dot(m - j, column + j, other), column + j, other);
                }
            }

            CompactWy.Append(panel, t, c, width);
        }
    }
}
