using System.Numerics.Tensors;
using Xunit;

namespace Polyad.Decomposition;

public class StreamedResidualTests
{
    [Theory]
    [InlineData(1, 1, 1)]
    [InlineData(3, 7, 2)]
    [InlineData(4, 32, 5)]
    [InlineData(5, 33, 1)]
    [InlineData(517, 9, 3)]
    [InlineData(9, 4100, 40)]
    [InlineData(1030, 2100, 2)]
    public void It_is_the_norm_of_the_differences(int rows, int columns, int rank)
    {
        Tensor<double> a = new CounterRandom(1).Normal<double>(rows, rank), b = new CounterRandom(2).Normal<double>(columns, rank), x = new CounterRandom(3).Normal<double>(rows, columns);
        Tensor<double> model = LinearAlgebra.MatMul(a.AsReadOnlyMatrix(), b.AsReadOnlyMatrix().Transpose);
        double[] difference = [.. x.ToArray().Zip(model.ToArray(), static (u, v) => u - v)];
        double expected = Planted.Norm(difference) / Planted.Norm(x.ToArray());
        double[] seen = [.. new[] { 1, 2 }.Select(threads => StreamedResidual.Relative(
            new ManagedBackend(threads), DenseData.Elements(x), Planted.Norm(x.ToArray()), a.AsReadOnlyMatrix(), b.AsReadOnlyMatrix().Transpose))];
        Assert.Equal(expected, seen[0], 1e-13 * expected);
        Assert.Equal(seen[0], seen[1]);
    }

    [Fact]
    public void An_error_far_below_the_root_of_epsilon_is_seen()
    {
        // ||X||^2 + ||M||^2 - 2 <X, M> would report noise of 1e-8.
        Tensor<double>[] factors = Planted.Factors<double>(1, 3, 9, 8, 7);
        double[] values = Planted.Cp(factors).ToArray();
        double norm = Planted.Norm(values);
        values[100] += 1e-11 * norm;
        double seen = StreamedResidual.Relative<double>(ManagedBackend.Shared, values, norm, factors, [1.0, 1, 1]);
        Assert.Equal(1e-11, seen, 1e-14);
    }
}
