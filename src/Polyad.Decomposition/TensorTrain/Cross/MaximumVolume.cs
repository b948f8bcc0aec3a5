using System.Numerics;
using System.Numerics.Tensors;

namespace Polyad.Decomposition;

/// <summary>
/// r rows of an m x r matrix whose square has (nearly) the largest determinant: every row is then a combination of them with coefficients of about 1 at most
/// (Goreinov, Oseledets, Savostyanov, Tyrtyshnikov, Zamarashkin 2010). Rows are exchanged while a coefficient exceeds 1.05.
/// </summary>
internal static class MaximumVolume
{
    private const double Enough = 1.05;

    private const int MaxExchanges = 1000;

    /// <summary>The chosen rows and the m x r coefficients B with A = B A[rows].</summary>
    /// <param name="a">m x r, row-major, of full column rank, m at least r.</param>
    /// <param name="m">Rows.</param>
    /// <param name="r">Columns.</param>
    public static (int[] Rows, T[] Coefficients) Of<T>(ReadOnlySpan<T> a, int m, int r)
        where T : unmanaged, INumberBase<T>
    {
        int[] rows = Pivots(a, m, r);
        T[] b = Coefficients(a, m, r, rows);
        for (int exchange = 0; exchange < MaxExchanges; exchange++)
        {
            double most = Enough;
            int at = -1;
            for (int i = 0; i < b.Length; i++)
            {
                double size = Scalar.Magnitude(b[i]);
                (most, at) = size > most ? (size, i) : (most, at);
            }

            if (at < 0)
            {
                break;
            }

            // Row i takes the place of chosen row j: B -= B[:, j] (B[i, :] - e_j) / B[i, j].
            int row = at / r, j = at % r;
            T[] change = b.AsSpan(row * r, r).ToArray();
            T pivot = change[j];
            change[j] -= T.One;
            TensorPrimitives.Divide(change, pivot, change);
            for (int i = 0; i < m; i++)
            {
                Span<T> line = b.AsSpan(i * r, r);
                T factor = -line[j];
                TensorPrimitives.MultiplyAdd(change, factor, line, line);
            }

            rows[j] = row;
        }

        return (rows, b);
    }

    /// <summary>The rows that Gaussian elimination with row pivoting chooses.</summary>
    private static int[] Pivots<T>(ReadOnlySpan<T> a, int m, int r)
        where T : unmanaged, INumberBase<T>
    {
        T[] work = a.ToArray();
        int[] rows = new int[r];
        bool[] taken = new bool[m];
        for (int j = 0; j < r; j++)
        {
            int best = -1;
            for (int i = 0; i < m; i++)
            {
                if (!taken[i] && (best < 0 || Scalar.Magnitude(work[(i * r) + j]) > Scalar.Magnitude(work[(best * r) + j])))
                {
                    best = i;
                }
            }

            (rows[j], taken[best]) = (best, true);
            ReadOnlySpan<T> pivot = work.AsSpan((best * r) + j, r - j);
            for (int i = 0; i < m && !T.IsZero(pivot[0]); i++)
            {
                if (!taken[i])
                {
                    Span<T> line = work.AsSpan((i * r) + j, r - j);
                    TensorPrimitives.MultiplyAdd(pivot, -(line[0] / pivot[0]), line, line);
                }
            }
        }

        return rows;
    }

    /// <summary>A A[rows]^-1, by elimination with pivoting on the square.</summary>
    private static T[] Coefficients<T>(ReadOnlySpan<T> a, int m, int r, int[] rows)
        where T : unmanaged, INumberBase<T>
    {
        // B S = A with S = A[rows]: S^T B^T = A^T, solved by Gauss-Jordan on [S^T | A^T].
        int width = r + m;
        T[] system = new T[r * width];
        for (int i = 0; i < r; i++)
        {
            for (int j = 0; j < r; j++)
            {
                system[(i * width) + j] = a[(rows[j] * r) + i];
            }

            for (int k = 0; k < m; k++)
            {
                system[(i * width) + r + k] = a[(k * r) + i];
            }
        }

        for (int j = 0; j < r; j++)
        {
            int best = j;
            for (int i = j + 1; i < r; i++)
            {
                best = Scalar.Magnitude(system[(i * width) + j]) > Scalar.Magnitude(system[(best * width) + j]) ? i : best;
            }

            Span<T> pivot = system.AsSpan(best * width, width), home = system.AsSpan(j * width, width);
            if (best != j)
            {
                T[] held = home.ToArray();
                pivot.CopyTo(home);
                held.CopyTo(pivot);
            }

            TensorPrimitives.Divide(home, home[j], home);
            for (int i = 0; i < r; i++)
            {
                if (i != j)
                {
                    Span<T> line = system.AsSpan(i * width, width);
                    TensorPrimitives.MultiplyAdd(home, -line[j], line, line);
                }
            }
        }

        T[] b = new T[m * r];
        for (int i = 0; i < r; i++)
        {
            for (int k = 0; k < m; k++)
            {
                b[(k * r) + i] = system[(i * width) + r + k];
            }
        }

        return b;
    }
}
