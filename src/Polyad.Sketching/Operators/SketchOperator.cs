using System.Numerics;
using System.Numerics.Tensors;

namespace Polyad.Sketching;

/// <summary>
/// A random D x n matrix S, given by its distribution, its shape and a <see cref="SketchState"/>, and never stored whole unless asked for: every entry is a pure function of these and of its
/// place. It has the same bits on every engine, instruction set and thread count, and a block of it is the block of the whole. Entries are not scaled: S times
/// <see cref="IsometryScale"/> preserves squared lengths in the mean. An operator does not change; any thread may use it.
/// </summary>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
/// <remarks>Products do not look for NaN or infinity: these spread as in a product of matrices.</remarks>
public abstract class SketchOperator<T>
    where T : unmanaged, INumberBase<T>
{
    private protected SketchOperator(int rows, int columns, SketchState state)
    {
        Arguments.Supported<T>();
        ArgumentOutOfRangeException.ThrowIfLessThan(rows, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(columns, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(state.Stream, 1UL << 55, nameof(state));
        (Rows, Columns, State) = (rows, columns, state);
    }

    /// <summary>D, the dimension of a sketched vector.</summary>
    public int Rows { get; }

    /// <summary>n, the dimension of a vector before it is sketched.</summary>
    public int Columns { get; }

    /// <summary>Where the draws begin.</summary>
    public SketchState State { get; }

    /// <summary>Where the draws of the next sketch of this distribution may begin; computed from the shape alone.</summary>
    public abstract SketchState NextState { get; }

    /// <summary>The number c for which the mean of ||c S x||^2 is ||x||^2.</summary>
    public abstract double IsometryScale { get; }

    internal SketchRange Whole => new(0, 0, Rows, Columns);

    /// <summary>Writes the block of S that begins at (<paramref name="row"/>, <paramref name="column"/>), unscaled.</summary>
    /// <param name="row">The block's first row.</param>
    /// <param name="column">The block's first column.</param>
    /// <param name="block">Receives as many rows and columns as it has, any strides.</param>
    /// <exception cref="ArgumentOutOfRangeException">The block leaves S.</exception>
    public void Fill(int row, int column, in MatrixView<T> block)
    {
        SketchRange range = SketchRange.Within(row, column, block.Rows, block.Columns, Rows, Columns);
        if (!block.IsEmpty)
        {
            FillCore(range, block);
        }
    }

    /// <summary>S as a matrix, unscaled.</summary>
    public Tensor<T> ToDense()
    {
        Tensor<T> dense = FreshMemory.Uninitialized<T>([Rows, Columns]);
        FillCore(Whole, dense.AsMatrix());
        return dense;
    }

    /// <summary>A block of S as an operator, nothing drawn. <see cref="State"/>, <see cref="NextState"/> and <see cref="IsometryScale"/> stay those of S.</summary>
    /// <param name="row">The block's first row.</param>
    /// <param name="column">The block's first column.</param>
    /// <param name="rows">At least 1.</param>
    /// <param name="columns">At least 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">The block leaves S or is empty.</exception>
    public SketchOperator<T> Block(int row, int column, int rows, int columns)
        => new SketchBlock<T>(this, SketchRange.Within(row, column, rows, columns, Rows, Columns));

    /// <summary>B = alpha S A + beta B. With beta = 0 B is not read.</summary>
    /// <param name="alpha">Scale of the product; <see cref="IsometryScale"/> makes it an isometry in the mean.</param>
    /// <param name="a">n x k, any strides.</param>
    /// <param name="beta">Scale of what B holds.</param>
    /// <param name="b">D x k, any strides; no element shared with A.</param>
    /// <param name="backend">The engine for products of dense sketches; null for the current one.</param>
    /// <exception cref="ArgumentException">Shapes do not match, or A and B overlap.</exception>
    public void Apply(T alpha, in ReadOnlyMatrixView<T> a, T beta, in MatrixView<T> b, ILinearAlgebraBackend? backend = null)
    {
        CheckProduct(SketchSide.Left, a, b);
        Product(adjoint: false, alpha, a, beta, b, backend);
    }

    /// <summary>B = alpha S^T A + beta B. With beta = 0 B is not read.</summary>
    /// <param name="alpha">Scale of the product.</param>
    /// <param name="a">D x k, any strides.</param>
    /// <param name="beta">Scale of what B holds.</param>
    /// <param name="b">n x k, any strides; no element shared with A.</param>
    /// <param name="backend">The engine for products of dense sketches; null for the current one.</param>
    /// <exception cref="ArgumentException">Shapes do not match, or A and B overlap.</exception>
    public void ApplyAdjoint(T alpha, in ReadOnlyMatrixView<T> a, T beta, in MatrixView<T> b, ILinearAlgebraBackend? backend = null)
    {
        CheckProduct(SketchSide.LeftAdjoint, a, b);
        Product(adjoint: true, alpha, a, beta, b, backend);
    }

    /// <summary>B = alpha A S + beta B. With beta = 0 B is not read.</summary>
    /// <param name="alpha">Scale of the product.</param>
    /// <param name="a">m x D, any strides.</param>
    /// <param name="beta">Scale of what B holds.</param>
    /// <param name="b">m x n, any strides; no element shared with A.</param>
    /// <param name="backend">The engine for products of dense sketches; null for the current one.</param>
    /// <exception cref="ArgumentException">Shapes do not match, or A and B overlap.</exception>
    public void ApplyRight(T alpha, in ReadOnlyMatrixView<T> a, T beta, in MatrixView<T> b, ILinearAlgebraBackend? backend = null)
    {
        CheckProduct(SketchSide.Right, a, b);
        Product(adjoint: true, alpha, a.Transpose, beta, b.Transpose, backend);
    }

    /// <summary>B = alpha A S^T + beta B: every row of A is sketched. With beta = 0 B is not read.</summary>
    /// <param name="alpha">Scale of the product; <see cref="IsometryScale"/> makes it an isometry in the mean.</param>
    /// <param name="a">m x n, any strides.</param>
    /// <param name="beta">Scale of what B holds.</param>
    /// <param name="b">m x D, any strides; no element shared with A.</param>
    /// <param name="backend">The engine for products of dense sketches; null for the current one.</param>
    /// <exception cref="ArgumentException">Shapes do not match, or A and B overlap.</exception>
    public void ApplyRightAdjoint(T alpha, in ReadOnlyMatrixView<T> a, T beta, in MatrixView<T> b, ILinearAlgebraBackend? backend = null)
    {
        CheckProduct(SketchSide.RightAdjoint, a, b);
        Product(adjoint: false, alpha, a.Transpose, beta, b.Transpose, backend);
    }

    /// <summary>B = alpha S A + beta B for sparse A (n x k).</summary>
    /// <inheritdoc cref="Apply(T, in ReadOnlyMatrixView{T}, T, in MatrixView{T}, ILinearAlgebraBackend?)"/>
    public void Apply(T alpha, CsrMatrix<T> a, T beta, in MatrixView<T> b)
        => Sparse(SketchSide.Left, alpha, a, beta, b);

    /// <summary>B = alpha S^T A + beta B for sparse A (D x k).</summary>
    /// <inheritdoc cref="ApplyAdjoint(T, in ReadOnlyMatrixView{T}, T, in MatrixView{T}, ILinearAlgebraBackend?)"/>
    public void ApplyAdjoint(T alpha, CsrMatrix<T> a, T beta, in MatrixView<T> b)
        => Sparse(SketchSide.LeftAdjoint, alpha, a, beta, b);

    /// <summary>B = alpha A S + beta B for sparse A (m x D).</summary>
    /// <inheritdoc cref="ApplyRight(T, in ReadOnlyMatrixView{T}, T, in MatrixView{T}, ILinearAlgebraBackend?)"/>
    public void ApplyRight(T alpha, CsrMatrix<T> a, T beta, in MatrixView<T> b)
        => Sparse(SketchSide.Right, alpha, a, beta, b);

    /// <summary>B = alpha A S^T + beta B for sparse A (m x n): every row of A is sketched.</summary>
    /// <inheritdoc cref="ApplyRightAdjoint(T, in ReadOnlyMatrixView{T}, T, in MatrixView{T}, ILinearAlgebraBackend?)"/>
    public void ApplyRightAdjoint(T alpha, CsrMatrix<T> a, T beta, in MatrixView<T> b)
        => Sparse(SketchSide.RightAdjoint, alpha, a, beta, b);

    /// <summary>The sketch of the columns of A: <see cref="IsometryScale"/> S A, D x k.</summary>
    /// <param name="a">n x k.</param>
    /// <param name="backend">The engine; null for the current one.</param>
    /// <exception cref="ArgumentException">A does not have n rows.</exception>
    public Tensor<T> Sketch(Tensor<T> a, ILinearAlgebraBackend? backend = null)
    {
        ReadOnlyMatrixView<T> view = a.AsReadOnlyMatrix();
        Tensor<T> b = FreshMemory.Zeros<T>([Rows, view.Columns]);
        Apply(T.CreateTruncating(IsometryScale), view, T.Zero, b.AsMatrix(), backend);
        return b;
    }

    /// <inheritdoc cref="Sketch(Tensor{T}, ILinearAlgebraBackend?)"/>
    public Tensor<T> Sketch(CsrMatrix<T> a)
    {
        ArgumentNullException.ThrowIfNull(a);
        Tensor<T> b = FreshMemory.Zeros<T>([Rows, a.Columns]);
        Apply(T.CreateTruncating(IsometryScale), a, T.Zero, b.AsMatrix());
        return b;
    }

    /// <summary>The sketch of the rows of A: <see cref="IsometryScale"/> A S^T, m x D.</summary>
    /// <param name="a">m x n.</param>
    /// <param name="backend">The engine; null for the current one.</param>
    /// <exception cref="ArgumentException">A does not have n columns.</exception>
    public Tensor<T> SketchRows(Tensor<T> a, ILinearAlgebraBackend? backend = null)
    {
        ReadOnlyMatrixView<T> view = a.AsReadOnlyMatrix();
        Tensor<T> b = FreshMemory.Zeros<T>([view.Rows, Rows]);
        ApplyRightAdjoint(T.CreateTruncating(IsometryScale), view, T.Zero, b.AsMatrix(), backend);
        return b;
    }

    /// <inheritdoc cref="SketchRows(Tensor{T}, ILinearAlgebraBackend?)"/>
    public Tensor<T> SketchRows(CsrMatrix<T> a)
    {
        ArgumentNullException.ThrowIfNull(a);
        Tensor<T> b = FreshMemory.Zeros<T>([a.Rows, Rows]);
        ApplyRightAdjoint(T.CreateTruncating(IsometryScale), a, T.Zero, b.AsMatrix());
        return b;
    }

    /// <summary>Writes a non-empty block.</summary>
    internal abstract void FillCore(SketchRange range, in MatrixView<T> block);

    /// <summary>B = alpha S A + beta B for a block S of the sketch; shapes fit, nothing is empty, A and B are disjoint.</summary>
    internal abstract void ApplyCore(SketchRange range, T alpha, in ReadOnlyMatrixView<T> a, T beta, in MatrixView<T> b, ILinearAlgebraBackend backend);

    /// <summary>B = alpha S^T A + beta B for a block S of the sketch; shapes fit, nothing is empty, A and B are disjoint.</summary>
    internal abstract void AdjointCore(SketchRange range, T alpha, in ReadOnlyMatrixView<T> a, T beta, in MatrixView<T> b, ILinearAlgebraBackend backend);

    /// <summary>A product of a block of the sketch with a sparse matrix; shapes fit.</summary>
    internal abstract void SparseCore(SketchSide side, SketchRange range, T alpha, CsrMatrix<T> a, T beta, in MatrixView<T> b);

    private void CheckProduct(SketchSide side, in ReadOnlyMatrixView<T> a, in MatrixView<T> b)
    {
        (int rows, int columns) = SketchProducts.Shape(side, (Rows, Columns), (a.Rows, a.Columns));
        Arguments.Shape(b, rows, columns);
        Arguments.Disjoint<T>(a, b, nameof(a), nameof(b));
    }

    private void Product(bool adjoint, T alpha, in ReadOnlyMatrixView<T> a, T beta, in MatrixView<T> b, ILinearAlgebraBackend? backend)
    {
        if (b.IsEmpty)
        {
            return;
        }

        if (adjoint)
        {
            AdjointCore(Whole, alpha, a, beta, b, backend ?? Backend.Current);
        }
        else
        {
            ApplyCore(Whole, alpha, a, beta, b, backend ?? Backend.Current);
        }
    }

    private void Sparse(SketchSide side, T alpha, CsrMatrix<T> a, T beta, in MatrixView<T> b)
    {
        ArgumentNullException.ThrowIfNull(a);
        (int rows, int columns) = SketchProducts.Shape(side, (Rows, Columns), (a.Rows, a.Columns));
        Arguments.Shape(b, rows, columns);
        SparseCore(side, Whole, alpha, a, beta, b);
    }
}
