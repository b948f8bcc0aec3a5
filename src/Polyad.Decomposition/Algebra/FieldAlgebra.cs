using System.Numerics;
using System.Runtime.InteropServices;

namespace Polyad.Decomposition;

/// <summary>
/// Products and factorizations of small row-major matrices over the reals or the complex numbers: real ones are the engine's, complex ones are real ones of twice the width (<see cref="ComplexProducts"/>, <see cref="ComplexRows"/>).
/// </summary>
internal static class FieldAlgebra
{
    /// <summary>A B, m x n.</summary>
    /// <param name="backend">The engine.</param>
    /// <param name="a">m x k, or k x m when <paramref name="adjointA"/>.</param>
    /// <param name="m">Rows of the product.</param>
    /// <param name="k">Depth.</param>
    /// <param name="b">k x n, or n x k when <paramref name="adjointB"/>.</param>
    /// <param name="n">Columns of the product.</param>
    /// <param name="adjointA">Take the conjugate transpose of a.</param>
    /// <param name="adjointB">Take the conjugate transpose of b.</param>
    public static T[] Multiply<T>(ILinearAlgebraBackend backend, ReadOnlySpan<T> a, int m, int k, ReadOnlySpan<T> b, int n, bool adjointA = false, bool adjointB = false)
        where T : unmanaged, INumberBase<T>
    {
        T[] product = new T[m * n];
        Multiply(backend, a, m, k, b, n, product, adjointA, adjointB);
        return product;
    }

    /// <inheritdoc cref="Multiply{T}(ILinearAlgebraBackend, ReadOnlySpan{T}, int, int, ReadOnlySpan{T}, int, bool, bool)"/>
    public static void Multiply<T>(
        ILinearAlgebraBackend backend, ReadOnlySpan<T> a, int m, int k, ReadOnlySpan<T> b, int n, Span<T> product, bool adjointA = false, bool adjointB = false)
        where T : unmanaged, INumberBase<T>
    {
        if (typeof(T) != typeof(Complex))
        {
            ReadOnlyMatrixView<T> left = adjointA ? new ReadOnlyMatrixView<T>(a, k, m).Transpose : new(a, m, k);
            ReadOnlyMatrixView<T> right = adjointB ? new ReadOnlyMatrixView<T>(b, n, k).Transpose : new(b, k, n);
            backend.MatMul(T.One, left, right, T.Zero, new MatrixView<T>(product, m, n));
            return;
        }

        ReadOnlySpan<Complex> ca = MemoryMarshal.Cast<T, Complex>(a), cb = MemoryMarshal.Cast<T, Complex>(b);
        ComplexProducts.MatMul(backend, adjointA ? Adjoint(ca, k, m) : ca, m, k, adjointB ? Adjoint(cb, n, k) : cb, n, 0, MemoryMarshal.Cast<T, Complex>(product));
    }

    /// <summary>The conjugate transpose, columns x rows.</summary>
    public static T[] Adjoint<T>(ReadOnlySpan<T> a, int rows, int columns)
        where T : unmanaged, INumberBase<T>
    {
        T[] adjoint = new T[rows * columns];
        for (int i = 0; i < rows; i++)
        {
            for (int j = 0; j < columns; j++)
            {
                adjoint[(j * rows) + i] = Scalar.Conjugate(a[(i * columns) + j]);
            }
        }

        return adjoint;
    }

    /// <summary>A = Q R with orthonormal columns in Q (m x k) and R k x n, k = min(m, n), the diagonal of R real and not negative.</summary>
    public static (T[] Q, T[] R) Qr<T>(ILinearAlgebraBackend backend, ReadOnlySpan<T> a, int m, int n)
        where T : unmanaged, INumberBase<T>
    {
        int k = Math.Min(m, n);
        if (typeof(T) == typeof(Complex))
        {
            (Complex[] cq, Complex[] cr) = ComplexHouseholder.Qr(MemoryMarshal.Cast<T, Complex>(a), m, n);
            return ((T[])(object)cq, (T[])(object)cr);
        }

        T[] q = new T[m * k], r = new T[k * n];
        backend.Qr(new ReadOnlyMatrixView<T>(a, m, n), q.AsMatrix(m, k), r.AsMatrix(k, n));
        return (q, r);
    }

