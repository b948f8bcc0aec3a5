using System.Numerics;

namespace Polyad.Managed;

/// <summary>Rows of the product of the matrices before the tail (<see cref="KhatriRaoCut"/>), made some at a time as they are asked for.</summary>
internal unsafe ref struct KhatriRaoPrefixes<T>
    where T : unmanaged, INumberBase<T>
{
    private const int Together = 32;

    private readonly KhatriRaoRows<T> _rows;
    private readonly Scratch<T> _made;
    private readonly nint _count;
    private readonly int _rank;
    private nint _first = -Together;

    public KhatriRaoPrefixes(scoped in KhatriRaoRows<T> rows, nint count, int rank)
    {
        (_rows, _count, _rank) = (rows, count, rank);
        _made = Workspace.Rent<T>((nint)Together * rank);
    }

    /// <summary>A row, until another one is asked for.</summary>
    public T* Row(nint index)
    {
        if (index < _first || index >= _first + Together)
        {
            _first = index;
            _rows.Fill(index, Math.Min(Together, _count - index), _made.Pointer);
        }

        return _made.Pointer + ((index - _first) * _rank);
    }

    public readonly void Dispose() => _made.Dispose();
}
