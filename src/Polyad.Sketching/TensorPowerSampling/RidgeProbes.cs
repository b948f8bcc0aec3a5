using System.Numerics.Tensors;

namespace Polyad.Sketching;

/// <summary>
/// Random vectors of covariance (K + lambda I)^-1 for K = Phi Phi^T: with independent normal a and b, y = (K + lambda I)^-1 (Phi a + sqrt(lambda) b). The mean over them of (y.z)^2 is the ridge leverage score of a row z of the
/// tensor power. n s^2 flops, or n^2 s where there are more samples than rows.
/// </summary>
internal static class RidgeProbes
{
    /// <summary>k vectors, n x k.</summary>
    /// <param name="features">Phi, n x s.</param>
    /// <param name="ridge">lambda.</param>
    /// <param name="count">k.</param>
    /// <param name="seed">The seed.</param>
    /// <param name="backend">The engine.</param>
    public static Tensor<double> Draw(Tensor<double> features, double ridge, int count, ulong seed, ILinearAlgebraBackend? backend)
    {
        int n = (int)features.Lengths[0], s = (int)features.Lengths[1];
        ReadOnlyMatrixView<double> phi = features.AsReadOnlyMatrix();
        Tensor<double> a = SketchStream.Of(seed, StreamRole.Weight, 0).Normal<double>(s, count), b = SketchStream.Of(seed, StreamRole.ImaginaryWeight, 0).Normal<double>(n, count);
        Tensor<double> right = Tensor.Add<double>(LinearAlgebra.MatMul(phi, a.AsReadOnlyMatrix(), backend), Tensor.Multiply<double>(b, Math.Sqrt(ridge)));
        if (s > n)
        {
            return LinearAlgebra.SolvePositiveDefinite(Shifted(LinearAlgebra.Gram(phi, backend), ridge), right, backend);
        }

        // Woodbury: (K + lambda I)^-1 b = (b - Phi (Phi^T Phi + lambda I)^-1 Phi^T b) / lambda.
        Tensor<double> inner = LinearAlgebra.SolvePositiveDefinite(Shifted(LinearAlgebra.Gram(phi.Transpose, backend), ridge), LinearAlgebra.MatMul(phi.Transpose, right.AsReadOnlyMatrix(), backend), backend);
        Tensor<double> rest = Tensor.Subtract<double>(right, LinearAlgebra.MatMul(phi, inner.AsReadOnlyMatrix(), backend));
        return Tensor.Divide<double>(rest, ridge);
    }

    private static Tensor<double> Shifted(Tensor<double> gram, double ridge)
    {
        Span<double> values = LinearAlgebra.Elements(gram);
        int n = (int)gram.Lengths[0];
        for (int i = 0; i < n; i++)
        {
            values[(i * n) + i] += ridge;
        }

        return gram;
    }
}
