using System.Numerics;
using System.Numerics.Tensors;

namespace Polyad.Sketching;

/// <summary>Matrices at the public door of an algorithm, made operators.</summary>
internal static class CheckedOperator
{
    /// <summary>A dense matrix, not empty and finite.</summary>
    public static LinearOperator<T> Of<T>(Tensor<T> a)
        where T : unmanaged, INumberBase<T>
    {
        ArgumentNullException.ThrowIfNull(a);
        if (a.Rank != 2 || a.FlattenedLength == 0)
        {
            throw new ArgumentException($"A non-empty matrix is needed; given a tensor of shape [{string.Join(", ", a.Lengths.ToArray())}].", nameof(a));
        }

        LinearOperator<T> matrix = LinearOperator.Of(a);
        Arguments.Finite(a.AsReadOnlyMatrix(), default, nameof(a));
        return matrix;
    }

    /// <summary>A sparse matrix, not empty and finite.</summary>
    public static LinearOperator<T> Of<T>(CsrMatrix<T> a)
        where T : unmanaged, INumberBase<T>
    {
        ArgumentNullException.ThrowIfNull(a);
        if (a.Rows == 0 || a.Columns == 0)
        {
            throw new ArgumentException($"A non-empty matrix is needed; given {a.Rows} x {a.Columns}.", nameof(a));
        }

        CheckFinite(a, nameof(a));
        return LinearOperator.Of(a);
    }

    /// <summary>Refuses NaN and infinity.</summary>
    public static void CheckFinite<T>(CsrMatrix<T> a, string name)
        where T : unmanaged, INumberBase<T>
    {
        if (a.NonZeros > 0)
        {
            Arguments.Finite(new ReadOnlyMatrixView<T>(a.Values, 1, a.NonZeros), default, name);
        }
    }

    /// <summary>Refuses a rank that the matrix cannot have.</summary>
    public static void CheckRank<T>(LinearOperator<T> a, int rank)
        where T : unmanaged, INumberBase<T>
    {
        ArgumentNullException.ThrowIfNull(a);
        int most = Math.Min(a.Rows, a.Columns);
        if (rank < 1 || rank > most)
        {
            throw new ArgumentOutOfRangeException(nameof(rank), rank, $"A {a.Rows} x {a.Columns} matrix has ranks 1 to {most}.");
        }
    }

    /// <summary>Refuses an operator that is not square.</summary>
    public static void CheckSquare<T>(LinearOperator<T> a)
        where T : unmanaged, INumberBase<T>
    {
        ArgumentNullException.ThrowIfNull(a);
        if (a.Rows != a.Columns)
        {
            throw new ArgumentException($"A square matrix is needed; given {a.Rows} x {a.Columns}.", nameof(a));
        }
    }
}
