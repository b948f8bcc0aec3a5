namespace Polyad.Sketching;

/// <summary>How the features of a Hadamard factor hang together; see <see cref="ProjectionMoments"/>.</summary>
internal static class HadamardMoments
{
    /// <summary>Ordered pairs of features whose rows are drawn from one set without replacement.</summary>
    /// <param name="dimension">The length of the input.</param>
    /// <param name="m">Number of features.</param>
    /// <param name="sampling">How rows are drawn.</param>
    public static double SamePairs(int dimension, int m, HadamardSampling sampling)
    {
        double size = HadamardFactor<double>.PaddedSize(dimension);
        switch (sampling)
        {
            case HadamardSampling.Shared:
                return (double)m * (m - 1);
            case HadamardSampling.Blocks:
                double whole = Math.Floor(m / size), rest = m - (whole * size);
                return (whole * size * (size - 1)) + (rest * (rest - 1));
            default:
                // The mean over independent rows is the inner product itself: such pairs are uncorrelated.
                return 0;
        }
    }

    /// <summary>The size of that set.</summary>
    /// <inheritdoc cref="SamePairs"/>
    public static double Rows(int dimension, int m, HadamardSampling sampling)
    {
        double size = HadamardFactor<double>.PaddedSize(dimension);
        return sampling == HadamardSampling.Blocks ? size : size * Math.Ceiling(m / size);
    }
}
