using System.Numerics;
using System.Numerics.Tensors;
using System.Runtime.CompilerServices;

namespace Polyad.Decomposition;

/// <summary>The 2-norms of the columns of a dense matrix, without overflow or underflow on the way.</summary>
internal static class ColumnNorms
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static double[] Of<T>(Tensor<T> matrix)
        where T : unmanaged, INumberBase<T>
    {
        ReadOnlySpan<T> elements = DenseData.Elements(matrix);
        int columns = (int)matrix.Lengths[1];
        double[] largest = new double[columns], norms = new double[columns];
        for (int i = 0; i < elements.Length; i++)
        {
            largest[i % columns] = Math.Max(largest[i % columns], Scalar.Magnitude(elements[i]));
        }

        for (int i = 0; i < elements.Length; i++)
        {
            double scaled = largest[i % columns] == 0 ? 0 : Scalar.Magnitude(elements[i]) / largest[i % columns];
            norms[i % columns] += scaled * scaled;
        }

        for (int r = 0; r < columns; r++)
        {
            norms[r] = largest[r] * Math.Sqrt(norms[r]);
        }

        return norms;
    }

    /// <summary>The matrix with its columns divided by these norms; columns of zeros stay.</summary>
    public static Tensor<T> Scaled<T>(Tensor<T> matrix, double[] norms)
        where T : unmanaged, INumberBase<T>
    {
        Tensor<T> scaled = FreshMemory.Zeros<T>(matrix.Lengths);
        ReadOnlySpan<T> from = DenseData.Elements(matrix);
        Span<T> to = DenseData.Elements(scaled);
        T[] divisors = [.. norms.Select(static n => n == 0 ? T.One : T.CreateTruncating(n))];
        for (int i = 0; i < to.Length; i++)
        {
            to[i] = from[i] / divisors[i % divisors.Length];
        }

        return scaled;
    }
}
