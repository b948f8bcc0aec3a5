using System.Numerics;
using System.Numerics.Tensors;

namespace Polyad.Decomposition;

/// <summary>
/// Rows and columns of a matrix that is known by its elements, such that the cross of them interpolates it: elimination with pivots that are the largest of what is left (adaptive cross approximation: Bebendorf 2000).
/// A small matrix is asked for whole. Of a large one only rows and columns are: a pivot is then the largest of its row and of its column (rook pivoting), sought from columns that served before and from random ones.
/// </summary>
internal sealed class CrossPivots<T>(FunctionSource<T> source, MultiIndices rows, MultiIndices columns, double threshold, int maxRank, CounterRandom random)
    where T : unmanaged, INumberBase<T>
{
    /// <summary>Elements up to which a matrix is asked for whole.</summary>
    private const int WholeElements = 1 << 12;

    /// <summary>Alternations between row and column in the search of one pivot.</summary>
    private const int RookSteps = 4;

    /// <summary>Random columns in a row without a pivot that end the search.</summary>
    private const int Misses = 3;

    private readonly List<int> _pivotRows = [];
    private readonly List<int> _pivotColumns = [];

    /// <summary>For each pivot the residual column, m numbers, divided by the pivot.</summary>
    private readonly List<T[]> _left = [];

    /// <summary>For each pivot the residual row, n numbers.</summary>
    private readonly List<T[]> _right = [];

    /// <summary>The largest element seen.</summary>
    public double Largest { get; private set; }

    /// <summary>The pivots, at least one.</summary>
    /// <param name="served">Columns to begin with.</param>
    public (int[] Rows, int[] Columns) Choose(ReadOnlySpan<int> served)
    {
        int limit = Math.Min(maxRank, Math.Min(rows.Count, columns.Count));
        if ((long)rows.Count * columns.Count <= WholeElements)
        {
            Whole(limit);
        }
        else
        {
            Partial(served, limit);
        }

        if (_pivotRows.Count == 0)
        {
            _pivotRows.Add(0);
            _pivotColumns.Add(0);
        }

        return ([.. _pivotRows], [.. _pivotColumns]);
    }

    private void Whole(int limit)
    {
        int n = columns.Count;
        T[] residual = source.Block(rows, columns);
        Largest = residual.Max(Scalar.Magnitude);
        while (_pivotRows.Count < limit)
        {
            int at = IndexOfLargest(residual);
            int i = at / n, j = at % n;
            if (Scalar.Magnitude(residual[at]) <= threshold)
            {
                break;
            }

            T[] row = residual.AsSpan(i * n, n).ToArray();
            T pivot = row[j];
            for (int k = 0; k < rows.Count; k++)
            {
                Span<T> line = residual.AsSpan(k * n, n);
                T factor = -(line[j] / pivot);
                TensorPrimitives.MultiplyAdd(row, factor, line, line);
                line[j] = T.Zero;
            }

            residual.AsSpan(i * n, n).Clear();
            _pivotRows.Add(i);
            _pivotColumns.Add(j);
        }
    }

    private void Partial(ReadOnlySpan<int> served, int limit)
    {
        Served(served, limit);
        ulong drawn = 0;
        Span<int> one = stackalloc int[1];
        for (int missed = 0; missed < Misses && _pivotRows.Count < limit; drawn++)
        {
            random.Integers(one, columns.Count, drawn);
            if (_pivotColumns.Contains(one[0]) || !Rook(one[0]))
            {
                missed++;
            }
            else
            {
                missed = 0;
            }
        }
    }

    /// <summary>Takes pivots from all the given columns at once: their elements are asked for together, then the rows of the pivots.</summary>
    private void Served(ReadOnlySpan<int> served, int limit)
    {
        int m = rows.Count, count = served.Length;
        if (count == 0)
        {
            return;
        }

        T[] block = source.Block(rows, columns, [.. Enumerable.Range(0, m)], served);
        Largest = Math.Max(Largest, block.Max(Scalar.Magnitude));
        List<int> chosen = [];
        while (chosen.Count < Math.Min(count, limit))
        {
            int at = IndexOfLargest(block), i = at / count, j = at % count;
            if (Scalar.Magnitude(block[at]) <= threshold)
            {
                break;
            }

            T[] row = block.AsSpan(i * count, count).ToArray(), column = new T[m];
            for (int k = 0; k < m; k++)
            {
                Span<T> line = block.AsSpan(k * count, count);
                column[k] = line[j] / row[j];
                TensorPrimitives.MultiplyAdd(row, -column[k], line, line);
                line[j] = T.Zero;
            }

            block.AsSpan(i * count, count).Clear();
            chosen.Add(i);
            _pivotColumns.Add(served[j]);
            _left.Add(column);
        }

        int n = columns.Count;
        T[] lines = source.Block(rows, columns, [.. chosen], [.. Enumerable.Range(0, n)]);
        for (int k = 0; k < chosen.Count; k++)
        {
            _pivotRows.Add(chosen[k]);
            _right.Add(Row(chosen[k], lines.AsSpan(k * n, n), k));
        }
    }

    /// <summary>Searches a pivot from a column; false when the largest element that the search meets is not worth one.</summary>
    private bool Rook(int j)
    {
        int i = -1, count = _pivotRows.Count;
        T[] column = [], row = [];
        for (int step = 0; step < RookSteps; step++)
        {
            column = Column(j);
            int best = IndexOfLargest(column);
            if (Scalar.Magnitude(column[best]) <= threshold)
            {
                return false;
            }

            if (best == i)
            {
                break;
            }

            i = best;
            T[] line = source.Block(rows, columns, [i], [.. Enumerable.Range(0, columns.Count)]);
            Largest = Math.Max(Largest, line.Max(Scalar.Magnitude));
            row = Row(i, line, count);
            int next = IndexOfLargest(row);
            if (next == j || step == RookSteps - 1)
            {
                break;
            }

            j = next;
        }

        T pivot = column[i];
        TensorPrimitives.Divide(column, pivot, column);
        _pivotRows.Add(i);
        _pivotColumns.Add(j);
        _left.Add(column);
        _right.Add(row);
        return true;
    }

    /// <summary>What <paramref name="count"/> crosses leave of a row.</summary>
    private T[] Row(int i, ReadOnlySpan<T> elements, int count)
    {
        T[] residual = elements.ToArray();
        for (int k = 0; k < count; k++)
        {
            TensorPrimitives.MultiplyAdd(_right[k], -_left[k][i], residual, residual);
        }

        for (int k = 0; k < count; k++)
        {
            residual[_pivotColumns[k]] = T.Zero;
        }

        return residual;
    }

    private T[] Column(int j)
    {
        T[] residual = source.Block(rows, columns, [.. Enumerable.Range(0, rows.Count)], [j]);
        Largest = Math.Max(Largest, residual.Max(Scalar.Magnitude));
        for (int k = 0; k < _left.Count; k++)
        {
            TensorPrimitives.MultiplyAdd(_left[k], -_right[k][j], residual, residual);
        }

        foreach (int pivot in _pivotRows)
        {
            residual[pivot] = T.Zero;
        }

        return residual;
    }

    private static int IndexOfLargest(ReadOnlySpan<T> values)
    {
        int best = 0;
        for (int i = 1; i < values.Length; i++)
        {
            best = Scalar.Magnitude(values[i]) > Scalar.Magnitude(values[best]) ? i : best;
        }

        return best;
    }
}
