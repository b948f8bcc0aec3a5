using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Polyad.Sketching;

/// <summary>What one thread of the walk works in: the probes of the rows in support, the sums of all probes for the coordinates that a step meets, in the order that it meets them, and the supports of the levels above.</summary>
internal sealed unsafe class WalkScratch : IDisposable
{
    private readonly int _lanes;
    private Scratch<int> _places;
    private readonly LaneBuffer _probes;
    private readonly LaneBuffer _sums;
    private int[] _numbers = new int[64];
    private double[] _running = new double[64];
    private int[] _rows = [];
    private double[] _products = [];

    /// <param name="coordinates">Of the largest bucket.</param>
    /// <param name="lanes">Numbers of all probes.</param>
    /// <param name="buckets">How many there are.</param>
    public WalkScratch(int coordinates, int lanes, int buckets)
    {
        (_lanes, Masses) = (lanes, new double[buckets]);
        _places = Workspace.Rent<int>(coordinates);
        _places.Span.Fill(-1);
        _probes = new LaneBuffer(64 * lanes);
        _sums = new LaneBuffer(_numbers.Length * lanes);
        _sums.Slice(0, _numbers.Length * lanes).Clear();
    }

    /// <summary>How many coordinates were met.</summary>
    public int Count { get; private set; }

    /// <summary>Room for the mass of each bucket.</summary>
    public double[] Masses { get; }

    /// <summary>Room for the numbers of all probes of some rows.</summary>
    public Span<float> Probes(int rows)
    {
        if (_probes.Length < rows * (nint)_lanes)
        {
            _probes.Grow(2 * rows * (nint)_lanes, 0);
        }

        return _probes.Slice(0, rows * _lanes);
    }

    /// <summary>Room for a support that is kept above those of the levels before it.</summary>
    /// <param name="first">Where they end.</param>
    /// <param name="size">Rows of the support.</param>
    /// <param name="rows">Its rows.</param>
    /// <param name="products">The products of columns at them.</param>
    public void Support(int first, int size, out Span<int> rows, out Span<double> products)
    {
        if (_rows.Length < first + size)
        {
            // Spans of levels above stay on the arrays before, which still hold what they held.
            (_rows, _products) = (new int[Math.Max(first + size, 2 * _rows.Length)], new double[Math.Max(first + size, 2 * _products.Length)]);
        }

        rows = _rows.AsSpan(first, size);
        products = _products.AsSpan(first, size);
    }

    public void Begin()
    {
        for (int c = 0; c < Count; c++)
        {
            _places.Pointer[_numbers[c]] = -1;
        }

        _sums.Slice(0, Count * _lanes).Clear();
        Count = 0;
    }

    /// <summary>Adds a row's probes times its entries to the numbers of their coordinates, zero at first.</summary>
    public void Add(ReadOnlySpan<BucketEntry> entries, ReadOnlySpan<float> probes)
    {
        Reserve(Count + entries.Length);
        ref int places = ref *_places.Pointer, met = ref MemoryMarshal.GetArrayDataReference(_numbers);
        ref float sums = ref _sums.First;
        int count = Count;
        foreach (BucketEntry entry in entries)
        {
            // Whether a coordinate is new cannot be foreseen: no branch.
            int number = entry.Place, known = Unsafe.Add(ref places, number), unmet = known >> 31, place = (known & ~unmet) | (count & unmet);
            Unsafe.Add(ref places, number) = place;
            Unsafe.Add(ref met, place) = number;
            count -= unmet;
            ProbeLanes.Add(entry.Value, probes, ref Unsafe.Add(ref sums, (nint)place * _lanes));
        }

        Count = count;
    }

    /// <summary>Where a coordinate was met; -1 where it was not.</summary>
    public int Place(int number) => _places.Pointer[number];

    /// <summary>The coordinate that was met at a place.</summary>
    public int Number(int place) => _numbers[place];

    /// <summary>Running sums of the coordinates' squared lengths.</summary>
    public ReadOnlySpan<double> Sums()
    {
        double sum = 0;
        for (int c = 0; c < Count; c++)
        {
            sum += ProbeLanes.SquaredLength(_sums.Slice(c * (nint)_lanes, _lanes));
            _running[c] = sum;
        }

        return _running.AsSpan(0, Count);
    }

    public void Dispose()
    {
        _places.Dispose();
        _probes.Dispose();
        _sums.Dispose();
    }

    private void Reserve(int coordinates)
    {
        if (coordinates > _numbers.Length)
        {
            int size = Math.Max(coordinates, 2 * _numbers.Length), kept = Count * _lanes;
            Array.Resize(ref _numbers, size);
            Array.Resize(ref _running, size);
            _sums.Grow(size * (nint)_lanes, kept);
            _sums.Slice(kept, (size * _lanes) - kept).Clear();
        }
    }
}
