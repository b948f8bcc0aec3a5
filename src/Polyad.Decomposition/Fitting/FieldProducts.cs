using System.Numerics;
using System.Numerics.Tensors;
using System.Runtime.InteropServices;

namespace Polyad.Decomposition;

/// <summary>Products of dense matrices whose elements may be real or complex, on an engine of real ones.</summary>
internal static class FieldProducts
{
    /// <summary>C = A B^T, with A of m x k and B of n x k.</summary>
    public static void MatMulTransposed<T>(ILinearAlgebraBackend backend, Tensor<T> a, Tensor<T> b, Span<T> c)
        where T : unmanaged, INumberBase<T>
    {
        int m = (int)a.Lengths[0], k = (int)a.Lengths[1], n = (int)b.Lengths[0];
        if (typeof(T) == typeof(Complex))
        {
            double[] expanded = ComplexProducts.Expanded(Parts(b), n, k, transpose: true);
            backend.MatMul(
                1, new ReadOnlyMatrixView<double>(DenseData.Parts(Parts(a)), m, 2 * k), new ReadOnlyMatrixView<double>(expanded, 2 * k, 2 * n),
                0, new MatrixView<double>(MemoryMarshal.Cast<T, double>(c), m, 2 * n));
            return;
        }

        backend.MatMul(T.One, a.AsReadOnlyMatrix(), b.AsReadOnlyMatrix().Transpose, T.Zero, new MatrixView<T>(c, m, n));
    }

    /// <summary>C = A B, with A of m x k and B of k x n.</summary>
    public static Tensor<T> MatMul<T>(ILinearAlgebraBackend backend, Tensor<T> a, Tensor<T> b)
        where T : unmanaged, INumberBase<T>
    {
        Tensor<T> c = FreshMemory.Zeros<T>([a.Lengths[0], b.Lengths[1]]);
        MatMul<T>(backend, DenseData.Elements(a), DenseData.Elements(b), (int)a.Lengths[0], (int)a.Lengths[1], (int)b.Lengths[1], DenseData.Elements(c));
        return c;
    }

    /// <summary>C = A B, with A of m x k and B of k x n, row-major.</summary>
    public static void MatMul<T>(ILinearAlgebraBackend backend, ReadOnlySpan<T> a, ReadOnlySpan<T> b, int m, int k, int n, Span<T> c)
        where T : unmanaged, INumberBase<T>
    {
        if (typeof(T) == typeof(Complex))
        {
            ComplexProducts.MatMul(backend, MemoryMarshal.Cast<T, Complex>(a), m, k, MemoryMarshal.Cast<T, Complex>(b), n, 0, MemoryMarshal.Cast<T, Complex>(c));
            return;
        }

        backend.MatMul(T.One, new ReadOnlyMatrixView<T>(a, m, k), new ReadOnlyMatrixView<T>(b, k, n), T.Zero, new MatrixView<T>(c, m, n));
    }

    /// <summary>C = A^H B, with A of m x p and B of m x q: all inner products of columns.</summary>
    public static Tensor<T> Cross<T>(ILinearAlgebraBackend backend, Tensor<T> a, Tensor<T> b)
        where T : unmanaged, INumberBase<T>
    {
        Tensor<T> c = FreshMemory.Zeros<T>([a.Lengths[1], b.Lengths[1]]);
        Cross<T>(backend, DenseData.Elements(a), DenseData.Elements(b), (int)a.Lengths[0], (int)a.Lengths[1], (int)b.Lengths[1], DenseData.Elements(c));
        return c;
    }

    /// <summary>C = A^H B, with A of m x p and B of m x q, row-major.</summary>
    public static void Cross<T>(ILinearAlgebraBackend backend, ReadOnlySpan<T> a, ReadOnlySpan<T> b, int m, int p, int q, Span<T> c)
        where T : unmanaged, INumberBase<T>
    {
        if (typeof(T) == typeof(Complex))
        {
            ComplexProducts.Cross(backend, MemoryMarshal.Cast<T, Complex>(a), p, MemoryMarshal.Cast<T, Complex>(b), q, MemoryMarshal.Cast<T, Complex>(c));
            return;
        }

        backend.MatMul(T.One, new ReadOnlyMatrixView<T>(a, m, p).Transpose, new ReadOnlyMatrixView<T>(b, m, q), T.Zero, new MatrixView<T>(c, p, q));
    }

    private static Span<Complex> Parts<T>(Tensor<T> tensor)
        where T : unmanaged
        => MemoryMarshal.Cast<T, Complex>(DenseData.Elements(tensor));
}
