using System.Numerics;
using System.Numerics.Tensors;
using System.Runtime.CompilerServices;
using Polyad.Managed;

namespace Polyad;

/// <summary>
/// A sparse matrix by compressed rows: the entries of row i are <c>RowPointers[i]</c> to <c>RowPointers[i + 1]</c> of <see cref="ColumnIndices"/> (ascending, none twice) and <see cref="Values"/>.
/// It does not change after it is built. Products are the same for any number of threads.
/// </summary>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed unsafe partial class CsrMatrix<T>
    where T : unmanaged, INumberBase<T>
{
    private readonly int[] _pointers;
    private readonly int[] _columns;
    private readonly T[] _values;

    /// <summary>Copies and checks the three arrays.</summary>
    /// <param name="rows">Number of rows.</param>
    /// <param name="columns">Number of columns.</param>
    /// <param name="rowPointers">rows + 1 numbers that do not decrease, from 0 to the number of entries.</param>
    /// <param name="columnIndices">The column of each entry, ascending within a row.</param>
    /// <param name="values">The entries.</param>
    /// <exception cref="ArgumentException">The arrays do not describe a rows x columns matrix.</exception>
    public CsrMatrix(int rows, int columns, ReadOnlySpan<int> rowPointers, ReadOnlySpan<int> columnIndices, ReadOnlySpan<T> values)
        : this(rowPointers.ToArray(), columnIndices.ToArray(), values.ToArray(), rows, columns)
    {
    }

    /// <summary>Takes the arrays as they are.</summary>
    internal CsrMatrix(int[] pointers, int[] indices, T[] values, int rows, int columns)
    {
        Arguments.Supported<T>();
        ArgumentOutOfRangeException.ThrowIfNegative(rows);
        ArgumentOutOfRangeException.ThrowIfNegative(columns);
        if (pointers.Length != rows + 1L || pointers[0] != 0 || pointers[^1] != indices.Length || indices.Length != values.Length)
        {
            throw new ArgumentException(
                $"A {rows} x {columns} matrix needs {rows + 1L} row pointers from 0 to the number of entries; there are {pointers.Length}, {indices.Length} columns and {values.Length} values.", nameof(pointers));
        }

        for (int i = 0; i < rows; i++)
        {
            if (pointers[i + 1] < pointers[i] || pointers[i + 1] > indices.Length)
            {
                throw new ArgumentException($"The row pointers of a {rows} x {columns} matrix leave their order at row {i}.", nameof(pointers));
            }

            for (int p = pointers[i]; p < pointers[i + 1]; p++)
            {
                if ((uint)indices[p] >= (uint)columns || (p > pointers[i] && indices[p] <= indices[p - 1]))
                {
                    throw new ArgumentException($"Column {indices[p]} in row {i} of a {rows} x {columns} matrix is out of range, repeated or out of order.", nameof(indices));
                }
            }
        }

        (Rows, Columns, _pointers, _columns, _values) = (rows, columns, pointers, indices, values);
    }

    /// <summary>Number of rows.</summary>
    public int Rows { get; }

    /// <summary>Number of columns.</summary>
    public int Columns { get; }

    /// <summary>Number of stored entries.</summary>
    public int NonZeros => _values.Length;

    /// <summary>Where each row begins; rows + 1 numbers.</summary>
    public ReadOnlySpan<int> RowPointers => _pointers;

    /// <summary>The column of each entry.</summary>
    public ReadOnlySpan<int> ColumnIndices => _columns;

    /// <summary>The entries, row by row.</summary>
    public ReadOnlySpan<T> Values => _values;

    /// <summary>Builds a matrix from triplets in any order; entries of one place are added, in the order given.</summary>
    /// <exception cref="ArgumentException">The spans differ in length, or an index is out of range.</exception>
    public static CsrMatrix<T> FromTriplets(int rows, int columns, ReadOnlySpan<int> rowIndices, ReadOnlySpan<int> columnIndices, ReadOnlySpan<T> values)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(rows);
        ArgumentOutOfRangeException.ThrowIfNegative(columns);
        Arguments.Length(columnIndices, rowIndices.Length);
        Arguments.Length(values, rowIndices.Length);
        long[] places = new long[values.Length];
        int[] order = new int[values.Length];
        for (int t = 0; t < places.Length; t++)
        {
            if ((uint)rowIndices[t] >= (uint)rows || (uint)columnIndices[t] >= (uint)columns)
            {
                throw new ArgumentException($"Triplet {t} is at ({rowIndices[t]}, {columnIndices[t]}), outside a {rows} x {columns} matrix.", nameof(rowIndices));
            }

            places[t] = ((long)rowIndices[t] * columns) + columnIndices[t];
            order[t] = t;
        }

        Array.Sort(order, (a, b) => places[a] != places[b] ? places[a].CompareTo(places[b]) : a.CompareTo(b));
        int[] pointers = new int[rows + 1];
        List<int> kept = new(order.Length);
        List<T> sums = new(order.Length);
        long last = -1;
        foreach (int t in order)
        {
            if (places[t] == last)
            {
                sums[^1] += values[t];
                continue;
            }

            last = places[t];
            kept.Add(columnIndices[t]);
            sums.Add(values[t]);
            pointers[rowIndices[t] + 1]++;
        }

        for (int i = 0; i < rows; i++)
        {
            pointers[i + 1] += pointers[i];
        }

        return new(pointers, [.. kept], [.. sums], rows, columns);
    }

    /// <summary>The entries of a dense matrix that are not zero; NaN and infinity are kept. O(rows columns).</summary>
    /// <exception cref="OverflowException">There are 2^31 or more.</exception>
    public static CsrMatrix<T> FromDense(in ReadOnlyMatrixView<T> a)
    {
        int[] pointers = new int[a.Rows + 1];
        fixed (T* p = a)
        {
            MatrixBlock<T> block = Pinned.Block(a, p);
            for (int i = 0; i < a.Rows; i++)
            {
                pointers[i + 1] = checked(pointers[i] + NonZerosOf(block.Slice(i, 0, 1, a.Columns), default, default));
            }

            int[] columns = new int[pointers[^1]];
            T[] values = new T[columns.Length];
            for (int i = 0; i < a.Rows; i++)
            {
                NonZerosOf(block.Slice(i, 0, 1, a.Columns), columns.AsSpan(pointers[i]), values.AsSpan(pointers[i]));
            }

            return new(pointers, columns, values, a.Rows, a.Columns);
        }
    }

    /// <inheritdoc cref="FromDense(in ReadOnlyMatrixView{T})"/>
    public static CsrMatrix<T> FromDense(Tensor<T> a) => FromDense(a.AsReadOnlyMatrix());

    /// <summary>The same matrix with every entry stored.</summary>
    public Tensor<T> ToDense()
    {
        Tensor<T> dense = FreshMemory.Zeros<T>([Rows, Columns]);
        Span<T> elements = LinearAlgebra.Elements(dense);
        for (int i = 0; i < Rows; i++)
        {
            for (int p = _pointers[i]; p < _pointers[i + 1]; p++)
            {
                elements[(int)(((long)i * Columns) + _columns[p])] = _values[p];
            }
        }

        return dense;
    }

    /// <summary>Counts the entries of a row that are not zero, and lists them where there is room.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static int NonZerosOf(in MatrixBlock<T> row, Span<int> columns, Span<T> values)
    {
        int count = 0;
        for (int j = 0; j < row.Columns; j++)
        {
            T value = row.Data[j * row.ColumnStride];
            if (T.IsZero(value))
            {
                continue;
            }

            if (!columns.IsEmpty)
            {
                (columns[count], values[count]) = (j, value);
            }

            count++;
        }

        return count;
    }

    /// <summary>The transpose, by counting; O(entries + rows + columns).</summary>
    public CsrMatrix<T> Transpose()
    {
        int[] pointers = new int[Columns + 1], rows = new int[NonZeros];
        T[] values = new T[NonZeros];
        foreach (int column in _columns)
        {
            pointers[column + 1]++;
        }

        for (int j = 0; j < Columns; j++)
        {
            pointers[j + 1] += pointers[j];
        }

        int[] next = pointers[..^1];
        for (int i = 0; i < Rows; i++)
        {
            for (int p = _pointers[i]; p < _pointers[i + 1]; p++)
            {
                int at = next[_columns[p]]++;
                rows[at] = i;
                values[at] = _values[p];
            }
        }

        return new(pointers, rows, values, Columns, Rows);
    }
}
