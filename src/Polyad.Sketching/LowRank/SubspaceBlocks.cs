using System.Numerics;

namespace Polyad.Sketching;

/// <summary>
/// Scratch of a subspace iteration on blocks of up to b columns: two blocks on each side of the matrix, since an orthonormal basis cannot be written over what it is the basis of. Writing to fresh memory at every
/// step would cost as much as orthonormalizing.
/// </summary>
internal sealed class SubspaceBlocks<T> : IDisposable
    where T : unmanaged, INumberBase<T>
{
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
