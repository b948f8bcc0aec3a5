using System.Numerics;

namespace Polyad.Sketching;

/// <summary>
/// The homogeneous rows of a data set by rows and by columns, scaled so that the longest has length 1: then all powers are at most 1. Also the exact sampler of tensor entries by squared length: entry
/// I = (i1, ..., iq) of the powers has the squared length sum over rows j of x_j[i1]^2 ... x_j[iq]^2, a mixture over the rows of independent coordinates.
/// </summary>
internal sealed class PowerRows
{
    private readonly double[] _rowShares;
    private readonly double[] _entryShares;

    private PowerRows(int rows, int dimension, int degree, double scale, int[] pointers, int[] columns, double[] values)
    {
        (Rows, Dimension, Degree, Scale, Pointers, Columns, Values) = (rows, dimension, degree, scale, pointers, columns, values);
        ColumnPointers = new int[dimension + 1];
        foreach (int column in columns)
        {
            ColumnPointers[column + 1]++;
        }

        for (int i = 0; i < dimension; i++)
        {
            ColumnPointers[i + 1] += ColumnPointers[i];
        }

        (RowIndices, ColumnValues) = (new int[columns.Length], new double[columns.Length]);
        int[] next = ColumnPointers[..^1];
        _rowShares = new double[rows];
        _entryShares = new double[columns.Length];
        for (int j = 0; j < rows; j++)
        {
            double square = 0;
            for (int p = pointers[j]; p < pointers[j + 1]; p++)
            {
                int at = next[columns[p]]++;
                (RowIndices[at], ColumnValues[at]) = (j, values[p]);
                square += values[p] * values[p];
                _entryShares[p] = square;
            }

            Trace += Math.Pow(square, degree);
            _rowShares[j] = Trace;
        }
    }

    public int Rows { get; }

    /// <summary>The length of a row, with the constant.</summary>
    public int Dimension { get; }

    public int Degree { get; }

    /// <summary>What the rows were divided by.</summary>
    public double Scale { get; }

    public int[] Pointers { get; }

    public int[] Columns { get; }

    public double[] Values { get; }

    public int[] ColumnPointers { get; }

    public int[] RowIndices { get; }

    public double[] ColumnValues { get; }

    /// <summary>The sum of the q-th powers of the squared lengths: the trace of the kernel matrix.</summary>
    public double Trace { get; }

    public static PowerRows Of<T>(in FeatureRows<T> data, PolynomialKernel kernel)
        where T : unmanaged, INumberBase<T>
    {
        int n = data.Rows, d = data.Columns;
        double gamma = Math.Sqrt(kernel.Gamma), constant = Math.Sqrt(kernel.Constant), longest = 0;
        int[] pointers = new int[n + 1];
        List<int> columns = [];
        List<double> values = [];
        T[] row = new T[d];
        for (int j = 0; j < n; j++)
        {
            double square = 0;
            if (data.IsSparse)
            {
                ReadOnlySpan<int> places = data.EntryColumns(j);
                ReadOnlySpan<T> entries = data.EntryValues(j);
                for (int p = 0; p < places.Length; p++)
                {
                    Add(places[p], gamma * double.CreateTruncating(entries[p]));
                }
            }
            else
            {
                data.Dense.Slice(j, 0, 1, d).CopyTo(row.AsMatrix(1, d));
                for (int i = 0; i < d; i++)
                {
                    Add(i, gamma * double.CreateTruncating(row[i]));
                }
            }

            Add(d, constant);
            pointers[j + 1] = columns.Count;
            longest = Math.Max(longest, square);

            void Add(int column, double value)
            {
                if (value != 0)
                {
                    columns.Add(column);
                    values.Add(value);
                    square += value * value;
                }
            }
        }

        if (longest == 0)
        {
            throw new ArgumentException("All rows are zero and the kernel has no constant: there is nothing to sample.", nameof(data));
        }

        double scale = Math.Sqrt(longest);
        double[] numbers = [.. values.Select(v => v / scale)];
        return new(n, kernel.Homogeneous(d), kernel.Degree, scale, pointers, [.. columns], numbers);
    }

    /// <summary>Draws an entry with probability proportional to its squared length, from 1 + q uniform numbers.</summary>
    public void Draw(ReadOnlySpan<double> uniform, Span<int> entry)
    {
        int row = Search(_rowShares, 0, Rows, uniform[0] * Trace), first = Pointers[row], end = Pointers[row + 1];
        double square = _entryShares[end - 1];
        for (int k = 0; k < entry.Length; k++)
        {
            entry[k] = Columns[Search(_entryShares, first, end, uniform[k + 1] * square)];
        }
    }

    /// <summary>The squared length of a row of the tensor power.</summary>
    public double SquaredLength(ReadOnlySpan<int> entry)
    {
        // Rows of the shortest column are looked up in the others.
        int shortest = entry[0];
        foreach (int i in entry)
        {
            shortest = ColumnPointers[i + 1] - ColumnPointers[i] < ColumnPointers[shortest + 1] - ColumnPointers[shortest] ? i : shortest;
        }

        double sum = 0;
        for (int p = ColumnPointers[shortest]; p < ColumnPointers[shortest + 1]; p++)
        {
            double product = 1;
            foreach (int i in entry)
            {
                int at = Array.BinarySearch(RowIndices, ColumnPointers[i], ColumnPointers[i + 1] - ColumnPointers[i], RowIndices[p]);
                double value = at >= 0 ? ColumnValues[at] : 0;
                product *= value * value;
            }

            sum += product;
        }

        return sum;
    }

    /// <summary>The first place whose running sum is above a number; the last one that adds to the sum where rounding leaves none.</summary>
    public static int Search(double[] sums, int first, int end, double value)
    {
        int low = first, high = end - 1;
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

        while (low > first && sums[low] == sums[low - 1])
        {
            low--;
        }

        return low;
    }
}
