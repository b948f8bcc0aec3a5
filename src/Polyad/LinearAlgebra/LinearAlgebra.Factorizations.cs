using System.Numerics;
using System.Numerics.Tensors;

namespace Polyad;

public static partial class LinearAlgebra
{
    /// <summary>C = A B. 2mnk flops.</summary>
    /// <param name="a">m x k.</param>
    /// <param name="b">k x n.</param>
    /// <param name="backend">The engine; null for the current one.</param>
    /// <exception cref="ArgumentException">The inner sizes differ.</exception>
    public static Tensor<T> MatMul<T>(in ReadOnlyMatrixView<T> a, in ReadOnlyMatrixView<T> b, ILinearAlgebraBackend? backend = null)
        where T : unmanaged, INumberBase<T>
    {
        Tensor<T> c = NewMatrix<T>(a.Rows, b.Columns);
        Engine(backend).MatMul(T.One, a, b, T.Zero, c.AsMatrix());
        return c;
    }

    /// <summary>G = A A^T; for A^T A pass <c>a.Transpose</c>. m^2 k flops, exactly symmetric.</summary>
    /// <param name="a">m x k.</param>
    /// <param name="backend">The engine; null for the current one.</param>
    public static Tensor<T> Gram<T>(in ReadOnlyMatrixView<T> a, ILinearAlgebraBackend? backend = null)
        where T : unmanaged, INumberBase<T>
    {
        Tensor<T> g = NewMatrix<T>(a.Rows, a.Rows);
        Engine(backend).Gram(T.One, a, T.Zero, g.AsMatrix());
        return g;
    }

    /// <summary>A = U diag(S) Vt. Thin, or with <paramref name="fullMatrices"/> U m x m and Vt n x n.</summary>
    /// <param name="a">m x n.</param>
    /// <param name="fullMatrices">Complete the bases.</param>
    /// <param name="backend">The engine; null for the current one.</param>
    /// <exception cref="NonFiniteInputException">A holds NaN or infinity.</exception>
    /// <exception cref="NonConvergenceException">The iteration did not end.</exception>
    public static SvdResult<T> Svd<T>(in ReadOnlyMatrixView<T> a, bool fullMatrices = false, ILinearAlgebraBackend? backend = null)
        where T : unmanaged, INumberBase<T>
    {
        int k = Math.Min(a.Rows, a.Columns);
        Tensor<T> u = NewMatrix<T>(a.Rows, fullMatrices ? a.Rows : k), s = NewVector<T>(k), vt = NewMatrix<T>(fullMatrices ? a.Columns : k, a.Columns);
        Engine(backend).Svd(a, u.AsMatrix(), Elements(s), vt.AsMatrix());
        return new(u, s, vt);
    }

    /// <summary>The singular values alone, descending.</summary>
    /// <param name="a">m x n.</param>
    /// <param name="backend">The engine; null for the current one.</param>
    /// <exception cref="NonFiniteInputException">A holds NaN or infinity.</exception>
    public static Tensor<T> SingularValues<T>(in ReadOnlyMatrixView<T> a, ILinearAlgebraBackend? backend = null)
        where T : unmanaged, INumberBase<T>
    {
        Tensor<T> s = NewVector<T>(Math.Min(a.Rows, a.Columns));
        Engine(backend).SingularValues(a, Elements(s));
        return s;
    }

    /// <summary>A = Q R, thin.</summary>
    /// <param name="a">m x n.</param>
    /// <param name="backend">The engine; null for the current one.</param>
    /// <exception cref="NonFiniteInputException">A holds NaN or infinity.</exception>
    public static QrResult<T> Qr<T>(in ReadOnlyMatrixView<T> a, ILinearAlgebraBackend? backend = null)
        where T : unmanaged, INumberBase<T>
    {
        int k = Math.Min(a.Rows, a.Columns);
        Tensor<T> q = NewMatrix<T>(a.Rows, k), r = NewMatrix<T>(k, a.Columns);
        Engine(backend).Qr(a, q.AsMatrix(), r.AsMatrix());
        return new(q, r);
    }

    /// <summary>A = V diag(w) V^T of symmetric A (the lower triangle is read), eigenvalues ascending.</summary>
    /// <param name="a">n x n.</param>
    /// <param name="backend">The engine; null for the current one.</param>
    /// <exception cref="NonFiniteInputException">A holds NaN or infinity.</exception>
    public static EigenResult<T> SymmetricEigen<T>(in ReadOnlyMatrixView<T> a, ILinearAlgebraBackend? backend = null)
        where T : unmanaged, INumberBase<T>
    {
        Arguments.Square(a);
        Tensor<T> w = NewVector<T>(a.Rows), v = NewMatrix<T>(a.Rows, a.Rows);
        Engine(backend).SymmetricEigen(a, Elements(w), v.AsMatrix());
        return new(w, v);
    }

    /// <summary>The lower triangular L with A = L L^T of symmetric positive definite A (the lower triangle is read).</summary>
    /// <param name="a">n x n.</param>
    /// <param name="backend">The engine; null for the current one.</param>
    /// <exception cref="NotPositiveDefiniteException">A leading minor is not positive.</exception>
    public static Tensor<T> Cholesky<T>(in ReadOnlyMatrixView<T> a, ILinearAlgebraBackend? backend = null)
        where T : unmanaged, INumberBase<T>
    {
        Arguments.Square(a);
        Tensor<T> l = NewMatrix<T>(a.Rows, a.Rows);
        Engine(backend).Cholesky(a, l.AsMatrix());
        return l;
    }

    /// <summary>P A = L U with partial pivoting; a singular matrix is factored all the same.</summary>
    /// <param name="a">m x n.</param>
    /// <param name="backend">The engine; null for the current one.</param>
    /// <exception cref="NonFiniteInputException">A holds NaN or infinity.</exception>
    public static LuResult<T> Lu<T>(in ReadOnlyMatrixView<T> a, ILinearAlgebraBackend? backend = null)
        where T : unmanaged, INumberBase<T>
    {
        Tensor<T> lu = NewMatrix<T>(a.Rows, a.Columns);
        int[] pivots = new int[Math.Min(a.Rows, a.Columns)];
        int zero = Engine(backend).Lu(a, lu.AsMatrix(), pivots);
        return new(lu, pivots, zero);
    }
}
