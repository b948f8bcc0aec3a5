namespace Polyad.Transforms;

/// <summary>Roots of unity.</summary>
internal static class UnitRoot
{
    /// <summary>exp(2 pi i k / n) for k in [0, n], with errors of half an ulp or so: the angle is brought into the first octant in integers.</summary>
    public static (double Cosine, double Sine) At(long k, long n)
    {
        long t = 4 * k;
        bool lower = t > 2 * n;
        t = lower ? (4 * n) - t : t;
        bool left = t > n;
        t = left ? (2 * n) - t : t;
        bool steep = 2 * t > n;
        (double s, double c) = double.SinCosPi((steep ? n - t : t) / (2.0 * n));
        (c, s) = steep ? (s, c) : (c, s);
        return (left ? -c : c, lower ? -s : s);
    }
}
