using Xunit;

namespace Polyad.Sketching;

public sealed class FeatureAllocationTests
{
    [Theory]
    [InlineData(new[] { 4.0, 1 }, 30)]
    [InlineData(new[] { 100.0, 3, 0.2 }, 24)]
    [InlineData(new[] { 1.0, 1, 1 }, 26)]
    [InlineData(new[] { 0.0, 2, 5 }, 20)]
    public void Shares_are_those_of_an_exhaustive_search(double[] variances, int budget)
    {
        Func<int, double>[] costs = [.. variances.Select(v => (Func<int, double>)(n => v / n))];
        int[] shares = FeatureAllocation.Solve(costs, budget);
        Assert.Equal(budget / 2 * 2, shares.Sum());
        Assert.InRange(Cost(costs, shares), 0, Exhaustive(costs, budget) * (1 + 1e-9));
    }

    [Fact]
    public void Shares_of_inverse_costs_are_proportional_to_the_roots()
    {
        int[] shares = FeatureAllocation.Solve([n => 1.0 / n, n => 4.0 / n, n => 16.0 / n], 7000);
        Assert.Equal([1000, 2000, 4000], shares);
    }

    [Fact]
    public void Greedy_choice_feature_by_feature_is_not_better_on_convex_costs()
    {
        Func<int, double>[] costs = [n => 3.0 / n, n => 10.0 / (n * (double)n), n => Math.Exp(-0.05 * n)];
        int[] greedy = [2, 2, 2];
        for (int left = 200 - 6; left > 0; left -= 2)
        {
            int best = Enumerable.Range(0, 3).MaxBy(j => costs[j](greedy[j]) - costs[j](greedy[j] + 2));
            greedy[best] += 2;
        }

        Assert.Equal(Cost(costs, greedy), Cost(costs, FeatureAllocation.Solve(costs, 200)), 1e-12);
    }

    [Fact]
    public void Too_small_a_budget_is_refused() => Assert.Throws<ArgumentException>(() => FeatureAllocation.Solve([n => 1.0 / n, n => 1.0 / n], 3));

    private static double Cost(Func<int, double>[] costs, int[] shares) => costs.Zip(shares, (cost, n) => cost(n)).Sum();

    private static double Exhaustive(Func<int, double>[] costs, int budget)
    {
        if (costs.Length == 1)
        {
            return costs[0](budget / 2 * 2);
        }

        double best = double.PositiveInfinity;
        for (int n = 2; n <= budget - (2 * (costs.Length - 1)); n += 2)
        {
            best = Math.Min(best, costs[0](n) + Exhaustive(costs[1..], budget - n));
        }

        return best;
    }
}
