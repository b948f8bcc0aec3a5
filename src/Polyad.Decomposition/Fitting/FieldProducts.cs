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
        int m = (int)a.Lengths[0], k = (int)a.Lengths[1], n = (int)b.Lengths[1];
        Tensor<T> c = Tensor.CreateFromShape<T>([m, n]);
        if (typeof(T) == typeof(Complex))
        {
            ComplexProducts.MatMul(backend, Parts(a), m, k, Parts(b), n, 0, Parts(c));
            return c;
        }

        backend.MatMul(T.One, a.AsReadOnlyMatrix(), b.AsReadOnlyMatrix(), T.Zero, c.AsMatrix());
        return c;
    }

    /// <summary>C = A^H B, with A of m x p and B of m x q: all inner products of columns.</summary>
    public static Tensor<T> Cross<T>(ILinearAlgebraBackend backend, Tensor<T> a, Tensor<T> b)
        where T : unmanaged, INumberBase<T>
    {
        int m = (int)a.Lengths[0], p = (int)a.Lengths[1], q = (int)b.Lengths[1];
        Tensor<T> c = Tensor.CreateFromShape<T>([p, q]);
        if (typeof(T) == typeof(Complex))
        {
            ComplexProducts.Cross(backend, Parts(a), p, Parts(b), q, Parts(c));
            return c;
        }

        backend.MatMul(T.One, a.AsReadOnlyMatrix().Transpose, b.AsReadOnlyMatrix(), T.Zero, c.AsMatrix());
        return c;
    }

    private static Span<Complex> Parts<T>(Tensor<T> tensor)
        where T : unmanaged
        => MemoryMarshal.Cast<T, Complex>(DenseData.Elements(tensor));
}
