using System.Numerics;
using System.Numerics.Tensors;

namespace Polyad.Sketching;

/// <summary>
/// The sketch S A of a matrix whose rows arrive in batches: each batch is multiplied by its columns of S and forgotten. Memory is D x k whatever the number of rows. Rows may come in any order and
/// more than once (they add up). For sparse sketches the way rows are cut into batches does not change a bit. Not safe for several threads at once.
/// </summary>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed class SketchAccumulator<T>
    where T : unmanaged, INumberBase<T>
{
    private readonly Tensor<T> _sum;
    private readonly ILinearAlgebraBackend? _backend;

    /// <summary>An accumulator of zero.</summary>
    /// <param name="sketch">S, with at least as many columns as rows will come.</param>
    /// <param name="width">k, the columns of A, at least 1.</param>
    /// <param name="backend">The engine; null for the current one at the time of each call.</param>
    /// <exception cref="ArgumentOutOfRangeException">The width is below 1.</exception>
    public SketchAccumulator(SketchOperator<T> sketch, int width, ILinearAlgebraBackend? backend = null)
    {
        ArgumentNullException.ThrowIfNull(sketch);
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        (Operator, _backend) = (sketch, backend);
        _sum = FreshMemory.Zeros<T>([sketch.Rows, width]);
    }

    /// <summary>S.</summary>
    public SketchOperator<T> Operator { get; }

    /// <summary>The row of A that <see cref="Add(in ReadOnlyMatrixView{T})"/> takes next.</summary>
    public int NextRow { get; private set; }

    /// <summary>Adds the next rows of A.</summary>
    /// <param name="rows">b x k.</param>
    /// <exception cref="ArgumentException">The rows have another width than k, or are more than S has columns left.</exception>
    public void Add(in ReadOnlyMatrixView<T> rows)
    {
        AddAt(NextRow, rows);
        NextRow += rows.Rows;
    }

    /// <inheritdoc cref="Add(in ReadOnlyMatrixView{T})"/>
    public void Add(Tensor<T> rows) => Add(rows.AsReadOnlyMatrix());

    /// <inheritdoc cref="Add(in ReadOnlyMatrixView{T})"/>
    public void Add(CsrMatrix<T> rows)
    {
        AddAt(NextRow, rows);
        NextRow += rows.Rows;
    }

    /// <summary>Adds rows of A that begin at row <paramref name="row"/>.</summary>
    /// <param name="row">The first row's number.</param>
    /// <param name="rows">b x k.</param>
    /// <exception cref="ArgumentException">The rows have another width than k, or do not lie among the columns of S.</exception>
    public void AddAt(int row, in ReadOnlyMatrixView<T> rows)
    {
        StreamedRows.Check(Operator.Columns, (int)_sum.Lengths[1], row, rows.Rows, rows.Columns);
        if (rows.Rows > 0)
        {
            Operator.Block(0, row, Operator.Rows, rows.Rows).Apply(T.One, rows, T.One, _sum.AsMatrix(), _backend);
        }
    }

    /// <inheritdoc cref="AddAt(int, in ReadOnlyMatrixView{T})"/>
    public void AddAt(int row, CsrMatrix<T> rows)
    {
        ArgumentNullException.ThrowIfNull(rows);
        StreamedRows.Check(Operator.Columns, (int)_sum.Lengths[1], row, rows.Rows, rows.Columns);
        if (rows.Rows > 0)
        {
            Operator.Block(0, row, Operator.Rows, rows.Rows).Apply(T.One, rows, T.One, _sum.AsMatrix());
        }
    }

    /// <summary>S A of what has come so far, unscaled: the accumulator's own memory, which the next rows change.</summary>
    internal Tensor<T> Sum => _sum;

    /// <summary>The sketch of what has come so far, scaled to an isometry in the mean: D x k.</summary>
    public Tensor<T> ToSketch()
    {
        Tensor<T> sketch = FreshMemory.Uninitialized<T>(_sum.Lengths);
        TensorPrimitives.Multiply(LinearAlgebra.Elements(_sum), T.CreateTruncating(Operator.IsometryScale), LinearAlgebra.Elements(sketch));
        return sketch;
    }
}
