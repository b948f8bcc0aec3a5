using System.Numerics;

namespace Polyad.Decomposition;

/// <summary>
/// A panel: a few rows of a factor side by side, one in each SIMD lane, so that the small problem of every row (R unknowns) is solved in all lanes at once. Element c of row i lies at
/// [c * Lanes + i]; lanes beyond the last row hold zeros.
/// </summary>
internal static unsafe class RowPanel<T>
    where T : unmanaged, INumberBase<T>
{
    /// <summary>Vectors that a panel is wide.</summary>
    public const int Vectors = 4;

    public static int Lanes => Vectors * Vector<T>.Count;

    public static int Count(int rows) => (rows + Lanes - 1) / Lanes;

    /// <summary>Rows of a dense matrix of <paramref name="columns"/> columns into lanes.</summary>
    public static void Load(T* rows, int count, int columns, T* panel)
    {
        int lanes = Lanes;
        if (count < lanes)
        {
            new Span<T>(panel, columns * lanes).Clear();
        }

        for (int i = 0; i < count; i++)
        {
            T* row = rows + ((nint)i * columns);
            for (int c = 0; c < columns; c++)
            {
                panel[(c * lanes) + i] = row[c];
            }
        }
    }

    /// <summary>And back.</summary>
    public static void Store(T* panel, int count, int columns, T* rows)
    {
        int lanes = Lanes;
        for (int i = 0; i < count; i++)
        {
            T* row = rows + ((nint)i * columns);
            for (int c = 0; c < columns; c++)
            {
                row[c] = panel[(c * lanes) + i];
            }
        }
    }
}
