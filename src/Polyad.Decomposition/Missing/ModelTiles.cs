using System.Numerics;
using System.Numerics.Tensors;
using System.Runtime.CompilerServices;

namespace Polyad.Decomposition;

/// <summary>
/// The entries of a CP model with unit weights, tile by tile: the full tensor is the product of the Khatri-Rao products of the leading and of the trailing modes, of which a tile (some rows, some
/// columns) is formed at a time. Nothing of the tensor's size is stored. Tiles are cut by the shape alone.
/// </summary>
internal sealed unsafe class ModelTiles<T>
    where T : unmanaged, INumberBase<T>
{
    private const int MostRows = 64;
    private const int MostColumns = 2048;

    private readonly T[] _left;
    private readonly T[] _right;
    private readonly int _rank;
    private readonly int _split;
    private readonly nint[] _lengths;
    private readonly ILinearAlgebraBackend _backend;

    /// <param name="lengths">The shape of the tensor.</param>
    /// <param name="rank">The components of the models.</param>
    /// <param name="backend">The engine.</param>
    public ModelTiles(nint[] lengths, int rank, ILinearAlgebraBackend backend)
    {
        _lengths = lengths;
        _rank = rank;
        _backend = backend;
        _split = KhatriRaoProduct.Split(lengths);
        Rows = DenseData.Product(lengths.AsSpan(0, _split));
        Columns = DenseData.Product(lengths.AsSpan(_split));
        _left = new T[checked(Rows * rank)];
        _right = new T[checked(Columns * rank)];
    }

    /// <summary>Told of one tile: element (row + i, column + j) of the matrix at [i * columns + j].</summary>
    public delegate void Told(ReadOnlySpan<T> values);

    /// <summary>Rows of the matrix: the product of the leading lengths.</summary>
    public int Rows { get; }

    /// <summary>Its columns: the product of the trailing lengths.</summary>
    public int Columns { get; }

    public int Count => ((Rows + MostRows - 1) / MostRows) * Across;

    private int Across => (Columns + MostColumns - 1) / MostColumns;

    /// <summary>Takes a model: dense I_n x R factors.</summary>
    public void Take(IReadOnlyList<Tensor<T>> factors)
    {
        Fill(factors, 0, _split, _left, Rows);
        Fill(factors, _split, _lengths.Length, _right, Columns);
    }

    /// <summary>Where a tile lies.</summary>
    public Tile At(int index)
    {
        int row = index / Across * MostRows, column = index % Across * MostColumns;
        return new Tile(row, column, Math.Min(MostRows, Rows - row), Math.Min(MostColumns, Columns - column));
    }

    /// <summary>Forms one tile; tiles may be formed side by side.</summary>
    public void Form(in Tile tile, Told told)
    {
        using Scratch<T> scratch = Workspace.Rent<T>((nint)tile.Rows * tile.Columns);
        ReadOnlyMatrixView<T> left = new(_left.AsSpan(tile.Row * _rank, tile.Rows * _rank), tile.Rows, _rank), right = new(_right.AsSpan(tile.Column * _rank, tile.Columns * _rank), tile.Columns, _rank);
        _backend.MatMul(T.One, left, right.Transpose, T.Zero, new MatrixView<T>(scratch.Span, tile.Rows, tile.Columns));
        told(scratch.Span);
    }

    /// <summary>Some entries of one row of the matrix.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Gather(int row, ReadOnlySpan<int> columns, Span<T> values)
    {
        int whole = _rank - (_rank % Vector<T>.Count);
        fixed (T* leftRows = _left, right = _right)
        {
            T* left = leftRows + ((nint)row * _rank);
            for (int c = 0; c < columns.Length; c++)
            {
                T* other = right + ((nint)columns[c] * _rank);
                Vector<T> sums = Vector<T>.Zero;
                int r = 0;
                for (; r < whole; r += Vector<T>.Count)
                {
                    sums += Vector.Load(left + r) * Vector.Load(other + r);
                }

                T sum = Vector.Sum(sums);
                for (; r < _rank; r++)
                {
                    sum += left[r] * other[r];
                }

                values[c] = sum;
            }
        }
    }

    private void Fill(IReadOnlyList<Tensor<T>> factors, int from, int to, T[] rows, int count)
    {
        // The factors are small beside their product: copies need no pinning.
        using Scratch<T> copies = Workspace.Rent<T>(factors.Skip(from).Take(to - from).Sum(static f => (int)f.FlattenedLength));
        nint[] addresses = new nint[to - from];
        T* next = copies.Pointer;
        for (int n = from; n < to; next += factors[n++].FlattenedLength)
        {
            addresses[n - from] = (nint)next;
            DenseData.Elements(factors[n]).CopyTo(new Span<T>(next, (int)factors[n].FlattenedLength));
        }

        fixed (T* target = rows)
        {
            new KhatriRaoRows<T>(addresses, _lengths[from..to], _rank).Fill(0, count, target);
        }
    }

    /// <summary>A part of the matrix.</summary>
    internal readonly record struct Tile(int Row, int Column, int Rows, int Columns);
}
