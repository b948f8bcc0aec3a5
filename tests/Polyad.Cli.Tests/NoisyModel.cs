using System.Numerics.Tensors;
using Polyad.Decomposition;

namespace Polyad.Cli.Tests;

/// <summary>Tensors of known components under noise.</summary>
internal static class NoisyModel
{
    /// <summary>The CP model with these factors and weights of one, and normal noise of that share of its norm.</summary>
    public static Tensor<double> Of(Tensor<double>[] factors, double share, CounterRandom draws)
    {
        nint rank = factors[0].Lengths[1];
        double[] x = new CpTensor<double>(Tensor.Create([.. Enumerable.Repeat(1.0, (int)rank)], [rank]), factors).Reconstruct().ToArray();
        nint[] lengths = [.. factors.Select(static f => f.Lengths[0])];
        double[] noise = draws.Normal<double>(lengths).ToArray();
        double size = share * Math.Sqrt(TensorPrimitives.SumOfSquares<double>(x) / TensorPrimitives.SumOfSquares<double>(noise));
        return Tensor.Create([.. x.Zip(noise, (a, b) => a + (size * b))], lengths);
    }
}
