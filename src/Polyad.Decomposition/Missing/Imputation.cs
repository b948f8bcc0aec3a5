using System.Numerics;
using System.Numerics.Tensors;
using System.Runtime.CompilerServices;

namespace Polyad.Decomposition;

/// <summary>
/// A tensor Y = W X + (1 - W) M that follows a CP model M in the entries with weights below 1. Where these are few in a tile each is evaluated by itself, R multiplications; where they are many
/// the tile is formed. Sums are over fixed tiles, added in order.
/// </summary>
internal sealed unsafe class Imputation<T>
    where T : unmanaged, INumberBase<T>
{
    /// <summary>A tile with more than one such entry in so many is formed as a whole.</summary>
    private const int Sparse = 7;

    private readonly IncompleteTensor<T> _tensor;
    private readonly Tensor<T> _values;
    private readonly ILinearAlgebraBackend _backend;
    private readonly ModelTiles<T> _model;
    private readonly int _rank;
    private readonly int[] _cells;
    private readonly int[] _starts;
    private readonly double[] _seen;

    /// <param name="tensor">The weights.</param>
    /// <param name="values">X, 0 where nothing was seen.</param>
    /// <param name="rank">The components of the models.</param>
    /// <param name="backend">The engine.</param>
    public Imputation(IncompleteTensor<T> tensor, Tensor<T> values, int rank, ILinearAlgebraBackend backend)
    {
        _tensor = tensor;
        _values = values;
        _backend = backend;
        _rank = rank;
        _model = new ModelTiles<T>(values.Lengths.ToArray(), rank, backend);
        Filled = DenseData.Copy(values);
        _seen = new double[_model.Count];
        _starts = new int[_model.Rows + 1];
        _cells = FindCells();
        for (int t = 0; t < _seen.Length; t++)
        {
            _seen[t] = SeenSquare(_model.At(t));
        }
    }

    /// <summary>Y; rewritten by <see cref="Fill"/>.</summary>
    public Tensor<T> Filled { get; }

    /// <summary>||Y||^2.</summary>
    public double Square { get; private set; }

    /// <summary>
    /// Makes Y follow a model with unit weights. With Y before and M' this model, returns ||Y - M'||^2 - sum w (x - m')^2
    /// = sum over w &lt; 1 of ((y - y')^2 - w (y - x)^2) / (1 - w), y' being what y becomes.
    /// </summary>
    public double Fill(IReadOnlyList<Tensor<T>> factors)
    {
        _model.Take(factors);
        double[] squares = new double[_model.Count], excesses = new double[_model.Count];
        int threads = _backend.Parallelism.Min(Parallelism.Current).ThreadsForFlops(2.0 * _rank * _cells.Length);
        SlabLoop.Run(_model.Count, threads, index => (squares[index], excesses[index]) = FillTile(index));
        Square = squares.Sum();
        return excesses.Sum();
    }

    private (double Square, double Excess) FillTile(int index)
    {
        ModelTiles<T>.Tile tile = _model.At(index);
        double square = _seen[index], excess = 0;
        int count = 0;
        for (int row = tile.Row; row < tile.Row + tile.Rows; row++)
        {
            count += Cells(row, tile).Length;
        }

        if (count * Sparse <= tile.Rows * tile.Columns)
        {
            using Scratch<T> scratch = Workspace.Rent<T>(tile.Columns);
            for (int row = tile.Row; row < tile.Row + tile.Rows && count > 0; row++)
            {
                ReadOnlySpan<int> cells = Cells(row, tile);
                _model.Gather(row, cells, scratch.Span);
                Scatter(row, cells, scratch.Span, ref square, ref excess);
            }
        }
        else if (_tensor.IsBinary)
        {
            square = 0;
            _model.Form(tile, values => Overwrite(tile, values, ref square, ref excess));
        }
        else
        {
            _model.Form(tile, values =>
            {
                using Scratch<T> scratch = Workspace.Rent<T>(tile.Columns);
                for (int row = tile.Row; row < tile.Row + tile.Rows; row++)
                {
                    ReadOnlySpan<int> cells = Cells(row, tile);
                    int from = ((row - tile.Row) * tile.Columns) - tile.Column;
                    for (int c = 0; c < cells.Length; c++)
                    {
                        scratch.Pointer[c] = values[from + cells[c]];
                    }

                    Scatter(row, cells, scratch.Span, ref square, ref excess);
                }
            });
        }

        return (square, excess);
    }

    /// <summary>The model's values in the unseen or partly seen entries of one row of a tile.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Scatter(int row, ReadOnlySpan<int> cells, ReadOnlySpan<T> model, ref double square, ref double excess)
    {
        int at = row * _model.Columns, columns = _model.Columns;
        fixed (T* filled = DenseData.Elements(Filled).Slice(at, columns))
        {
            if (_tensor.IsBinary)
            {
                for (int c = 0; c < cells.Length; c++)
                {
                    T next = model[c], moved = filled[cells[c]] - next;
                    filled[cells[c]] = next;
                    square += Scalar.Square(next);
                    excess += Scalar.Square(moved);
                }

                return;
            }

            ReadOnlySpan<T> x = DenseData.Elements(_values).Slice(at, columns), weights = DenseData.Elements(_tensor.Weights).Slice(at, columns);
            for (int c = 0; c < cells.Length; c++)
            {
                int i = cells[c];
                double w = double.CreateTruncating(weights[i]), before = double.CreateTruncating(filled[i]), value = double.CreateTruncating(x[i]);
                double next = (w * value) + ((1 - w) * double.CreateTruncating(model[c]));
                filled[i] = T.CreateTruncating(next);
                square += next * next;
                excess += (((before - next) * (before - next)) - (w * (before - value) * (before - value))) / (1 - w);
            }
        }
    }

    /// <summary>A whole tile with weights 0 and 1: y' = x + (1 - w) m', x being 0 where nothing was seen; seen entries do not change.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Overwrite(in ModelTiles<T>.Tile tile, ReadOnlySpan<T> model, ref double square, ref double excess)
    {
        fixed (T* y = DenseData.Elements(Filled), values = DenseData.Elements(_values), weights = DenseData.Elements(_tensor.Weights), formed = model)
        {
            for (int row = 0; row < tile.Rows; row++)
            {
                nint at = ((nint)(tile.Row + row) * _model.Columns) + tile.Column;
                T* filled = y + at, x = values + at, w = weights + at, m = formed + ((nint)row * tile.Columns);
                Vector<T> squares = Vector<T>.Zero, changes = Vector<T>.Zero;
                int i = 0;
                for (; i <= tile.Columns - Vector<T>.Count; i += Vector<T>.Count)
                {
                    Vector<T> next = Vector.Load(x + i) + ((Vector<T>.One - Vector.Load(w + i)) * Vector.Load(m + i)), change = Vector.Load(filled + i) - next;
                    squares += next * next;
                    changes += change * change;
                    next.Store(filled + i);
                }

                square += double.CreateTruncating(Vector.Sum(squares));
                excess += double.CreateTruncating(Vector.Sum(changes));
                for (; i < tile.Columns; i++)
                {
                    T next = x[i] + ((T.One - w[i]) * m[i]);
                    square += Scalar.Square(next);
                    excess += Scalar.Square(filled[i] - next);
                    filled[i] = next;
                }
            }
        }
    }

    /// <summary>The columns of a row's entries with weights below 1 that lie in a tile.</summary>
    private ReadOnlySpan<int> Cells(int row, in ModelTiles<T>.Tile tile)
    {
        ReadOnlySpan<int> cells = _cells.AsSpan(_starts[row], _starts[row + 1] - _starts[row]);
        int from = cells.BinarySearch(tile.Column), to = cells.BinarySearch(tile.Column + tile.Columns);
        return cells[(from < 0 ? ~from : from)..(to < 0 ? ~to : to)];
    }

    private int[] FindCells()
    {
        ReadOnlySpan<T> weights = DenseData.Elements(_tensor.Weights);
        List<int> cells = [];
        for (int row = 0; row < _model.Rows; row++)
        {
            ReadOnlySpan<T> line = weights.Slice(row * _model.Columns, _model.Columns);
            for (int i = 0; i < line.Length; i++)
            {
                if (line[i] != T.One)
                {
                    cells.Add(i);
                }
            }

            _starts[row + 1] = cells.Count;
        }

        return [.. cells];
    }

    private double SeenSquare(in ModelTiles<T>.Tile tile)
    {
        ReadOnlySpan<T> weights = DenseData.Elements(_tensor.Weights), x = DenseData.Elements(_values);
        double sum = 0;
        for (int row = tile.Row; row < tile.Row + tile.Rows; row++)
        {
            int at = (row * _model.Columns) + tile.Column;
            for (int i = at; i < at + tile.Columns; i++)
            {
                sum += weights[i] == T.One ? Scalar.Square(x[i]) : 0;
            }
        }

        return sum;
    }
}
