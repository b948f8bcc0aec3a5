namespace Polyad.Sketching;

/// <summary>The Matern function of any order.</summary>
internal static class ModifiedBessel
{
    /// <summary>
    /// 2^(1-nu) / Gamma(nu) s^nu K_nu(s) by K_nu(s) = int_0^inf exp(-s cosh t) cosh(nu t) dt. The integrand falls double-exponentially, so the trapezoidal rule is accurate to rounding
    /// (Trefethen and Weideman 2014). In logarithms, so that neither s^nu nor K_nu overflows.
    /// </summary>
    public static double Matern(double nu, double s)
    {
        if (s == 0)
        {
            return 1;
        }

        // The logarithm of s^nu 2^(1-nu) exp(-s cosh t) cosh(nu t) / Gamma(nu), with 2 cosh(nu t) = exp(nu t)(1 + exp(-2 nu t)), is concave with its peak at asinh(nu / s); the step resolves its width.
        double scale = (nu * Math.Log(s / 2)) - LogGamma(nu), peak = Math.Asinh(nu / s), width = 1 / Math.Sqrt(Math.Sqrt((nu * nu) + (s * s)));
        double step = Math.Min(1.0 / 16, width / 2), sum = 0;
        long first = Math.Max(0, (long)((peak - (40 * width)) / step));
        for (long i = first; ; i++)
        {
            double t = i * step, exponent = scale + (nu * t) - (s * Math.Cosh(t));
            sum += (i == 0 ? 0.5 : 1) * Math.Exp(exponent) * (1 + Math.Exp(-2 * nu * t));
            if (t > peak && exponent < -745)
            {
                return Math.Min(sum * step, 1);
            }
        }
    }

    /// <summary>log Gamma(x), x above 0: Stirling's series above 15, the recurrence below (relative error near 1e-15).</summary>
    public static double LogGamma(double x)
    {
        double shift = 0;
        while (x < 15)
        {
            shift += Math.Log(x);
            x++;
        }

        double r = 1 / x, r2 = r * r;
        double series = r * ((1.0 / 12) - (r2 * ((1.0 / 360) - (r2 * ((1.0 / 1260) - (r2 * ((1.0 / 1680) - (r2 * (1.0 / 1188)))))))));
        return ((x - 0.5) * Math.Log(x)) - x + (0.5 * Math.Log(2 * Math.PI)) + series - shift;
    }
}
