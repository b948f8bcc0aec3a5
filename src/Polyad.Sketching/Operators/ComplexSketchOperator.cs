using System.Numerics;
using System.Numerics.Tensors;
using Polyad.Managed;

namespace Polyad.Sketching;

/// <summary>
/// A random complex D x n matrix S, as <see cref="SketchOperator{T}"/>: a pure function of distribution, shape and state. It is applied to real or complex matrices; the results are complex.
/// </summary>
public abstract unsafe class ComplexSketchOperator
{
    private protected ComplexSketchOperator(int rows, int columns, SketchState state)
    {
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

    /// <summary>The number c for which the mean of ||c S x||^2 is ||x||^2: 1 / sqrt(D), because entries have mean square 1.</summary>
    public virtual double IsometryScale => 1 / Math.Sqrt(Rows);

    /// <summary>Writes the block of S that begins at (<paramref name="row"/>, <paramref name="column"/>), unscaled.</summary>
    /// <param name="row">The block's first row.</param>
    /// <param name="column">The block's first column.</param>
    /// <param name="block">Receives as many rows and columns as it has, any strides.</param>
    /// <exception cref="ArgumentOutOfRangeException">The block leaves S.</exception>
    public void Fill(int row, int column, in MatrixView<Complex> block)
    {
        _ = SketchRange.Within(row, column, block.Rows, block.Columns, Rows, Columns);
        if (!block.IsEmpty)
        {
            FillCore(row, column, block);
        }
    }

    /// <summary>S as a matrix, unscaled.</summary>
    public Tensor<Complex> ToDense()
    {
        Tensor<Complex> dense = FreshMemory.Uninitialized<Complex>([Rows, Columns]);
        FillCore(0, 0, dense.AsMatrix());
        return dense;
    }

    /// <summary>A block of S as an operator, nothing drawn. <see cref="State"/>, <see cref="NextState"/> and <see cref="IsometryScale"/> stay those of S.</summary>
    /// <param name="row">The block's first row.</param>
    /// <param name="column">The block's first column.</param>
    /// <param name="rows">At least 1.</param>
    /// <param name="columns">At least 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">The block leaves S or is empty.</exception>
    public ComplexSketchOperator Block(int row, int column, int rows, int columns)
        => new ComplexSketchBlock(this, SketchRange.Within(row, column, rows, columns, Rows, Columns));

    /// <summary>B = alpha S A + beta B. With beta = 0 B is not read.</summary>
    /// <param name="alpha">Scale of the product; <see cref="IsometryScale"/> makes it an isometry in the mean.</param>
    /// <param name="a">n x k, any strides.</param>
    /// <param name="beta">Scale of what B holds.</param>
    /// <param name="b">D x k, any strides; no element shared with A.</param>
    /// <param name="backend">The engine for products of dense sketches; null for the current one.</param>
    /// <exception cref="ArgumentException">Shapes do not match, or A and B overlap.</exception>
    public void Apply(Complex alpha, in ReadOnlyMatrixView<Complex> a, Complex beta, in MatrixView<Complex> b, ILinearAlgebraBackend? backend = null)
        => Product(SketchSide.Left, conjugated: false, alpha, a, beta, b, backend);

    /// <inheritdoc cref="Apply(Complex, in ReadOnlyMatrixView{Complex}, Complex, in MatrixView{Complex}, ILinearAlgebraBackend?)"/>
    public void Apply(Complex alpha, in ReadOnlyMatrixView<double> a, Complex beta, in MatrixView<Complex> b, ILinearAlgebraBackend? backend = null)
        => Product(SketchSide.Left, conjugated: false, alpha, a, beta, b, backend);

    /// <summary>B = alpha S A + beta B for sparse A (n x k).</summary>
    /// <inheritdoc cref="Apply(Complex, in ReadOnlyMatrixView{Complex}, Complex, in MatrixView{Complex}, ILinearAlgebraBackend?)"/>
    public void Apply(Complex alpha, CsrMatrix<double> a, Complex beta, in MatrixView<Complex> b) => Product(SketchSide.Left, conjugated: false, alpha, a, beta, b);

    /// <summary>B = alpha S^H A + beta B with the conjugate transpose of S. With beta = 0 B is not read.</summary>
    /// <param name="alpha">Scale of the product.</param>
    /// <param name="a">D x k, any strides.</param>
    /// <param name="beta">Scale of what B holds.</param>
    /// <param name="b">n x k, any strides; no element shared with A.</param>
    /// <param name="backend">The engine for products of dense sketches; null for the current one.</param>
    /// <exception cref="ArgumentException">Shapes do not match, or A and B overlap.</exception>
    public void ApplyAdjoint(Complex alpha, in ReadOnlyMatrixView<Complex> a, Complex beta, in MatrixView<Complex> b, ILinearAlgebraBackend? backend = null)
        => Product(SketchSide.LeftAdjoint, conjugated: true, alpha, a, beta, b, backend);

    /// <summary>B = alpha S^H A + beta B for sparse A (D x k).</summary>
    /// <inheritdoc cref="ApplyAdjoint(Complex, in ReadOnlyMatrixView{Complex}, Complex, in MatrixView{Complex}, ILinearAlgebraBackend?)"/>
    public void ApplyAdjoint(Complex alpha, CsrMatrix<double> a, Complex beta, in MatrixView<Complex> b) => Product(SketchSide.LeftAdjoint, conjugated: true, alpha, a, beta, b);

    /// <summary>B = alpha A S + beta B. With beta = 0 B is not read.</summary>
    /// <param name="alpha">Scale of the product.</param>
    /// <param name="a">m x D, any strides.</param>
    /// <param name="beta">Scale of what B holds.</param>
    /// <param name="b">m x n, any strides; no element shared with A.</param>
    /// <param name="backend">The engine for products of dense sketches; null for the current one.</param>
    /// <exception cref="ArgumentException">Shapes do not match, or A and B overlap.</exception>
    public void ApplyRight(Complex alpha, in ReadOnlyMatrixView<Complex> a, Complex beta, in MatrixView<Complex> b, ILinearAlgebraBackend? backend = null)
        => Product(SketchSide.Right, conjugated: false, alpha, a, beta, b, backend);

    /// <summary>B = alpha A S + beta B for sparse A (m x D).</summary>
    /// <inheritdoc cref="ApplyRight(Complex, in ReadOnlyMatrixView{Complex}, Complex, in MatrixView{Complex}, ILinearAlgebraBackend?)"/>
    public void ApplyRight(Complex alpha, CsrMatrix<double> a, Complex beta, in MatrixView<Complex> b) => Product(SketchSide.Right, conjugated: false, alpha, a, beta, b);

    /// <summary>B = alpha A S^H + beta B with the conjugate transpose of S. With beta = 0 B is not read.</summary>
    /// <param name="alpha">Scale of the product.</param>
    /// <param name="a">m x n, any strides.</param>
    /// <param name="beta">Scale of what B holds.</param>
    /// <param name="b">m x D, any strides; no element shared with A.</param>
    /// <param name="backend">The engine for products of dense sketches; null for the current one.</param>
    /// <exception cref="ArgumentException">Shapes do not match, or A and B overlap.</exception>
    public void ApplyRightAdjoint(Complex alpha, in ReadOnlyMatrixView<Complex> a, Complex beta, in MatrixView<Complex> b, ILinearAlgebraBackend? backend = null)
        => Product(SketchSide.RightAdjoint, conjugated: true, alpha, a, beta, b, backend);

    /// <summary>B = alpha A S^H + beta B for sparse A (m x n).</summary>
    /// <inheritdoc cref="ApplyRightAdjoint(Complex, in ReadOnlyMatrixView{Complex}, Complex, in MatrixView{Complex}, ILinearAlgebraBackend?)"/>
    public void ApplyRightAdjoint(Complex alpha, CsrMatrix<double> a, Complex beta, in MatrixView<Complex> b) => Product(SketchSide.RightAdjoint, conjugated: true, alpha, a, beta, b);

    /// <summary>The sketch of the columns of a real matrix: <see cref="IsometryScale"/> S A, D x k.</summary>
    /// <param name="a">n x k.</param>
    /// <param name="backend">The engine; null for the current one.</param>
    /// <exception cref="ArgumentException">A does not have n rows.</exception>
    public Tensor<Complex> Sketch(Tensor<double> a, ILinearAlgebraBackend? backend = null)
    {
        ReadOnlyMatrixView<double> view = a.AsReadOnlyMatrix();
        Tensor<Complex> b = FreshMemory.Zeros<Complex>([Rows, view.Columns]);
        Apply(IsometryScale, view, Complex.Zero, b.AsMatrix(), backend);
        return b;
    }

    /// <summary>The sketch of the columns of a sparse matrix: <see cref="IsometryScale"/> S A, D x k.</summary>
    /// <param name="a">n x k.</param>
    /// <exception cref="ArgumentException">A does not have n rows.</exception>
    public Tensor<Complex> Sketch(CsrMatrix<double> a)
    {
        ArgumentNullException.ThrowIfNull(a);
        Tensor<Complex> b = FreshMemory.Zeros<Complex>([Rows, a.Columns]);
        Apply(IsometryScale, a, Complex.Zero, b.AsMatrix());
        return b;
    }

    /// <summary>The sketch of the rows of a real matrix: <see cref="IsometryScale"/> A S^T (not conjugated), m x D.</summary>
    /// <param name="a">m x n.</param>
    /// <param name="backend">The engine; null for the current one.</param>
    /// <exception cref="ArgumentException">A does not have n columns.</exception>
    public Tensor<Complex> SketchRows(Tensor<double> a, ILinearAlgebraBackend? backend = null)
    {
        ReadOnlyMatrixView<double> view = a.AsReadOnlyMatrix();
        Tensor<Complex> b = FreshMemory.Zeros<Complex>([view.Rows, Rows]);
        Product(SketchSide.RightAdjoint, conjugated: false, IsometryScale, view, Complex.Zero, b.AsMatrix(), backend);
        return b;
    }

    /// <summary>The sketch of the rows of a sparse matrix: <see cref="IsometryScale"/> A S^T (not conjugated), m x D.</summary>
    /// <param name="a">m x n.</param>
    /// <exception cref="ArgumentException">A does not have n columns.</exception>
    public Tensor<Complex> SketchRows(CsrMatrix<double> a)
    {
        ArgumentNullException.ThrowIfNull(a);
        Tensor<Complex> b = FreshMemory.Zeros<Complex>([a.Rows, Rows]);
        Product(SketchSide.RightAdjoint, conjugated: false, IsometryScale, a, Complex.Zero, b.AsMatrix());
        return b;
    }

    /// <summary>Writes a non-empty block.</summary>
    internal abstract void FillCore(int row, int column, in MatrixView<Complex> block);

    /// <summary>P = S A for a block S of the sketch, or with the transpose, the conjugate or both; P is overwritten.</summary>
    internal abstract void ProductCore(SketchRange range, bool transposed, bool conjugated, ComplexBlocks a, ComplexBlocks product, ILinearAlgebraBackend backend);

    /// <summary>The product of a block of the sketch, its transpose on the adjoint sides, with a sparse matrix; of its conjugate where asked for. P is overwritten.</summary>
    internal abstract void SparseCore(SketchSide side, SketchRange range, bool conjugated, CsrMatrix<double> a, ComplexBlocks product);

    private static void Combine(Complex alpha, Complex* product, Complex beta, in MatrixView<Complex> b)
    {
        for (int i = 0; i < b.Rows; i++)
        {
            for (int j = 0; j < b.Columns; j++)
            {
                Complex value = alpha * product[((nint)i * b.Columns) + j];
                b[i, j] = beta == Complex.Zero ? value : value + (beta * b[i, j]);
            }
        }
    }

    private void Product(SketchSide side, bool conjugated, Complex alpha, in ReadOnlyMatrixView<Complex> a, Complex beta, in MatrixView<Complex> b, ILinearAlgebraBackend? backend)
    {
        CheckShape(side, a.Rows, a.Columns, b);
        Arguments.Disjoint<Complex>(a, b, nameof(a), nameof(b));
        if (!b.IsEmpty)
        {
            fixed (Complex* p = a)
            {
                Dense(side, conjugated, alpha, ComplexBlocks.Of(p, a.Rows, a.Columns, a.RowStride, a.ColumnStride), beta, b, backend);
            }
        }
    }

    private void Product(SketchSide side, bool conjugated, Complex alpha, in ReadOnlyMatrixView<double> a, Complex beta, in MatrixView<Complex> b, ILinearAlgebraBackend? backend)
    {
        CheckShape(side, a.Rows, a.Columns, b);
        if (!b.IsEmpty)
        {
            fixed (double* p = a)
            {
                Dense(side, conjugated, alpha, new(Pinned.Block(a, p), default), beta, b, backend);
            }
        }
    }

    private void Product(SketchSide side, bool conjugated, Complex alpha, CsrMatrix<double> a, Complex beta, in MatrixView<Complex> b)
    {
        ArgumentNullException.ThrowIfNull(a);
        CheckShape(side, a.Rows, a.Columns, b);
        if (!b.IsEmpty)
        {
            using Scratch<Complex> scratch = Workspace.Rent<Complex>((nint)b.Rows * b.Columns);
            SparseCore(side, new(0, 0, Rows, Columns), conjugated, a, ComplexBlocks.Of(scratch.Pointer, b.Rows, b.Columns, b.Columns, 1));
            Combine(alpha, scratch.Pointer, beta, b);
        }
    }

    /// <summary>A product from the right is the transpose of one from the left: A S = (S^T A^T)^T.</summary>
    private void Dense(SketchSide side, bool conjugated, Complex alpha, ComplexBlocks a, Complex beta, in MatrixView<Complex> b, ILinearAlgebraBackend? backend)
    {
        bool left = side.IsLeft(), transposed = side.ActsTransposed();
        MatrixView<Complex> target = left ? b : b.Transpose;
        using Scratch<Complex> scratch = Workspace.Rent<Complex>((nint)b.Rows * b.Columns);
        ComplexBlocks product = ComplexBlocks.Of(scratch.Pointer, target.Rows, target.Columns, target.Columns, 1);
        ProductCore(new(0, 0, Rows, Columns), transposed, conjugated, left ? a : a.Transpose, product, backend ?? Backend.Current);
        Combine(alpha, scratch.Pointer, beta, target);
    }

    private void CheckShape(SketchSide side, int aRows, int aColumns, in MatrixView<Complex> b)
    {
        (int rows, int columns) = SketchProducts.Shape(side, (Rows, Columns), (aRows, aColumns));
        Arguments.Shape(b, rows, columns);
    }
}
