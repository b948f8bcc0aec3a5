using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Polyad.Sketching;

/// <summary>What one thread of the walk works in: the probes of the rows in support, the sums of all probes for the coordinates that a step meets, in the order that it meets them, and the supports of the levels above.</summary>
internal sealed class WalkScratch(int coordinates, int lanes, int buckets)
{
    private readonly int[] _places = New(coordinates);
    private int[] _numbers = new int[64];
    private float[] _values = new float[64 * lanes];
    private double[] _sums = new double[64];
    private float[] _probes = [];
    private int[] _rows = [];
    private double[] _products = [];

    /// <summary>How many coordinates were met.</summary>
    public int Count { get; private set; }

    /// <summary>Room for the mass of each bucket.</summary>
    public double[] Masses { get; } = new double[buckets];

    /// <summary>Room for the numbers of all probes of some rows.</summary>
    public Span<float> Probes(int rows)
    {
        if (_probes.Length < rows * lanes)
        {
            _probes = new float[Math.Max(rows * lanes, 2 * _probes.Length)];
        }

        return _probes.AsSpan(0, rows * lanes);
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
            _places[_numbers[c]] = -1;
        }

        _values.AsSpan(0, Count * lanes).Clear();
        Count = 0;
    }

    /// <summary>Adds a row's probes times its entries to the numbers of their coordinates, zero at first.</summary>
    public void Add(ReadOnlySpan<BucketEntry> entries, ReadOnlySpan<float> probes)
    {
        Reserve(Count + entries.Length);
        ref int places = ref MemoryMarshal.GetArrayDataReference(_places), met = ref MemoryMarshal.GetArrayDataReference(_numbers);
        ref float sums = ref MemoryMarshal.GetArrayDataReference(_values);
        int count = Count;
        foreach (BucketEntry entry in entries)
        {
            // Whether a coordinate is new cannot be foreseen: no branch.
            int number = entry.Number, known = Unsafe.Add(ref places, number), unmet = known >> 31, place = (known & ~unmet) | (count & unmet);
            Unsafe.Add(ref places, number) = place;
            Unsafe.Add(ref met, place) = number;
            count -= unmet;
            ProbeLanes.Add(entry.Value, probes, ref Unsafe.Add(ref sums, (nint)place * lanes));
        }

        Count = count;
    }

    /// <summary>Where a coordinate was met; -1 where it was not.</summary>
    public int Place(int number) => _places[number];

    /// <summary>The coordinate that was met at a place.</summary>
    public int Number(int place) => _numbers[place];

    /// <summary>Running sums of the coordinates' squared lengths.</summary>
    public ReadOnlySpan<double> Sums()
    {
        double sum = 0;
        for (int c = 0; c < Count; c++)
        {
            sum += ProbeLanes.SquaredLength(_values.AsSpan(c * lanes, lanes));
            _sums[c] = sum;
        }

        return _sums.AsSpan(0, Count);
    }

    private void Reserve(int coordinates)
    {
        if (coordinates > _numbers.Length)
        {
            int size = Math.Max(coordinates, 2 * _numbers.Length);
            Array.Resize(ref _numbers, size);
            Array.Resize(ref _values, size * lanes);
            Array.Resize(ref _sums, size);
        }
    }

    private static int[] New(int coordinates)
    {
        int[] places = new int[coordinates];
        Array.Fill(places, -1);
        return places;
    }
}
