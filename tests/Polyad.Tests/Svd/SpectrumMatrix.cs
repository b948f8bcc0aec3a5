using System.Numerics;

namespace Polyad.Svd;

/// <summary>Test matrices with known singular values, LAPACK xLATMS style: U diag(s) V^T with random orthogonal U and V.</summary>
internal static class SpectrumMatrix
{
    /// <summary>Row-major m x n in double, with the min(m, n) given singular values.</summary>
    public static double[] Create(int m, int n, double[] singular, int seed)
    {
        Random random = new(seed);
        double[] a = new double[m * n];
        for (int i = 0; i < Math.Min(m, n); i++)
        {
            a[(i * n) + i] = singular[i];
        }

        // A few random reflectors on both sides mix every entry and keep the singular values.
        for (int k = 0; k < 3; k++)
        {
            Reflect(a, m, n, Unit(m, random), true);
            Reflect(a, m, n, Unit(n, random), false);
        }

        return a;
    }

    /// <summary>The singular values of a named kind, for k values in a format of the given ulp.</summary>
    public static double[] Singular(string kind, int k, double ulp)
    {
        double last = Math.Max(k - 1, 1);
        return kind switch
        {
            "even" => Values(k, i => 1 - (i / last * (1 - ulp))),
            "geometric" => Values(k, i => Math.Pow(ulp, i / last)),
            "clustered" => Values(k, i => i < k / 2 ? 1 : 1e-3),
            "one-large" => Values(k, i => i == 0 ? 1 : ulp),
            "one-small" => Values(k, i => i == k - 1 ? ulp : 1),
            "rank-deficient" => Values(k, i => i < (k + 2) / 3 ? 1.0 / (1 + i) : 0),
            "cond-1e8" => Values(k, i => Math.Pow(1e-8, i / last)),
            "cond-1e15" => Values(k, i => Math.Pow(1e-15, i / last)),
            _ => throw new ArgumentException(kind),
        };
    }

    /// <summary>A row-major m x n matrix of a named kind.</summary>
    public static double[] Named(string kind, int m, int n, double ulp, int seed)
    {
        Random random = new(seed);
        double[] a = new double[m * n];
        switch (kind)
        {
            case "zero":
                return a;
            case "identity":
                Fill(a, m, n, (i, j) => i == j ? 1 : 0);
                return a;
            case "hilbert":
                Fill(a, m, n, (i, j) => 1.0 / (i + j + 1));
                return a;
            case "kahan":
                Fill(a, m, n, (i, j) => j < i ? 0 : Math.Pow(Math.Sin(1.2), i) * (i == j ? 1 : -Math.Cos(1.2)));
                return a;
            case "graded-bidiagonal":
                Fill(a, m, n, (i, j) => j == i || j == i + 1 ? Math.Pow(0.5, i) * (1 + random.NextDouble()) : 0);
                return a;
            case "ones":
                Fill(a, m, n, (_, _) => 1);
                return a;
            case "random":
                Fill(a, m, n, (_, _) => (2 * random.NextDouble()) - 1);
                return a;
            default:
                return Create(m, n, Singular(kind, Math.Min(m, n), ulp), seed);
        }
    }

    public static T[] Convert<T>(double[] a, double scale)
        where T : unmanaged, INumberBase<T>
        => Array.ConvertAll(a, x => T.CreateChecked(x * scale));

    private static void Fill(double[] a, int m, int n, Func<int, int, double> entry)
    {
        for (int i = 0; i < m; i++)
        {
            for (int j = 0; j < n; j++)
            {
                a[(i * n) + j] = entry(i, j);
            }
        }
    }

    private static double[] Values(int k, Func<int, double> value) => [.. Enumerable.Range(0, k).Select(value)];

    private static double[] Unit(int n, Random random)
    {
        double[] v = Values(n, _ => random.NextDouble() - 0.5);
        double norm = Math.Sqrt(v.Sum(x => x * x));
        return Array.ConvertAll(v, x => x / norm);
    }

    private static void Reflect(double[] a, int m, int n, double[] v, bool left)
    {
        int lines = left ? n : m, length = left ? m : n, line = left ? 1 : n, step = left ? n : 1;
        for (int l = 0; l < lines; l++)
        {
            double dot = 0;
            for (int i = 0; i < length; i++)
            {
                dot += v[i] * a[(l * line) + (i * step)];
            }

            for (int i = 0; i < length; i++)
            {
                a[(l * line) + (i * step)] -= 2 * dot * v[i];
            }
        }
    }
}
