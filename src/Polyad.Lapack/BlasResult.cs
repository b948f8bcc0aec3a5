using System.Numerics;

namespace Polyad.Lapack;

/// <summary>
/// A matrix that BLAS writes: in place when one stride is 1, else through column-major scratch that <see cref="Store"/> copies back.
/// </summary>
internal unsafe ref struct BlasResult<T>
    where T : unmanaged, INumberBase<T>
{
    private readonly MatrixBlock<T> _target;
    private Scratch<T> _staged;
    private readonly bool _isStaged;

    /// <summary>Translates an output; <paramref name="read"/> says whether what it holds matters.</summary>
    public BlasResult(in MatrixBlock<T> target, long largestInteger, bool read)
    {
        _target = target;
        if (BlasOperand<T>.TryInPlace(target, largestInteger, out bool transposed, out nint leading))
        {
            Data = target.Data;
            Transposed = transposed;
            LeadingDimension = leading;
            return;
        }

        _isStaged = true;
        _staged = Workspace.Rent<T>((nint)target.Rows * target.Columns);
        Data = _staged.Pointer;
        LeadingDimension = Math.Max(target.Rows, 1);
        if (read)
        {
            BlockCopy.Run(target, Matrix);
        }
    }

    public T* Data { get; }

    /// <summary>True when BLAS sees the transpose of the matrix.</summary>
    public bool Transposed { get; }

    public nint LeadingDimension { get; }

    /// <summary>The matrix in the memory that BLAS writes.</summary>
    public readonly MatrixBlock<T> Matrix => Transposed
        ? new(Data, _target.Rows, _target.Columns, LeadingDimension, 1)
        : new(Data, _target.Rows, _target.Columns, 1, LeadingDimension);

    /// <summary>The flag of a triangle of the matrix in that memory.</summary>
    public readonly char Uplo(Triangle triangle) => (triangle == Triangle.Lower) != Transposed ? 'L' : 'U';

    /// <summary>Copies a staged result to where it belongs.</summary>
    public readonly void Store()
    {
        if (_isStaged)
        {
            BlockCopy.Run(Matrix, _target);
        }
    }

    public void Dispose() => _staged.Dispose();
}
