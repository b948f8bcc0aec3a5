using System.Numerics;

namespace Polyad.Managed;

/// <summary>
/// P A = L U with partial pivoting by halving the columns (Toledo 1997; LAPACK's xGETRF2): the left half is factored, its swaps and its
/// triangle are applied to the right half, the rest of which is updated by one product and factored in turn. Panels of up to 32 columns
/// are factored in a column-major copy.
/// </summary>
internal static unsafe class LuFactorization
{
    /// <summary>Writes L (unit diagonal, below) and U in one matrix. Returns the index of the first pivot that is exactly zero, or -1.</summary>
    /// <param name="a">m x n, any strides.</param>
    /// <param name="lu">m x n, any strides.</param>
    /// <param name="pivots">min(m, n) row swaps, 0-based.</param>
    /// <param name="parallelism">Threads for the products.</param>
    public static int Run<T>(in MatrixBlock<T> a, in MatrixBlock<T> lu, Span<int> pivots, Parallelism parallelism)
        where T : unmanaged, INumberBase<T>
    {
        if (lu.ColumnStride == 1 || lu.RowStride == 1)
        {
            BlockCopy.Run(a, lu);
            return Factor(lu, pivots, parallelism);
        }

        using Scratch<T> scratch = Workspace.Rent<T>((nint)lu.Rows * lu.Columns);
        MatrixBlock<T> work = MatrixBlock<T>.RowMajor(scratch.Pointer, lu.Rows, lu.Columns);
        BlockCopy.Run(a, work);
        int zero = Factor(work, pivots, parallelism);
        BlockCopy.Run(work, lu);
        return zero;
    }

    private static int Factor<T>(in MatrixBlock<T> a, Span<int> pivots, Parallelism parallelism)
        where T : unmanaged, INumberBase<T>
    {
        int m = a.Rows, n = a.Columns;
        if (n <= LuPanel.MaxColumns)
        {
            return FactorPanel(a, pivots);
        }

        // Columns beyond the last row have no pivots: they are only solved for.
        int half = n > m ? m : ((n / 2) + LuPanel.MaxColumns - 1) / LuPanel.MaxColumns * LuPanel.MaxColumns;
        int rest = n - half, below = m - half;
        MatrixBlock<T> left = a.Slice(0, 0, m, half), right = a.Slice(0, half, m, rest);
        Span<int> leftPivots = pivots[..half], rightPivots = pivots[half..];
        int zero = Factor(left, leftPivots, parallelism);
        SwapRows(right, leftPivots);
        MatrixBlock<T> top = right.Slice(0, 0, half, rest), bottom = right.Slice(half, 0, below, rest);
        TriangularSolver.Run(Triangle.Lower, unitDiagonal: true, left.Slice(0, 0, half, half), top, parallelism);
        if (below == 0)
        {
            return zero;
        }

        Gemm.Run(-T.One, left.Slice(half, 0, below, half), top, T.One, bottom, parallelism);
        int later = Factor(bottom, rightPivots, parallelism);
        SwapRows(left.Slice(half, 0, below, half), rightPivots);
        for (int i = 0; i < rightPivots.Length; i++)
        {
            rightPivots[i] += half;
        }

        return zero >= 0 || later < 0 ? zero : half + later;
    }

    private static int FactorPanel<T>(in MatrixBlock<T> a, Span<int> pivots)
        where T : unmanaged, INumberBase<T>
    {
        int ld = ColumnKernels.LeadingDimension<T>(a.Rows);
        using Scratch<T> scratch = Workspace.Rent<T>((nint)ld * a.Columns);
        MatrixBlock<T> panel = new(scratch.Pointer, a.Rows, a.Columns, 1, ld);
        BlockCopy.Run(a, panel);
        int zero = LuPanel.Factor(panel, pivots);
        BlockCopy.Run(panel, a);
        return zero;
    }

    /// <summary>Swaps row i with row pivots[i], in order: whole rows where they are contiguous, column by column where those are.</summary>
    private static void SwapRows<T>(in MatrixBlock<T> a, ReadOnlySpan<int> pivots)
        where T : unmanaged, INumberBase<T>
    {
        if (a.ColumnStride == 1)
        {
            for (int i = 0; i < pivots.Length; i++)
            {
                if (pivots[i] != i)
                {
                    Exchange(a.Columns, a.Data + (i * a.RowStride), a.Data + (pivots[i] * a.RowStride));
                }
            }

            return;
        }

        for (int j = 0; j < a.Columns; j++)
        {
            T* column = a.Data + (j * a.ColumnStride);
            for (int i = 0; i < pivots.Length; i++)
            {
                T kept = column[i * a.RowStride];
                column[i * a.RowStride] = column[pivots[i] * a.RowStride];
                column[pivots[i] * a.RowStride] = kept;
            }
        }
    }

    private static void Exchange<T>(int n, T* x, T* y)
        where T : unmanaged
    {
        int i = 0;
        if (Vector.IsHardwareAccelerated)
        {
            for (; i <= n - Vector<T>.Count; i += Vector<T>.Count)
            {
                Vector<T> kept = Vector.Load(x + i);
                Vector.Load(y + i).Store(x + i);
                kept.Store(y + i);
            }
        }

        for (; i < n; i++)
        {
            (x[i], y[i]) = (y[i], x[i]);
        }
    }
}
