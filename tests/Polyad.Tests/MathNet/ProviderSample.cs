using System.Numerics;

namespace Polyad.Tests.MathNetContract;

/// <summary>Column-major test matrices and the plain arithmetic, in double, that results are judged by.</summary>
internal static class ProviderSample
{
    public static double Epsilon<T>() => typeof(T) == typeof(float) ? 1.1920929e-7 : 2.220446049250313e-16;

    public static T[] Random<T>(int rows, int columns, int seed)
        where T : INumberBase<T>
    {
        Random random = new(seed);
        T[] a = new T[rows * columns];
        for (int i = 0; i < a.Length; i++)
        {
            a[i] = T.CreateChecked((float)((2 * random.NextDouble()) - 1));
        }

        return a;
    }

    /// <summary>B B^T + n I: positive definite and well conditioned.</summary>
    public static T[] PositiveDefinite<T>(int n, int seed)
        where T : INumberBase<T>
    {
        T[] b = Random<T>(n, n, seed), a = new T[n * n];
        for (int i = 0; i < n; i++)
        {
            for (int j = 0; j <= i; j++)
            {
                T sum = i == j ? T.CreateChecked(n) : T.Zero;
                for (int k = 0; k < n; k++)
                {
                    sum += b[i + (k * n)] * b[j + (k * n)];
                }

                a[i + (j * n)] = a[j + (i * n)] = sum;
            }
        }

        return a;
    }

    public static T[] Symmetric<T>(int n, int seed)
        where T : INumberBase<T>
    {
        T[] a = Random<T>(n, n, seed);
        for (int j = 0; j < n; j++)
        {
            for (int i = 0; i < j; i++)
            {
                a[i + (j * n)] = a[j + (i * n)];
            }
        }

        return a;
    }

    /// <summary>op(A) op(B) in double; A is m x k after its transposition.</summary>
    public static double[] Product<T>(T[] a, int m, int k, bool transposeA, T[] b, int n, bool transposeB)
        where T : INumberBase<T>
    {
        double[] c = new double[m * n];
        for (int j = 0; j < n; j++)
        {
            for (int p = 0; p < k; p++)
            {
                double right = double.CreateChecked(transposeB ? b[j + (p * n)] : b[p + (j * k)]);
                for (int i = 0; i < m; i++)
                {
                    c[i + (j * m)] += double.CreateChecked(transposeA ? a[p + (i * k)] : a[i + (p * m)]) * right;
                }
            }
        }

        return c;
    }

    public static double[] Wide<T>(T[] a)
        where T : INumberBase<T>
        => Array.ConvertAll(a, double.CreateChecked);

    /// <summary>The largest difference of two arrays; NaN where one is.</summary>
    public static double Distance(double[] a, double[] b)
    {
        double largest = 0;
        for (int i = 0; i < a.Length; i++)
        {
            largest = double.Max(largest, Math.Abs(a[i] - b[i]));
        }

        return largest;
    }

    public static double Largest(double[] a) => a.Length == 0 ? 0 : a.Max(Math.Abs);
}
