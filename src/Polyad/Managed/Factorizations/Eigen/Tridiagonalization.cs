using System.Numerics;

namespace Polyad.Managed;

/// <summary>
/// A = Q T Q^T with tridiagonal T by Householder reflectors Q = H_0 H_1 .. H_{n-2}, H_k = I - tau_k v_k v_k^T, in panels
/// (Dongarra, Hammarling, Sorensen 1989; LAPACK sytrd/latrd). Half of the 4/3 n^3 flops are matrix-vector products with the trailing matrix,
/// the other half one product per panel: A -= V W^T + W V^T.
/// </summary>
internal static unsafe class Tridiagonalization
{
    private const int PanelWidth = 32;

    /// <summary>Below this order the rest is one panel: its rank-2k update would cost more in calls than it saves in reads.</summary>
    private const int LastPanel = 64;

    /// <summary>Columns of a panel that one part of parallel work multiplies: a multiple of the four that the kernel takes together.</summary>
    private const int ProductColumns = 16;

    /// <summary>Reduces the lower triangle.</summary>
    /// <param name="a">
    /// n x n column-major, 64-byte aligned; strict upper triangle and rows from n to <paramref name="ld"/> zero. Holds afterwards v_k(k+2..n-1) in column k below the subdiagonal.
    /// </param>
    /// <param name="ld">Distance between columns, a multiple of 64 bytes.</param>
    /// <param name="n">The order.</param>
    /// <param name="d">n diagonal entries of T.</param>
    /// <param name="e">n - 1 off-diagonal entries of T.</param>
    /// <param name="tau">n - 1 scalars of the reflectors.</param>
    /// <param name="parallelism">Threads.</param>
    public static void Run<T>(T* a, nint ld, int n, T* d, T* e, T* tau, Parallelism parallelism)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int widest = Math.Min(n, LastPanel);
        using Scratch<T> panel = Workspace.Rent<T>(2 * widest * ld);
        using Scratch<T> scratch = Workspace.Rent<T>(SymmetricMatrixVector.ScratchLength(ld));
        using Scratch<T> coefficients = Workspace.Rent<T>(6 * widest);
        panel.Clear();
        for (int start = 0; start < n;)
        {
            int width = n - start <= LastPanel ? n - start : PanelWidth;
            Panel<T> work = new(panel.Pointer, ld, n, width);
            work.ClearRows(start - PanelWidth, start + width);
            for (int i = 0; i < width; i++)
            {
                ReduceColumn(work, i, a, start + i, d, e, tau, coefficients.Pointer, scratch.Pointer, parallelism);
            }

            start += width;
            if (start < n)
            {
                MatrixBlock<T> trailing = new(a + start + (start * ld), n - start, n - start, 1, ld);
                Gemm.Lower(-T.One, work.Columns(width, start), work.Mirrored(width, start).Transpose, T.One, trailing, parallelism);
            }
        }
    }

    /// <summary>
    /// One column, which is up to date. With V and W the i pairs before it: w = tau (A v - [V W] [W V]^T v) and so on (latrd), and of the next column
    /// [V W] ([W V] at its row) is taken off in the same reading of the panel.
    /// </summary>
    private static void ReduceColumn<T>(
        in Panel<T> panel, int i, T* a, int column, T* d, T* e, T* tau, T* coefficients, T* scratch, Parallelism parallelism)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        nint ld = panel.Stride;
        int n = panel.Order, next = column + 1, length = n - next;
        T* c = a + (column * ld);
        d[column] = c[column];
        if (column == n - 1)
        {
            return;
        }

        tau[column] = Reflector(length, c + next, out e[column]);
        T* v = panel.V(i);
        T* w = panel.W(i);
        v[next] = T.One;
        new ReadOnlySpan<T>(c + next + 1, length - 1).CopyTo(new Span<T>(v + next + 1, length - 1));
        MatrixBlock<T> before = panel.Columns(i, next);
        T* products = coefficients;
        T* ownFactors = coefficients + (2 * panel.Width);
        T* nextFactors = ownFactors + (2 * panel.Width);
        T* nextColumn = c + ld + next;
        bool more = i + 1 < panel.Width, reflects = !T.IsZero(tau[column]);
        if (reflects)
        {
            Multiply(a, ld, next, n, v, w, scratch, before, products, parallelism);
        }
        else
        {
            new Span<T>(w + next, length).Clear();
        }

        for (int k = 0; k < 2 * i; k++)
        {
            // The products with V belong to W and the other way round: the panel's mirror order.
            ownFactors[k] = reflects ? -products[(2 * i) - 1 - k] : T.Zero;
            nextFactors[k] = more ? -before[0, (2 * i) - 1 - k] : T.Zero;
        }

        if (reflects || more)
        {
            Subtract(panel, before, next, reflects, more, ownFactors, w, nextFactors, c + ld, scratch, parallelism);
        }

        if (reflects)
        {
            VectorKernels.Scale(length, tau[column], w + next);
            T half = tau[column] / (T.One + T.One);
            VectorKernels.Axpy(length, -half * VectorKernels.Dot(length, w + next, v + next), v + next, w + next);
        }

        if (more && reflects)
        {
            VectorKernels.Axpy(length, -w[next], v + next, nextColumn);
            VectorKernels.Axpy(length, -v[next], w + next, nextColumn);
        }
    }

    /// <summary>w = A v over rows and columns from <paramref name="first"/> on, and the products of v with the columns of the panel so far.</summary>
    private static void Multiply<T>(T* a, nint ld, int first, int n, T* v, T* w, T* scratch, in MatrixBlock<T> before, T* products, Parallelism parallelism)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int order = n - first, parts = SymmetricMatrixVector.Parts(order);
        int threads = parts == 1 ? 1 : parallelism.ThreadsForStep(((0.5 * order) + before.Columns) * order * sizeof(T));
        if (threads > 1)
        {
            ShareProducts(a, ld, first, n, v, w, scratch, before, products, parts, threads);
        }
        else
        {
            for (int part = 0; part < parts; part++)
            {
                SymmetricMatrixVector.RunPart(a, ld, first, n, v, w, scratch, part);
            }

            Products(before, v + first, products, 0, before.Columns);
        }
    }

    /// <summary>Apart, so that only the work of several threads pays for a closure.</summary>
    private static void ShareProducts<T>(T* a, nint ld, int first, int n, T* v, T* w, T* scratch, MatrixBlock<T> before, T* products, int parts, int threads)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        // The panel's products are small: they stand in the middle, where threads meet.
        int chunks = (before.Columns + ProductColumns - 1) / ProductColumns, front = parts / 2;
        WorkTeam.Run(parts + chunks, threads, part =>
        {
            if (part < front || part >= front + chunks)
            {
                SymmetricMatrixVector.RunPart(a, ld, first, n, v, w, scratch, part < front ? part : part - chunks);
                return;
            }

            int from = (part - front) * ProductColumns;
            Products(before, v + first, products, from, Math.Min(from + ProductColumns, before.Columns));
        });
    }

    /// <summary>Columns of the panel from .. to - 1 times v; from is a multiple of <see cref="ProductColumns"/>, so that each product has one order of additions.</summary>
    private static void Products<T>(in MatrixBlock<T> before, T* v, T* products, int from, int to)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (from < to)
        {
            Gemv.Run(T.One, before.Slice(0, from, before.Rows, to - from).Transpose, v, T.Zero, products + from);
        }
    }

    /// <summary>The passes over rows that follow the products: the parts of A v are summed, and the panel's share is taken off w and the next column.</summary>
    private static void Subtract<T>(
        in Panel<T> panel, in MatrixBlock<T> before, int first, bool reflects, bool more, T* ownFactors, T* w, T* nextFactors, T* column, T* scratch, Parallelism parallelism)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int threads = parallelism.ThreadsForStep((double)before.Rows * (before.Columns + SymmetricMatrixVector.Parts(before.Rows)) * sizeof(T) / 4);
        if (threads > 1)
        {
            ShareSubtract(panel, before, first, reflects, more, ownFactors, w, nextFactors, column, scratch, threads);
        }
        else
        {
            SubtractRows(panel, before, first, reflects, more, ownFactors, w, nextFactors, column, scratch, first, panel.Order);
        }
    }

    private static void ShareSubtract<T>(
        Panel<T> panel, MatrixBlock<T> before, int first, bool reflects, bool more, T* ownFactors, T* w, T* nextFactors, T* column, T* scratch, int threads)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        => WorkTeam.Run(threads, threads, part =>
        {
            (int from, int to) = WorkTeam.Range(before.Rows, threads, part, 16);
            SubtractRows(panel, before, first, reflects, more, ownFactors, w, nextFactors, column, scratch, first + from, first + to);
        });

    private static void SubtractRows<T>(
        in Panel<T> panel, in MatrixBlock<T> before, int first, bool reflects, bool more, T* ownFactors, T* w, T* nextFactors, T* column, T* scratch, int from, int to)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (reflects)
        {
            SymmetricMatrixVector.Sum(panel.Stride, first, panel.Order, w, scratch, from, to);
        }

        MatrixBlock<T> rows = before.Slice(from - first, 0, to - from, before.Columns);
        if (rows.IsEmpty)
        {
            return;
        }

        if (more)
        {
            Gemv.AddPair(rows, ownFactors, w + from, nextFactors, column + from);
        }
        else if (reflects)
        {
            Gemv.Run(T.One, rows, ownFactors, T.One, w + from);
        }
    }

    /// <summary>Makes H x = beta e_1 for x = (alpha, tail); the tail becomes that of v (v_0 = 1). Returns tau, 0 where the tail is zero or negligible beside a matrix of unit norm.</summary>
    private static T Reflector<T>(int n, T* x, out T beta)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        T alpha = x[0], tail = VectorKernels.Norm2(n - 1, x + 1);
        beta = alpha;
        if (T.IsZero(tail))
        {
            return T.Zero;
        }

        T length = FloatingPointLimits<T>.Length(alpha, tail);
        if (length <= FloatingPointLimits<T>.SmallestNormal / FloatingPointLimits<T>.UnitRoundoff)
        {
            new Span<T>(x + 1, n - 1).Clear();
            return T.Zero;
        }

        beta = T.CopySign(length, -alpha);
        VectorKernels.Scale(n - 1, T.One / (alpha - beta), x + 1);
        return (beta - alpha) / beta;
    }

    /// <summary>
    /// The vectors of a panel in one buffer, in the order v_{k-1} .. v_0 w_0 .. w_{k-1}: the first k pairs are always contiguous, and read backwards
    /// each v_i stands where w_i stood, so that V W^T + W V^T is one product of the block with its mirror image.
    /// </summary>
    private readonly struct Panel<T>(T* data, nint stride, int order, int width)
        where T : unmanaged
    {
        public readonly nint Stride = stride;
        public readonly int Order = order;
        public readonly int Width = width;
        private readonly T* _middle = data + (width * stride);

        public T* V(int i) => _middle - ((i + 1) * Stride);

        public T* W(int i) => _middle + (i * Stride);

        /// <summary>What the panel before has written above the rows that this one writes.</summary>
        public void ClearRows(int from, int to)
        {
            from = Math.Max(from, 0);
            for (int i = -Width; i < Width; i++)
            {
                new Span<T>(_middle + (i * Stride) + from, to - from).Clear();
            }
        }

        public MatrixBlock<T> Columns(int pairs, int row) => new(_middle - (pairs * Stride) + row, Order - row, 2 * pairs, 1, Stride);

        public MatrixBlock<T> Mirrored(int pairs, int row) => new(_middle + ((pairs - 1) * Stride) + row, Order - row, 2 * pairs, 1, -Stride);
    }
}
