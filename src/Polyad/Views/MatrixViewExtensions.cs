using System.Numerics.Tensors;

namespace Polyad;

/// <summary>Views of arrays and tensors by name, where an implicit conversion would leave the element type to be guessed.</summary>
public static class MatrixViewExtensions
{
    /// <summary>Views a rank-2 tensor as a matrix; nothing is copied.</summary>
    /// <exception cref="ArgumentException">The rank is not 2.</exception>
    public static MatrixView<T> AsMatrix<T>(this Tensor<T> tensor)
        where T : unmanaged
    {
        ArgumentNullException.ThrowIfNull(tensor);
        return MatrixView<T>.FromTensor(tensor.AsTensorSpan());
    }

    /// <summary>Views a rank-2 tensor as a read-only matrix; nothing is copied.</summary>
    /// <exception cref="ArgumentException">The rank is not 2.</exception>
    public static ReadOnlyMatrixView<T> AsReadOnlyMatrix<T>(this Tensor<T> tensor)
        where T : unmanaged
    {
        ArgumentNullException.ThrowIfNull(tensor);
        return ReadOnlyMatrixView<T>.FromTensor(tensor.AsReadOnlyTensorSpan());
    }

    /// <summary>Views the elements of an array as a row-major matrix; nothing is copied.</summary>
    /// <exception cref="ArgumentNullException">There is no array.</exception>
    /// <exception cref="ArgumentException">The array is shorter than rows * columns.</exception>
    public static MatrixView<T> AsMatrix<T>(this T[] array, int rows, int columns)
        where T : unmanaged
    {
        ArgumentNullException.ThrowIfNull(array);
        return new(array, rows, columns);
    }

    /// <summary>Views a two-dimensional array as a matrix; nothing is copied.</summary>
    public static MatrixView<T> AsMatrix<T>(this T[,] array)
        where T : unmanaged
        => array;

    /// <summary>Views the elements of an array as a read-only row-major matrix; nothing is copied. What takes a read-only view infers its element type from this one.</summary>
    /// <exception cref="ArgumentNullException">There is no array.</exception>
    /// <exception cref="ArgumentException">The array is shorter than rows * columns.</exception>
    public static ReadOnlyMatrixView<T> AsReadOnlyMatrix<T>(this T[] array, int rows, int columns)
        where T : unmanaged
    {
        ArgumentNullException.ThrowIfNull(array);
        return new(array, rows, columns);
    }

    /// <summary>Views a two-dimensional array as a read-only matrix; nothing is copied.</summary>
    public static ReadOnlyMatrixView<T> AsReadOnlyMatrix<T>(this T[,] array)
        where T : unmanaged
        => array;
}
