using System.Numerics;

namespace Polyad.Managed;

/// <summary>
/// Blocked Householder QR in compact WY form. Factored matrices keep LAPACK's storage: R on and above the diagonal, the reflectors'
/// tails below it; the triangular factors T of the blocks lie side by side in one <see cref="BlockSize"/> x k block (as xGEQRT has them),
/// the taus on their diagonals.
/// </summary>
internal static unsafe class QrFactorization
{
    /// <summary>A = Q R. Q is m x k or m x m, any strides; R has as many rows as Q has columns.</summary>
    public static void Run<T>(in MatrixBlock<T> a, in MatrixBlock<T> q, in MatrixBlock<T> r, Parallelism parallelism)
        where T : unmanaged, INumberBase<T>
    {
        if (q.Columns == a.Columns && TallSkinnyQr.SuitsQ(a.Rows, a.Columns))
        {
            TallSkinnyQr.Run(a, q, r, parallelism);
            return;
        }

        int k = Math.Min(a.Rows, a.Columns), ld = ColumnKernels.LeadingDimension<T>(a.Rows), block = BlockSize(a.Rows, a.Columns);
        using Scratch<T> scratch = Workspace.Rent<T>(((nint)ld * a.Columns) + ((nint)block * k));
        MatrixBlock<T> work = new(scratch.Pointer, a.Rows, a.Columns, 1, ld);
        MatrixBlock<T> t = MatrixBlock<T>.ColumnMajor(scratch.Pointer + ((nint)ld * a.Columns), block, k);
        BlockCopy.Run(a, work);
        Factor(work, t, parallelism);
        CopyR(work, r);
        using Scratch<T> signs = Workspace.Rent<T>(k);
        FlipNegativeRows(r, signs.Pointer);
        FormQ(work.Slice(0, 0, a.Rows, k), t, q, parallelism, signs.Pointer);
    }

    /// <summary>R alone: a tree over row chunks for tall matrices, blocked QR without Q for the others.</summary>
    public static void RunR<T>(in MatrixBlock<T> a, in MatrixBlock<T> r, Parallelism parallelism)
        where T : unmanaged, INumberBase<T>
    {
        if (TallSkinnyQr.Suits(a.Rows, a.Columns))
        {
            TallSkinnyQr.RunR(a, r, parallelism);
            return;
        }

        int k = Math.Min(a.Rows, a.Columns), ld = ColumnKernels.LeadingDimension<T>(a.Rows), block = BlockSize(a.Rows, a.Columns);
        using Scratch<T> scratch = Workspace.Rent<T>(((nint)ld * a.Columns) + ((nint)block * k));
        MatrixBlock<T> work = new(scratch.Pointer, a.Rows, a.Columns, 1, ld);
        BlockCopy.Run(a, work);
        Factor(work, MatrixBlock<T>.ColumnMajor(scratch.Pointer + ((nint)ld * a.Columns), block, k), parallelism);
        CopyR(work, r);
    }

    /// <summary>Columns per block for an m x n matrix: narrow panels for small ones, whose panels weigh most, else wide enough that the products run at speed.</summary>
    public static int BlockSize(int m, int n)
    {
        int k = Math.Min(m, n);
        return k <= 16 ? Math.Max(k, 1) : k <= 256 ? 16 : k <= 512 ? 32 : 48;
    }

