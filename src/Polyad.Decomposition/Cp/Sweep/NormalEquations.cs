using System.Numerics;
using System.Numerics.Tensors;
using System.Runtime.InteropServices;

namespace Polyad.Decomposition;

/// <summary>F V = G for a symmetric (Hermitian) positive semidefinite V: Cholesky, or the pseudo-inverse from the eigenvalues where V is numerically singular.</summary>
internal static class NormalEquations
{
    /// <summary>Overwrites <paramref name="factor"/> (I x R, holding G) with F.</summary>
    public static void Solve<T>(ILinearAlgebraBackend backend, Tensor<T> v, Tensor<T> factor)
        where T : unmanaged, INumberBase<T>
    {
        if (typeof(T) == typeof(Complex))
        {
            int rank = (int)v.Lengths[0];
            Span<double> parts = MemoryMarshal.Cast<T, double>(DenseData.Elements(factor));
            Solve(backend, ComplexProducts.Symmetric(MemoryMarshal.Cast<T, Complex>(DenseData.Elements(v)), rank), new MatrixView<double>(parts, parts.Length / (2 * rank), 2 * rank));
            return;
        }

        Solve(backend, v, factor.AsMatrix());
    }

    private static void Solve<T>(ILinearAlgebraBackend backend, Tensor<T> v, in MatrixView<T> factor)
        where T : unmanaged, INumberBase<T>
    {
        int rank = (int)v.Lengths[0];
        Tensor<T> l = FreshMemory.Zeros<T>([rank, rank]);
        if (TryCholesky(backend, v, l))
        {
            // L L^T F^T = G^T.
            MatrixView<T> right = factor.Transpose;
            backend.TriangularSolve(Triangle.Lower, false, l.AsReadOnlyMatrix(), right);
            backend.TriangularSolve(Triangle.Upper, false, l.AsReadOnlyMatrix().Transpose, right);
            return;
        }

        T[] values = new T[rank];
        backend.SymmetricEigen(v.AsReadOnlyMatrix(), values, l.AsMatrix());
        double cut = 8 * rank * DenseData.Epsilon<T>() * Math.Max(0, double.CreateChecked(values[^1]));
        Tensor<T> turned = FreshMemory.Zeros<T>([factor.Rows, rank]);
        backend.MatMul(T.One, factor, l.AsReadOnlyMatrix(), T.Zero, turned.AsMatrix());
        Span<T> rows = DenseData.Elements(turned);
        for (int i = 0; i < rows.Length; i++)
        {
            T value = values[i % rank];
            rows[i] = double.CreateChecked(value) > cut ? rows[i] / value : T.Zero;
        }

        backend.MatMul(T.One, turned.AsReadOnlyMatrix(), l.AsReadOnlyMatrix().Transpose, T.Zero, factor);
    }

    /// <summary>False when a pivot shows that V is closer to a singular matrix than its rounding.</summary>
    private static bool TryCholesky<T>(ILinearAlgebraBackend backend, Tensor<T> v, Tensor<T> l)
        where T : unmanaged, INumberBase<T>
    {
        try
        {
            backend.Cholesky(v.AsReadOnlyMatrix(), l.AsMatrix());
        }
        catch (NotPositiveDefiniteException)
        {
            return false;
        }

        ReadOnlySpan<T> elements = DenseData.Elements(l);
        int rank = (int)l.Lengths[0];
        double least = double.MaxValue, most = 0;
        for (int r = 0; r < rank; r++)
        {
            double pivot = double.CreateChecked(elements[(r * rank) + r]);
            (least, most) = (Math.Min(least, pivot), Math.Max(most, pivot));
        }

        return least * least > 16 * rank * DenseData.Epsilon<T>() * most * most;
    }
}
