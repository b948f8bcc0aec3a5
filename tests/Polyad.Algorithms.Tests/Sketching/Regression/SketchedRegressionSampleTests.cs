using System.Numerics.Tensors;
using SketchedRegression;
using Xunit;

namespace Polyad.Sketching;

/// <summary>The program of docs/samples/SketchedRegression at a smaller size.</summary>
public sealed class SketchedRegressionSampleTests(ITestOutputHelper output)
{
    /// <summary>
    /// Friedman's function has a variance of 23.8 beside noise of variance 1: no model explains more than 0.96 in the mean. 400 features, whose kernel is off by little, predict what the exact kernel predicts.
    /// </summary>
    [Fact]
    public void Sketched_features_learn_what_the_exact_kernel_learns()
    {
        (Tensor<double> x, Tensor<double> y) = Tables.Friedman(1600, seed: 1);
        SketchedFit sketched = KernelRegression.Sketched(x, y, 400);
        ExactFit exact = KernelRegression.Exact(x, y, sketched.Gamma);
        output.WriteLine($"{sketched.Score} and {exact.Score}, predicted error of the kernel {sketched.PredictedKernelError}");
        Assert.InRange(exact.Score, 0.9, 0.97);
        Assert.InRange(sketched.Score, exact.Score - 0.005, 0.97);
        double difference = sketched.Predicted.Zip(exact.Predicted, static (a, b) => (a - b) * (a - b)).Average();
        Assert.True(difference < 0.25, $"predictions differ by {difference}, the noise has variance 1");
        Assert.InRange(sketched.PredictedKernelError, 0, 0.01);
    }

    [Fact]
    public void The_last_column_is_the_target()
    {
        (Tensor<double> x, Tensor<double> y) = Tables.Split(Tensor.Create([1.0, 2, 3, 4, 5, 6], [2, 3]));
        Assert.Equal([1.0, 2, 4, 5], x.ToArray());
        Assert.Equal([3.0, 6], y.ToArray());
    }
}
