using System.Numerics;
using Polyad.Managed;

namespace Polyad.Sketching;

/// <summary>Rows that a <c>fixed</c> statement holds: they can be captured by what runs on other threads.</summary>
internal readonly unsafe struct PinnedRows<T>
    where T : unmanaged, INumberBase<T>
{
    private readonly CsrMatrix<T>? _sparse;
    private readonly int _first;
    private readonly MatrixBlock<T> _dense;

    public PinnedRows(in FeatureRows<T> rows, T* origin)
    {
        (_sparse, _first, Count) = (rows.Matrix, rows.FirstRow, rows.Rows);
        _dense = rows.IsSparse ? default : Pinned.Block(rows.Dense, origin);
    }

    public int Count { get; }

    public FeatureRows<T> All => Slice(0, Count);

    public FeatureRows<T> Slice(int first, int count)
        => _sparse is null
            ? new FeatureRows<T>(_dense.Slice(first, 0, count, _dense.Columns).AsReadOnlyView())
            : new FeatureRows<T>(_sparse).Slice(_first + first, count);
}
