using System.Numerics.Tensors;
using MathNet.Numerics.LinearAlgebra;
using MathNet.Numerics.LinearAlgebra.Storage;

namespace Polyad.MathNet;

/// <summary>
/// Math.NET's dense matrices and vectors seen as views, spans and tensors, and back. What is named "As" shares memory and copies nothing; what is named "To" copies once.
/// </summary>
public static class MathNetConversions
{
    /// <summary>Views a dense matrix for reading and writing; nothing is copied.</summary>
    /// <exception cref="ArgumentException">The matrix is not stored densely (it is sparse or diagonal).</exception>
    public static MatrixView<T> AsMatrixView<T>(this Matrix<T> matrix)
        where T : unmanaged, IEquatable<T>, IFormattable
        => MatrixView<T>.FromColumnMajor(Data(matrix), matrix.RowCount, matrix.ColumnCount);

    /// <summary>Views a dense matrix for reading; nothing is copied.</summary>
    /// <exception cref="ArgumentException">The matrix is not stored densely (it is sparse or diagonal).</exception>
    public static ReadOnlyMatrixView<T> AsReadOnlyMatrixView<T>(this Matrix<T> matrix)
        where T : unmanaged, IEquatable<T>, IFormattable
        => ReadOnlyMatrixView<T>.FromColumnMajor(Data(matrix), matrix.RowCount, matrix.ColumnCount);

    /// <summary>A dense matrix as a tensor of rank 2 over the same array, with Math.NET's column-major strides; nothing is copied.</summary>
    /// <exception cref="ArgumentException">The matrix is not stored densely (it is sparse or diagonal).</exception>
    public static Tensor<T> AsTensor<T>(this Matrix<T> matrix)
        where T : unmanaged, IEquatable<T>, IFormattable
    {
        T[] data = Data(matrix);
        int rows = matrix.RowCount, columns = matrix.ColumnCount;

        // A mode of length 1 has stride 0 in a Tensor<T>.
        return Tensor.Create(data, [rows, columns], [rows == 1 ? 0 : 1, columns == 1 ? 0 : rows]);
    }

    /// <summary>The elements of a dense vector, shared.</summary>
    /// <exception cref="ArgumentException">The vector is not stored densely.</exception>
    public static Span<T> AsSpan<T>(this Vector<T> vector)
        where T : unmanaged, IEquatable<T>, IFormattable
        => Data(vector);

    /// <summary>A dense vector as a tensor of rank 1 over the same array; nothing is copied.</summary>
    /// <exception cref="ArgumentException">The vector is not stored densely.</exception>
    public static Tensor<T> AsTensor<T>(this Vector<T> vector)
        where T : unmanaged, IEquatable<T>, IFormattable
        => Tensor.Create(Data(vector));

    /// <summary>A dense Math.NET matrix over a column-major array; nothing is copied.</summary>
    /// <param name="columnMajor">Exactly rows * columns elements, column by column.</param>
    /// <param name="rows">Number of rows.</param>
    /// <param name="columns">Number of columns.</param>
    /// <exception cref="ArgumentException">The array has another length.</exception>
    public static Matrix<T> AsMathNet<T>(this T[] columnMajor, int rows, int columns)
        where T : unmanaged, IEquatable<T>, IFormattable
    {
        ArgumentNullException.ThrowIfNull(columnMajor);
        return columnMajor.Length == (long)rows * columns ? Matrix<T>.Build.Dense(rows, columns, columnMajor)
            : throw new ArgumentException($"A {rows} x {columns} matrix needs {(long)rows * columns} elements; the array has {columnMajor.Length}.", nameof(columnMajor));
    }

    /// <summary>Copies a tensor of rank 2, of any strides, into a dense Math.NET matrix (a tensor does not give its array away).</summary>
    /// <exception cref="ArgumentException">The rank is not 2.</exception>
    public static Matrix<T> ToMathNet<T>(this Tensor<T> tensor)
        where T : unmanaged, IEquatable<T>, IFormattable
        => tensor.AsReadOnlyMatrix().ToMathNet();

    /// <summary>Copies a matrix view into a dense Math.NET matrix.</summary>
    /// <exception cref="ArgumentException">The view has more elements than an array.</exception>
    public static Matrix<T> ToMathNet<T>(this in ReadOnlyMatrixView<T> view)
        where T : unmanaged, IEquatable<T>, IFormattable
    {
        if ((long)view.Rows * view.Columns > Array.MaxLength)
        {
            throw new ArgumentException($"A {view.Rows} x {view.Columns} matrix does not fit into one array.", nameof(view));
        }

        T[] data = FreshMemory.UninitializedArray<T>(view.Rows * view.Columns);
        view.CopyTo(MatrixView<T>.FromColumnMajor(data, view.Rows, view.Columns));
        return Matrix<T>.Build.Dense(view.Rows, view.Columns, data);
    }

    private static T[] Data<T>(Matrix<T> matrix)
        where T : unmanaged, IEquatable<T>, IFormattable
    {
        ArgumentNullException.ThrowIfNull(matrix);
        return matrix.Storage is DenseColumnMajorMatrixStorage<T> dense ? dense.Data
            : throw new ArgumentException($"Only a dense matrix can be seen as a view; this one is stored as {matrix.Storage.GetType().Name}.", nameof(matrix));
    }

    private static T[] Data<T>(Vector<T> vector)
        where T : unmanaged, IEquatable<T>, IFormattable
    {
        ArgumentNullException.ThrowIfNull(vector);
        return vector.Storage is DenseVectorStorage<T> dense ? dense.Data
            : throw new ArgumentException($"Only a dense vector can be seen as a span; this one is stored as {vector.Storage.GetType().Name}.", nameof(vector));
    }
}
