using System.Numerics;

namespace Polyad.Sketching;

/// <summary>
/// Scratch of a subspace iteration on blocks of up to b columns: two blocks on each side of the matrix, since an orthonormal basis cannot be written over what it is the basis of. Writing to fresh memory at every
/// step would cost as much as orthonormalizing.
/// </summary>
internal sealed class SubspaceBlocks<T> : IDisposable
    where T : unmanaged, INumberBase<T>
{
    /// <summary>How many blocks of a basis there is room for at first where its rank is not known: room for min(m, n) columns may be more than there is memory, and the rows of a narrow basis share pages.</summary>
    public const long FirstRoom = 8;

    private readonly int _rows, _columns;
    private Scratch<T> _image, _basis, _coImage, _coBasis, _triangle;

    /// <param name="a">m x n.</param>
    /// <param name="width">b, at most min(m, n).</param>
    public SubspaceBlocks(LinearOperator<T> a, int width)
    {
        (_rows, _columns) = (a.Rows, a.Columns);
        _image = Workspace.Rent<T>((nint)_rows * width);
        _basis = Workspace.Rent<T>((nint)_rows * width);
        _coImage = Workspace.Rent<T>((nint)_columns * width);
        _coBasis = Workspace.Rent<T>((nint)_columns * width);
        _triangle = Workspace.Rent<T>((nint)width * width);
    }

    /// <summary>m x count, not cleared.</summary>
    public MatrixView<T> Image(int count) => View(_image, _rows, count);

    /// <summary>m x count, not cleared.</summary>
    public MatrixView<T> Basis(int count) => View(_basis, _rows, count);

    /// <summary>n x count, not cleared.</summary>
    public MatrixView<T> CoImage(int count) => View(_coImage, _columns, count);

    /// <summary>n x count, not cleared.</summary>
    public MatrixView<T> CoBasis(int count) => View(_coBasis, _columns, count);

    /// <summary>Writes an orthonormal basis of the span of some columns to another block.</summary>
    public void Orthonormalize(in ReadOnlyMatrixView<T> columns, in MatrixView<T> basis, ILinearAlgebraBackend engine)
        => engine.Qr(columns, basis, View(_triangle, columns.Columns, columns.Columns));

    /// <summary>An orthonormal block of the range of A - Q B that is orthogonal to Q: the range of a sketch of it, sharpened by power iterations. It holds until the next one.</summary>
    /// <param name="a">m x n.</param>
    /// <param name="s">The sketch of the rows.</param>
    /// <param name="powerIterations">Products with A A^T.</param>
    /// <param name="q">m x k, orthonormal columns.</param>
    /// <param name="b">k x n: Q^T A; empty where it is not known.</param>
    /// <param name="engine">The engine.</param>
    /// <param name="cancellationToken">Looked at before each power iteration.</param>
    public MatrixView<T> NextBlock(
        LinearOperator<T> a, SketchOperator<T> s, int powerIterations, in ReadOnlyMatrixView<T> q, in ReadOnlyMatrixView<T> b, ILinearAlgebraBackend engine, CancellationToken cancellationToken)
    {
        MatrixView<T> image = Image(s.Rows), basis = Basis(s.Rows), coImage = CoImage(s.Rows), coBasis = CoBasis(s.Rows);
        a.SketchRows(s, image, engine);
        OperatorProducts.ProjectOut(image, q, engine);
        Orthonormalize(image, basis, engine);
        for (int power = 0; power < powerIterations; power++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            a.ApplyAdjoint(basis, coImage, engine);
            if (!b.IsEmpty)
            {
                // (A - Q B)^T Y = A^T Y - B^T (Q^T Y), and Q^T Y is nothing but rounding.
                OperatorProducts.Deflate(coImage, b.Transpose, q, basis, engine);
            }

            Orthonormalize(coImage, coBasis, engine);
            a.Apply(coBasis, image, engine);
            OperatorProducts.ProjectOut(image, q, engine);
            Orthonormalize(image, basis, engine);
        }

        // Twice is enough (Kahan, Parlett): the second pass removes what rounding left of the known columns.
        OperatorProducts.ProjectOut(basis, q, engine);
        Orthonormalize(basis, image, engine);
        return image;
    }

    public void Dispose()
    {
        _image.Dispose();
        _basis.Dispose();
        _coImage.Dispose();
        _coBasis.Dispose();
        _triangle.Dispose();
    }

    private static MatrixView<T> View(in Scratch<T> block, int rows, int columns) => new(block.Span[..(rows * columns)], rows, columns);
}
