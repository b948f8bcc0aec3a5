namespace Polyad.Sketching;

/// <summary>Additive homogeneous kernels of histograms: sums of k(x, y) = sqrt(x y) K(log(x / y)) over the columns.</summary>
public enum HomogeneousKernel
{
    /// <summary>2 x y / (x + y).</summary>
    Chi2,

    /// <summary>min(x, y).</summary>
    Intersection,

    /// <summary>(x log2((x + y) / x) + y log2((x + y) / y)) / 2.</summary>
    JensenShannon,
}

/// <summary>Signatures K and spectra kappa (Vedaldi and Zisserman 2012, table 1).</summary>
internal static class HomogeneousSpectrum
{
    /// <summary>K(w), w the logarithm of the ratio of two entries.</summary>
    public static double Signature(HomogeneousKernel kernel, double w)
    {
        double half = Math.Abs(w) / 2;
        return kernel switch
        {
            HomogeneousKernel.Chi2 => 1 / Math.Cosh(half),
            HomogeneousKernel.Intersection => Math.Exp(-half),
            _ => ((Math.Exp(half) * Math.Log2(1 + Math.Exp(-2 * half))) + (Math.Exp(-half) * ((2 * half / Math.Log(2)) + Math.Log2(1 + Math.Exp(-2 * half))))) / 2,
        };
    }

    /// <summary>kappa(l), by which K(w) is the integral of kappa(l) exp(-i l w).</summary>
    public static double Density(HomogeneousKernel kernel, double l)
        => kernel switch
        {
            HomogeneousKernel.Chi2 => 1 / Math.Cosh(Math.PI * l),
            HomogeneousKernel.Intersection => 2 / (Math.PI * (1 + (4 * l * l))),
            _ => 2 / (Math.Log(4) * Math.Cosh(Math.PI * l) * (1 + (4 * l * l))),
        };

    /// <summary>What the map with samples at 0, L, ..., (steps - 1) L makes of the signature.</summary>
    public static double Approximate(HomogeneousKernel kernel, int steps, double interval, double w)
    {
        double sum = Density(kernel, 0);
        for (int j = 1; j < steps; j++)
        {
            sum += 2 * Density(kernel, j * interval) * Math.Cos(j * interval * w);
        }

        return interval * sum;
    }

    /// <summary>The interval whose largest error |K - K^| over ratios of two entries up to <paramref name="ratio"/> is least.</summary>
    public static double BestInterval(HomogeneousKernel kernel, int steps, double ratio)
    {
        double best = 0, least = double.PositiveInfinity, reach = Math.Log(ratio);
        for (double interval = 0.02; interval < 2; interval *= 1.01)
        {
            double worst = 0;
            for (double w = 0; w <= reach; w += reach / 100)
            {
                worst = Math.Max(worst, Math.Abs(Signature(kernel, w) - Approximate(kernel, steps, interval, w)));
            }

            (best, least) = worst < least ? (interval, worst) : (best, least);
        }

        return best;
    }
}
