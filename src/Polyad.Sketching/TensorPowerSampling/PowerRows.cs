using System.Numerics;
using System.Numerics.Tensors;

namespace Polyad.Sketching;

/// <summary>
/// The homogeneous rows of a data set by rows and by columns, scaled so that the longest has length 1: then all powers are at most 1. Also the exact sampler of tensor entries by squared length: entry
/// I = (i1, ..., iq) of the powers has the squared length sum over rows j of x_j[i1]^2 ... x_j[iq]^2, a mixture over the rows of independent coordinates.
/// </summary>
internal sealed class PowerRows
{
    private readonly double[] _rowShares;
    private readonly double[] _entryShares;

    private PowerRows(CsrMatrix<double> rows, int degree, double scale)
    {
        (ByRow, ByColumn, Degree, Scale) = (rows, rows.Transpose(), degree, scale);
        ReadOnlySpan<int> pointers = rows.RowPointers;
        ReadOnlySpan<double> values = rows.Values;
        _rowShares = new double[rows.Rows];
        _entryShares = new double[values.Length];
        for (int j = 0; j < rows.Rows; j++)
        {
            double square = 0;
            for (int p = pointers[j]; p < pointers[j + 1]; p++)
            {
                square += values[p] * values[p];
                _entryShares[p] = square;
            }

            Trace += Math.Pow(square, degree);
            _rowShares[j] = Trace;
        }
    }

    /// <summary>n x d, with the constant.</summary>
    public CsrMatrix<double> ByRow { get; }

    /// <summary>The transpose.</summary>
    public CsrMatrix<double> ByColumn { get; }

    public int Rows => ByRow.Rows;

    /// <summary>The length of a row, with the constant.</summary>
    public int Dimension => ByRow.Columns;

    public int Degree { get; }

    /// <summary>What the rows were divided by.</summary>
    public double Scale { get; }

    /// <summary>The sum of the q-th powers of the squared lengths: the trace of the kernel matrix.</summary>
    public double Trace { get; }

    public static PowerRows Of<T>(in FeatureRows<T> data, PolynomialKernel kernel)
        where T : unmanaged, INumberBase<T>
    {
        int n = data.Rows, d = data.Columns, dimension = kernel.Homogeneous(d), count = 0;
        double gamma = Math.Sqrt(kernel.Gamma), constant = Math.Sqrt(kernel.Constant), longest = 0;
        int[] pointers = new int[n + 1], columns = new int[Capacity(data, dimension)];
        double[] values = new double[columns.Length];
        T[] row = new T[data.IsSparse ? 0 : d];
        for (int j = 0; j < n; j++)
        {
            if (!data.IsSparse)
            {
                data.Dense.Slice(j, 0, 1, d).CopyTo(row.AsMatrix(1, d));
            }

            ReadOnlySpan<T> entries = data.IsSparse ? data.EntryValues(j) : row;
            ReadOnlySpan<int> places = data.IsSparse ? data.EntryColumns(j) : [];
            for (int p = 0; p < entries.Length; p++)
            {
                double value = gamma * double.CreateTruncating(entries[p]);
                if (value != 0)
                {
                    (columns[count], values[count++]) = (data.IsSparse ? places[p] : p, value);
                }
            }

            if (constant > 0)
            {
                (columns[count], values[count++]) = (d, constant);
            }

            pointers[j + 1] = count;
            longest = Math.Max(longest, TensorPrimitives.SumOfSquares<double>(values.AsSpan(pointers[j], count - pointers[j])));
        }

        if (longest == 0)
        {
            throw new ArgumentException("All rows are zero and the kernel has no constant: there is nothing to sample.", nameof(data));
        }

        double scale = Math.Sqrt(longest);
        Array.Resize(ref columns, count);
        Array.Resize(ref values, count);
        TensorPrimitives.Divide(values, scale, values);
        return new(new CsrMatrix<double>(pointers, columns, values, n, dimension), kernel.Degree, scale);
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
        int first = ByRow.RowPointers[row];
        ReadOnlySpan<double> shares = _entryShares.AsSpan(first, ByRow.RowPointers[row + 1] - first);
        return ByRow.ColumnIndices[first + Search(shares, uniform * shares[^1])];
    }

    /// <summary>The probability of that.</summary>
    public double Share(int row, int coordinate)
    {
        int first = ByRow.RowPointers[row], count = ByRow.RowPointers[row + 1] - first, at = ByRow.ColumnIndices.Slice(first, count).BinarySearch(coordinate);
        double value = at >= 0 ? ByRow.Values[first + at] : 0;
        return value * value / _entryShares[first + count - 1];
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
            shortest = Column(i).Rows.Length < Column(shortest).Rows.Length ? i : shortest;
        }

        double sum = 0;
        power.Clear();
        foreach (int row in Column(shortest).Rows)
        {
            double product = 1;
            foreach (int i in entry)
            {
                SparseLine column = Column(i);
                int at = column.Rows.BinarySearch(row);
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

    /// <summary>The entries of a coordinate's column.</summary>
    public SparseLine Column(int coordinate)
    {
        int first = ByColumn.RowPointers[coordinate], count = ByColumn.RowPointers[coordinate + 1] - first;
        return new(ByColumn.ColumnIndices.Slice(first, count), ByColumn.Values.Slice(first, count));
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

/// <summary>The entries of a column: ascending rows and values.</summary>
internal readonly ref struct SparseLine(ReadOnlySpan<int> rows, ReadOnlySpan<double> values)
{
    public ReadOnlySpan<int> Rows { get; } = rows;

    public ReadOnlySpan<double> Values { get; } = values;
}
