using System.Numerics;

namespace Polyad.Sketching;

/// <summary>Rows that a sketch reads, dense or by compressed rows; the caller holds the memory.</summary>
internal readonly unsafe struct RowSource<T>
    where T : unmanaged, INumberBase<T>
{
    private readonly MatrixBlock<T> _dense;
    private readonly int* _pointers;
    private readonly int* _columns;
    private readonly T* _values;

    public RowSource(in MatrixBlock<T> dense)
    {
        _dense = dense;
        (Rows, Columns) = (dense.Rows, dense.Columns);
    }

    public RowSource(int rows, int columns, int* pointers, int* columnIndices, T* values)
    {
        (Rows, Columns) = (rows, columns);
        _pointers = pointers;
        _columns = columnIndices;
        _values = values;
    }

    public int Rows { get; }

    public int Columns { get; }

    public bool IsSparse => _pointers != null;

    /// <summary>The dense rows.</summary>
    public MatrixBlock<T> Dense => _dense;

    /// <summary>Stored numbers: what one pass over the rows reads.</summary>
    public double Entries => IsSparse ? _pointers[Rows] - _pointers[0] : (double)Rows * Columns;

    /// <summary>The entries of a sparse row.</summary>
    public void Row(int row, out int count, out int* columns, out T* values)
    {
        int first = _pointers[row];
        count = _pointers[row + 1] - first;
        columns = _columns + first;
        values = _values + first;
    }

    /// <summary>The rows from first on.</summary>
    public RowSource<T> Slice(int first, int count)
        => IsSparse ? new(count, Columns, _pointers + first, _columns, _values) : new(_dense.Slice(first, 0, count, Columns));

    /// <summary>Writes one row, all of it, to contiguous memory.</summary>
    public void CopyRow(int row, T* target)
    {
        if (!IsSparse)
        {
            BlockCopy.Run(_dense.Slice(row, 0, 1, Columns), MatrixBlock<T>.RowMajor(target, 1, Columns));
            return;
        }

        new Span<T>(target, Columns).Clear();
        Row(row, out int count, out int* columns, out T* values);
        for (int p = 0; p < count; p++)
        {
            target[columns[p]] = values[p];
        }
    }

    /// <summary>Writes some rows side by side: entry j of row first + r goes to lines[j * lanes + r]. Lanes without a row are zero.</summary>
    public void CopyLanes(int first, int count, T* lines, int lanes)
    {
        if (count < lanes || IsSparse)
        {
            new Span<T>(lines, checked(Columns * lanes)).Clear();
        }

        if (!IsSparse)
        {
            BlockCopy.Run(_dense.Slice(first, 0, count, Columns), new MatrixBlock<T>(lines, count, Columns, 1, lanes));
            return;
        }

        for (int r = 0; r < count; r++)
        {
            Row(first + r, out int entries, out int* columns, out T* values);
            for (int p = 0; p < entries; p++)
            {
                lines[((nint)columns[p] * lanes) + r] = values[p];
            }
        }
    }
}
