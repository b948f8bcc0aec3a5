using System.Numerics.Tensors;
using Xunit;

namespace Polyad.Decomposition;

public class FactorMatchTests
{
    [Fact]
    public void The_assignment_is_the_best_of_all_permutations()
    {
        for (ulong seed = 0; seed < 60; seed++)
        {
            int rows = 1 + (int)(seed % 5), columns = rows + (int)(seed / 20);
            double[] scores = new double[rows * columns];
            new CounterRandom(seed).Normal<double>(scores);
            int[] chosen = Assignment.Best(scores, rows, columns);
            Assert.Equal(rows, chosen.Distinct().Count());
            Assert.Equal(Best(scores, rows, columns, 0, 0), chosen.Select((c, r) => scores[(r * columns) + c]).Sum(), 1e-12);
        }
    }

    [Fact]
    public void Greedy_matching_is_not_good_enough()
    {
        // The largest entry is not part of the best assignment.
        Assert.Equal([1, 0], Assignment.Best([1.0, 0.9, 0.8, 0.1], 2, 2));
    }

    [Fact]
    public void A_model_matches_itself_in_any_order_scale_and_sign()
    {
        CpTensor<double> model = new(Planted.Ones<double>(4), Planted.Factors<double>(1, 4, 7, 6, 5));
        FactorMatch match = FactorMatch.Of((-3.0 * model).Select(3, 1, 0, 2), model);
        Assert.Equal(1, match.Score, 1e-14);
        Assert.Equal([2, 1, 3, 0], match.Partners);
        Assert.Equal(1 - (2.0 / 3), FactorMatch.Of(-3.0 * model, model, useWeights: true).Score, 1e-13);
    }

    [Fact]
    public void Components_without_a_partner_count_as_nothing()
    {
        CpTensor<double> model = new(Planted.Ones<double>(3), Planted.Factors<double>(1, 3, 7, 6, 5));
        FactorMatch match = FactorMatch.Of(model.Select(2, 0), model);
        Assert.Equal(2.0 / 3, match.Score, 1e-14);
        Assert.Equal([1, -1, 0], match.Partners);
        Assert.Equal(1, FactorMatch.Of(model, model.Select(1)).Score, 1e-14);
        Assert.Throws<ArgumentException>(() => FactorMatch.Of(model, new CpTensor<double>(Planted.Ones<double>(3), Planted.Factors<double>(1, 3, 7, 6, 4))));
        Assert.Equal(1, FactorMatch.Of(model.Part(.., .., 1..), model, exceptMode: 2).Score, 1e-14);
    }

    [Fact]
    public void Congruence_is_the_cosine_of_the_angle()
    {
        Tensor<double> a = Tensor.Create([1.0, 0, 0, 1], [2, 2]), b = Tensor.Create([3.0, -1, 4, 0], [2, 2]);
        Assert.All(FactorMatch.Congruence(a, b).ToArray().Zip([0.6, 1.0, 0.8, 0.0]), static p => Assert.Equal(p.Second, p.First, 1e-15));
        Assert.Throws<ArgumentException>(() => FactorMatch.Congruence(a, Tensor.Create([1.0, 2, 3], [3, 1])));
    }

    [Fact]
    public void The_correlation_index_is_zero_for_the_same_columns_and_grows_with_the_angle()
    {
        Tensor<double> a = new CounterRandom(1).Normal<double>(9, 4);
        Tensor<double> same = ComponentOrder.Columns(a, [2, 3, 0, 1]);
        ComponentOrder.Multiply(same, 1, -4.0);
        Assert.Equal(0, FactorMatch.CorrelationIndex(a, same), 1e-15);

        // Two orthonormal columns against the same turned by an angle t: every row and column has the maximum cos t.
        double t = 0.3;
        Tensor<double> e = Tensor.Create([1.0, 0, 0, 1], [2, 2]), turned = Tensor.Create([Math.Cos(t), -Math.Sin(t), Math.Sin(t), Math.Cos(t)], [2, 2]);
        Assert.Equal(1 - Math.Cos(t), FactorMatch.CorrelationIndex(e, turned), 1e-15);
    }

    private static double Best(double[] scores, int rows, int columns, int row, int used)
    {
        double best = row == rows ? 0 : double.NegativeInfinity;
        for (int c = 0; c < columns && row < rows; c++)
        {
            if ((used & (1 << c)) == 0)
            {
                best = Math.Max(best, scores[(row * columns) + c] + Best(scores, rows, columns, row + 1, used | (1 << c)));
            }
        }

        return best;
    }
}
