namespace Polyad.Managed;

/// <summary>The memory of <see cref="Tridiagonalization{T}"/>, for each role: the vectors of a panel, sums that other roles read, sums of its own, coefficients.</summary>
internal readonly unsafe struct TridiagonalScratch<T>(T* data, nint ld, int n)
    where T : unmanaged
{
    /// <summary>Columns of the widest panel.</summary>
    public const int MostColumns = 32;

    /// <summary>How many sums the columns of the matrix are cut into: a power of two, as sums are added in pairs and threads take all, halves or quarters.</summary>
    public const int Leaves = 4;

    /// <summary>Two of the sums and of the products are shared: they take turns, as others may still read those before.</summary>
    private const int SharedSums = 2;

    /// <summary>How many of so many threads get a role.</summary>
    public static int Roles(int threads) => threads >= Leaves ? Leaves : threads >= 2 ? 2 : 1;

    /// <summary>Elements for so many roles.</summary>
    public static nint Length(int roles, nint ld, int n) => roles * RoleLength(ld, n);

    public TridiagonalPanel<T> Panel(int role, int width) => new(Own(role), ld, n, width);

    /// <summary>The sum of a role's leaves for the column whose matrix begins at <paramref name="first"/>.</summary>
    public T* Sum(int role, int first) => Vector(role, first & 1);

    /// <summary>The sum of one more of a role's leaves, from 1 on.</summary>
    public T* LeafSum(int role, int leaf) => Vector(role, SharedSums + leaf - 1);

    /// <summary>The products of v with the panel that a role makes, at their places among all.</summary>
    public T* SharedProducts(int role, int first) => Coefficients(role, first & 1);

    /// <summary>Room for 2 <see cref="MostColumns"/> numbers: 0, 1 and 2.</summary>
    public T* Factors(int role, int index) => Coefficients(role, SharedSums + index);

    private static nint RoleLength(nint ld, int n) => (((2 * Math.Min(n, MostColumns)) + SharedSums + Leaves - 1) * ld) + ((SharedSums + 3) * 2 * MostColumns);

    private T* Own(int role) => data + (role * RoleLength(ld, n));

    private T* Vector(int role, int index) => Own(role) + (((2 * Math.Min(n, MostColumns)) + index) * ld);

    private T* Coefficients(int role, int index) => Vector(role, SharedSums + Leaves - 1) + (index * 2 * MostColumns);
}
