namespace Polyad.Lab;

/// <summary>What an experiment measured, row by row.</summary>
public sealed class LabTable
{
    private readonly List<LabCell[]> _rows = [];

    /// <summary>A table with the given columns and no row.</summary>
    public LabTable(params ReadOnlySpan<string> columns) => Columns = columns.ToArray();

    /// <summary>The names of the columns.</summary>
    public IReadOnlyList<string> Columns { get; }

    /// <summary>The rows, each with one cell for every column.</summary>
    public IReadOnlyList<IReadOnlyList<LabCell>> Rows => _rows;

    /// <summary>Adds a row.</summary>
    /// <exception cref="ArgumentException">The number of cells is not that of the columns.</exception>
    public void Add(params ReadOnlySpan<LabCell> cells)
    {
        if (cells.Length != Columns.Count)
        {
            throw new ArgumentException($"The table has {Columns.Count} columns ({string.Join(", ", Columns)}); given {cells.Length} cells.", nameof(cells));
        }

        _rows.Add(cells.ToArray());
    }
}
