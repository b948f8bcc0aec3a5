using System.Numerics;
using System.Runtime.CompilerServices;

namespace Polyad.Managed;

/// <summary>
/// Blocked Householder QR in compact WY form. Factored matrices keep LAPACK's storage: R on and above the diagonal, the reflectors'
/// tails below it; the triangular factors T of the blocks lie side by side in one <see cref="BlockSize"/> x k block (as xGEQRT has them),
/// the taus on their diagonals.
/// </summary>
internal static unsafe class QrFactorization
{
    /// <summary>Rows of R that are copied together.</summary>
    private const int CopyLines = 64;

    /// <summary>Fewer are not worth a second thread: 4/3 n^3 flops pass it from about n = 310 on.</summary>
    private const double FlopsPerThread = 2e7;

    /// <summary>Work on a column of the next panel, updated and factored, in that of a column which is only updated.</summary>
    private const double PanelWork = 3;

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
        BlockCopy.Run(a, work, parallelism);
        Factor(work, t, parallelism);
        using Scratch<T> signs = Workspace.Rent<T>(k);
        CopyPositiveR(work, r, signs.Pointer, parallelism);
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
        BlockCopy.Run(a, work, parallelism);
        Factor(work, MatrixBlock<T>.ColumnMajor(scratch.Pointer + ((nint)ld * a.Columns), block, k), parallelism);
        CopyR(work, r);
    }

    /// <summary>Columns per block for an m x n matrix: narrow panels for small ones, whose panels weigh most, else wide enough that the products run at speed.</summary>
    public static int BlockSize(int m, int n)
    {
        int k = Math.Min(m, n);
        return k <= 16 ? Math.Max(k, 1) : k <= 256 ? 16 : k <= 512 ? 32 : 48;
    }

    /// <summary>Factors in place. 2 n^2 (m - n/3) flops for m at least n. The next panel is brought up to date and factored beside the update of the columns right of it.</summary>
    /// <param name="a">m x n, columns contiguous; R and the reflectors afterwards.</param>
    /// <param name="t">b x min(m, n), columns contiguous, b = <see cref="BlockSize"/> or any width up to <see cref="QrPanel.MaxColumns"/>: the T of each block of b columns.</param>
    /// <param name="most">Threads that share the columns, if there is work enough.</param>
    public static void Factor<T>(in MatrixBlock<T> a, in MatrixBlock<T> t, Parallelism most)
        where T : unmanaged, INumberBase<T>
    {
        int k = Math.Min(a.Rows, a.Columns), block = t.Rows;
        Parallelism parallelism = most.ForFactorization(4.0 / 3 * a.Rows * a.Columns * k, FlopsPerThread);
        using Scratch<T> scratch = Workspace.Rent<T>(2 * (nint)block * block);
        T* r = scratch.Pointer;
        T* nextR = r + ((nint)block * block);
        FactorPanel(a, t, 0, r);
        for (int j = 0; j < k; j += block)
        {
            int width = Math.Min(block, k - j);
            double flops = 4.0 * (a.Rows - j) * (a.Columns - j - width) * width;
            int threads = parallelism.ThreadsForFlops(flops);
            if (threads > 1)
            {
                ShareStep(a, t, j, nextR, threads);
            }
            else
            {
                ApplyPanel(a, t, j, j + width, a.Columns);
                FactorPanel(a, t, j + width, nextR);
            }

            for (int c = 0; c < width; c++)
            {
                new ReadOnlySpan<T>(r + (c * width), c + 1).CopyTo(new Span<T>(a.Data + j + ((j + c) * a.ColumnStride), c + 1));
            }

            T* done = r;
            r = nextR;
            nextR = done;
        }
    }

    /// <summary>One panel's reflectors on all columns right of it, and the next panel as the first part of the work.</summary>
    private static void ShareStep<T>(MatrixBlock<T> a, MatrixBlock<T> t, int panel, T* nextR, int threads)
        where T : unmanaged, INumberBase<T>
    {
        int k = Math.Min(a.Rows, a.Columns), block = t.Rows, next = Math.Min(panel + block, k), others = Math.Min(next + block, k), columns = a.Columns - others;
        WorkTeam.Run(1 + WorkTeam.MeetingParts(threads), threads, part =>
        {
            if (part == 0)
            {
                ApplyPanel(a, t, panel, next, others);
                FactorPanel(a, t, next, nextR);
                return;
            }

            ApplyPanel(a, t, panel, others + Cut(part - 1), others + Cut(part));
        });

        // The next panel, which the first thread begins with, takes as long as so many columns.
        int Cut(int index) => WorkTeam.MeetingLine(threads, index, columns, 16, PanelWork * (others - next));
    }

    /// <summary>The panel becomes the explicit V; its R goes to <paramref name="r"/>, as many rows as the panel has columns.</summary>
    private static void FactorPanel<T>(in MatrixBlock<T> a, in MatrixBlock<T> t, int panel, T* r)
        where T : unmanaged, INumberBase<T>
    {
        int width = Math.Min(t.Rows, Math.Min(a.Rows, a.Columns) - panel);
        if (width > 0)
        {
            QrPanel.Factor(a.Slice(panel, panel, a.Rows - panel, width), MatrixBlock<T>.ColumnMajor(r, width, width), t.Slice(0, panel, width, width));
        }
    }

    /// <summary>Q^T of one panel, explicit, on columns from .. to - 1.</summary>
    private static void ApplyPanel<T>(in MatrixBlock<T> a, in MatrixBlock<T> t, int panel, int from, int to)
        where T : unmanaged, INumberBase<T>
    {
        int width = Math.Min(t.Rows, Math.Min(a.Rows, a.Columns) - panel);
        if (from < to)
        {
            CompactWy.ApplyLeft(
                transpose: true, a.Slice(panel, panel, a.Rows - panel, width), t.Slice(0, panel, width, width), a.Slice(panel, from, a.Rows - panel, to - from));
        }
    }

    /// <summary>
    /// Writes the first columns of Q (LAPACK's xORGQR), last block first: block j then meets a matrix that is the identity in its own rows and columns
    /// and zero beside them, so only the part below costs products. 2 k^2 (m - k/3) flops for k columns. Columns of Q are independent: threads take ranges of them.
    /// </summary>
    /// <param name="factored">m x k, from <see cref="Factor"/>; what lies below the diagonal is read, its reflectors are made explicit.</param>
    /// <param name="t">Its triangular factors.</param>
    /// <param name="q">m x p with p between k and m, any strides, not overlapping <paramref name="factored"/>.</param>
    /// <param name="parallelism">Threads that share the columns.</param>
    /// <param name="signs">k factors of the first k columns, each 1 or -1, applied to the identity that the reflectors meet; null for ones.</param>
    public static void FormQ<T>(in MatrixBlock<T> factored, in MatrixBlock<T> t, in MatrixBlock<T> q, Parallelism parallelism, T* signs = null)
        where T : unmanaged, INumberBase<T>
    {
        int m = factored.Rows, k = t.Columns, block = t.Rows;
        for (int j = 0; j < k; j += block)
        {
            CompactWy.MakeExplicit(factored.Slice(j, j, m - j, Math.Min(block, k - j)));
        }

        int threads = parallelism.ForFactorization(4.0 / 3 * m * k * q.Columns, FlopsPerThread).MaxThreads;
        if (threads > 1)
        {
            ShareQ(factored, t, q, signs, threads);
        }
        else
        {
            FormColumns(factored, t, q, signs, 0, q.Columns);
        }
    }

    /// <summary>Apart, so that only the work of several threads pays for a closure.</summary>
    private static void ShareQ<T>(MatrixBlock<T> v, MatrixBlock<T> t, MatrixBlock<T> q, T* signs, int threads)
        where T : unmanaged, INumberBase<T>
    {
        WorkTeam.Run(WorkTeam.MeetingParts(threads), threads, part => FormColumns(v, t, q, signs, Cut(part), Cut(part + 1)));

        int Cut(int index) => WorkTeam.MeetingLine(threads, index, q.Columns, t.Rows, 0, Work);

        // Column j meets the reflectors up to its own, of m - i rows: in units of 4 flops those of the columns before c, m c^2/2 - c^3/6.
        double Work(int columns)
        {
            double m = v.Rows, c = Math.Min(columns, t.Columns);
            return (c * c * ((m / 2) - (c / 6))) + ((columns - c) * c * (m - (c / 2)));
        }
    }

    /// <summary>Columns from .. to - 1 of Q; both are multiples of the block, or the end.</summary>
    private static void FormColumns<T>(in MatrixBlock<T> explicitV, in MatrixBlock<T> t, in MatrixBlock<T> q, T* signs, int from, int to)
        where T : unmanaged, INumberBase<T>
    {
        int m = q.Rows, k = t.Columns, block = t.Rows;
        if (from >= to)
        {
            return;
        }

        nint wide = (nint)block * Math.Max(to - from, block);
        using Scratch<T> scratch = Workspace.Rent<T>(2 * wide);
        T* first = scratch.Pointer;
        T* second = first + wide;
        int beyond = Math.Max(k, from);
        if (beyond < to)
        {
            q.Slice(k, beyond, m - k, to - beyond).Clear();
            for (int i = beyond; i < to; i++)
            {
                q[i, i] = T.One;
            }
        }

        for (int j = (Math.Min(k, to) - 1) / block * block; j >= 0; j -= block)
        {
            int width = Math.Min(block, k - j), below = m - j - width, start = Math.Max(j + width, from), right = to - start;
            MatrixBlock<T> v = explicitV.Slice(j, j, m - j, width), triangle = t.Slice(0, j, width, width);
            MatrixBlock<T> top = v.Slice(0, 0, width, width), bottom = v.Slice(width, 0, below, width);
            if (right > 0)
            {
                // Beside the block, Q is zero above and C below: (I - V T V^T) (0, C)^T = (-V_1 W, C - V_2 W)^T with W = T V_2^T C.
                MatrixBlock<T> c = q.Slice(j + width, start, below, right);
                MatrixBlock<T> w = CompactWy.Like(q, first, width, right), tw = CompactWy.Like(q, second, width, right);
                Gemm.Run(T.One, bottom.Transpose, c, T.Zero, w, Parallelism.Sequential);
                Gemm.Run(T.One, triangle, w, T.Zero, tw, Parallelism.Sequential);
                Gemm.Run(-T.One, top, tw, T.Zero, q.Slice(j, start, width, right), Parallelism.Sequential);
                Gemm.Run(-T.One, bottom, tw, T.One, c, Parallelism.Sequential);
            }

            if (j < from)
            {
                continue;
            }

            // In the block's own columns, with D the signs: (I - V T V^T) (D, 0)^T = (D, 0)^T - V (T V_1^T D).
            MatrixBlock<T> factor = MatrixBlock<T>.ColumnMajor(first, width, width);
            Gemm.Run(T.One, triangle, top.Transpose, T.Zero, factor, Parallelism.Sequential);
            for (int i = 0; i < width && signs != null; i++)
            {
                VectorKernels.Scale(width, signs[j + i], factor.Data + (i * width));
            }

            Gemm.Run(-T.One, v, factor, T.Zero, q.Slice(j, j, m - j, width), Parallelism.Sequential);
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
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
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
            if (r.ColumnStride == 1)
            {
                VectorKernels.Scale(r.Columns - i, -T.One, r.Data + i + (i * r.RowStride));
                continue;
            }

            for (int j = i; j < r.Columns; j++)
            {
                r[i, j] = -r[i, j];
            }
        }
    }

    /// <summary>Copies R out of a factored matrix and writes the zeros below its diagonal.</summary>
    /// <param name="factored">m x n.</param>
    /// <param name="r">p x n; rows that <paramref name="factored"/> does not have or that lie below the triangle become zero.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void CopyR<T>(in MatrixBlock<T> factored, in MatrixBlock<T> r)
        where T : unmanaged, INumberBase<T>
    {
        for (int i = 0; i < r.Rows; i += CopyLines)
        {
            CopyRows(factored, r, i);
        }
    }

    /// <summary>As <see cref="CopyR"/> and <see cref="FlipNegativeRows"/>, blocks of rows by several threads.</summary>
    private static void CopyPositiveR<T>(MatrixBlock<T> factored, MatrixBlock<T> r, T* signs, Parallelism parallelism)
        where T : unmanaged, INumberBase<T>
        => WorkTeam.Run((r.Rows + CopyLines - 1) / CopyLines, parallelism.ThreadsForBytes(2.0 * sizeof(T) * r.Rows * r.Columns), part =>
        {
            int row = part * CopyLines, left = Math.Min(row, r.Columns);
            CopyRows(factored, r, row);
            FlipNegativeRows(r.Slice(row, left, Math.Min(CopyLines, r.Rows - row), r.Columns - left), signs + left);
        });

    /// <summary>A square block of lines: what lies wholly below the diagonal is cleared, not copied.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void CopyRows<T>(in MatrixBlock<T> factored, in MatrixBlock<T> r, int first)
        where T : unmanaged, INumberBase<T>
    {
        int rows = Math.Min(CopyLines, r.Rows - first), left = Math.Min(first, r.Columns);
        r.Slice(first, 0, rows, left).Clear();
        BlockCopy.Run(factored.Slice(first, left, rows, r.Columns - left), r.Slice(first, left, rows, r.Columns - left));
        for (int below = 1; below < rows; below++)
        {
            r.Slice(first + below, left, 1, Math.Min(below, r.Columns - left)).Clear();
        }
    }
}
