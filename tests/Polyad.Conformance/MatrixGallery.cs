namespace Polyad.Conformance;

/// <summary>The matrix types of LAPACK's test generators.</summary>
public enum MatrixKind
{
    /// <summary>All zeros.</summary>
    Zero,

    /// <summary>The identity (ones on the diagonal of a rectangle).</summary>
    Identity,

    /// <summary>xLATMS mode 1: one large singular value, the others 1/cond.</summary>
    OneLarge,

    /// <summary>Mode 2: one small singular value.</summary>
    OneSmall,

    /// <summary>Mode 3: geometric from 1 to 1/cond.</summary>
    Geometric,

    /// <summary>Mode 4: evenly spaced from 1 to 1/cond.</summary>
    EvenlySpaced,

    /// <summary>Mode 5: logarithms uniform in (1/cond, 1).</summary>
    LogUniform,

    /// <summary>Mode 6: random.</summary>
    Random,

    /// <summary>Three clusters, each a few ulp wide.</summary>
    Clustered,

    /// <summary>Rows scaled geometrically.</summary>
    Graded,

    /// <summary>Half of the rank missing.</summary>
    RankDeficient,

    /// <summary>Evenly spaced times underflow / ulp.</summary>
    Tiny,

    /// <summary>Evenly spaced times overflow * ulp.</summary>
    Huge,

    /// <summary>A diagonal with repeated and unordered entries.</summary>
    Diagonal,

    /// <summary>Ones everywhere: rank one, exact ties.</summary>
    Ones,
}

/// <summary>Generates A = U diag(d) V^T with random orthogonal U and V (Stewart 1980), as xLATMS does.</summary>
internal static class MatrixGallery
{
    public static Dense General(MatrixKind kind, int rows, int columns, Precision precision, int seed)
    {
        int k = Math.Min(rows, columns);
        switch (kind)
        {
            case MatrixKind.Zero:
                return new Dense(rows, columns);
            case MatrixKind.Identity:
                return Dense.From(rows, columns, (i, j) => i == j ? 1 : 0);
            case MatrixKind.Diagonal:
                return Dense.From(rows, columns, (i, j) => i == j ? (i % 3) - 1 + (i % 5) : 0);
            case MatrixKind.Ones:
                return Dense.From(rows, columns, (_, _) => 1);
            case MatrixKind.Graded:
                Dense random = Dense.Uniform(rows, columns, seed);
                return Dense.From(rows, columns, (i, j) => random[i, j] * Math.Pow(precision.Ulp, (double)i / rows));
            default:
                double[] d = Spectrum(kind, k, precision, seed);
                Dense a = Dense.From(rows, columns, (i, j) => i == j ? d[i] : 0);
                Rotate(a, seed);
                return Rotated(a.Transpose(), seed + 1).Transpose().ScaleByPower(Power(kind, precision));
        }
    }

    /// <summary>Symmetric with eigenvalues of both signs, or positive ones only.</summary>
    public static Dense Symmetric(MatrixKind kind, int n, Precision precision, int seed, bool positive = false)
    {
        switch (kind)
        {
            case MatrixKind.Zero or MatrixKind.Identity or MatrixKind.Ones:
                return General(kind, n, n, precision, seed);
            case MatrixKind.Diagonal:
                return Dense.From(n, n, (i, j) => i == j ? (positive ? 1 : -1) + (i % 5) : 0);
            case MatrixKind.Graded:
                Dense random = Dense.Uniform(n, n, seed);
                return Dense.From(n, n, (i, j) => random[Math.Max(i, j), Math.Min(i, j)] * Math.Pow(precision.Ulp, (double)(i + j) / (2 * n)));
            default:
                double[] d = positive ? [.. Spectrum(kind, n, precision, seed, 1000).Select(Math.Abs)] : Spectrum(kind, n, precision, seed);
                Dense a = Dense.From(n, n, (i, j) => i == j ? (positive || i % 3 != 1 ? d[i] : -d[i]) : 0);
                Rotate(a, seed);
                Dense both = Rotated(a.Transpose(), seed);
                return Dense.From(n, n, (i, j) => 0.5 * (both[i, j] + both[j, i])).ScaleByPower(Power(kind, precision));
        }
    }

    public static double[] Spectrum(MatrixKind kind, int k, Precision precision, int seed, double condition = 0)
    {
        Random random = new(seed);
        double cond = condition > 0 ? condition : 0.1 / precision.Ulp, last = Math.Max(k - 1, 1);
        return [.. Enumerable.Range(0, k).Select(i => kind switch
        {
            MatrixKind.OneLarge => i == 0 ? 1 : 1 / cond,
            MatrixKind.OneSmall => i == k - 1 ? 1 / cond : 1,
            MatrixKind.Geometric => Math.Pow(cond, -i / last),
            MatrixKind.LogUniform => Math.Pow(cond, -random.NextDouble()),
            MatrixKind.Random => (2 * random.NextDouble()) - 1,
            MatrixKind.Clustered => (1.0 / (1 + (i * 3 / Math.Max(k, 1)))) + (i * precision.Ulp),
            MatrixKind.RankDeficient => i < (k + 1) / 2 ? 1 - (i / (2.0 * k)) : 0,
            _ => 1 - (i / last * (1 - (1.0 / Math.Max(k, 1)))),
        })];
    }

    private static int Power(MatrixKind kind, Precision precision) => kind switch
    {
        MatrixKind.Tiny => precision.MinExponent + precision.MantissaBits,
        MatrixKind.Huge => precision.MaxExponent - precision.MantissaBits,
        _ => 0,
    };

    private static Dense Rotated(Dense a, int seed)
    {
        Rotate(a, seed);
        return a;
    }

    /// <summary>Multiplies from the left by reflectors I - 2 v v^T of random directions; as many as rows while that is cheap.</summary>
    private static void Rotate(Dense a, int seed)
    {
        Random random = new(seed * 7919);
        int count = Math.Min(a.Rows, a.Rows <= 80 ? a.Rows : 6);
        double[] v = new double[a.Rows], w = new double[a.Columns];
        for (int step = 0; step < count; step++)
        {
            double norm = 0;
            for (int i = 0; i < v.Length; i++)
            {
                v[i] = Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
                norm += v[i] * v[i];
            }

            Array.Clear(w);
            for (int i = 0; i < v.Length; i++)
            {
                for (int j = 0; j < w.Length; j++)
                {
                    w[j] += v[i] * a[i, j];
                }
            }

            for (int i = 0; i < v.Length; i++)
            {
                for (int j = 0; j < w.Length; j++)
                {
                    a[i, j] -= 2 / norm * v[i] * w[j];
                }
            }
        }
    }
}
