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
    public double IsometryScale => 1 / Math.Sqrt(Rows);

    /// <summary>Writes the block of S that begins at (<paramref name="row"/>, <paramref name="column"/>), unscaled.</summary>
    /// <param name="row">The block's first row.</param>
    /// <param name="column">The block's first column.</param>
    /// <param name="block">Receives as many rows and columns as it has, any strides.</param>
    /// <exception cref="ArgumentOutOfRangeException">The block leaves S.</exception>
    public void Fill(int row, int column, in MatrixView<Complex> block)
    {
        if (row < 0 || column < 0 || block.Rows > Rows - row || block.Columns > Columns - column)
        {
            throw new ArgumentOutOfRangeException(nameof(row), $"A block of {block.Rows} x {block.Columns} at ({row}, {column}) leaves the sketch ({Rows} x {Columns}).");
        }

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

    /// <summary>B = alpha S A + beta B. With beta = 0 B is not read.</summary>
    /// <param name="alpha">Scale of the product; <see cref="IsometryScale"/> makes it an isometry in the mean.</param>
    /// <param name="a">n x k, any strides.</param>
    /// <param name="beta">Scale of what B holds.</param>
    /// <param name="b">D x k, any strides; no element shared with A.</param>
    /// <param name="backend">The engine for products of dense sketches; null for the current one.</param>
    /// <exception cref="ArgumentException">Shapes do not match, or A and B overlap.</exception>
    public void Apply(Complex alpha, in ReadOnlyMatrixView<Complex> a, Complex beta, in MatrixView<Complex> b, ILinearAlgebraBackend? backend = null)
        => Product(false, false, alpha, a, beta, b, backend);

    /// <inheritdoc cref="Apply(Complex, in ReadOnlyMatrixView{Complex}, Complex, in MatrixView{Complex}, ILinearAlgebraBackend?)"/>
    public void Apply(Complex alpha, in ReadOnlyMatrixView<double> a, Complex beta, in MatrixView<Complex> b, ILinearAlgebraBackend? backend = null)
    {
        Check(Columns, a.Rows, Rows, a.Columns, b);
        if (!b.IsEmpty)
        {
            fixed (double* p = a)
            {
                Combine(false, false, alpha, new(Pinned.Block(a, p), default), beta, b, backend ?? Backend.Current);
            }
        }
    }

    /// <summary>B = alpha S^H A + beta B with the conjugate transpose of S. With beta = 0 B is not read.</summary>
    /// <param name="alpha">Scale of the product.</param>
    /// <param name="a">D x k, any strides.</param>
    /// <param name="beta">Scale of what B holds.</param>
    /// <param name="b">n x k, any strides; no element shared with A.</param>
    /// <param name="backend">The engine for products of dense sketches; null for the current one.</param>
    /// <exception cref="ArgumentException">Shapes do not match, or A and B overlap.</exception>
    public void ApplyAdjoint(Complex alpha, in ReadOnlyMatrixView<Complex> a, Complex beta, in MatrixView<Complex> b, ILinearAlgebraBackend? backend = null)
        => Product(true, true, alpha, a, beta, b, backend);

    /// <summary>B = alpha A S + beta B. With beta = 0 B is not read.</summary>
    /// <param name="alpha">Scale of the product.</param>
    /// <param name="a">m x D, any strides.</param>
    /// <param name="beta">Scale of what B holds.</param>
    /// <param name="b">m x n, any strides; no element shared with A.</param>
    /// <param name="backend">The engine for products of dense sketches; null for the current one.</param>
    /// <exception cref="ArgumentException">Shapes do not match, or A and B overlap.</exception>
    public void ApplyRight(Complex alpha, in ReadOnlyMatrixView<Complex> a, Complex beta, in MatrixView<Complex> b, ILinearAlgebraBackend? backend = null)
        => Product(true, false, alpha, a.Transpose, beta, b.Transpose, backend);

    /// <summary>B = alpha A S^H + beta B with the conjugate transpose of S. With beta = 0 B is not read.</summary>
    /// <param name="alpha">Scale of the product.</param>
    /// <param name="a">m x n, any strides.</param>
    /// <param name="beta">Scale of what B holds.</param>
    /// <param name="b">m x D, any strides; no element shared with A.</param>
    /// <param name="backend">The engine for products of dense sketches; null for the current one.</param>
    /// <exception cref="ArgumentException">Shapes do not match, or A and B overlap.</exception>
    public void ApplyRightAdjoint(Complex alpha, in ReadOnlyMatrixView<Complex> a, Complex beta, in MatrixView<Complex> b, ILinearAlgebraBackend? backend = null)
        => Product(false, true, alpha, a.Transpose, beta, b.Transpose, backend);

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

    /// <summary>The sketch of the rows of a real matrix: <see cref="IsometryScale"/> A S^T (not conjugated), m x D.</summary>
    /// <param name="a">m x n.</param>
    /// <param name="backend">The engine; null for the current one.</param>
    /// <exception cref="ArgumentException">A does not have n columns.</exception>
    public Tensor<Complex> SketchRows(Tensor<double> a, ILinearAlgebraBackend? backend = null)
    {
        ReadOnlyMatrixView<double> view = a.AsReadOnlyMatrix();
        Tensor<Complex> b = FreshMemory.Zeros<Complex>([view.Rows, Rows]);
        Apply(IsometryScale, view.Transpose, Complex.Zero, b.AsMatrix().Transpose, backend);
        return b;
    }

    /// <summary>The sketch of the rows of a sparse matrix: <see cref="IsometryScale"/> A S^T (not conjugated), m x D.</summary>
    /// <param name="a">m x n.</param>
    /// <exception cref="ArgumentException">A does not have n columns.</exception>
    public Tensor<Complex> SketchRows(CsrMatrix<double> a)
    {
        ArgumentNullException.ThrowIfNull(a);
        if (a.Columns != Columns)
        {
            throw new ArgumentException($"A sparse {a.Rows} x {a.Columns} matrix does not fit the sketch ({Rows} x {Columns}).", nameof(a));
        }

        Tensor<Complex> b = FreshMemory.Zeros<Complex>([a.Rows, Rows]);
        MatrixView<Complex> view = b.AsMatrix();
        fixed (Complex* p = view)
        {
            SparseRowsCore(a, ComplexBlocks.Of(p, view.Rows, view.Columns, view.RowStride, view.ColumnStride), IsometryScale);
        }

        return b;
    }

    /// <summary>Writes a non-empty block.</summary>
    internal abstract void FillCore(int row, int column, in MatrixView<Complex> block);

    /// <summary>P = S A, or with the transpose, the conjugate or both; P is overwritten.</summary>
    internal abstract void ProductCore(bool transposed, bool conjugated, ComplexBlocks a, ComplexBlocks product, ILinearAlgebraBackend backend);

    /// <summary>P = scale A S^T.</summary>
    internal abstract void SparseRowsCore(CsrMatrix<double> a, ComplexBlocks product, double scale);

    private static void Check(int inner, int rows, int outer, int columns, in MatrixView<Complex> b)
    {
        if (rows != inner)
        {
            throw new ArgumentException($"The sketch multiplies matrices of {inner} rows; given {rows} x {columns}.", nameof(rows));
        }

        Arguments.Shape(b, outer, columns);
    }

    private void Product(bool transposed, bool conjugated, Complex alpha, in ReadOnlyMatrixView<Complex> a, Complex beta, in MatrixView<Complex> b, ILinearAlgebraBackend? backend)
    {
        (int outer, int inner) = transposed ? (Columns, Rows) : (Rows, Columns);
        Check(inner, a.Rows, outer, a.Columns, b);
        Arguments.Disjoint<Complex>(a, b, nameof(a), nameof(b));
        if (!b.IsEmpty)
        {
            fixed (Complex* p = a)
            {
                Combine(transposed, conjugated, alpha, ComplexBlocks.Of(p, a.Rows, a.Columns, a.RowStride, a.ColumnStride), beta, b, backend ?? Backend.Current);
            }
        }
    }

    private void Combine(bool transposed, bool conjugated, Complex alpha, ComplexBlocks a, Complex beta, in MatrixView<Complex> b, ILinearAlgebraBackend backend)
    {
        using Scratch<Complex> scratch = Workspace.Rent<Complex>((nint)b.Rows * b.Columns);
        ProductCore(transposed, conjugated, a, ComplexBlocks.Of(scratch.Pointer, b.Rows, b.Columns, b.Columns, 1), backend);
        for (int i = 0; i < b.Rows; i++)
        {
            for (int j = 0; j < b.Columns; j++)
            {
                Complex value = alpha * scratch.Pointer[((nint)i * b.Columns) + j];
                b[i, j] = beta == Complex.Zero ? value : value + (beta * b[i, j]);
            }
        }
    }
}
