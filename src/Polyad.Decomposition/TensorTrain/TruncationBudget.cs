namespace Polyad.Decomposition;

/// <summary>How many components a bond keeps: from the singular values on it, or beforehand.</summary>
internal interface IBondRanks
{
    /// <summary>The rank that is wanted whatever the values are; null when they decide.</summary>
    int? Given(int bond);

    /// <summary>The rank to keep, 1 to the number of values.</summary>
    /// <param name="bond">The bond left of mode number <paramref name="bond"/>.</param>
    /// <param name="values">Singular values, descending.</param>
    int Choose(int bond, ReadOnlySpan<double> values);
}

/// <summary>
/// What may still be dropped. The squares of what the steps drop add up to the square of the error, so that each step may have an equal share of what is left:
/// a step that dropped less than its share leaves the others more.
/// </summary>
/// <param name="ranks">The inner ranks, or null to choose them.</param>
/// <param name="maxRank">A limit on chosen ranks.</param>
/// <param name="tolerance">Of the whole, relative; 0 for ranks that only the limit cuts.</param>
/// <param name="order">The number of modes.</param>
/// <param name="norm">Of the tensor.</param>
internal sealed class TruncationBudget(int[]? ranks, int maxRank, double tolerance, int order, double norm) : IBondRanks
{
    private double _spent;

    /// <summary>The square of the error so far.</summary>
    public double Spent => _spent;

    /// <summary>Bonds that have their rank.</summary>
    public int Done { get; private set; }

    /// <summary>What the current step has dropped already, squared.</summary>
    public double Reserved { get; set; }

    /// <summary>The square of what the next bond may drop.</summary>
    public double Share
    {
        get
        {
            double all = tolerance * tolerance * norm * norm, equal = all / (order - 1);
            return Math.Max(0, Math.Max(equal, (all - _spent) / Math.Max(1, order - 1 - Done)) - Reserved);
        }
    }

    public void Spend(double square, int bonds)
    {
        _spent += square;
        Done += bonds;
    }

    public int? Given(int bond) => ranks?[bond - 1] ?? (tolerance == 0 ? maxRank : null);

    public int Choose(int bond, ReadOnlySpan<double> values)
        => Given(bond) is { } rank ? Math.Min(rank, values.Length) : Math.Min(maxRank, TruncationRank.Of(values, Math.Sqrt(Share)));
}
