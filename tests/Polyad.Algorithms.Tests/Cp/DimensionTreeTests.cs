using System.Numerics.Tensors;
using Xunit;

namespace Polyad.Decomposition;

public class DimensionTreeTests
{
    public static TheoryData<int[], int> Shapes => new()
    {
        { [7, 5], 3 },
        { [1, 6], 2 },
        { [6, 5, 4], 3 },
        { [5, 1, 4], 2 },
        { [4, 3, 5, 2], 4 },
        { [9, 2, 2, 2, 8], 3 },
        { [2, 2, 2, 40], 2 },
        { [3, 2, 4, 2, 3, 2], 5 },
        { [1, 3, 1, 2, 1, 4], 2 },
        { [2, 3, 2, 3, 2, 3, 2], 3 },
        { [1, 1, 1], 2 },
    };

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Every_product_of_a_sweep_is_the_definition_at_the_newest_factors(int[] shape, int rank)
    {
        nint[] lengths = [.. shape.Select(static n => (nint)n)];
        Tensor<double> x = new CounterRandom(1).Normal<double>(lengths);
        Tensor<double>[] factors = Planted.Factors<double>(2, rank, lengths);
        List<int> order = [];
        using DimensionTree<double> tree = new(x, rank, ManagedBackend.Shared);
        tree.Sweep(factors, (mode, product) =>
        {
            order.Add(mode);
            double[] expected = Definition(x, factors, mode, out double scale);
            Assert.All(product.ToArray().Zip(expected), p => Assert.Equal(p.Second, p.First, 1e-14 * scale));

            // What is written here must be what later modes see.
            new CounterRandom(3, (ulong)mode).Normal<double>(DenseData.Elements(factors[mode]));
        });
        Assert.Equal(Enumerable.Range(0, shape.Length), order);
    }

    [Fact]
    public void A_mode_at_a_time_gives_the_products_of_a_sweep()
    {
        Tensor<double> x = new CounterRandom(1).Normal<double>(4, 3, 5, 2, 3);
        Tensor<double>[] swept = Planted.Factors<double>(2, 3, 4, 3, 5, 2, 3), stepped = Planted.Factors<double>(2, 3, 4, 3, 5, 2, 3);
        DimensionTree<double> tree = new(x, 3, ManagedBackend.Shared), steps = new(x, 3, ManagedBackend.Shared);
        for (int sweep = 0; sweep < 2; sweep++)
        {
            tree.Sweep(swept, (mode, product) =>
            {
                Assert.Equal(product.ToArray(), steps.Next(stepped, mode).ToArray());
                new CounterRandom(3, (ulong)mode).Normal<double>(DenseData.Elements(swept[mode]));
                new CounterRandom(3, (ulong)mode).Normal<double>(DenseData.Elements(stepped[mode]));
            });
        }
    }

    [Fact]
    public void Modes_that_are_skipped_are_not_visited_but_still_contracted()
    {
        Tensor<double> x = new CounterRandom(1).Normal<double>(4, 3, 5, 2);
        Tensor<double>[] factors = Planted.Factors<double>(2, 3, 4, 3, 5, 2);
        List<int> order = [];
        using DimensionTree<double> tree = new(x, 3, ManagedBackend.Shared);
        tree.Sweep(
            factors,
            (mode, product) =>
            {
                order.Add(mode);
                double[] expected = Definition(x, factors, mode, out double scale);
                Assert.All(product.ToArray().Zip(expected), p => Assert.Equal(p.Second, p.First, 1e-14 * scale));
            },
            [true, false, true, false]);
        Assert.Equal([1, 3], order);
    }

    /// <summary>G[i, r] = sum over all indices of X times the product of the other factors' entries; <paramref name="scale"/> bounds the sum of magnitudes.</summary>
    private static double[] Definition(Tensor<double> x, Tensor<double>[] factors, int mode, out double scale)
    {
        int order = x.Rank, rank = (int)factors[0].Lengths[1];
        double[] values = x.ToArray(), result = new double[x.Lengths[mode] * rank];
        scale = 0;
        for (int at = 0; at < values.Length; at++)
        {
            int[] index = new int[order];
            for (int k = order - 1, rest = at; k >= 0; rest /= (int)x.Lengths[k], k--)
            {
                index[k] = rest % (int)x.Lengths[k];
            }

            for (int r = 0; r < rank; r++)
            {
                double term = values[at];
                for (int k = 0; k < order; k++)
                {
                    term *= k == mode ? 1 : factors[k][index[k], r];
                }

                result[(index[mode] * rank) + r] += term;
                scale += Math.Abs(term);
            }
        }

        return result;
    }
}
