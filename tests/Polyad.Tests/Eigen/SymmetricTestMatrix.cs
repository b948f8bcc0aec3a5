namespace Polyad.Tests.Eigen;

/// <summary>Symmetric matrices whose spectra are known or hard, as dense row-major doubles.</summary>
internal static class SymmetricTestMatrix
{
    public static readonly string[] Names =
    [
        "zero", "identity", "diagonal", "toeplitz", "wilkinson", "glued", "rank one", "ones", "random", "geometric", "graded", "two clusters", "negative definite", "block", "arrow",
        "mode 1", "mode 2", "mode 3", "mode 4", "mode 5", "mode 6",
    ];

    public static double[] Create(string name, int n, double epsilon, int seed = 1)
    {
        Random random = new((seed * 7919) + n);
        return name switch
        {
            "zero" => new double[n * n],
            "identity" => Fill(n, (i, j) => i == j ? 1 : 0),
            "diagonal" => Fill(n, (i, j) => i == j ? ((i * 7) % n) - (n / 3.0) : 0),
            "toeplitz" => Fill(n, (i, j) => i == j ? 2 : i - j == 1 ? -1 : 0),
            "wilkinson" => Fill(n, (i, j) => i == j ? Math.Abs(i - ((n - 1) / 2)) : i - j == 1 ? 1 : 0),
            "glued" => Fill(n, (i, j) => i == j ? Math.Abs((i % 21) - 10) : i - j == 1 ? (i % 21 == 0 ? Math.Sqrt(epsilon) : 1) : 0),
            "rank one" => Fill(n, (i, j) => Math.Sin(i + 1) * Math.Sin(j + 1)),
            "ones" => Fill(n, (_, _) => 1),
            "random" => Fill(n, (_, _) => Normal(random)),
            "geometric" => WithSpectrum(n, i => Math.Pow(epsilon, n == 1 ? 0 : i / (n - 1.0)), random),
            "graded" => Fill(n, (i, j) => (1 + random.NextDouble()) * Math.Pow(epsilon, (i + j) / (2.0 * n))),
            "two clusters" => WithSpectrum(n, i => i % 2 == 0 ? 1 + (epsilon * i) : -1 - (2 * epsilon * i), random),
            "negative definite" => WithSpectrum(n, i => -1 - i, random),
            "block" => Fill(n, (i, j) => i / 7 == j / 7 ? Normal(random) * Math.Pow(10, -(i / 7 % 9)) : 0),
            "arrow" => Fill(n, (i, j) => i == j ? i : j == 0 ? 1 : 0),
            "mode 1" => WithSpectrum(n, i => i == 0 ? 1 : epsilon, random),
            "mode 2" => WithSpectrum(n, i => i == n - 1 ? epsilon : 1, random),
            "mode 3" => WithSpectrum(n, i => Math.Pow(epsilon, n == 1 ? 0 : i / (n - 1.0)) * Sign(i), random),
            "mode 4" => WithSpectrum(n, i => (1 - (n == 1 ? 0 : i / (n - 1.0) * (1 - epsilon))) * Sign(i), random),
            "mode 5" => WithSpectrum(n, _ => Math.Pow(epsilon, random.NextDouble()), random),
            "mode 6" => WithSpectrum(n, _ => Normal(random), random),
            _ => throw new ArgumentOutOfRangeException(nameof(name)),
        };
    }

    /// <summary>Q diag(spectrum) Q^T with Q a product of random reflectors: the diagonal matrix reflected from both sides.</summary>
    public static double[] WithSpectrum(int n, Func<int, double> eigenvalue, Random random)
    {
        double[] a = new double[n * n], v = new double[n], w = new double[n];
        for (int i = 0; i < n; i++)
        {
            a[(i * n) + i] = eigenvalue(i);
        }

        for (int k = 0; k < n - 1; k++)
        {
            double square = 0;
            for (int i = k; i < n; i++)
            {
                v[i] = Normal(random);
                square += v[i] * v[i];
            }

            // A - v w^T - w v^T with w = 2/(v.v) A v - (2/(v.v))^2 (v.Av)/2 v
            double beta = 2 / square, product = 0;
            for (int i = 0; i < n; i++)
            {
                double sum = 0;
                for (int j = k; j < n; j++)
                {
                    sum += a[(i * n) + j] * v[j];
                }

                w[i] = beta * sum;
                product += i >= k ? w[i] * v[i] : 0;
            }

            for (int i = k; i < n; i++)
            {
                w[i] -= beta * product / 2 * v[i];
            }

            for (int i = 0; i < n; i++)
            {
                double vi = i >= k ? v[i] : 0;
                for (int j = 0; j <= i; j++)
                {
                    double vj = j >= k ? v[j] : 0;
                    a[(i * n) + j] -= (vi * w[j]) + (w[i] * vj);
                    a[(j * n) + i] = a[(i * n) + j];
                }
            }
        }

        return a;
    }

    private static double[] Fill(int n, Func<int, int, double> lower)
    {
        double[] a = new double[n * n];
        for (int i = 0; i < n; i++)
        {
            for (int j = 0; j <= i; j++)
            {
                a[(i * n) + j] = a[(j * n) + i] = lower(i, j);
            }
        }

        return a;
    }

    private static double Sign(int i) => (i * 5) % 3 == 0 ? -1 : 1;

    private static double Normal(Random random) => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
}
