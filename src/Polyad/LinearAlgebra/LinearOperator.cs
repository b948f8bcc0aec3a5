using System.Numerics;
using System.Numerics.Tensors;

namespace Polyad;

/// <summary>
/// A matrix that is known by its products: a dense or sparse one, or code of the user. Algorithms that need no more than products of A and A^T with a few vectors at a time take one.
/// Products may be called from one thread at a time unless the implementation says more; those of <see cref="LinearOperator"/> may be called from any.
/// </summary>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
public abstract class LinearOperator<T>
    where T : unmanaged, INumberBase<T>
{
    /// <summary>An operator from n numbers to m.</summary>
    /// <param name="rows">m, at least 1.</param>
    /// <param name="columns">n, at least 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">A size is below 1.</exception>
    /// <exception cref="NotSupportedException"><typeparamref name="T"/> is neither <see cref="float"/> nor <see cref="double"/>.</exception>
    protected LinearOperator(int rows, int columns)
    {
        Arguments.Supported<T>();
        ArgumentOutOfRangeException.ThrowIfLessThan(rows, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(columns, 1);
        (Rows, Columns) = (rows, columns);
    }

    /// <summary>m.</summary>
    public int Rows { get; }

    /// <summary>n.</summary>
    public int Columns { get; }

    /// <summary>||A||_F where it can be had without products, else null.</summary>
    public virtual double? FrobeniusNorm => null;

    /// <summary>A^T.</summary>
    public virtual LinearOperator<T> Adjoint => new AdjointOperator<T>(this);

    /// <summary>Y = A X.</summary>
    /// <param name="x">n x k.</param>
    /// <param name="y">m x k; shares no element with X.</param>
    /// <param name="backend">The engine; null for the current one.</param>
    /// <exception cref="ArgumentException">Shapes do not match, or X and Y overlap.</exception>
    public void Apply(in ReadOnlyMatrixView<T> x, in MatrixView<T> y, ILinearAlgebraBackend? backend = null)
    {
        Check(Columns, x, Rows, y);
        if (!y.IsEmpty)
        {
            ApplyCore(x, y, backend ?? Backend.Current);
        }
    }

    /// <summary>Y = A^T X.</summary>
    /// <param name="x">m x k.</param>
    /// <param name="y">n x k; shares no element with X.</param>
    /// <param name="backend">The engine; null for the current one.</param>
    /// <exception cref="ArgumentException">Shapes do not match, or X and Y overlap.</exception>
    public void ApplyAdjoint(in ReadOnlyMatrixView<T> x, in MatrixView<T> y, ILinearAlgebraBackend? backend = null)
    {
        Check(Rows, x, Columns, y);
        if (!y.IsEmpty)
        {
            ApplyAdjointCore(x, y, backend ?? Backend.Current);
        }
    }

    /// <summary>A X as a new tensor, m x k.</summary>
    /// <inheritdoc cref="Apply(in ReadOnlyMatrixView{T}, in MatrixView{T}, ILinearAlgebraBackend?)"/>
    public Tensor<T> Apply(Tensor<T> x, ILinearAlgebraBackend? backend = null)
    {
        ReadOnlyMatrixView<T> view = x.AsReadOnlyMatrix();
        Tensor<T> y = FreshMemory.Zeros<T>([Rows, view.Columns]);
        Apply(view, y.AsMatrix(), backend);
        return y;
    }

    /// <summary>A^T X as a new tensor, n x k.</summary>
    /// <inheritdoc cref="ApplyAdjoint(in ReadOnlyMatrixView{T}, in MatrixView{T}, ILinearAlgebraBackend?)"/>
    public Tensor<T> ApplyAdjoint(Tensor<T> x, ILinearAlgebraBackend? backend = null)
    {
        ReadOnlyMatrixView<T> view = x.AsReadOnlyMatrix();
        Tensor<T> y = FreshMemory.Zeros<T>([Columns, view.Columns]);
        ApplyAdjoint(view, y.AsMatrix(), backend);
        return y;
    }

    /// <summary>Y = A X; shapes fit, Y is not empty and to be overwritten.</summary>
    protected internal abstract void ApplyCore(in ReadOnlyMatrixView<T> x, in MatrixView<T> y, ILinearAlgebraBackend backend);

    /// <summary>Y = A^T X; shapes fit, Y is not empty and to be overwritten.</summary>
    protected internal abstract void ApplyAdjointCore(in ReadOnlyMatrixView<T> x, in MatrixView<T> y, ILinearAlgebraBackend backend);

    /// <summary>
    /// U = A V + beta U, then W = A^T U: one step of a Lanczos bidiagonalization before it is scaled. A matrix in memory is read once for both.
    /// </summary>
    /// <param name="v">n x k.</param>
    /// <param name="beta">Scales of the k columns of U.</param>
    /// <param name="u">m x k.</param>
    /// <param name="w">n x k, overwritten.</param>
    /// <param name="backend">The engine.</param>
    internal virtual void Step(in ReadOnlyMatrixView<T> v, ReadOnlySpan<T> beta, in MatrixView<T> u, in MatrixView<T> w, ILinearAlgebraBackend backend)
    {
        Tensor<T> product = FreshMemory.Zeros<T>([u.Rows, u.Columns]);
        ApplyCore(v, product.AsMatrix(), backend);
        ReadOnlyMatrixView<T> added = product.AsReadOnlyMatrix();
        for (int j = 0; j < u.Columns; j++)
        {
            for (int i = 0; i < u.Rows; i++)
            {
                u[i, j] = added[i, j] + (beta[j] * u[i, j]);
            }
        }

        ApplyAdjointCore(u, w, backend);
    }

    private static void Check(int inner, in ReadOnlyMatrixView<T> x, int rows, in MatrixView<T> y)
    {
        if (x.Rows != inner)
        {
            throw new ArgumentException($"The operator multiplies matrices of {inner} rows; given {x.Rows} x {x.Columns}.", nameof(x));
        }

        Arguments.Shape(y, rows, x.Columns);
        Arguments.Disjoint<T>(x, y, nameof(x), nameof(y));
    }
}

/// <summary>A product of an operator given as code: Y = A X, every element of Y to be written.</summary>
/// <param name="x">What is multiplied.</param>
/// <param name="y">The product.</param>
public delegate void MatrixProduct<T>(in ReadOnlyMatrixView<T> x, in MatrixView<T> y)
    where T : unmanaged;

/// <summary>Makes operators of matrices and of code.</summary>
public static class LinearOperator
{
    /// <summary>The operator of a dense matrix, which is not copied.</summary>
    /// <exception cref="ArgumentException">The tensor is no matrix, or is empty.</exception>
    public static LinearOperator<T> Of<T>(Tensor<T> a)
        where T : unmanaged, INumberBase<T>
    {
        ArgumentNullException.ThrowIfNull(a);
        ViewChecks.Rank2(a.Lengths);
        return new TensorOperator<T>(a);
    }

    /// <summary>The operator of a sparse matrix. Products with its transpose make a transposed copy of it, once.</summary>
    /// <exception cref="ArgumentException">The matrix is empty.</exception>
    public static LinearOperator<T> Of<T>(CsrMatrix<T> a)
        where T : unmanaged, INumberBase<T>
    {
        ArgumentNullException.ThrowIfNull(a);
        return new SparseOperator<T>(a);
    }

    /// <summary>An operator given as code.</summary>
    /// <param name="rows">m.</param>
    /// <param name="columns">n.</param>
    /// <param name="apply">Writes Y = A X (X: n x k, Y: m x k).</param>
    /// <param name="applyAdjoint">Writes Y = A^T X (X: m x k, Y: n x k).</param>
    /// <exception cref="ArgumentOutOfRangeException">A size is below 1.</exception>
    public static LinearOperator<T> FromProducts<T>(int rows, int columns, MatrixProduct<T> apply, MatrixProduct<T> applyAdjoint)
        where T : unmanaged, INumberBase<T>
    {
        ArgumentNullException.ThrowIfNull(apply);
        ArgumentNullException.ThrowIfNull(applyAdjoint);
        return new ProductOperator<T>(rows, columns, apply, applyAdjoint);
    }

    /// <summary>A symmetric operator given as code.</summary>
    /// <param name="order">n.</param>
    /// <param name="apply">Writes Y = A X (n x k both).</param>
    /// <exception cref="ArgumentOutOfRangeException">The order is below 1.</exception>
    public static LinearOperator<T> Symmetric<T>(int order, MatrixProduct<T> apply)
        where T : unmanaged, INumberBase<T>
        => FromProducts(order, order, apply, apply);
}
