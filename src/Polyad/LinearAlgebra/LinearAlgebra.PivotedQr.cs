using System.Numerics;
using System.Numerics.Tensors;
using Polyad.Managed;

namespace Polyad;

public static unsafe partial class LinearAlgebra
{
    /// <summary>
    /// A P = Q R by Householder reflections with the column of largest remaining norm first (Businger and Golub 1965). Norms are downdated, and computed anew
    /// where cancellation has spoilt them (Drmac and Bujanovic 2008, LAPACK Working Note 176). 4 m n k flops with k = min(m, n), on vectors.
    /// </summary>
    /// <param name="view">m x n.</param>
    /// <exception cref="NonFiniteInputException">A holds NaN or infinity.</exception>
    public static PivotedQrResult<T> PivotedQr<T>(in ReadOnlyMatrixView<T> view)
        where T : unmanaged, INumberBase<T>
    {
        Arguments.Supported<T>();
        Arguments.Finite(view, default, "a");
        int m = view.Rows, n = view.Columns, k = Math.Min(m, n);
        using Scratch<T> columns = Workspace.Rent<T>((nint)m * n);
        MatrixBlock<T> a = MatrixBlock<T>.ColumnMajor(columns.Pointer, m, n);
        if (!view.IsEmpty)
        {
            view.CopyTo(a.AsView());
        }

        int[] order = [.. Enumerable.Range(0, n)];
        double[] taus = new double[k], norms = new double[n], reference = new double[n];
        for (int j = 0; j < n; j++)
        {
            norms[j] = reference[j] = Real(VectorKernels.Norm2(m, a.Data + ((nint)j * m)));
        }

        double spoilt = Math.Sqrt(Epsilon<T>());
        for (int i = 0; i < k; i++)
        {
            int pivot = i;
            for (int j = i + 1; j < n; j++)
            {
                pivot = norms[j] > norms[pivot] ? j : pivot;
            }

            if (pivot != i)
            {
                SwapColumns(a, i, pivot);
                (order[i], order[pivot]) = (order[pivot], order[i]);
                (norms[pivot], reference[pivot]) = (norms[i], reference[i]);
            }

            T* v = a.Data + ((nint)i * m) + i;
            T beta = Reflect(m - i, v, out T tau);
            taus[i] = Real(tau);
            T kept = beta;
            v[0] = T.One;
            for (int j = i + 1; j < n; j++)
            {
                T* c = a.Data + ((nint)j * m) + i;
                VectorKernels.Axpy(m - i, -tau * VectorKernels.Dot(m - i, v, c), v, c);
                if (norms[j] == 0)
                {
                    continue;
                }

                double ratio = Math.Abs(Real(c[0])) / norms[j], left = Math.Max(0, (1 - ratio) * (1 + ratio));
                double drop = norms[j] / reference[j];
                if (left * drop * drop <= spoilt)
                {
                    norms[j] = reference[j] = m - i - 1 > 0 ? Real(VectorKernels.Norm2(m - i - 1, c + 1)) : 0;
                }
                else
                {
                    norms[j] *= Math.Sqrt(left);
                }
            }

            v[0] = kept;
        }

        return Assemble(a, k, taus, order);
    }

    /// <summary>Q from the reflections in reverse order (the classical backward accumulation), signs turned so that the diagonal of R is not negative.</summary>
    private static PivotedQrResult<T> Assemble<T>(in MatrixBlock<T> a, int k, double[] taus, int[] order)
        where T : unmanaged, INumberBase<T>
    {
        int m = a.Rows, n = a.Columns;
        Tensor<T> q = NewMatrix<T>(m, k), r = NewMatrix<T>(k, n);
        using Scratch<T> columns = Workspace.Rent<T>((nint)m * Math.Max(k, 1));
        columns.Clear();
        MatrixBlock<T> basis = MatrixBlock<T>.ColumnMajor(columns.Pointer, m, k);
        Span<T> upper = Elements(r);
        for (int i = k - 1; i >= 0; i--)
        {
            T* v = a.Data + ((nint)i * m) + i;
            T diagonal = v[0], tau = T.CreateSaturating(taus[i]);
            bool turned = T.IsNegative(diagonal);
            for (int j = i; j < n; j++)
            {
                T entry = a[i, j];
                upper[(i * n) + j] = turned ? -entry : entry;
            }

            v[0] = T.One;
            basis[i, i] = T.One;
            for (int j = i; j < k; j++)
            {
                T* c = basis.Data + ((nint)j * m) + i;
                VectorKernels.Axpy(m - i, -tau * VectorKernels.Dot(m - i, v, c), v, c);
            }

            v[0] = diagonal;
        }

        int rank = 0;
        for (int i = 0; i < k; i++)
        {
            if (T.IsNegative(a[i, i]))
            {
                VectorKernels.Scale(m, -T.One, basis.Data + ((nint)i * m));
            }

            rank += rank == i && Real(upper[(i * n) + i]) > Epsilon<T>() * Math.Max(m, n) * Real(upper[0]) ? 1 : 0;
        }

        if (k > 0)
        {
            basis.AsReadOnlyView().CopyTo(q.AsMatrix());
        }

        return new(q, r, order, rank);
    }

    private static void SwapColumns<T>(in MatrixBlock<T> a, int first, int second)
        where T : unmanaged
    {
        T* x = a.Data + (first * a.ColumnStride);
        T* y = a.Data + (second * a.ColumnStride);
        for (int i = 0; i < a.Rows; i++)
        {
            (x[i], y[i]) = (y[i], x[i]);
        }
    }

    /// <summary>H = I - tau v v^T with v[0] = 1 that turns x into beta e_1 (LAPACK dlarfg). Returns beta; x[1..] becomes v[1..]. Works on x / ||x||, so nothing overflows.</summary>
    private static T Reflect<T>(int n, T* x, out T tau)
        where T : unmanaged, INumberBase<T>
    {
        T norm = n > 0 ? VectorKernels.Norm2(n, x) : T.Zero;
        bool done = n <= 1 || T.IsZero(norm) || T.IsZero(VectorKernels.MaxMagnitude(n - 1, x + 1));
        if (done)
        {
            tau = T.Zero;
            return n > 0 ? x[0] : T.Zero;
        }

        T beta = T.IsNegative(x[0]) ? norm : -norm, head = (x[0] / norm) - (beta / norm);
        tau = -head / (beta / norm);
        for (int i = 1; i < n; i++)
        {
            x[i] = x[i] / norm / head;
        }

        return beta;
    }
}
