using System.Numerics;
using System.Numerics.Tensors;

namespace Polyad.MathNet;

public sealed partial class MathNetBackend
{
    private static readonly FactorizationOptions Unchecked = new() { CheckFinite = false };

    /// <inheritdoc/>
    protected override int CholeskyCore<T>(in ReadOnlyMatrixView<T> a, in MatrixView<T> l)
    {
        int n = a.Rows;
        using CallArrays arrays = new(_shelf);
        T[] factor = arrays.CopyOf(a);
        try
        {
            using (ControlThreads.Limit(Threads))
            {
                Own<T>().CholeskyFactor(factor, n);
            }
        }
        catch (ArgumentException)
        {
            // Math.NET stops at the first pivot that is not positive and does not say which: those before it are roots by then.
            for (int i = 0; i < n; i++)
            {
                T pivot = factor[i + (i * n)];
                if (T.IsNaN(pivot) || T.IsNegative(pivot) || T.IsZero(pivot))
                {
                    return i + 1;
                }
            }

            throw;
        }

        ColumnMajorArray.Write(factor, n, l);
        return 0;
    }

    /// <inheritdoc/>
    protected override int LuCore<T>(in ReadOnlyMatrixView<T> a, in MatrixView<T> lu, Span<int> pivots)
    {
        int n = a.Rows;
        if (a.Columns != n)
        {
            return _managed.Lu(a, lu, pivots, Unchecked);
        }

        using CallArrays arrays = new(_shelf);
        T[] factors = arrays.CopyOf(a);
        int[] swaps = new int[n];
        using (ControlThreads.Limit(Threads))
        {
            Own<T>().LUFactor(factors, n, swaps);
        }

        swaps.CopyTo(pivots);
        ColumnMajorArray.Write(factors, n, lu);
        for (int i = 0; i < n; i++)
        {
            if (T.IsZero(factors[i + (i * n)]))
            {
                return i;
            }
        }

        return -1;
    }

    /// <inheritdoc/>
    protected override void QrCore<T>(in ReadOnlyMatrixView<T> a, in MatrixView<T> q, in MatrixView<T> r)
    {
        using CallArrays arrays = new(_shelf);
        T[] work = arrays.CopyOf(a);
        if (!PowerOfTwoScale.Normalize<T>(work, out T restore))
        {
            q.Fill(NaN<T>());
            r.Fill(NaN<T>());
            return;
        }

        T[] orthogonal = Orthogonalize(arrays, work, a.Rows, a.Columns, full: q.Columns != a.Columns, out T[] triangle);
        PowerOfTwoScale.Multiply(triangle, restore);
        ColumnMajorArray.Write(orthogonal, a.Rows, q);
        ColumnMajorArray.Write(triangle, r.Rows, r);
        if (!ColumnsOrthonormal(q))
        {
            _managed.Qr(a, q, r, Unchecked);
        }
    }

    /// <inheritdoc/>
    protected override void QrRCore<T>(in ReadOnlyMatrixView<T> a, in MatrixView<T> r)
    {
        using CallArrays arrays = new(_shelf);
        T[] work = arrays.CopyOf(a);
        if (!PowerOfTwoScale.Normalize<T>(work, out T restore))
        {
            r.Fill(NaN<T>());
            return;
        }

        Orthogonalize(arrays, work, a.Rows, a.Columns, full: a.Rows < a.Columns, out T[] triangle);
        PowerOfTwoScale.Multiply(triangle, restore);
        ColumnMajorArray.Write(triangle, r.Rows, r);
    }

    /// <inheritdoc/>
    protected override void SymmetricEigenCore<T>(in ReadOnlyMatrixView<T> a, Span<T> eigenvalues, in MatrixView<T> eigenvectors)
    {
        using CallArrays arrays = new(_shelf);
        T[] vectors = SymmetricEigen(arrays, a, eigenvalues);
        ColumnMajorArray.Write(vectors, a.Rows, eigenvectors);
        if (!ColumnsOrthonormal(eigenvectors))
        {
            _managed.SymmetricEigen(a, eigenvalues, eigenvectors, Unchecked);
        }
    }

