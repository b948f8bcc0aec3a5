namespace Polyad.Managed;

/// <summary>
/// Rows of a matrix in panels from which <see cref="GemmLoops"/> reads both operands of P P^T, each panel column after column. The last one has as many whole vectors as its rows need.
/// </summary>
internal readonly unsafe struct PackedRows<T>(T* data, int rows, int columns)
    where T : unmanaged
{
    private readonly int _panelRows = PanelRows;

    /// <summary>Rows of a panel: no tile reaches over two of them, neither with its rows nor with its columns.</summary>
    public static int PanelRows
    {
        get
        {
            int tileRows = 3 * GemmBlocking.Lanes<T>(), panel = tileRows;
            while (panel % GemmBlocking.TileColumns != 0)
            {
                panel += tileRows;
            }

            return panel;
        }
    }

    public int Columns => columns;

    /// <summary>Room for so many rows and columns.</summary>
    public static nint Elements(int rows, int columns) => (nint)WholeVectors(rows) * columns;

    /// <summary>Where a row has its first entry.</summary>
    public T* Row(int row)
    {
        int inside = row % _panelRows;
        return data + ((nint)(row - inside) * columns) + inside;
    }

    /// <summary>From one entry of a row to the next.</summary>
    public int Step(int row) => Math.Min(_panelRows, WholeVectors(rows - (row / _panelRows * _panelRows)));

    private static int WholeVectors(int count)
    {
        int lanes = GemmBlocking.Lanes<T>();
        return (count + lanes - 1) / lanes * lanes;
    }
}
