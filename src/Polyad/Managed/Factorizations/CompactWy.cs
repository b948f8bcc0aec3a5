using System.Numerics;
using System.Runtime.CompilerServices;

namespace Polyad.Managed;

/// <summary>
/// Products of k reflectors in the compact WY form Q = H_0 H_1 .. H_{k-1} = I - V T V^T (Schreiber, Van Loan 1989), T upper triangular with
/// the taus on its diagonal. V is explicit everywhere here: m x k, columns contiguous, ones on the diagonal and zeros above it.
/// </summary>
internal static unsafe class CompactWy
{
    /// <summary>Columns that <see cref="BuildT"/> and the panel factorization take at once: the width of the kernels' tiles.</summary>
    public const int Strip = 4;

    /// <summary>Makes T from V and the taus (forward, columnwise: LAPACK's xLARFT). m k^2 flops.</summary>
    /// <param name="v">m x k, explicit, columns contiguous.</param>
    /// <param name="tau">k.</param>
    /// <param name="t">k x k, columns contiguous; zeros are written below the diagonal.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void BuildT<T>(in MatrixBlock<T> v, T* tau, in MatrixBlock<T> t)
        where T : unmanaged, INumberBase<T>
    {
        t.Clear();
        for (int i = 0; i < v.Columns; i++)
        {
            t[i, i] = tau[i];
        }

        for (int c = 0; c < v.Columns; c += Strip)
        {
            Append(v, t, c, Math.Min(Strip, v.Columns - c));
        }
    }

    /// <summary>Widens a T of <paramref name="c"/> reflectors to c + w: the new taus are on its diagonal, zeros elsewhere in the new columns.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Append<T>(in MatrixBlock<T> v, in MatrixBlock<T> t, int c, int w)
        where T : unmanaged, INumberBase<T>
    {
        MatrixBlock<T> vNew = v.Slice(c, c, v.Rows - c, w), tNew = t.Slice(c, c, w, w);
        for (int i = 1; i < w; i++)
        {
            Join(vNew, tNew, i, 1);
        }

        Join(v, t, c, w);
    }

    /// <summary>C = Q C, or Q^T C when <paramref name="transpose"/>. 4 m k n flops, in matrix products.</summary>
    /// <param name="transpose">True for Q^T.</param>
    /// <param name="v">m x k, explicit.</param>
    /// <param name="t">k x k, zeros below the diagonal.</param>
    /// <param name="c">m x n, any strides.</param>
    public static void ApplyLeft<T>(bool transpose, in MatrixBlock<T> v, in MatrixBlock<T> t, in MatrixBlock<T> c)
        where T : unmanaged, INumberBase<T>
    {
        if (c.IsEmpty || v.Columns == 0)
        {
            return;
        }

        int k = v.Columns;
        using Scratch<T> scratch = Workspace.Rent<T>(2 * (nint)k * c.Columns);
        MatrixBlock<T> w = Like(c, scratch.Pointer, k, c.Columns), tw = Like(c, scratch.Pointer + ((nint)k * c.Columns), k, c.Columns);
        Gemm.Run(T.One, v.Transpose, c, T.Zero, w, Parallelism.Sequential);
        Gemm.Run(T.One, transpose ? t.Transpose : t, w, T.Zero, tw, Parallelism.Sequential);
        Gemm.Run(-T.One, v, tw, T.One, c, Parallelism.Sequential);
    }

    /// <summary>Overwrites the diagonal with ones and what is above it with zeros: reflectors in LAPACK storage become explicit where they are.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void MakeExplicit<T>(in MatrixBlock<T> v)
        where T : unmanaged, INumberBase<T>
    {
        for (int j = 0; j < v.Columns; j++)
        {
            for (int i = 0; i < j; i++)
            {
                v[i, j] = T.Zero;
            }

            v[j, j] = T.One;
        }
    }

    /// <summary>A dense block at <paramref name="data"/> whose lines run the way those of <paramref name="model"/> do.</summary>
    public static MatrixBlock<T> Like<T>(in MatrixBlock<T> model, T* data, int rows, int columns)
        where T : unmanaged
        => nint.Abs(model.RowStride) < nint.Abs(model.ColumnStride) ? MatrixBlock<T>.ColumnMajor(data, rows, columns) : MatrixBlock<T>.RowMajor(data, rows, columns);

    /// <summary>T_12 = -T_1 (V_1^T V_2) T_2 (Elmroth, Gustavson 2000), for c reflectors on the left and w new ones.</summary>
    private static void Join<T>(in MatrixBlock<T> v, in MatrixBlock<T> t, int c, int w)
        where T : unmanaged, INumberBase<T>
    {
        if (c == 0)
        {
            return;
        }

        // The new reflectors are zero in the first c rows.
        T* x = stackalloc T[c * w];
        ColumnKernels.CrossProduct(v.Rows - c, c, w, v.Data + c, v.ColumnStride, v.Data + c + (c * v.ColumnStride), v.ColumnStride, x, c);
        for (int j = w - 1; j >= 0; j--)
        {
            for (int i = 0; i < c; i++)
            {
                T sum = x[i + (j * c)] * t[c + j, c + j];
                for (int k = 0; k < j; k++)
                {
                    sum = T.MultiplyAddEstimate(x[i + (k * c)], t[c + k, c + j], sum);
                }

                x[i + (j * c)] = sum;
            }
        }

        ColumnKernels.Subtract(c, c, w, t.Data, t.ColumnStride, x, 1, c, t.Data + (c * t.ColumnStride), t.ColumnStride);
    }
}
