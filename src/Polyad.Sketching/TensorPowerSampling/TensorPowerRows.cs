namespace Polyad.Sketching;

/// <summary>Rows of the tensor power, n numbers each, for draws whose rows are kept; there is no room where none are.</summary>
internal sealed unsafe class TensorPowerRows : IDisposable
{
    private readonly int _count;
    private readonly int _length;
    private Scratch<double> _room;

    /// <param name="count">How many, 0 for none.</param>
    /// <param name="length">n.</param>
    public TensorPowerRows(int count, int length)
    {
        (_count, _length) = (count, length);
        _room = Workspace.Rent<double>(count * (nint)length);
    }

    /// <summary>A row, not cleared; empty where none are kept.</summary>
    public Span<double> Row(int draw) => _count == 0 ? [] : new(_room.Pointer + (draw * (nint)_length), _length);

    /// <summary>The first rows, count x n.</summary>
    public ReadOnlyMatrixView<double> First(int count) => new(new ReadOnlySpan<double>(_room.Pointer, checked(count * _length)), count, _length);

    public void Dispose() => _room.Dispose();
}
