namespace Polyad.Cli.Compare.Accuracy;

/// <summary>
/// Judges a Fourier transform by sampled outputs, summed by the definition in about 106 bits: the largest |y_k - X_k| / (eps log2(n) ||x||). Fast transforms stay below 1
/// (Higham, Accuracy and Stability of Numerical Algorithms, 2nd ed., 2002, theorem 24.2, and the usual growth of random roundings).
/// </summary>
internal static class FourierAccuracy
{
    private const int MaxSamples = 5;

    /// <summary>pi / 4 to 106 bits.</summary>
    private static readonly DoubleDouble EighthTurn = new(0.78539816339744828, 3.061616997868383e-17);

    /// <param name="real">Real parts of the input.</param>
    /// <param name="imaginary">Imaginary parts of the input.</param>
    /// <param name="computed">Output k.</param>
    /// <param name="epsilon">The distance from 1 to the next number of the element type.</param>
    public static double Ratio(double[] real, double[] imaginary, Func<int, (double Real, double Imaginary)> computed, double epsilon)
    {
        int n = real.Length;
        double norm = Math.Sqrt(real.Sum(static v => v * v) + imaginary.Sum(static v => v * v));
        double allowed = epsilon * Math.Max(1, Math.Log2(n)) * norm, worst = 0;

        // Every root is the product of a coarse and a fine one: two short tables.
        int fine = (int)Math.Ceiling(Math.Sqrt(n));
        (DoubleDouble Cosine, DoubleDouble Sine)[] fineRoots = [.. Enumerable.Range(0, fine).Select(i => UnitRoot(i, n))];
        (DoubleDouble Cosine, DoubleDouble Sine)[] coarseRoots = [.. Enumerable.Range(0, (n / fine) + 1).Select(i => UnitRoot((long)i * fine % n, n))];
        foreach (int k in Enumerable.Range(0, MaxSamples).Select(i => (int)((long)i * (n - 1) / (MaxSamples - 1))).Distinct())
        {
            DoubleDouble sumReal = 0, sumImaginary = 0;
            long exponent = 0;
            for (int j = 0; j < n; j++)
            {
                (DoubleDouble a, DoubleDouble b) = coarseRoots[exponent / fine];
                (DoubleDouble c, DoubleDouble d) = fineRoots[exponent % fine];
                DoubleDouble cosine = (a * c) + (b * d * -1), sine = (a * d) + (b * c);
                sumReal += (cosine * real[j]) + (sine * imaginary[j]);
                sumImaginary += (cosine * imaginary[j]) + (sine * -real[j]);
                exponent = (exponent + k) % n;
            }

            (double re, double im) = computed(k);
            worst = Math.Max(worst, double.Hypot((re - sumReal).High, (im - sumImaginary).High));
        }

        return worst == 0 ? 0 : LapackRatio.Finite(worst / allowed);
    }

    /// <summary>Cosine and sine of 2 pi m / n for 0 &lt;= m &lt; n: Taylor's series within an eighth of a turn of the nearest multiple of a quarter.</summary>
    public static (DoubleDouble Cosine, DoubleDouble Sine) UnitRoot(long m, int n)
    {
        long quarter = ((8 * m) + n) / (2L * n), rest = (8 * m) - (2 * quarter * n);

        // rest / n eighths of a turn, from -1 to 1; the quotient's remainder gives its low part.
        double high = (double)rest / n;
        DoubleDouble angle = EighthTurn * new DoubleDouble(high, Math.FusedMultiplyAdd(-high, n, rest) / n);
        DoubleDouble cosine = 0, sine = 0, term = 1;
        for (int i = 0; i < 28; i++)
        {
            DoubleDouble signed = (i & 2) == 0 ? term : term * -1;
            (cosine, sine) = (i & 1) == 0 ? (cosine + signed, sine) : (cosine, sine + signed);
            term = term * angle / (i + 1);
        }

        return (quarter & 3) switch
        {
            0 => (cosine, sine),
            1 => (sine * -1, cosine),
            2 => (cosine * -1, sine * -1),
            _ => (sine, cosine * -1),
        };
    }
}
