using System.Numerics;
using System.Numerics.Tensors;
using System.Runtime.InteropServices;

namespace Polyad.Decomposition;

/// <summary>
/// Products of complex matrices on an engine of real ones. A complex matrix that lies row by row is a real one of twice the columns (real and imaginary parts in turn), used where it lies;
/// the small operand is expanded to its 2 x 2 real form. 8 real flops for each complex multiply-add, as they must be.
/// </summary>
internal static class ComplexProducts
{
    /// <summary>The rows of a Khatri-Rao product that are expanded at a time.</summary>
    private const int BlockRows = 1024;

    /// <summary>B (k x n, row-major) as the real 2k x 2n matrix for which (A as m x 2k reals) times it is (A B as m x 2n reals); with <paramref name="transpose"/> that of B^T, 2n x 2k.</summary>
    public static double[] Expanded(ReadOnlySpan<Complex> b, int k, int n, bool transpose = false)
    {
        double[] expanded = new double[4 * k * n];
        int rows = transpose ? n : k, columns = transpose ? k : n;
        for (int i = 0; i < rows; i++)
        {
            Span<double> real = expanded.AsSpan(4 * i * columns, 2 * columns), imaginary = expanded.AsSpan(((4 * i) + 2) * columns, 2 * columns);
            for (int j = 0; j < columns; j++)
            {
                Complex z = transpose ? b[(j * n) + i] : b[(i * n) + j];
                (real[2 * j], real[(2 * j) + 1]) = (z.Real, z.Imaginary);
                (imaginary[2 * j], imaginary[(2 * j) + 1]) = (-z.Imaginary, z.Real);
            }
        }

        return expanded;
    }

    /// <summary>C = A B + beta C, all row-major.</summary>
    public static void MatMul(ILinearAlgebraBackend backend, ReadOnlySpan<Complex> a, int m, int k, ReadOnlySpan<Complex> b, int n, double beta, Span<Complex> c)
        => backend.MatMul(
            1, new ReadOnlyMatrixView<double>(DenseData.Parts(a), m, 2 * k), new ReadOnlyMatrixView<double>(Expanded(b, k, n), 2 * k, 2 * n),
            beta, new MatrixView<double>(MemoryMarshal.Cast<Complex, double>(c), m, 2 * n));

    /// <summary>C = A^H B with A of I x p and B of I x q.</summary>
    public static void Cross(ILinearAlgebraBackend backend, ReadOnlySpan<Complex> a, int p, ReadOnlySpan<Complex> b, int q, Span<Complex> c)
    {
        int length = a.Length / p;
        Complex[] adjoint = new Complex[a.Length];
        for (int i = 0; i < length; i++)
        {
            for (int r = 0; r < p; r++)
            {
                adjoint[(r * length) + i] = Complex.Conjugate(a[(i * p) + r]);
            }
        }

        MatMul(backend, adjoint, p, length, b, q, 0, c);
    }

    /// <summary>T = X conj(K) with X of m x n where it lies and K of n x R, expanded a block at a time.</summary>
    public static void ContractRight(ILinearAlgebraBackend backend, ReadOnlySpan<Complex> x, int m, int n, ReadOnlySpan<Complex> k, int rank, Span<Complex> t)
    {
        ReadOnlyMatrixView<double> whole = new(DenseData.Parts(x), m, 2 * n);
        Complex[] conjugate = new Complex[Math.Min(BlockRows, n) * rank];
        for (int j = 0; j < n; j += BlockRows)
        {
            int count = Math.Min(BlockRows, n - j);
            for (int i = 0; i < count * rank; i++)
            {
                conjugate[i] = Complex.Conjugate(k[(j * rank) + i]);
            }

            backend.MatMul(
                1, whole.Slice(0, 2 * j, m, 2 * count), new ReadOnlyMatrixView<double>(Expanded(conjugate.AsSpan(0, count * rank), count, rank), 2 * count, 2 * rank),
                j == 0 ? 0 : 1, new MatrixView<double>(MemoryMarshal.Cast<Complex, double>(t), m, 2 * rank));
        }
    }

    /// <summary>T = X^T conj(K) with X of m x n where it lies and K of m x R: real and imaginary parts of K against the real rows of X, put together afterwards.</summary>
    public static void ContractLeft(ILinearAlgebraBackend backend, ReadOnlySpan<Complex> x, int m, int n, ReadOnlySpan<Complex> k, int rank, Span<Complex> t)
    {
        double[] parts = new double[2 * rank * m], product = new double[4 * rank * n];
        for (int i = 0; i < m; i++)
        {
            for (int r = 0; r < rank; r++)
            {
                Complex z = k[(i * rank) + r];
                (parts[(i * 2 * rank) + r], parts[(((i * 2) + 1) * rank) + r]) = (z.Real, z.Imaginary);
            }
        }

        backend.MatMul(
            1, new ReadOnlyMatrixView<double>(DenseData.Parts(x), m, 2 * n).Transpose, new ReadOnlyMatrixView<double>(parts, m, 2 * rank),
            0, new MatrixView<double>(product, 2 * n, 2 * rank));
        for (int j = 0; j < n; j++)
        {
            ReadOnlySpan<double> real = product.AsSpan(4 * j * rank, 2 * rank), imaginary = product.AsSpan(((4 * j) + 2) * rank, 2 * rank);
            for (int r = 0; r < rank; r++)
            {
                // (x' + i x'') (k' - i k'')
                t[(j * rank) + r] = new Complex(real[r] + imaginary[rank + r], imaginary[r] - real[rank + r]);
            }
        }
    }

    /// <summary>The real symmetric form of a Hermitian V for rows f of parts: (f as reals) times it is (f V as reals). Its eigenvalues are those of V, each twice.</summary>
    public static Tensor<double> Symmetric(ReadOnlySpan<Complex> v, int rank) => Tensor.Create(Expanded(v, rank, rank), [2 * rank, 2 * rank]);
}
