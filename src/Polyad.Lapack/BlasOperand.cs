using System.Numerics;

namespace Polyad.Lapack;

/// <summary>
/// A matrix as BLAS reads it: column-major memory with a leading dimension, stored as it is ('N') or as its transpose ('T'). Here alone views with two strides are
/// translated: a unit stride in either direction is used where it lies, anything else is packed into scratch.
/// </summary>
internal unsafe ref struct BlasOperand<T>
    where T : unmanaged, INumberBase<T>
{
    private Scratch<T> _packed;

    /// <summary>Translates an input; dispose to give scratch back.</summary>
    public BlasOperand(in MatrixBlock<T> block, long largestInteger)
    {
        if (TryInPlace(block, largestInteger, out bool transposed, out nint leading))
        {
            Data = block.Data;
            Transposed = transposed;
            LeadingDimension = leading;
            return;
        }

        _packed = Workspace.Rent<T>((nint)block.Rows * block.Columns);
        MatrixBlock<T> copy = MatrixBlock<T>.ColumnMajor(_packed.Pointer, block.Rows, block.Columns);
        BlockCopy.Run(block, copy);
        Data = copy.Data;
        LeadingDimension = Math.Max(block.Rows, 1);
    }

    public T* Data { get; }

    /// <summary>True when the memory holds the transpose in column-major order, that is, the matrix row-major.</summary>
    public bool Transposed { get; }

    public nint LeadingDimension { get; }

    /// <summary>'N' or 'T'.</summary>
    public readonly char Op => Transposed ? 'T' : 'N';

    /// <summary>The flag for the transpose of the matrix.</summary>
    public readonly char OpOfTranspose => Transposed ? 'N' : 'T';

    public void Dispose() => _packed.Dispose();

    /// <summary>Whether BLAS can work on a matrix where it lies. A line of one element has no stride that matters.</summary>
    public static bool TryInPlace(in MatrixBlock<T> block, long largestInteger, out bool transposed, out nint leading)
    {
        transposed = false;
        leading = block.Columns == 1 ? Math.Max(block.Rows, 1) : block.ColumnStride;
        if ((block.RowStride == 1 || block.Rows == 1) && leading >= block.Rows && leading <= largestInteger)
        {
            return true;
        }

        transposed = true;
        leading = block.Rows == 1 ? Math.Max(block.Columns, 1) : block.RowStride;
        return (block.ColumnStride == 1 || block.Columns == 1) && leading >= block.Columns && leading <= largestInteger;
    }
}
