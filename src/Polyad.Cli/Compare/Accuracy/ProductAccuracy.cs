namespace Polyad.Cli.Compare.Accuracy;

/// <summary>
/// Judges matrix products by sampled entries computed in about 106 bits: the largest |c - x.y| / (k eps ||x|| ||y||) over the sample, k being the length of the inner products.
/// Any order of summation stays below about 1 (Higham, Accuracy and Stability of Numerical Algorithms, 2nd ed., 2002, section 3.1); blocked and vectorised sums stay far below.
/// </summary>
internal static class ProductAccuracy
{
    private const int MaxSamples = 12;
    private const double Budget = 6e6;

    /// <param name="rows">Rows of the product.</param>
    /// <param name="columns">Columns of the product.</param>
    /// <param name="length">k, the length of the inner products.</param>
    /// <param name="left">Entry (i, p) of the left factor.</param>
    /// <param name="right">Entry (p, j) of the right factor, exact to about 106 bits.</param>
    /// <param name="computed">What the engine wrote.</param>
    /// <param name="epsilon">The distance from 1 to the next number of the element type.</param>
    public static double Ratio(int rows, int columns, int length, Func<int, int, double> left, Func<int, int, DoubleDouble> right, Func<int, int, double> computed, double epsilon)
    {
        int samples = (int)Math.Clamp(Math.Sqrt(Budget / Math.Max(length, 1)), 2, MaxSamples);
        int[] atRows = Spread(rows, samples), atColumns = Spread(columns, samples);
        DoubleDouble[][] y = new DoubleDouble[atColumns.Length][];
        double[] yNorms = new double[atColumns.Length];
        for (int c = 0; c < y.Length; c++)
        {
            y[c] = new DoubleDouble[length];
            for (int p = 0; p < length; p++)
            {
                y[c][p] = right(p, atColumns[c]);
            }

            yNorms[c] = Math.Sqrt(y[c].Sum(static v => v.High * v.High));
        }

        double worst = 0;
        double[] x = new double[length];
        foreach (int i in atRows)
        {
            for (int p = 0; p < length; p++)
            {
                x[p] = left(i, p);
            }

            double xNorm = Math.Sqrt(x.Sum(static v => v * v));
            for (int c = 0; c < y.Length; c++)
            {
                DoubleDouble sum = 0;
                for (int p = 0; p < length; p++)
                {
                    sum += y[c][p] * x[p];
                }

                double error = Math.Abs((computed(i, atColumns[c]) - sum).High);
                double scale = length * epsilon * xNorm * yNorms[c];
                double ratio = error == 0 ? 0 : error / scale;
                worst = double.IsNaN(ratio) ? double.PositiveInfinity : Math.Max(worst, ratio);
            }
        }

        return worst;
    }

    /// <summary>First, last and evenly between.</summary>
    private static int[] Spread(int count, int samples)
        => [.. Enumerable.Range(0, Math.Min(count, samples)).Select(i => count <= samples ? i : (int)((long)i * (count - 1) / (samples - 1))).Distinct()];
}
