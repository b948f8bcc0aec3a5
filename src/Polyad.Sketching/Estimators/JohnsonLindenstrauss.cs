namespace Polyad.Sketching;

/// <summary>The lemma of Johnson and Lindenstrauss (1984) in numbers.</summary>
public static class JohnsonLindenstrauss
{
    /// <summary>
    /// The dimension in which n points keep all their squared distances within factors 1 - eps and 1 + eps, with good probability, under a normal or sparse random projection: 4 log(n) / (eps^2 / 2 - eps^3 / 3),
    /// cut to an integer (Dasgupta, Gupta 2003; scikit-learn's johnson_lindenstrauss_min_dim).
    /// </summary>
    /// <param name="points">n, at least 1.</param>
    /// <param name="distortion">eps, above 0 and below 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">An argument is out of range.</exception>
    public static long MinimumDimension(long points, double distortion = 0.1)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(points, 1);
        if (!(distortion > 0 && distortion < 1))
        {
            throw new ArgumentOutOfRangeException(nameof(distortion), distortion, "The distortion must be above 0 and below 1.");
        }

        return (long)(4 * Math.Log(points) / ((distortion * distortion / 2) - (distortion * distortion * distortion / 3)));
    }

    /// <summary>The output dimension of a projection: as asked for, or by the lemma.</summary>
    internal static int Dimension(int? asked, int points, int columns, double distortion)
    {
        if (asked is { } given)
        {
            return Hyperparameter.AtLeast(given, 1);
        }

        long least = MinimumDimension(points, distortion);
        return least < 1
            ? throw new ArgumentException($"A distortion of {distortion} and {points} rows lead to a dimension of {least}: give NComponents.")
            : least > columns
            ? throw new ArgumentException($"A distortion of {distortion} and {points} rows lead to a dimension of {least}, larger than that of the rows, {columns}: give NComponents.")
            : (int)least;
    }
}