    /// <summary>Factors in place. 2 n^2 (m - n/3) flops for m at least n.</summary>
    /// <param name="a">m x n, columns contiguous; R and the reflectors afterwards.</param>
    /// <param name="t">b x min(m, n), columns contiguous, b = <see cref="BlockSize"/> or any width up to <see cref="QrPanel.MaxColumns"/>: the T of each block of b columns.</param>
    /// <param name="parallelism">Threads for the products.</param>
    public static void Factor<T>(in MatrixBlock<T> a, in MatrixBlock<T> t, Parallelism parallelism)
        where T : unmanaged, INumberBase<T>
    {
        int k = Math.Min(a.Rows, a.Columns), block = t.Rows;
        using Scratch<T> scratch = Workspace.Rent<T>((nint)block * block);
        for (int j = 0; j < k; j += block)
        {
            int width = Math.Min(block, k - j);
            MatrixBlock<T> panel = a.Slice(j, j, a.Rows - j, width), triangle = t.Slice(0, j, width, width);
            MatrixBlock<T> r = MatrixBlock<T>.ColumnMajor(scratch.Pointer, width, width);
            QrPanel.Factor(panel, r, triangle);
            CompactWy.ApplyLeft(transpose: true, panel, triangle, a.Slice(j, j + width, a.Rows - j, a.Columns - j - width), parallelism);
            for (int c = 0; c < width; c++)
            {
                new ReadOnlySpan<T>(&r.Data[c * width], c + 1).CopyTo(new Span<T>(panel.Data + (c * panel.ColumnStride), c + 1));
            }
        }
    }

    /// <summary>C = Q C or Q^T C for the Q of a factored matrix. 4 m k n flops (LAPACK's xORMQR from the left; transpose C for the right).</summary>
    /// <param name="transpose">True for Q^T.</param>
    /// <param name="factored">m x k, from <see cref="Factor"/>; what lies below the diagonal is read.</param>
    /// <param name="t">Its triangular factors.</param>
    /// <param name="c">m x n, any strides.</param>
    /// <param name="parallelism">Threads for the products.</param>
    public static void ApplyQ<T>(bool transpose, in MatrixBlock<T> factored, in MatrixBlock<T> t, in MatrixBlock<T> c, Parallelism parallelism)
        where T : unmanaged, INumberBase<T>
    {
        int m = factored.Rows, k = t.Columns, block = t.Rows, ld = ColumnKernels.LeadingDimension<T>(m);
        using Scratch<T> scratch = Workspace.Rent<T>((nint)ld * block);
        int blocks = (k + block - 1) / block;
        for (int step = 0; step < blocks; step++)
        {
            // Q = Q_0 Q_1 ..: its transpose meets C with Q_0 first, Q itself with the last block first.
            int j = (transpose ? step : blocks - 1 - step) * block, width = Math.Min(block, k - j);
            MatrixBlock<T> v = new(scratch.Pointer, m - j, width, 1, ld);
            CompactWy.CopyReflectors(factored.Slice(j, j, m - j, width), v);
            CompactWy.ApplyLeft(transpose, v, t.Slice(0, j, width, width), c.Slice(j, 0, m - j, c.Columns), parallelism);
        }
    }

