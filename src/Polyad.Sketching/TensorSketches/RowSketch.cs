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
    /// <param name="rows">n x d, dense or sparse, finite; n at least 1.</param>
    /// <param name="backend">The engine of matrix products; null for <see cref="Backend.Current"/>.</param>
    /// <exception cref="ArgumentException">There is no row, or the width is not d.</exception>
    /// <exception cref="NonFiniteInputException">A row holds NaN or infinity.</exception>
    /// <exception cref="OverflowException">A feature is too large for the element type.</exception>
    public Tensor<T> Apply(in FeatureRows<T> rows, ILinearAlgebraBackend? backend = null)
    {
        CheckShape(rows.Rows, rows.Columns);
        Tensor<T> features = FreshMemory.Uninitialized<T>([rows.Rows, OutputDimension]);
        Apply(rows, features.AsMatrix(), backend);
        return features;
    }

    /// <summary>Writes the features of n rows.</summary>
    /// <param name="rows">n x d, dense or sparse, finite; n at least 1.</param>
    /// <param name="features">n x D; overwritten. Shares no element with the rows.</param>
    /// <param name="backend">The engine of matrix products; null for <see cref="Backend.Current"/>.</param>
    /// <inheritdoc cref="Apply(in FeatureRows{T}, ILinearAlgebraBackend?)" path="/exception"/>
    public void Apply(in FeatureRows<T> rows, in MatrixView<T> features, ILinearAlgebraBackend? backend = null)
    {
        CheckShape(rows.Rows, rows.Columns);
        Arguments.Shape(features, rows.Rows, OutputDimension);
        rows.Check(nameof(rows));
        if (!rows.IsSparse)
        {
            Arguments.Disjoint(rows.Dense, features, nameof(rows), nameof(features));
        }

        fixed (T* target = features)
        {
            Fill(rows, Managed.Pinned.Block(features, target), backend ?? Backend.Current);
        }
    }

    /// <summary>Fills the features of checked rows that are not pinned.</summary>
    internal void Fill(in FeatureRows<T> rows, MatrixBlock<T> features, ILinearAlgebraBackend backend)
    {
        if (rows.Matrix is { } sparse)
        {
            fixed (T* values = sparse.Values)
            fixed (int* pointers = sparse.RowPointers, columns = sparse.ColumnIndices)
            {
                Fill(new RowSource<T>(rows.Rows, rows.Columns, pointers + rows.FirstRow, columns, values), features, backend);
            }

            return;
        }

        ReadOnlyMatrixView<T> dense = rows.Dense;
        fixed (T* source = dense)
        {
            Fill(new RowSource<T>(Managed.Pinned.Block(dense, source)), features, backend);
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

    /// <summary>Refuses features that are too large: the rows were finite.</summary>
    private protected static void CheckOverflow(in MatrixBlock<T> features)
    {
        if (!FiniteCheck.All(features.AsReadOnlyView(), out _, out _))
        {
            throw new OverflowException($"A feature is too large for {typeof(T).Name}: scale the rows down.");
        }
    }
}
