namespace Polyad.Lab;

/// <summary>The exponent a of y = c x^a.</summary>
internal static class PowerLaw
{
    /// <summary>By least squares between the logarithms.</summary>
    /// <exception cref="ArgumentException">There are fewer than two points, or not as many x as y.</exception>
    public static double Exponent(IReadOnlyList<double> x, IReadOnlyList<double> y)
    {
        if (x.Count != y.Count || x.Count < 2)
        {
            throw new ArgumentException($"An exponent needs two points or more; given {x.Count} x and {y.Count} y.", nameof(x));
        }

        double meanX = x.Average(Math.Log), meanY = y.Average(Math.Log), xy = 0, xx = 0;
        for (int i = 0; i < x.Count; i++)
        {
            double dx = Math.Log(x[i]) - meanX;
            xy += dx * (Math.Log(y[i]) - meanY);
            xx += dx * dx;
        }

        return xy / xx;
    }
}
