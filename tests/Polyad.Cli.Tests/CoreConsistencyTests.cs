using System.Numerics.Tensors;
using Polyad.Cli.Demo;
using Xunit;

namespace Polyad.Cli.Tests;

public class CoreConsistencyTests
{
    [Fact]
    public void AnExactModelIsHundredAndAWrongOneIsNot()
    {
        double[][] factors = [Column(5, 1), Column(6, 2), Column(7, 3)];
        double[] weights = [2, 3], values = new double[5 * 6 * 7];
        for (int i = 0; i < values.Length; i++)
        {
            for (int r = 0; r < 2; r++)
            {
                values[i] += weights[r] * factors[0][(i / 42 * 2) + r] * factors[1][(i / 7 % 6 * 2) + r] * factors[2][(i % 7 * 2) + r];
            }
        }

        Tensor<double> tensor = Tensor.Create(values, [5, 6, 7]), scale = Tensor.Create(weights, [2]);
        Tensor<double>[] matrices = [Tensor.Create(factors[0], [5, 2]), Tensor.Create(factors[1], [6, 2]), Tensor.Create(factors[2], [7, 2])];

        Assert.Equal(100, CoreConsistency.Of(tensor, scale, matrices, ManagedBackend.Shared), 1e-8);
        matrices[1] = Tensor.Create(Column(6, 9), [6, 2]);
        Assert.True(CoreConsistency.Of(tensor, scale, matrices, ManagedBackend.Shared) < 99);
    }

    private static double[] Column(int rows, int seed)
    {
        Random random = new(seed);
        return [.. Enumerable.Range(0, rows * 2).Select(_ => random.NextDouble() - 0.3)];
    }
}
