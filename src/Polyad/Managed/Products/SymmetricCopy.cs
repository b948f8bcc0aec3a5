namespace Polyad.Managed;

/// <summary>Completes a symmetric matrix of which one triangle is known.</summary>
internal static unsafe class SymmetricCopy
{
    private const int Tile = 16;

    /// <summary>Copies the strict lower triangle onto the upper one, in tiles so that neither side is walked far with a long stride.</summary>
    public static void LowerToUpper<T>(in MatrixBlock<T> c)
        where T : unmanaged
    {
        for (int i0 = 0; i0 < c.Rows; i0 += Tile)
        {
            int iEnd = Math.Min(i0 + Tile, c.Rows);
            for (int j0 = 0; j0 <= i0; j0 += Tile)
            {
                for (int i = i0; i < iEnd; i++)
                {
                    int jEnd = Math.Min(j0 + Tile, i);
                    T* from = c.Data + (i * c.RowStride) + (j0 * c.ColumnStride);
                    T* to = c.Data + (j0 * c.RowStride) + (i * c.ColumnStride);
                    for (int j = j0; j < jEnd; j++, from += c.ColumnStride, to += c.RowStride)
                    {
                        *to = *from;
                    }
                }
            }
        }
    }
}