    /// <summary>
    /// Writes the first columns of Q (LAPACK's xORGQR), last block first: block j then meets a matrix that is the identity in its own rows and columns
    /// and zero beside them, so only the part below costs products. 2 k^2 (m - k/3) flops for k columns.
    /// </summary>
    /// <param name="factored">m x k, from <see cref="Factor"/>; what lies below the diagonal is read.</param>
    /// <param name="t">Its triangular factors.</param>
    /// <param name="q">m x p with p between k and m, any strides, not overlapping <paramref name="factored"/>.</param>
    /// <param name="parallelism">Threads for the products.</param>
    /// <param name="signs">k factors of the first k columns, each 1 or -1, applied to the identity that the reflectors meet; null for ones.</param>
    public static void FormQ<T>(in MatrixBlock<T> factored, in MatrixBlock<T> t, in MatrixBlock<T> q, Parallelism parallelism, T* signs = null)
        where T : unmanaged, INumberBase<T>
    {
        int m = factored.Rows, k = t.Columns, block = t.Rows, ld = ColumnKernels.LeadingDimension<T>(m), columns = q.Columns;
        nint wide = (nint)block * Math.Max(columns, block);
        using Scratch<T> scratch = Workspace.Rent<T>(((nint)ld * block) + (2 * wide));
        T* first = scratch.Pointer + ((nint)ld * block);
        T* second = first + wide;
        q.Slice(k, k, m - k, columns - k).Clear();
        for (int i = k; i < columns; i++)
        {
            q[i, i] = T.One;
        }

        for (int j = (k - 1) / block * block; j >= 0; j -= block)
        {
            int width = Math.Min(block, k - j), below = m - j - width, right = columns - j - width;
            MatrixBlock<T> v = new(scratch.Pointer, m - j, width, 1, ld), triangle = t.Slice(0, j, width, width);
            CompactWy.CopyReflectors(factored.Slice(j, j, m - j, width), v);
            MatrixBlock<T> top = v.Slice(0, 0, width, width), bottom = v.Slice(width, 0, below, width);
            if (right > 0)
            {
                // Beside the block, Q is zero above and C below: (I - V T V^T) (0, C)^T = (-V_1 W, C - V_2 W)^T with W = T V_2^T C.
                MatrixBlock<T> c = q.Slice(j + width, j + width, below, right);
                MatrixBlock<T> w = CompactWy.Like(q, first, width, right), tw = CompactWy.Like(q, second, width, right);
                Gemm.Run(T.One, bottom.Transpose, c, T.Zero, w, parallelism);
                Gemm.Run(T.One, triangle, w, T.Zero, tw, parallelism);
                Gemm.Run(-T.One, top, tw, T.Zero, q.Slice(j, j + width, width, right), parallelism);
                Gemm.Run(-T.One, bottom, tw, T.One, c, parallelism);
            }

            // In the block's own columns, with D the signs: (I - V T V^T) (D, 0)^T = (D, 0)^T - V (T V_1^T D).
            MatrixBlock<T> factor = MatrixBlock<T>.ColumnMajor(first, width, width);
            Gemm.Run(T.One, triangle, top.Transpose, T.Zero, factor, parallelism);
            for (int i = 0; i < width && signs != null; i++)
            {
                VectorKernels.Scale(width, signs[j + i], factor.Data + (i * width));
            }

            Gemm.Run(-T.One, v, factor, T.Zero, q.Slice(j, j, m - j, width), parallelism);
            for (int i = j; i < j + width; i++)
            {
                q[i, i] += signs == null ? T.One : signs[i];
            }
        }
    }

    /// <summary>
    /// Makes the diagonal of R not negative and notes which rows were negated. Q's columns take the signs while they are made: negating them
    /// afterwards would walk a row-major Q once per column.
    /// </summary>
    /// <param name="r">p x n, upper triangular.</param>
    /// <param name="signs">min(p, n); receives 1 or -1.</param>
    public static void FlipNegativeRows<T>(in MatrixBlock<T> r, T* signs)
        where T : unmanaged, INumberBase<T>
    {
        for (int i = 0; i < Math.Min(r.Rows, r.Columns); i++)
        {
            signs[i] = T.One;
            if (!T.IsNegative(r[i, i]))
            {
                continue;
            }

            signs[i] = -T.One;
            for (int j = i; j < r.Columns; j++)
            {
                r[i, j] = -r[i, j];
            }
        }
    }

    /// <summary>Copies R out of a factored matrix and writes the zeros below its diagonal.</summary>
    /// <param name="factored">m x n.</param>
    /// <param name="r">p x n; rows that <paramref name="factored"/> does not have or that lie below the triangle become zero.</param>
    public static void CopyR<T>(in MatrixBlock<T> factored, in MatrixBlock<T> r)
        where T : unmanaged, INumberBase<T>
    {
        BlockCopy.Run(factored.Slice(0, 0, r.Rows, r.Columns), r);
        for (int i = 1; i < r.Rows; i++)
        {
            for (int j = 0; j < Math.Min(i, r.Columns); j++)
            {
                r[i, j] = T.Zero;
            }
        }
    }
}