    /// <summary>R alone, min(m, n) x n.</summary>
    public static T[] QrR<T>(ILinearAlgebraBackend backend, ReadOnlySpan<T> a, int m, int n)
        where T : unmanaged, INumberBase<T>
    {
        if (typeof(T) == typeof(Complex))
        {
            return Qr(backend, a, m, n).R;
        }

        int k = Math.Min(m, n);
        T[] r = new T[k * n];
        backend.QrR(new ReadOnlyMatrixView<T>(a, m, n), r.AsMatrix(k, n));
        return r;
    }

    /// <summary>A = L Q with orthonormal rows in Q (k x n) and L m x k, k = min(m, n).</summary>
    public static (T[] L, T[] Q) Lq<T>(ILinearAlgebraBackend backend, ReadOnlySpan<T> a, int m, int n)
        where T : unmanaged, INumberBase<T>
    {
        int k = Math.Min(m, n);
        (T[] q, T[] r) = Qr<T>(backend, Adjoint(a, m, n), n, m);
        return (Adjoint<T>(r, k, m), Adjoint<T>(q, n, k));
    }

    /// <summary>A = U S V^H: U m x k, S descending, V^H k x n, k = min(m, n).</summary>
    public static (T[] U, double[] S, T[] Vt) Svd<T>(ILinearAlgebraBackend backend, ReadOnlySpan<T> a, int m, int n)
        where T : unmanaged, INumberBase<T>
    {
        int k = Math.Min(m, n);
        if (typeof(T) == typeof(Complex))
        {
            (Complex[] cu, double[] cs, Complex[] cv) = ComplexSvd(backend, MemoryMarshal.Cast<T, Complex>(a), m, n);
            return ((T[])(object)cu, cs, (T[])(object)cv);
        }

        T[] u = new T[m * k], s = new T[k], vt = new T[k * n];
        backend.Svd(new ReadOnlyMatrixView<T>(a, m, n), u.AsMatrix(m, k), s, vt.AsMatrix(k, n));
        return (u, [.. s.Select(static v => double.CreateTruncating(v))], vt);
    }

    private static (Complex[] U, double[] S, Complex[] Vt) ComplexSvd(ILinearAlgebraBackend backend, ReadOnlySpan<Complex> a, int m, int n)
    {
        if (m < n)
        {
            (Complex[] v, double[] values, Complex[] ut) = ComplexSvd(backend, Adjoint(a, m, n), n, m);
            return (Adjoint<Complex>(ut, m, m), values, Adjoint<Complex>(v, n, m));
        }

        // Every singular value of [X; X J] is one of A, twice; its right vectors give those of A.
        double[] stacked = ComplexRows.Stack(MemoryMarshal.Cast<Complex, double>(a), m, 2 * n);
        double[] u = new double[4 * m * n], s = new double[2 * n], vt = new double[4 * n * n];
        backend.Svd(stacked.AsMatrix(2 * m, 2 * n), u.AsMatrix(2 * m, 2 * n), s, vt.AsMatrix(2 * n, 2 * n));
        Complex[] rows = MemoryMarshal.Cast<double, Complex>(ComplexRows.Independent(vt, 2 * n, n)).ToArray();

        // A V has orthogonal columns: its Q, with the phases that R's diagonal has taken already, is U, orthonormal even where the values vanish.
        (Complex[] q, _) = ComplexHouseholder.Qr(Multiply(backend, a, m, n, rows, n, adjointB: true), m, n);
        return (q, [.. s.Where(static (_, i) => i % 2 == 0)], rows);
    }
}
