namespace Polyad.Decomposition;

/// <summary>How many singular values must stay.</summary>
internal static class TruncationRank
{
    /// <summary>The smallest r of at least 1 for which the values from r on have a 2-norm of at most <paramref name="allowed"/>.</summary>
    public static int Of(ReadOnlySpan<double> descending, double allowed)
    {
        double dropped = 0;
        int rank = descending.Length;
        while (rank > 1)
        {
            dropped = double.Hypot(dropped, descending[rank - 1]);
            if (dropped > allowed)
            {
                break;
            }

            rank--;
        }

        return rank;
    }
}