    /// <inheritdoc/>
    protected override void SymmetricEigenvaluesCore<T>(in ReadOnlyMatrixView<T> a, Span<T> eigenvalues)
    {
        using CallArrays arrays = new(_shelf);
        SymmetricEigen(arrays, a, eigenvalues);
    }

    private T[] SymmetricEigen<T>(CallArrays arrays, in ReadOnlyMatrixView<T> a, Span<T> eigenvalues)
        where T : unmanaged, INumberBase<T>
    {
        int n = a.Rows;
        T[] matrix = arrays.CopyOf(a), vectors = arrays.Create<T>(n, n), diagonal = arrays.Create<T>(n, n);
        MirrorLower(matrix, n);
        if (!PowerOfTwoScale.Normalize<T>(matrix, out T restore))
        {
            eigenvalues.Fill(NaN<T>());
            Array.Fill(vectors, NaN<T>());
            return vectors;
        }

        Converging(() => Own<T>().EigenDecomp(true, n, matrix, vectors, new Complex[n], diagonal));
        for (int i = 0; i < n; i++)
        {
            eigenvalues[i] = diagonal[i + (i * n)] * restore;
        }

        return vectors;
    }

    /// <summary>The QR factorization of the m x n matrix in <paramref name="work"/>, which it overwrites: Q m x m (full) or m x n, R with as many rows as Q has columns.</summary>
    private T[] Orthogonalize<T>(CallArrays arrays, T[] work, int m, int n, bool full, out T[] triangle)
        where T : unmanaged, INumberBase<T>
    {
        T[] tau = new T[Math.Min(m, n)];
        using (ControlThreads.Limit(Threads))
        {
            if (full)
            {
                T[] q = arrays.Create<T>(m, m);
                Own<T>().QRFactor(work, m, n, q, tau);
                triangle = work;
                ClearBelowDiagonal(triangle, m, n);
                return q;
            }

            triangle = arrays.Create<T>(n, n);
            Own<T>().ThinQRFactor(work, m, n, triangle, tau);
            ClearBelowDiagonal(triangle, n, n);
            return work;
        }
    }

    /// <summary>Runs an iteration of Math.NET under this engine's thread limit and with this library's exception.</summary>
    private void Converging(Action iteration)
    {
        try
        {
            using (ControlThreads.Limit(Threads))
            {
                iteration();
            }
        }
        catch (global::MathNet.Numerics.NonConvergenceException e)
        {
            throw new NonConvergenceException($"Math.NET's iteration did not converge: {e.Message}", e);
        }
    }

    /// <summary>
    /// Whether the columns are orthonormal to rounding. In matrices of low rank Math.NET squares what cancellation leaves over, step by step, until the squares vanish;
    /// its reflectors are no longer orthogonal then. NaN counts as orthonormal: it came in with the matrix.
    /// </summary>
    private bool ColumnsOrthonormal<T>(in MatrixView<T> q)
        where T : unmanaged, INumberBase<T>
    {
        int n = q.Columns;
        using CallArrays arrays = new(_shelf);
        T[] gram = arrays.Create<T>(n, n);
        _managed.Gram(T.One, q.Transpose, T.Zero, ColumnMajorArray.View(gram, n, n));
        double limit = 4 * Math.Max(q.Rows, 16) * (typeof(T) == typeof(double) ? double.BitIncrement(1) - 1 : float.BitIncrement(1) - 1);
        for (int j = 0; j < n; j++)
        {
            Span<T> below = gram.AsSpan((j * n) + j, n - j);
            below[0] -= T.One;
            if (Math.Abs(double.CreateChecked(TensorPrimitives.MaxMagnitude<T>(below))) > limit)
            {
                return false;
            }
        }

        return true;
    }

    private static void ClearBelowDiagonal<T>(T[] a, int rows, int columns)
    {
        for (int j = 0; j < Math.Min(columns, rows - 1); j++)
        {
            Array.Clear(a, (j * rows) + j + 1, rows - j - 1);
        }
    }

    private static T NaN<T>()
        where T : unmanaged, INumberBase<T>
        => T.CreateChecked(double.NaN);
}
