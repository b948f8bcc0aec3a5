using System.Numerics.Tensors;

namespace Polyad.Sketching;

/// <summary>Sums of all probes for the coordinates that a step of the walk meets, in the order that it meets them.</summary>
internal sealed class WalkScratch(int dimension, int probes)
{
    private readonly int[] _places = New(dimension);
    private int[] _coordinates = new int[64];
    private double[] _values = new double[64 * probes];
    private double[] _sums = new double[64];

    /// <summary>How many coordinates were met.</summary>
    public int Count { get; private set; }

    public void Begin()
    {
        for (int c = 0; c < Count; c++)
        {
            _places[_coordinates[c]] = -1;
        }

        Count = 0;
    }

    /// <summary>The numbers of a coordinate, zero at first.</summary>
    public Span<double> At(int coordinate)
    {
        int place = _places[coordinate];
        if (place < 0)
        {
            if (Count == _coordinates.Length)
            {
                Array.Resize(ref _coordinates, 2 * Count);
                Array.Resize(ref _values, 2 * Count * probes);
                Array.Resize(ref _sums, 2 * Count);
            }

            place = Count++;
            (_places[coordinate], _coordinates[place]) = (place, coordinate);
            _values.AsSpan(place * probes, probes).Clear();
        }

        return _values.AsSpan(place * probes, probes);
    }

    public int Place(int coordinate) => _places[coordinate];

    public int Coordinate(int place) => _coordinates[place];

    /// <summary>Running sums of the coordinates' squared lengths.</summary>
    public double[] Sums()
    {
        double sum = 0;
        for (int c = 0; c < Count; c++)
        {
            sum += TensorPrimitives.SumOfSquares<double>(_values.AsSpan(c * probes, probes));
            _sums[c] = sum;
        }

        return _sums;
    }

    private static int[] New(int dimension)
    {
        int[] places = new int[dimension];
        Array.Fill(places, -1);
        return places;
    }
}
