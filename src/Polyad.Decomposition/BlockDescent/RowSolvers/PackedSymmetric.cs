namespace Polyad.Decomposition;

/// <summary>The lower triangle of a symmetric matrix row by row: element (r, s), s &lt;= r, at r (r + 1) / 2 + s.</summary>
internal static class PackedSymmetric
{
    public static int Count(int rank) => rank * (rank + 1) / 2;

    public static int Index(int r, int s) => r >= s ? (r * (r + 1) / 2) + s : (s * (s + 1) / 2) + r;
}
