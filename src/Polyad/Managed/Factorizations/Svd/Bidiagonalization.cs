using System.Numerics;

namespace Polyad.Managed;

/// <summary>
/// A = Q B P^T with B upper bidiagonal, for column-major A with at least as many rows as columns: panels of reflectors whose effect on the rest is kept as a low-rank
/// sum P Q^T until one matrix product applies it (LAPACK dgebrd, dlabrd; the fused pass of <see cref="FusedColumnPass{T}"/>).
/// </summary>
internal static unsafe class Bidiagonalization<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private const int PanelColumns = 32;

    /// <summary>
    /// Overwrites the lower trapezoid of <paramref name="a"/> with the left reflectors (column i from row i, 1 stored in front) and the columns of <paramref name="right"/>
    /// (n x n, column i from row i + 1; or of no size, when they are not wanted) with the right ones.
    /// </summary>
    public static void Run(in MatrixBlock<T> a, T* d, T* e, T* tauLeft, T* tauRight, in MatrixBlock<T> right, Parallelism parallelism)
    {
        int m = a.Rows, n = a.Columns;
        int parts = FusedColumnPass<T>.Parts(m, n);
        int width = 2 * Math.Min(PanelColumns, n);
        nint ld = ColumnKernels.LeadingDimension<T>(m);
        using Scratch<T> rowSpace = Workspace.Rent<T>(ld * width);
        using Scratch<T> columnSpace = Workspace.Rent<T>((nint)n * width);
        using Scratch<T> partial = Workspace.Rent<T>(FusedColumnPass<T>.PartialLength(m) * (parts - 1));
        T* small = stackalloc T[4 * PanelColumns];
        for (int k = 0; k < n; k += PanelColumns)
        {
            int columns = Math.Min(PanelColumns, n - k);
            MatrixBlock<T> rest = a.Slice(k, k, m - k, n - k);
            MatrixBlock<T> p = new(rowSpace.Pointer, m - k, 2 * columns, 1, ld);
            MatrixBlock<T> q = MatrixBlock<T>.ColumnMajor(columnSpace.Pointer, n - k, 2 * columns);
            for (int t = 0; t < columns; t++)
            {
                Step(t, rest, p, q, d + k, e + k, tauLeft + k, tauRight + k, small, partial.Pointer, parallelism);
                if (right.Rows > 0 && k + t < n - 1)
                {
                    int length = n - k - t - 1;
                    T* reflector = q.Data + t + 1 + (((2 * t) + 1) * q.ColumnStride);
                    new ReadOnlySpan<T>(reflector, length).CopyTo(new Span<T>(right.Data + k + t + 1 + ((k + t) * right.ColumnStride), length));
                }
            }

            int rows = rest.Rows - columns, others = rest.Columns - columns;
            if (others > 0)
            {
                MatrixBlock<T> qt = q.Slice(columns, 0, others, 2 * columns).Transpose;
                Gemm.Run(-T.One, p.Slice(columns, 0, rows, 2 * columns), qt, T.One, rest.Slice(columns, columns, rows, others), parallelism);
            }
        }
    }

    /// <summary>
    /// One column, which is up to date, and one row. The matrix now stands for a - p q^T with p = [u_0 x_0 u_1 x_1 ..] and q = [y_0 v_0 y_1 v_1 ..], 2t columns of each.
    /// </summary>
    private static void Step(
        int t, in MatrixBlock<T> a, in MatrixBlock<T> p, in MatrixBlock<T> q, T* d, T* e, T* tauLeft, T* tauRight, T* small, T* partial, Parallelism parallelism)
    {
        int m = a.Rows - t, n = a.Columns - t - 1;
        T* column = a.Data + t + (t * a.ColumnStride);
        MatrixBlock<T> pRows = p.Slice(t, 0, m, 2 * t);
        T tau = BidiagonalReflector<T>.Create(m, column, out d[t], out _);
        tauLeft[t] = tau;
        T* u = p.Data + t + (2 * t * p.ColumnStride);
        new Span<T>(u - t, t).Clear();
        new ReadOnlySpan<T>(column, m).CopyTo(new Span<T>(u, m));
        if (n <= 0)
        {
            tauRight[t] = T.Zero;
            return;
        }

        // The row that the right reflector is made of, brought up to date: A^T u and the row both lack the kept sum's share, -q p^T u and -q p_t.
        T* row = q.Data + t + 1 + (((2 * t) + 1) * q.ColumnStride);
        T* y = q.Data + t + 1 + (2 * t * q.ColumnStride);
        T* rowFactors = small + (2 * PanelColumns);
        Gemv.Run(-T.One, pRows.Transpose, u, T.Zero, small);
        Row(p, t, 2 * t, rowFactors);
        VectorKernels.Scale(2 * t, -T.One, rowFactors);
        T* x = p.Data + t + 1 + (((2 * t) + 1) * p.ColumnStride);
        FusedColumnPass<T>.Run(a.Slice(t, t + 1, m, n), t, u, tau, q.Slice(t + 1, 0, n, 2 * t), small, rowFactors, y, row, x, partial, parallelism);

        // x holds A r. As v = (r - beta e_1) / (r_1 - beta), A v = (A r - beta a_1) / (r_1 - beta).
        T tauRow = BidiagonalReflector<T>.Create(n, row, out e[t], out T pivot);
        tauRight[t] = tauRow;
        bool reflects = !T.IsZero(tauRow);
        T* next = a.Data + t + 1 + ((t + 1) * a.ColumnStride);
        if (reflects)
        {
            VectorKernels.Axpy(m - 1, -e[t], next, x);
            VectorKernels.Scale(m - 1, tauRow / pivot, x);
            Gemv.Run(-tauRow, q.Slice(t + 1, 0, n, (2 * t) + 1).Transpose, row, T.Zero, small);
        }
        else
        {
            new Span<T>(x, m - 1).Clear();
            new Span<T>(small, (2 * t) + 1).Clear();
        }

        // In one reading of p: its share of x, and, in a panel that goes on, of the next column.
        MatrixBlock<T> pBelow = p.Slice(t + 1, 0, m - 1, (2 * t) + 1);
        if (2 * (t + 1) == p.Columns)
        {
            Gemv.Run(T.One, pBelow, small, T.One, x);
            return;
        }

        Row(q, t + 1, (2 * t) + 1, rowFactors);
        VectorKernels.Scale((2 * t) + 1, -T.One, rowFactors);
        Gemv.AddPair(pBelow, small, x, rowFactors, next);
        VectorKernels.Axpy(m - 1, -row[0], x, next);
    }

    private static void Row(in MatrixBlock<T> a, int row, int count, T* target)
    {
        for (int j = 0; j < count; j++)
        {
            target[j] = a[row, j];
        }
    }
}
