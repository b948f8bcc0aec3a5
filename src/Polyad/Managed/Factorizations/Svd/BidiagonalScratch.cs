namespace Polyad.Managed;

/// <summary>The memory of <see cref="Bidiagonalization{T}"/>: of each role P, Q and coefficients; shared rows and sums.</summary>
internal readonly unsafe struct BidiagonalScratch<T>(T* data, int roles, int rows, int columns)
    where T : unmanaged
{
    /// <summary>Columns of a panel.</summary>
    public const int MostColumns = 16;

    /// <summary>y and r, two of each: they take turns, as others may still read those before.</summary>
    private const int SharedRows = 4;

    private readonly nint _rowStride = ColumnKernels.LeadingDimension<T>(rows);
    private readonly nint _columnStride = ColumnKernels.LeadingDimension<T>(columns);

    /// <summary>P and one more column, and Q.</summary>
    private nint VectorLength => (((2 * MostColumns) + 1) * _rowStride) + (2 * MostColumns * _columnStride);

    private nint RoleLength => VectorLength + (4 * MostColumns);

    private T* Shared => data + (roles * RoleLength);

    /// <summary>Elements for so many roles.</summary>
    public static nint Length(int roles, int rows, int columns)
    {
        BidiagonalScratch<T> sizes = new(null, roles, rows, columns);
        return (roles * sizes.RoleLength) + (SharedRows * sizes._columnStride) + PairedSums.Length(roles, sizes._rowStride);
    }

    public MatrixBlock<T> P(int role, int length, int pairs) => new(data + (role * RoleLength), length, 2 * pairs, 1, _rowStride);

    public MatrixBlock<T> Q(int role, int length, int pairs) => new(data + (role * RoleLength) + (((2 * MostColumns) + 1) * _rowStride), length, 2 * pairs, 1, _columnStride);

    /// <summary>Room for 2 <see cref="MostColumns"/> numbers: 0 and 1.</summary>
    public T* Factors(int role, int index) => data + (role * RoleLength) + VectorLength + (2 * index * MostColumns);

    public T* Y(int turn) => Shared + ((turn & 1) * _columnStride);

    public T* R(int turn) => Shared + ((2 + (turn & 1)) * _columnStride);

    /// <summary>Room for the <see cref="PairedSums{T}"/> of x, with the stride of P.</summary>
    public T* Sums => Shared + (SharedRows * _columnStride);

    public nint RowStride => _rowStride;
}
