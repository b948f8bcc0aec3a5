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
        using Scratch<T> coefficients = Workspace.Rent<T>(4 * widest);
        for (int start = 0; start < n;)
        {
            int width = n - start <= LastPanel ? n - start : PanelWidth;
            panel.Clear();
            Panel<T> work = new(panel.Pointer, ld, n, width);
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

    private static void ReduceColumn<T>(
        in Panel<T> panel, int i, T* a, int column, T* d, T* e, T* tau, T* coefficients, T* scratch, Parallelism parallelism)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        nint ld = panel.Stride;
        int n = panel.Order;
        T* c = a + (column * ld);
        if (i > 0)
        {
            // The column has missed the updates of this panel: a -= sum over k of v_k w_k[column] + w_k v_k[column].
            MatrixBlock<T> before = panel.Columns(i, column);
            for (int k = 0; k < 2 * i; k++)
            {
                coefficients[k] = before[0, (2 * i) - 1 - k];
            }

            Gemv.Run(-T.One, before, coefficients, T.One, c + column);
        }

        d[column] = c[column];
        if (column == n - 1)
        {
            return;
        }

        int next = column + 1;
        tau[column] = Reflector(n - next, c + next, out e[column]);
        T* v = panel.V(i);
        T* w = panel.W(i);
        v[next] = T.One;
        new ReadOnlySpan<T>(c + next + 1, n - next - 1).CopyTo(new Span<T>(v + next + 1, n - next - 1));
        if (T.IsZero(tau[column]))
        {
            return;
        }

        SymmetricMatrixVector.Run(a, ld, next, n, v, w, scratch, parallelism);
        if (i > 0)
        {
            // w = (A - V W^T - W V^T) v with the products by V and W exchanged through the mirror order of the panel.
            MatrixBlock<T> before = panel.Columns(i, next);
            T* mirrored = coefficients + (2 * i);
            Gemv.Run(T.One, before.Transpose, v + next, T.Zero, coefficients);
            for (int k = 0; k < 2 * i; k++)
            {
                mirrored[k] = coefficients[(2 * i) - 1 - k];
            }

            Gemv.Run(-T.One, before, mirrored, T.One, w + next);
        }

        VectorKernels.Scale(n - next, tau[column], w + next);
        T half = tau[column] / (T.One + T.One);
        VectorKernels.Axpy(n - next, -half * VectorKernels.Dot(n - next, w + next, v + next), v + next, w + next);
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
        private readonly T* _middle = data + (width * stride);

        public T* V(int i) => _middle - ((i + 1) * Stride);

        public T* W(int i) => _middle + (i * Stride);

        public MatrixBlock<T> Columns(int pairs, int row) => new(_middle - (pairs * Stride) + row, Order - row, 2 * pairs, 1, Stride);

        public MatrixBlock<T> Mirrored(int pairs, int row) => new(_middle + ((pairs - 1) * Stride) + row, Order - row, 2 * pairs, 1, -Stride);
    }
}
