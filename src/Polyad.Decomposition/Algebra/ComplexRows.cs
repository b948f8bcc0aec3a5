using System.Numerics;
using System.Runtime.InteropServices;

namespace Polyad.Decomposition;

/// <summary>
/// Complex matrices as real ones. A complex m x c matrix that lies in memory with its parts in turn is a real m x 2c matrix X; multiplication by i is X J, with J = [0 1; -1 0] on each pair of columns.
/// So X_complex B^H is X E(B)^T, where E puts [a b; -b a] in the place of a + ib: all heavy work is real, at no more flops than complex arithmetic takes.
/// </summary>
internal static class ComplexRows
{
    /// <summary>E(B): 2 rows x 2 columns, for a complex matrix given with its parts in turn.</summary>
    public static T[] Expand<T>(ReadOnlySpan<T> parts, int rows, int columns)
        where T : unmanaged, INumberBase<T>
        => (T[])(object)ComplexProducts.Expanded(MemoryMarshal.Cast<T, Complex>(parts), rows, columns);

    /// <summary>Each pair (a, b) becomes (-b, a).</summary>
    public static void TimesI<T>(ReadOnlySpan<T> parts, Span<T> rotated)
        where T : unmanaged, INumberBase<T>
    {
        for (int j = 0; j < parts.Length; j += 2)
        {
            rotated[j] = -parts[j + 1];
            rotated[j + 1] = parts[j];
        }
    }

    /// <summary>[X; X J]: its Gram matrix is E of the complex one.</summary>
    public static T[] Stack<T>(ReadOnlySpan<T> x, int rows, int width)
        where T : unmanaged, INumberBase<T>
    {
        T[] stacked = new T[2 * rows * width];
        x[..(rows * width)].CopyTo(stacked);
        TimesI(x[..(rows * width)], stacked.AsSpan(rows * width));
        return stacked;
    }

    /// <summary>G + J^T G J, the Gram matrix of [X; X J] for G = X^T X.</summary>
    public static void Complete<T>(Span<T> gram, int width)
        where T : unmanaged, INumberBase<T>
    {
        for (int i = 0; i < width; i += 2)
        {
            for (int j = 0; j < width; j += 2)
            {
                int top = (i * width) + j, bottom = top + width;
                T real = gram[top] + gram[bottom + 1], imaginary = gram[top + 1] - gram[bottom];
                gram[top] = gram[bottom + 1] = real;
                gram[top + 1] = imaginary;
                gram[bottom] = -imaginary;
            }
        }
    }

    /// <summary>
    /// Complex orthonormal rows out of real ones. The eigenvectors of E(H) come in pairs that span one complex direction each; within equal eigenvalues any real mixture may come. So at each step the row
    /// that is farthest from those chosen is taken among the first that must still hold one.
    /// </summary>
    /// <param name="rows">2 c rows of 2 c numbers, orthonormal, descending by eigenvalue; overwritten.</param>
    /// <param name="width">2 c.</param>
    /// <param name="count">The complex rows wanted.</param>
    /// <returns>count rows, parts in turn.</returns>
    public static T[] Independent<T>(T[] rows, int width, int count)
        where T : unmanaged, INumberBase<T>
    {
        int available = rows.Length / width;
        int[] cleaned = new int[available];
        T[] chosen = new T[count * width], turned = new T[width];
        for (int k = 0; k < count; k++)
        {
            int window = Math.Min(available, 2 * (k + 1)), best = 0;
            double most = -1;
            for (int i = 0; i < window; i++)
            {
                Span<T> candidate = rows.AsSpan(i * width, width);
                for (; cleaned[i] < k; cleaned[i]++)
                {
                    Remove(chosen.AsSpan(cleaned[i] * width, width), turned, candidate);
                }

                double square = Square(candidate);
                (most, best) = square > most ? (square, i) : (most, best);
            }

            // A row of which little was left carries rounding errors of all that was removed: twice is enough (Kahan).
            Span<T> target = chosen.AsSpan(k * width, width);
            rows.AsSpan(best * width, width).CopyTo(target);
            for (int pass = 0; pass < 2; pass++)
            {
                for (int j = 0; j < k; j++)
                {
                    Remove(chosen.AsSpan(j * width, width), turned, target);
                }

                T scale = T.CreateTruncating(1 / Math.Sqrt(Square(target)));
                for (int j = 0; j < width; j++)
                {
                    target[j] *= scale;
                }
            }
        }

        return chosen;
    }

    /// <summary>Takes the complex multiple of <paramref name="unit"/> out of <paramref name="row"/>.</summary>
    private static void Remove<T>(ReadOnlySpan<T> unit, Span<T> turned, Span<T> row)
        where T : unmanaged, INumberBase<T>
    {
        TimesI(unit, turned);
        T real = T.Zero, imaginary = T.Zero;
        for (int j = 0; j < row.Length; j++)
        {
            real += row[j] * unit[j];
            imaginary += row[j] * turned[j];
        }

        for (int j = 0; j < row.Length; j++)
        {
            row[j] -= (real * unit[j]) + (imaginary * turned[j]);
        }
    }

    private static double Square<T>(ReadOnlySpan<T> row)
        where T : unmanaged, INumberBase<T>
    {
        double sum = 0;
        foreach (T value in row)
        {
            double number = double.CreateTruncating(value);
            sum += number * number;
        }

        return sum;
    }
}
