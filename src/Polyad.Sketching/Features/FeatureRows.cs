using System.Numerics;
using System.Numerics.Tensors;
using System.Runtime.CompilerServices;

namespace Polyad.Sketching;

/// <summary>
/// n rows of d numbers as every estimator takes them: a tensor, an array, a view with any strides, or a sparse matrix. Made by conversion (<c>map.Fit(x)</c>); nothing is copied.
/// </summary>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
public readonly ref struct FeatureRows<T>
    where T : unmanaged, INumberBase<T>
{
    private readonly ReadOnlyMatrixView<T> _dense;
    private readonly CsrMatrix<T>? _sparse;
    private readonly int _first;

    /// <summary>The rows of a dense matrix.</summary>
    public FeatureRows(scoped in ReadOnlyMatrixView<T> dense)
    {
        _dense = dense;
        (Rows, Columns) = (dense.Rows, dense.Columns);
    }

    /// <summary>The rows of a sparse matrix.</summary>
    public FeatureRows(CsrMatrix<T> sparse)
    {
        ArgumentNullException.ThrowIfNull(sparse);
        _sparse = sparse;
        (Rows, Columns) = (sparse.Rows, sparse.Columns);
    }

    private FeatureRows(CsrMatrix<T> sparse, int first, int rows)
    {
        _sparse = sparse;
        _first = first;
        (Rows, Columns) = (rows, sparse.Columns);
    }

    /// <summary>n, the number of rows.</summary>
    public int Rows { get; }

    /// <summary>d, the length of a row.</summary>
    public int Columns { get; }

    /// <summary>Whether the rows are those of a sparse matrix.</summary>
    public bool IsSparse => _sparse is not null;

    /// <summary>The rows as a dense matrix.</summary>
    /// <exception cref="InvalidOperationException">They are sparse: use <see cref="CopyTo"/>.</exception>
    public ReadOnlyMatrixView<T> Dense => IsSparse ? throw new InvalidOperationException("The rows are sparse; CopyTo makes a dense copy.") : _dense;

    /// <summary>Some of the rows.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The range leaves the rows.</exception>
    public FeatureRows<T> Slice(int first, int count)
    {
        if (_sparse is null)
        {
            return new FeatureRows<T>(_dense.Slice(first, 0, count, Columns));
        }

        ArgumentOutOfRangeException.ThrowIfNegative(first);
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, Rows - first);
        return new FeatureRows<T>(_sparse, _first + first, count);
    }

    /// <summary>The columns of the stored entries of one row of sparse rows, ascending.</summary>
    /// <exception cref="InvalidOperationException">The rows are dense.</exception>
    public ReadOnlySpan<int> EntryColumns(int row) => Sparse.ColumnIndices[Entries(row)];

    /// <summary>The stored entries of one row of sparse rows.</summary>
    /// <exception cref="InvalidOperationException">The rows are dense.</exception>
    public ReadOnlySpan<T> EntryValues(int row) => Sparse.Values[Entries(row)];

    /// <summary>Copies the rows, zeros included.</summary>
    /// <param name="destination">n x d.</param>
    /// <exception cref="ArgumentException">The shapes differ.</exception>
    public void CopyTo(in MatrixView<T> destination)
    {
        if (_sparse is null)
        {
            _dense.CopyTo(destination);
            return;
        }

        Arguments.Shape(destination, Rows, Columns);
        destination.Fill(T.Zero);
        for (int i = 0; i < Rows; i++)
        {
            ReadOnlySpan<int> columns = EntryColumns(i);
            ReadOnlySpan<T> values = EntryValues(i);
            for (int p = 0; p < columns.Length; p++)
            {
                destination[i, columns[p]] = values[p];
            }
        }
    }

    /// <summary>Copies some rows, in the order given, to a new dense matrix.</summary>
    /// <exception cref="ArgumentOutOfRangeException">An index leaves the rows.</exception>
    public Tensor<T> Gather(ReadOnlySpan<int> rows)
    {
        Tensor<T> gathered = FreshMemory.Zeros<T>([rows.Length, Columns]);
        MatrixView<T> target = gathered.AsMatrix();
        for (int i = 0; i < rows.Length; i++)
        {
            Slice(rows[i], 1).CopyTo(target.Slice(i, 0, 1, Columns));
        }

        return gathered;
    }

    /// <summary>C = X B. 2 n d D flops for dense rows, 2 entries D for sparse ones.</summary>
    /// <param name="b">d x D.</param>
    /// <param name="c">n x D, overwritten.</param>
    /// <param name="backend">The engine of the dense product.</param>
    /// <exception cref="ArgumentException">The shapes do not match.</exception>
    public void Multiply(in ReadOnlyMatrixView<T> b, in MatrixView<T> c, ILinearAlgebraBackend backend)
    {
        ArgumentNullException.ThrowIfNull(backend);
        if (_sparse is null)
        {
            backend.MatMul(T.One, _dense, b, T.Zero, c);
        }
        else
        {
            Owned().Multiply(T.One, b, T.Zero, c);
        }
    }

    /// <summary>The rows of a tensor of order 2.</summary>
    /// <exception cref="ArgumentException">The tensor is of another order.</exception>
    public static implicit operator FeatureRows<T>(Tensor<T> x)
    {
        ArgumentNullException.ThrowIfNull(x);
        return x.Rank == 2
            ? new FeatureRows<T>(x.AsReadOnlyMatrix())
            : throw new ArgumentException($"Rows of features are a matrix (n x d); given a tensor of order {x.Rank}.", nameof(x));
    }

    /// <summary>The rows of an array.</summary>
    public static implicit operator FeatureRows<T>(T[,] x) => new((ReadOnlyMatrixView<T>)x);

    /// <summary>The rows of a view.</summary>
    public static implicit operator FeatureRows<T>(ReadOnlyMatrixView<T> x) => new(x);

    /// <summary>The rows of a view.</summary>
    public static implicit operator FeatureRows<T>(MatrixView<T> x) => new(new ReadOnlyMatrixView<T>(ref x.GetPinnableReference(), x.Rows, x.Columns, x.RowStride, x.ColumnStride));

    /// <summary>The rows of a sparse matrix.</summary>
    public static implicit operator FeatureRows<T>(CsrMatrix<T> x) => new(x);

    /// <summary>The sparse matrix that the rows are part of, from its row <see cref="FirstRow"/> on.</summary>
    internal CsrMatrix<T>? Matrix => _sparse;

    /// <summary>Where the rows begin in <see cref="Matrix"/>.</summary>
    internal int FirstRow => _first;

    /// <summary>Where dense rows begin, for <c>fixed</c>; null for sparse ones.</summary>
    internal ref readonly T GetPinnableReference() => ref IsSparse ? ref Unsafe.NullRef<T>() : ref _dense.GetPinnableReference();

    /// <summary>"rows x columns".</summary>
    public override string ToString() => $"{Rows} x {Columns}";

    /// <summary>Refuses rows that are none, or hold NaN or infinity.</summary>
    internal void Check(string name)
    {
        if (Rows == 0 || Columns == 0)
        {
            throw new ArgumentException($"There must be at least one row and one column; given {Rows} x {Columns}.", name);
        }

        if (_sparse is null)
        {
            if (!FiniteCheck.All(_dense, out int row, out int column))
            {
                throw new NonFiniteInputException($"The rows ({Rows} x {Columns}) hold {_dense[row, column]} at [{row}, {column}].", name);
            }

            return;
        }

        for (int i = 0; i < Rows; i++)
        {
            ReadOnlySpan<T> values = EntryValues(i);
            if (!FiniteCheck.All(new ReadOnlyMatrixView<T>(values, 1, values.Length), out _, out int entry))
            {
                throw new NonFiniteInputException($"The sparse rows ({Rows} x {Columns}) hold {values[entry]} at [{i}, {EntryColumns(i)[entry]}].", name);
            }
        }
    }

    private CsrMatrix<T> Sparse => _sparse ?? throw new InvalidOperationException("The rows are dense; Dense views them.");

    /// <summary>The rows as a sparse matrix of their own. Copying the entries costs little beside a product, which reads a row of B for each.</summary>
    internal CsrMatrix<T> Owned()
    {
        if (Rows == Sparse.Rows)
        {
            return Sparse;
        }

        ReadOnlySpan<int> pointers = Sparse.RowPointers.Slice(_first, Rows + 1);
        int start = pointers[0];
        int[] own = new int[Rows + 1];
        for (int i = 0; i <= Rows; i++)
        {
            own[i] = pointers[i] - start;
        }

        Range entries = start..pointers[Rows];
        return new CsrMatrix<T>(Rows, Columns, own, Sparse.ColumnIndices[entries], Sparse.Values[entries]);
    }

    private Range Entries(int row)
    {
        ReadOnlySpan<int> pointers = Sparse.RowPointers;
        ArgumentOutOfRangeException.ThrowIfNegative(row);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(row, Rows);
        return pointers[_first + row]..pointers[_first + row + 1];
    }
}
