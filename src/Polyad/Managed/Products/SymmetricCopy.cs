using System.Numerics;
using System.Runtime.CompilerServices;

namespace Polyad.Managed;

/// <summary>Completes a symmetric matrix of which one triangle is known.</summary>
internal static unsafe class SymmetricCopy
{
    /// <summary>The side of the tiles: a cache line, so that the copy writes whole lines.</summary>
    public static int Tile<T>()
        where T : unmanaged
        => 64 / sizeof(T);

    /// <summary>Copies the strict lower triangle onto the upper one.</summary>
    public static void LowerToUpper<T>(in MatrixBlock<T> c)
        where T : unmanaged, INumberBase<T>
    {
        LowerToUpper(c, 0, c.Rows, 0, c.Columns);
        Diagonal(c, 0, c.Rows);
    }

    /// <summary>
    /// Copies onto the upper triangle what rows <paramref name="rowFrom"/> to <paramref name="rowEnd"/> and columns <paramref name="columnFrom"/> to <paramref name="columnEnd"/> have
    /// below the tiles that hold the diagonal. The bounds are multiples of the tile, or the ends of the matrix.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void LowerToUpper<T>(in MatrixBlock<T> c, int rowFrom, int rowEnd, int columnFrom, int columnEnd)
        where T : unmanaged, INumberBase<T>
    {
        int tile = Tile<T>(), block = RegisterTranspose.LargeSize<T>();
        bool registers = block > 1 && (c.ColumnStride == 1 || c.RowStride == 1);

        // The lines of the target are walked, and those of the source crossed: loads that miss overlap better than stores that do.
        // When columns are contiguous the roles of the strides swap, and the tiles come out the same.
        bool byRows = c.ColumnStride == 1;
        nint line = byRows ? c.RowStride : c.ColumnStride;
        int outerFrom = byRows ? columnFrom : Math.Max(rowFrom, columnFrom + tile), outerEnd = byRows ? Math.Min(columnEnd, rowEnd) : rowEnd;
        for (int outer = outerFrom; outer < outerEnd; outer += tile)
        {
            int innerFrom = byRows ? Math.Max(rowFrom, outer + tile) : columnFrom, innerEnd = byRows ? rowEnd : Math.Min(outer, columnEnd);
            for (int inner = innerFrom; inner < innerEnd; inner += tile)
            {
                int i0 = byRows ? inner : outer, j0 = byRows ? outer : inner, rows = Math.Min(tile, rowEnd - i0);
                T* below = c.Data + (i0 * c.RowStride) + (j0 * c.ColumnStride);
                T* above = c.Data + (j0 * c.RowStride) + (i0 * c.ColumnStride);
                if (!registers || rows < tile)
                {
                    Transpose(below, above, c.RowStride, c.ColumnStride, rows, tile);
                    continue;
                }

                for (int k = 0; k < tile; k += block)
                {
                    RegisterTranspose.LargeStrip(below + (k * line), line, tile, above + k, line);
                }
            }
        }
    }

    /// <summary>The tiles that hold the diagonal, from row <paramref name="from"/>, a multiple of the tile, to <paramref name="end"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Diagonal<T>(in MatrixBlock<T> c, int from, int end)
        where T : unmanaged, INumberBase<T>
    {
        int tile = Tile<T>();
        for (int i0 = from; i0 < end; i0 += tile)
        {
            for (int i = 1; i < Math.Min(tile, end - i0); i++)
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
