using System.Numerics;
using System.Numerics.Tensors;

namespace Polyad.Sketching;

/// <summary>The complex sketch S A of a matrix whose rows arrive in batches, as <see cref="SketchAccumulator{T}"/>: memory is D x k whatever the number of rows. Not safe for several threads at once.</summary>
/// <remarks>A batch costs a product with its columns of S; with <see cref="SrftSketch"/> k transforms of full length whatever its size, so that large batches are cheaper there.</remarks>
public sealed class ComplexSketchAccumulator
{
    private readonly Tensor<Complex> _sum;
    private readonly ILinearAlgebraBackend? _backend;

    /// <summary>An accumulator of zero.</summary>
    /// <param name="sketch">S, with at least as many columns as rows will come.</param>
    /// <param name="width">k, the columns of A, at least 1.</param>
    /// <param name="backend">The engine; null for the current one at the time of each call.</param>
    /// <exception cref="ArgumentOutOfRangeException">The width is below 1.</exception>
    public ComplexSketchAccumulator(ComplexSketchOperator sketch, int width, ILinearAlgebraBackend? backend = null)
    {
        ArgumentNullException.ThrowIfNull(sketch);
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        (Operator, _backend) = (sketch, backend);
        _sum = FreshMemory.Zeros<Complex>([sketch.Rows, width]);
    }

    /// <summary>S.</summary>
    public ComplexSketchOperator Operator { get; }

    /// <summary>The row of A that <see cref="Add(in ReadOnlyMatrixView{double})"/> takes next.</summary>
    public int NextRow { get; private set; }

    /// <summary>Adds the next rows of A.</summary>
    /// <param name="rows">b x k.</param>
    /// <exception cref="ArgumentException">The rows have another width than k, or are more than S has columns left.</exception>
    public void Add(in ReadOnlyMatrixView<double> rows)
    {
        AddAt(NextRow, rows);
        NextRow += rows.Rows;
    }

    /// <inheritdoc cref="Add(in ReadOnlyMatrixView{double})"/>
    public void Add(Tensor<double> rows) => Add(rows.AsReadOnlyMatrix());

    /// <inheritdoc cref="Add(in ReadOnlyMatrixView{double})"/>
    public void Add(in ReadOnlyMatrixView<Complex> rows)
    {
        AddAt(NextRow, rows);
        NextRow += rows.Rows;
    }

    /// <inheritdoc cref="Add(in ReadOnlyMatrixView{double})"/>
    public void Add(CsrMatrix<double> rows)
    {
        AddAt(NextRow, rows);
        NextRow += rows.Rows;
    }

    /// <summary>Adds rows of A that begin at row <paramref name="row"/>.</summary>
    /// <param name="row">The first row's number.</param>
    /// <param name="rows">b x k.</param>
    /// <exception cref="ArgumentException">The rows have another width than k, or do not lie among the columns of S.</exception>
    public void AddAt(int row, in ReadOnlyMatrixView<double> rows)
    {
        StreamedRows.Check(Operator.Columns, (int)_sum.Lengths[1], row, rows.Rows, rows.Columns);
        if (rows.Rows > 0)
        {
            Operator.Block(0, row, Operator.Rows, rows.Rows).Apply(Complex.One, rows, Complex.One, _sum.AsMatrix(), _backend);
        }
    }

    /// <inheritdoc cref="AddAt(int, in ReadOnlyMatrixView{double})"/>
    public void AddAt(int row, in ReadOnlyMatrixView<Complex> rows)
    {
        StreamedRows.Check(Operator.Columns, (int)_sum.Lengths[1], row, rows.Rows, rows.Columns);
        if (rows.Rows > 0)
        {
            Operator.Block(0, row, Operator.Rows, rows.Rows).Apply(Complex.One, rows, Complex.One, _sum.AsMatrix(), _backend);
        }
    }

    /// <inheritdoc cref="AddAt(int, in ReadOnlyMatrixView{double})"/>
    public void AddAt(int row, CsrMatrix<double> rows)
    {
        ArgumentNullException.ThrowIfNull(rows);
        StreamedRows.Check(Operator.Columns, (int)_sum.Lengths[1], row, rows.Rows, rows.Columns);
        if (rows.Rows > 0)
        {
            Operator.Block(0, row, Operator.Rows, rows.Rows).Apply(Complex.One, rows, Complex.One, _sum.AsMatrix());
        }
    }

    /// <summary>The sketch of what has come so far, scaled to an isometry in the mean: D x k.</summary>
    public Tensor<Complex> ToSketch()
    {
        Tensor<Complex> sketch = FreshMemory.Uninitialized<Complex>(_sum.Lengths);
        TensorPrimitives.Multiply(LinearAlgebra.Elements(_sum), (Complex)Operator.IsometryScale, LinearAlgebra.Elements(sketch));
        return sketch;
    }
}
