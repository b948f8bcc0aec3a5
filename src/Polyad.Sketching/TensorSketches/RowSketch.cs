using System.Numerics;
using System.Numerics.Tensors;

namespace Polyad.Sketching;

/// <summary>
/// A data-oblivious map of rows of d numbers to rows of D features, fixed by its parameters and a seed: the inner product of two rows of features is an unbiased estimate of a kernel.
/// It never changes, any thread may use it, and a row's features depend neither on the other rows nor on the number of threads.
/// </summary>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
public abstract unsafe class RowSketch<T>
    where T : unmanaged, INumberBase<T>
{
    private protected RowSketch(int inputDimension, int outputDimension, ulong seed)
    {
        Arguments.Supported<T>();
        if (inputDimension < 1)
        {
            throw new ArgumentOutOfRangeException(nameof(inputDimension), inputDimension, $"Rows must have at least one number; given {inputDimension}.");
        }

        if (outputDimension < 1)
        {
            throw new ArgumentOutOfRangeException(nameof(outputDimension), outputDimension, $"A sketch must have at least one feature; given {outputDimension}.");
        }

        (InputDimension, OutputDimension, Seed) = (inputDimension, outputDimension, seed);
    }

    /// <summary>d, the length of a row.</summary>
    public int InputDimension { get; }

    /// <summary>D, the number of real features of a row.</summary>
    public int OutputDimension { get; }

    /// <summary>The seed of every draw.</summary>
    public ulong Seed { get; }

    /// <summary>The features of n rows: n x D.</summary>
    /// <param name="rows">n x d, finite; n at least 1.</param>
    /// <param name="backend">The engine of matrix products; null for <see cref="Backend.Current"/>.</param>
    /// <exception cref="ArgumentException">There is no row, or the width is not d.</exception>
    /// <exception cref="NonFiniteInputException">A row holds NaN or infinity.</exception>
    /// <exception cref="OverflowException">A feature is too large for the element type.</exception>
    public Tensor<T> Apply(in ReadOnlyMatrixView<T> rows, ILinearAlgebraBackend? backend = null)
    {
        CheckShape(rows.Rows, rows.Columns);
        Tensor<T> features = Tensor.CreateFromShapeUninitialized<T>([rows.Rows, OutputDimension]);
        Apply(rows, features.AsMatrix(), backend);
        return features;
    }

    /// <summary>Writes the features of n rows.</summary>
    /// <param name="rows">n x d, finite; n at least 1.</param>
    /// <param name="features">n x D; overwritten. Shares no element with the rows.</param>
    /// <param name="backend">The engine of matrix products; null for <see cref="Backend.Current"/>.</param>
    /// <inheritdoc cref="Apply(in ReadOnlyMatrixView{T}, ILinearAlgebraBackend?)" path="/exception"/>
    public void Apply(in ReadOnlyMatrixView<T> rows, in MatrixView<T> features, ILinearAlgebraBackend? backend = null)
    {
        CheckShape(rows.Rows, rows.Columns);
        Arguments.Shape(features, rows.Rows, OutputDimension);
        Arguments.Disjoint(rows, features, nameof(rows), nameof(features));
        Arguments.Finite(rows, default, nameof(rows));
        fixed (T* source = rows, target = features)
        {
            Fill(new RowSource<T>(Managed.Pinned.Block(rows, source)), Managed.Pinned.Block(features, target), backend ?? Backend.Current);
        }
    }

    /// <summary>The features of n sparse rows: n x D.</summary>
    /// <inheritdoc cref="Apply(in ReadOnlyMatrixView{T}, ILinearAlgebraBackend?)"/>
    public Tensor<T> Apply(CsrMatrix<T> rows, ILinearAlgebraBackend? backend = null)
    {
        ArgumentNullException.ThrowIfNull(rows);
        CheckShape(rows.Rows, rows.Columns);
        Tensor<T> features = Tensor.CreateFromShapeUninitialized<T>([rows.Rows, OutputDimension]);
        Apply(rows, features.AsMatrix(), backend);
        return features;
    }

    /// <summary>Writes the features of n sparse rows.</summary>
    /// <inheritdoc cref="Apply(in ReadOnlyMatrixView{T}, in MatrixView{T}, ILinearAlgebraBackend?)"/>
    public void Apply(CsrMatrix<T> rows, in MatrixView<T> features, ILinearAlgebraBackend? backend = null)
    {
        ArgumentNullException.ThrowIfNull(rows);
        CheckShape(rows.Rows, rows.Columns);
        Arguments.Shape(features, rows.Rows, OutputDimension);
        CheckFinite(rows, nameof(rows));
        fixed (T* values = rows.Values, target = features)
        fixed (int* pointers = rows.RowPointers, columns = rows.ColumnIndices)
        {
            Fill(new RowSource<T>(rows.Rows, rows.Columns, pointers, columns, values), Managed.Pinned.Block(features, target), backend ?? Backend.Current);
        }
    }

    /// <summary>Fills the features of checked rows.</summary>
    internal abstract void Fill(RowSource<T> rows, MatrixBlock<T> features, ILinearAlgebraBackend backend);

    /// <summary>Refuses rows that are none or of another width.</summary>
    private protected void CheckShape(int rows, int columns)
    {
        if (rows == 0 || columns != InputDimension)
        {
            throw new ArgumentException($"The sketch takes at least one row, of {InputDimension} numbers; given {rows} x {columns}.", nameof(rows));
        }
    }

    private protected static void CheckFinite(CsrMatrix<T> rows, string name)
    {
        if (!FiniteCheck.All(new ReadOnlyMatrixView<T>(rows.Values, 1, rows.NonZeros), out _, out int entry))
        {
            throw new NonFiniteInputException($"'{name}' ({rows.Rows} x {rows.Columns}) holds {rows.Values[entry]} in column {rows.ColumnIndices[entry]} (entry {entry}).", name);
        }
    }

    /// <summary>Refuses features that are too large: the rows were finite.</summary>
    private protected static void CheckOverflow(in MatrixBlock<T> features)
    {
        if (!FiniteCheck.All(features.AsReadOnlyView(), out _, out _))
        {
            throw new OverflowException($"A feature is too large for {typeof(T).Name}: scale the rows down.");
        }
    }
}
