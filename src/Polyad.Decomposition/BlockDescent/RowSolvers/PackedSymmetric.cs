using System.Numerics;
using System.Numerics.Tensors;

namespace Polyad.Decomposition;

/// <summary>The lower triangle of a symmetric matrix row by row: element (r, s), s &lt;= r, at r (r + 1) / 2 + s.</summary>
internal static class PackedSymmetric
{
    public static int Count(int rank) => rank * (rank + 1) / 2;

    public static int Index(int r, int s) => r >= s ? (r * (r + 1) / 2) + s : (s * (s + 1) / 2) + r;

    /// <summary>For each row of a row-major matrix the products u_r u_s, r &gt;= s, in packed order.</summary>
    public static void RowPairs<T>(ReadOnlySpan<T> rows, int rank, Span<T> pairs)
        where T : unmanaged, INumberBase<T>
    {
        int at = 0;
        for (int row = 0; row < rows.Length; row += rank)
        {
            for (int r = 0; r < rank; r++)
            {
                TensorPrimitives.Multiply(rows.Slice(row, r + 1), rows[row + r], pairs.Slice(at, r + 1));
                at += r + 1;
            }
        }
    }
}
