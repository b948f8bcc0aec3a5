namespace Polyad.Sketching;

/// <summary>
/// Moments of hashing sketches whose buckets are sums without a modulus. Pairings are those of <see cref="HashMoments"/>; the sums U and V of the two kinds of shifts must both be zero, and the difference of
/// two numbers below J is not uniform: the probability that b such differences add to zero is the integral of the b-th power of the Fejer kernel, summed exactly here.
/// </summary>
internal sealed class LinearHashMoments
{
    private readonly int[] _group;
    private readonly int _longer;
    private readonly int _shorter;
    private readonly double[,] _zero;

    /// <param name="ranges">The number of values of each factor's hash: J or J + 1.</param>
    public LinearHashMoments(int[] ranges)
    {
        int least = ranges.Min();
        _group = [.. ranges.Select(range => range - least)];
        _longer = _group.Sum();
        _shorter = ranges.Length - _longer;
        _zero = new double[_longer + 1, _shorter + 1];

        // More points than the sum of differences has values: the mean over them is its probability of zero.
        int points = (2 * ranges.Sum()) + 1;
        for (int w = 0; w < points; w++)
        {
            double a = Difference(least + 1, w, points), b = Difference(least, w, points), pa = 1.0 / points;
            for (int i = 0; i <= _longer; i++, pa *= a)
            {
                double pb = pa;
                for (int j = 0; j <= _shorter; j++, pb *= b)
                {
                    _zero[i, j] += pb;
                }
            }
        }
    }

    /// <summary>The moments; those of single entries are not known and set to NaN.</summary>
    public PairMoments Of(ReadOnlySpan<PairMoments> factors)
    {
        double square = Sum(factors, static u => (u.Square, u.Norms - u.Entries, u.Square - u.Entries));
        double norms = Sum(factors, static u => (u.Norms, u.Square - u.Entries, u.Square - u.Entries));
        return new(norms, square, double.NaN, square, double.NaN, double.NaN);
    }

    /// <summary>The sum over all assignments of a pairing to every factor, grouped by how many longer and shorter hashes have each shifted pairing.</summary>
    private double Sum(ReadOnlySpan<PairMoments> factors, Func<PairMoments, (double Equal, double Same, double Opposite)> weights)
    {
        double[,,,] ways = new double[_longer + 1, _shorter + 1, _longer + 1, _shorter + 1];
        ways[0, 0, 0, 0] = 1;
        for (int f = 0, longer = 0, shorter = 0; f < factors.Length; f++)
        {
            (double equal, double same, double opposite) = weights(factors[f]);
            int up = _group[f], down = 1 - up;
            longer += up;
            shorter += down;
            for (int a = longer; a >= 0; a--)
            {
                for (int b = shorter; b >= 0; b--)
                {
                    for (int c = longer - a; c >= 0; c--)
                    {
                        for (int e = shorter - b; e >= 0; e--)
                        {
                            double sum = equal * ways[a, b, c, e];
                            sum += a >= up && b >= down ? same * ways[a - up, b - down, c, e] : 0;
                            sum += c >= up && e >= down ? opposite * ways[a, b, c - up, e - down] : 0;
                            ways[a, b, c, e] = sum;
                        }
                    }
                }
            }
        }

        double total = 0;
        for (int a = 0; a <= _longer; a++)
        {
            for (int b = 0; b <= _shorter; b++)
            {
                for (int c = 0; c <= _longer - a; c++)
                {
                    for (int e = 0; e <= _shorter - b; e++)
                    {
                        total += ways[a, b, c, e] * _zero[a, b] * _zero[c, e];
                    }
                }
            }
        }

        return total;
    }

    /// <summary>The characteristic function of the difference of two independent numbers below J at 2 pi w / points.</summary>
    private static double Difference(int range, int w, int points)
    {
        if (w == 0)
        {
            return 1;
        }

        double ratio = Math.Sin(Math.PI * range * w / points) / (range * Math.Sin(Math.PI * w / points));
        return ratio * ratio;
    }
}
