namespace Polyad.Sketching;

/// <summary>
/// Gamma-distributed numbers by the squeeze-free rejection of Marsaglia and Tsang (2000): exact, about one try each. Element i has streams of its own, so it depends on seed and i alone.
/// </summary>
internal static class GammaDraws
{
    /// <summary>Fills draws of shape a and scale 1.</summary>
    /// <param name="destination">Element i uses the streams 2i and 2i + 1 above that of <paramref name="draws"/>.</param>
    /// <param name="shape">a, above 0.</param>
    /// <param name="draws">Seed and first stream.</param>
    public static void Fill(Span<double> destination, double shape, CounterRandom draws)
    {
        for (int i = 0; i < destination.Length; i++)
        {
            destination[i] = One(shape, draws.WithStream(draws.Stream + (2 * (ulong)i)), draws.WithStream(draws.Stream + (2 * (ulong)i) + 1));
        }
    }

    /// <summary>Fills the lengths of standard normal vectors of n numbers (chi with n degrees of freedom).</summary>
    public static void FillLengths(Span<double> destination, int n, CounterRandom draws)
    {
        Fill(destination, n / 2.0, draws);
        for (int i = 0; i < destination.Length; i++)
        {
            destination[i] = Math.Sqrt(2 * destination[i]);
        }
    }

    private static double One(double shape, CounterRandom normals, CounterRandom uniforms)
    {
        // Below 1: gamma(a) = gamma(a + 1) u^(1/a).
        double boosted = shape < 1 ? shape + 1 : shape, d = boosted - (1.0 / 3), c = 1 / Math.Sqrt(9 * d);
        Span<double> z = stackalloc double[1], u = stackalloc double[1];
        for (ulong attempt = 1; ; attempt++)
        {
            normals.Normal(z, attempt);
            double root = 1 + (c * z[0]);
            if (root <= 0)
            {
                continue;
            }

            double v = root * root * root;
            uniforms.Uniform(u, attempt);
            if (Math.Log(1 - u[0]) < (0.5 * z[0] * z[0]) + (d * (1 - v + Math.Log(v))))
            {
                if (shape >= 1)
                {
                    return d * v;
                }

                uniforms.Uniform(u, 0);
                return d * v * Math.Pow(1 - u[0], 1 / shape);
            }
        }
    }
}
