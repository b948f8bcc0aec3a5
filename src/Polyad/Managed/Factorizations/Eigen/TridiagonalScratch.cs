namespace Polyad.Managed;

/// <summary>The memory of <see cref="Tridiagonalization{T}"/>, for each role: the vectors of a panel and coefficients; sums.</summary>
internal readonly unsafe struct TridiagonalScratch<T>(T* data, int roles, nint ld, int n)
    where T : unmanaged
{
    /// <summary>Columns of the widest panel.</summary>
    public const int MostColumns = 32;

    /// <summary>Two of the products are shared: they take turns, as others may still read those before.</summary>
    private const int SharedProductSets = 2;

    /// <summary>Elements for so many roles.</summary>
    public static nint Length(int roles, nint ld, int n) => (roles * RoleLength(ld, n)) + PairedSums.Length(roles, ld);

    public TridiagonalPanel<T> Panel(int role, int width) => new(Own(role), ld, n, width);

    /// <summary>Room for the <see cref="PairedSums{T}"/> of A v.</summary>
    public T* Sums => Own(roles);

    /// <summary>The products of v with the panel that a role makes, at their places among all.</summary>
    public T* SharedProducts(int role, int first) => Coefficients(role, first & 1);

    /// <summary>Room for 2 <see cref="MostColumns"/> numbers: 0, 1 and 2.</summary>
    public T* Factors(int role, int index) => Coefficients(role, SharedProductSets + index);

    private static nint RoleLength(nint ld, int n) => (2 * Math.Min(n, MostColumns) * ld) + ((SharedProductSets + 3) * 2 * MostColumns);

    private T* Own(int role) => data + (role * RoleLength(ld, n));

    private T* Coefficients(int role, int index) => Own(role) + (2 * Math.Min(n, MostColumns) * ld) + (index * 2 * MostColumns);
}
