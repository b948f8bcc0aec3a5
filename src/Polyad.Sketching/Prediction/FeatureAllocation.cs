namespace Polyad.Sketching;

/// <summary>
/// Shares features among sketches so that the sum of their costs is least. Costs fall about like 1/D: the continuous optimum has shares proportional to the root of cost * D. From there features move from where they
/// are missed least to where they help most, in steps that halve, until no pair of moves helps: for convex costs that is the optimum, as the feature-by-feature greedy choice would find.
/// </summary>
internal static class FeatureAllocation
{
    /// <summary>The shares: multiples of the granule, together at most the budget and short of it by less than a granule.</summary>
    /// <param name="costs">The cost of each sketch by its number of features.</param>
    /// <param name="budget">How many features there are.</param>
    /// <param name="granule">The least share and the unit of shares.</param>
    public static int[] Solve(IReadOnlyList<Func<int, double>> costs, int budget, int granule = 2)
    {
        int count = costs.Count, units = budget / granule;
        if (units < count)
        {
            throw new ArgumentException($"{count} sketches of at least {granule} features do not fit {budget}.", nameof(budget));
        }

        int probe = Math.Max(1, units / count) * granule;
        double[] roots = [.. costs.Select(cost => Math.Sqrt(Math.Max(0, cost(probe))))];
        double sum = roots.Sum();
        int[] shares = new int[count];
        int left = units - count;
        for (int j = 0; j < count; j++)
        {
            int more = sum > 0 ? (int)((units - count) * (roots[j] / sum)) : 0;
            shares[j] = granule * (1 + Math.Min(more, left));
            left -= Math.Min(more, left);
        }

        shares[Array.IndexOf(roots, roots.Max())] += granule * left;
        for (int step = Math.Max(1, units / 8); step >= 1; step /= 2)
        {
            while (Move(costs, shares, step * granule, granule))
            {
            }
        }

        return shares;
    }

    /// <summary>Moves one step of features if that helps.</summary>
    private static bool Move(IReadOnlyList<Func<int, double>> costs, int[] shares, int step, int least)
    {
        int to = -1, from = -1;
        double gain = 0, loss = double.PositiveInfinity;
        for (int j = 0; j < shares.Length; j++)
        {
            double won = costs[j](shares[j]) - costs[j](shares[j] + step);
            if (won > gain)
            {
                (gain, to) = (won, j);
            }
        }

        for (int j = 0; j < shares.Length; j++)
        {
            if (j == to || shares[j] - step < least)
            {
                continue;
            }

            double lost = costs[j](shares[j] - step) - costs[j](shares[j]);
            if (lost < loss)
            {
                (loss, from) = (lost, j);
            }
        }

        if (to < 0 || from < 0 || gain <= loss * (1 + 1e-9))
        {
            return false;
        }

        shares[to] += step;
        shares[from] -= step;
        return true;
    }
}
