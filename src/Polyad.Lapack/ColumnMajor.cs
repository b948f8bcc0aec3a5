using System.Numerics;

namespace Polyad.Lapack;

/// <summary>
/// Column-major memory for a LAPACK routine that cannot work on a transpose: the target itself where its columns are contiguous, else scratch that
/// <see cref="Store"/> copies back.
/// </summary>
internal unsafe ref struct ColumnMajor<T>
    where T : unmanaged, INumberBase<T>
{
    private readonly MatrixBlock<T> _target;
    private Scratch<T> _staged;

    private ColumnMajor(MatrixBlock<T> target)
    {
        _target = target;
        Matrix = target;
    }

    private ColumnMajor(MatrixBlock<T> target, int rows, int columns)
    {
        _target = target;
        IsStaged = true;
        nint leading = Leading(rows);
        _staged = Workspace.Rent<T>(leading * columns);
        Matrix = new MatrixBlock<T>(_staged.Pointer, rows, columns, 1, leading);
    }

    /// <summary>The matrix in that memory.</summary>
    public MatrixBlock<T> Matrix { get; }

    /// <summary>True when the matrix is scratch and the target is elsewhere.</summary>
    public bool IsStaged { get; }

    public readonly T* Data => Matrix.Data;

    public readonly nint LeadingDimension => Math.Max(Matrix.ColumnStride, Math.Max(Matrix.Rows, 1));

    /// <summary>For an output.</summary>
    public static ColumnMajor<T> For(MatrixBlock<T> target, long largestInteger)
        => target.RowStride == 1 && target.ColumnStride >= target.Rows && target.ColumnStride <= largestInteger ? new(target) : new(target, target.Rows, target.Columns);

    /// <summary>For a copy that is used up; there is nothing to store.</summary>
    public static ColumnMajor<T> Rent(int rows, int columns) => new(default, rows, columns);

    /// <summary>A column pitch near a multiple of 512 bytes puts the rows of a tile into few cache sets: one more cache line spreads them.</summary>
    private static nint Leading(int rows) => rows >= 128 && rows * (nint)sizeof(T) % 512 == 0 ? rows + (64 / sizeof(T)) : Math.Max(rows, 1);

    /// <summary>Copies a staged result to where it belongs.</summary>
    public readonly void Store()
    {
        if (IsStaged)
        {
            BlockCopy.Run(Matrix, _target);
        }
    }

    public void Dispose() => _staged.Dispose();
}
