using System.Numerics;
using System.Numerics.Tensors;

namespace Polyad.Decomposition;

/// <summary>
/// The entries of a CP model with unit weights, row by row: the full tensor as the product of the Khatri-Rao products of the leading and of the trailing modes, a block of rows at a time. Nothing
/// of the tensor's size is stored. Blocks are cut by the shape alone.
/// </summary>
internal sealed class ModelRows<T>
    where T : unmanaged, INumberBase<T>
{
    /// <summary>Elements of a block.</summary>
    private const int BlockElements = 1 << 17;

    private readonly Tensor<T> _left;
    private readonly Tensor<T> _right;
    private readonly ILinearAlgebraBackend _backend;

    public ModelRows(IReadOnlyList<Tensor<T>> factors, ILinearAlgebraBackend backend)
    {
        nint[] lengths = [.. factors.Select(static f => f.Lengths[0])];
        int split = KhatriRaoProduct.Split(lengths);
        _left = KhatriRaoProduct.Of<T>(factors, 0, split, default);
        _right = KhatriRaoProduct.Of<T>(factors, split, lengths.Length, default);
        _backend = backend;
    }

    /// <summary>Told of the rows of one block, dense, one after the other.</summary>
    public delegate void Block(int firstRow, int rows, ReadOnlySpan<T> values);

    /// <summary>Rows of the matrix: the product of the leading lengths.</summary>
    public int Rows => (int)_left.Lengths[0];

    /// <summary>Its columns: the product of the trailing lengths.</summary>
    public int Columns => (int)_right.Lengths[0];

    /// <summary>Rows in a block but the last.</summary>
    public int BlockRows => Math.Clamp(BlockElements / Columns, 1, Rows);

    public int Blocks => (Rows + BlockRows - 1) / BlockRows;

    /// <summary>One entry.</summary>
    public T At(int row, int column)
    {
        int rank = (int)_left.Lengths[1];
        return TensorPrimitives.Dot<T>(DenseData.Elements(_left).Slice(row * rank, rank), DenseData.Elements(_right).Slice(column * rank, rank));
    }

    /// <summary>One block; blocks may be formed side by side.</summary>
    public void Form(int block, Block told)
    {
        int first = block * BlockRows, rows = Math.Min(BlockRows, Rows - first);
        using Scratch<T> scratch = Workspace.Rent<T>((nint)rows * Columns);
        _backend.MatMul(T.One, _left.AsReadOnlyMatrix().Slice(first, 0, rows, (int)_left.Lengths[1]), _right.AsReadOnlyMatrix().Transpose, T.Zero, new MatrixView<T>(scratch.Span, rows, Columns));
        told(first, rows, scratch.Span);
    }
}
