using System.Numerics;
using System.Numerics.Tensors;

namespace Polyad.Sketching;

/// <summary>
/// The homogeneous rows of a data set by rows and by columns, scaled so that the longest has length 1: then all powers are at most 1. Also the exact sampler of tensor entries by squared length: entry
/// I = (i1, ..., iq) of the powers has the squared length sum over rows j of x_j[i1]^2 ... x_j[iq]^2, a mixture over the rows of independent coordinates.
/// </summary>
internal sealed unsafe class PowerRows : IDisposable
{
    private readonly double[] _rowShares;
    private readonly int[] _rowStarts;
    private Scratch<int> _columns;
    private Scratch<double> _values;
    private Scratch<int> _columnStarts;
    private Scratch<int> _rows;
    private Scratch<double> _columnValues;
    private Scratch<double> _entryShares;

    private PowerRows(int rows, int dimension, int degree, int capacity)
    {
        (Rows, Dimension, Degree) = (rows, dimension, degree);
        (_rowShares, _rowStarts) = (new double[rows], new int[rows + 1]);
        try
        {
            (_columns, _values, _entryShares) = (Workspace.Rent<int>(capacity), Workspace.Rent<double>(capacity), Workspace.Rent<double>(capacity));
            (_columnStarts, _rows, _columnValues) = (Workspace.Rent<int>(dimension + (nint)1), Workspace.Rent<int>(capacity), Workspace.Rent<double>(capacity));
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    public int Rows { get; }

    /// <summary>The length of a row, with the constant.</summary>
    public int Dimension { get; }

    public int NonZeros => _rowStarts[^1];

    public int Degree { get; }

    /// <summary>What the rows were divided by.</summary>
    public double Scale { get; private set; }

    /// <summary>The sum of the q-th powers of the squared lengths: the trace of the kernel matrix.</summary>
    public double Trace { get; private set; }

    public static PowerRows Of<T>(in FeatureRows<T> data, PolynomialKernel kernel)
        where T : unmanaged, INumberBase<T>
    {
        int n = data.Rows, d = data.Columns, dimension = kernel.Homogeneous(d);
        PowerRows rows = new(n, dimension, kernel.Degree, Capacity(data, dimension));
        try
        {
            rows.Take(data, kernel);
            rows.Transpose();
            return rows;
        }
        catch
        {
            rows.Dispose();
            throw;
        }
    }

    /// <summary>How many entries the rows before have.</summary>
    public int Start(int row) => _rowStarts[row];

    /// <summary>The entries of a row.</summary>
    public SparseLine Row(int row) => Line(_columns, _values, _rowStarts[row], _rowStarts[row + 1]);

    /// <summary>The entries of a coordinate's column.</summary>
    public SparseLine Column(int coordinate) => Line(_rows, _columnValues, _columnStarts.Pointer[coordinate], _columnStarts.Pointer[coordinate + 1]);

    public void Dispose()
    {
        _columns.Dispose();
        _values.Dispose();
        _columnStarts.Dispose();
        _rows.Dispose();
        _columnValues.Dispose();
        _entryShares.Dispose();
    }

    /// <summary>Draws an entry with probability proportional to its squared length, from 1 + q uniform numbers.</summary>
    public void Draw(ReadOnlySpan<double> uniform, Span<int> entry)
    {
        int row = Search(_rowShares, uniform[0] * Trace);
        for (int k = 0; k < entry.Length; k++)
        {
            entry[k] = DrawCoordinate(row, uniform[k + 1]);
        }
    }

    /// <summary>A coordinate of a row that is not zero, with probability proportional to its square.</summary>
    public int DrawCoordinate(int row, double uniform)
    {
        int first = _rowStarts[row];
        ReadOnlySpan<double> shares = new(_entryShares.Pointer + first, _rowStarts[row + 1] - first);
        return _columns.Pointer[first + Search(shares, uniform * shares[^1])];
    }

    /// <summary>The probability of that.</summary>
    public double Share(int row, int coordinate)
    {
        SparseLine line = Row(row);
        int at = line.Places.BinarySearch(coordinate);
        double value = at >= 0 ? line.Values[at] : 0;
        return value * value / _entryShares.Pointer[_rowStarts[row + 1] - 1];
    }

    /// <summary>The squared length of a row of the tensor power.</summary>
    /// <param name="entry">Its coordinates.</param>
    /// <param name="power">Takes the row, n numbers; or is empty.</param>
    public double SquaredLength(ReadOnlySpan<int> entry, Span<double> power = default)
    {
        // Rows of the shortest column are looked up in the others.
        int shortest = entry[0];
        foreach (int i in entry)
        {
            shortest = Column(i).Places.Length < Column(shortest).Places.Length ? i : shortest;
        }

        double sum = 0;
        power.Clear();
        foreach (int row in Column(shortest).Places)
        {
            double product = 1;
            foreach (int i in entry)
            {
                SparseLine column = Column(i);
                int at = column.Places.BinarySearch(row);
                product *= at >= 0 ? column.Values[at] : 0;
            }

            if (!power.IsEmpty)
            {
                power[row] = product;
            }

            sum += product * product;
        }

        return sum;
    }

    /// <summary>The first place whose running sum is above a number; the last one that adds to the sum where rounding leaves none.</summary>
    public static int Search(ReadOnlySpan<double> sums, double value)
    {
        int low = 0, high = sums.Length - 1;
        while (low < high)
        {
            int middle = (low + high) / 2;
            if (sums[middle] > value)
            {
                high = middle;
            }
            else
            {
                low = middle + 1;
            }
        }

        while (low > 0 && sums[low] == sums[low - 1])
        {
            low--;
        }

        return low;
    }

    private void Take<T>(in FeatureRows<T> data, PolynomialKernel kernel)
        where T : unmanaged, INumberBase<T>
    {
        int d = data.Columns, count = 0;
        double gamma = Math.Sqrt(kernel.Gamma), constant = Math.Sqrt(kernel.Constant), longest = 0;
        int* columns = _columns.Pointer;
        double* values = _values.Pointer, shares = _entryShares.Pointer;
        T[] row = new T[data.IsSparse ? 0 : d];
        for (int j = 0; j < Rows; j++)
        {
            if (!data.IsSparse)
            {
                data.Dense.Slice(j, 0, 1, d).CopyTo(row.AsMatrix(1, d));
            }

            ReadOnlySpan<T> entries = data.IsSparse ? data.EntryValues(j) : row;
            ReadOnlySpan<int> places = data.IsSparse ? data.EntryColumns(j) : [];
            double square = 0;
            for (int p = 0; p < entries.Length; p++)
            {
                double value = gamma * double.CreateTruncating(entries[p]);
                if (value != 0)
                {
                    square += value * value;
                    (columns[count], values[count], shares[count++]) = (data.IsSparse ? places[p] : p, value, square);
                }
            }

            if (constant > 0)
            {
                square += constant * constant;
                (columns[count], values[count], shares[count++]) = (d, constant, square);
            }

            _rowStarts[j + 1] = count;
            _rowShares[j] = square;
            longest = Math.Max(longest, square);
        }

        if (longest == 0)
        {
            throw new ArgumentException("All rows are zero and the kernel has no constant: there is nothing to sample.", nameof(data));
        }

        Scale = Math.Sqrt(longest);
        Span<double> taken = new(values, count), squares = new(shares, count);
        TensorPrimitives.Divide(taken, Scale, taken);
        TensorPrimitives.Divide(squares, longest, squares);
        for (int j = 0; j < Rows; j++)
        {
            Trace += Math.Pow(_rowShares[j] / longest, Degree);
            _rowShares[j] = Trace;
        }
    }

    private void Transpose()
    {
        // Starts are counted one place further on: placing the entries moves them back.
        int* starts = _columnStarts.Pointer, columns = _columns.Pointer;
        _columnStarts.Clear();
        for (int p = 0; p < NonZeros; p++)
        {
            starts[columns[p] + 1]++;
        }

        for (int i = 0, start = 0; i < Dimension; i++)
        {
            int count = starts[i + 1];
            starts[i + 1] = start;
            start += count;
        }

        for (int j = 0; j < Rows; j++)
        {
            for (int p = _rowStarts[j]; p < _rowStarts[j + 1]; p++)
            {
                int at = starts[columns[p] + 1]++;
                (_rows.Pointer[at], _columnValues.Pointer[at]) = (j, _values.Pointer[p]);
            }
        }
    }

    private static SparseLine Line(in Scratch<int> places, in Scratch<double> values, int start, int end)
        => new(new ReadOnlySpan<int>(places.Pointer + start, end - start), new ReadOnlySpan<double>(values.Pointer + start, end - start));

    private static int Capacity<T>(in FeatureRows<T> data, int dimension)
        where T : unmanaged, INumberBase<T>
    {
        if (!data.IsSparse)
        {
            return checked(data.Rows * dimension);
        }

        int entries = checked(data.Rows * (dimension - data.Columns));
        for (int j = 0; j < data.Rows; j++)
        {
            entries = checked(entries + data.EntryValues(j).Length);
        }

        return entries;
    }
}

/// <summary>The entries of a row or of a column: ascending places and values.</summary>
internal readonly ref struct SparseLine(ReadOnlySpan<int> places, ReadOnlySpan<double> values)
{
    public ReadOnlySpan<int> Places { get; } = places;

    public ReadOnlySpan<double> Values { get; } = values;
}
