using System.Numerics;

namespace Polyad.Managed;

/// <summary>Completes a symmetric matrix of which one triangle is known.</summary>
internal static unsafe class SymmetricCopy
{
    private const int Tile = 8;

    /// <summary>Copies the strict lower triangle onto the upper one, 8 x 8 at a time through registers where the layout allows.</summary>
    /// <param name="c">The matrix.</param>
    /// <param name="completeDiagonal">True when the 8 x 8 blocks on the diagonal hold both triangles already.</param>
    public static void LowerToUpper<T>(in MatrixBlock<T> c, bool completeDiagonal = false)
        where T : unmanaged, INumberBase<T>
    {
        int block = RegisterTranspose.Size<T>();
        bool registers = block > 1 && (c.ColumnStride == 1 || c.RowStride == 1);
        nint line = c.ColumnStride == 1 ? c.RowStride : c.ColumnStride;
        for (int i0 = 0; i0 < c.Rows; i0 += Tile)
        {
            int rows = Math.Min(Tile, c.Rows - i0);
            for (int j0 = 0; j0 < i0; j0 += Tile)
            {
                T* below = c.Data + (i0 * c.RowStride) + (j0 * c.ColumnStride);
                T* above = c.Data + (j0 * c.RowStride) + (i0 * c.ColumnStride);
                if (!registers || rows < Tile)
                {
                    Transpose(below, above, c.RowStride, c.ColumnStride, rows, Tile);
                    continue;
                }

                // The side that is contiguous is read: the block below when rows are contiguous; when columns are, the roles of the strides swap.
                for (int k = 0; k < Tile; k += block)
                {
                    RegisterTranspose.Strip(below + (k * line), line, Tile, above + k, line);
                }
            }

            for (int i = 1; i < rows && !completeDiagonal; i++)
            {
                T* row = c.Data + ((i0 + i) * c.RowStride) + (i0 * c.ColumnStride);
                T* column = c.Data + (i0 * c.RowStride) + ((i0 + i) * c.ColumnStride);
                Transpose(row, column, c.RowStride, c.ColumnStride, 1, i);
            }
        }
    }

    private static void Transpose<T>(T* from, T* to, nint rowStride, nint columnStride, int rows, int columns)
        where T : unmanaged
    {
        for (int i = 0; i < rows; i++)
        {
            for (int j = 0; j < columns; j++)
            {
                to[(j * rowStride) + (i * columnStride)] = from[(i * rowStride) + (j * columnStride)];
            }
        }
    }
}
