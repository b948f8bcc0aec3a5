using System.Numerics.Tensors;

namespace Polyad.Lab;

/// <summary>How far the kernel matrix of random features is from the exact one.</summary>
internal sealed class KernelMatrixError(Tensor<double> exact)
{
    private readonly double _norm = TensorAlgebra.FrobeniusNorm(exact);

    /// <summary>|Z Z' - K|_F / |K|_F for each of the seeds first, first + 1, ...</summary>
    /// <param name="features">Z of a seed.</param>
    /// <param name="first">The first seed.</param>
    /// <param name="seeds">How many.</param>
    /// <param name="cancellationToken">Looked at between seeds.</param>
    public Estimate Relative(Func<ulong, Tensor<double>> features, ulong first, int seeds, CancellationToken cancellationToken)
    {
        double[] errors = new double[seeds];
        for (int i = 0; i < seeds; i++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            errors[i] = TensorAlgebra.FrobeniusNorm(Difference(features(first + (ulong)i))) / _norm;
        }

        return Estimate.Of(errors);
    }

    /// <summary>Z Z' - K.</summary>
    public Tensor<double> Difference(Tensor<double> features)
    {
        Tensor<double> gram = LinearAlgebra.Gram(features.AsReadOnlyMatrix());
        Tensor.Subtract<double>(gram, exact, gram);
        return gram;
    }
}
