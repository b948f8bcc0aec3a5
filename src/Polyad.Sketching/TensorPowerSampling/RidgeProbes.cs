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
    /// <param name="engine">The engine.</param>
    public static Tensor<double> Draw(in ReadOnlyMatrixView<double> features, double ridge, int count, ulong seed, ILinearAlgebraBackend engine)
    {
        int n = features.Rows, s = features.Columns;
        Tensor<double> a = SketchStream.Of(seed, StreamRole.Weight, 0).Normal<double>(s, count), y = SketchStream.Of(seed, StreamRole.ImaginaryWeight, 0).Normal<double>(n, count);
        engine.MatMul(1, features, a.AsReadOnlyMatrix(), Math.Sqrt(ridge), y.AsMatrix());
        if (s > n)
        {
            Solve(features, ridge, y.AsMatrix(), engine);
            return y;
        }

        // Woodbury: (K + lambda I)^-1 y = (y - Phi (Phi^T Phi + lambda I)^-1 Phi^T y) / lambda.
        engine.MatMul(1, features.Transpose, y.AsReadOnlyMatrix(), 0, a.AsMatrix());
        Solve(features.Transpose, ridge, a.AsMatrix(), engine);
        engine.MatMul(-1 / ridge, features, a.AsReadOnlyMatrix(), 1 / ridge, y.AsMatrix());
        return y;
    }

    /// <summary>
    /// The trace of K (K + lambda I)^-1, the effective dimension, estimated by probes as the mean of y^T K y: of a relative error of about sqrt(2 / (k (effective dimension))).
    /// </summary>
    /// <param name="features">Phi, n x s.</param>
    /// <param name="probes">n x k.</param>
    /// <param name="engine">The engine.</param>
    public static double EffectiveDimension(in ReadOnlyMatrixView<double> features, Tensor<double> probes, ILinearAlgebraBackend engine)
    {
        Tensor<double> products = LinearAlgebra.MatMul(features.Transpose, probes.AsReadOnlyMatrix(), engine);
        return TensorPrimitives.SumOfSquares<double>(LinearAlgebra.Elements(products)) / probes.Lengths[1];
    }

    /// <summary>x = (A A^T + lambda I)^-1 x.</summary>
    private static void Solve(in ReadOnlyMatrixView<double> a, double ridge, in MatrixView<double> x, ILinearAlgebraBackend engine)
    {
        int n = a.Rows;
        using Scratch<double> room = Workspace.Rent<double>(2 * (nint)n * n);
        MatrixView<double> gram = new(room.Span[..(n * n)], n, n), l = new(room.Span[(n * n)..], n, n);
        engine.Gram(1, a, 0, gram);
        for (int i = 0; i < n; i++)
        {
            gram[i, i] += ridge;
        }

        engine.Cholesky(gram, l);
        ReadOnlyMatrixView<double> factor = l;
        engine.TriangularSolve(Triangle.Lower, false, factor, x);
        engine.TriangularSolve(Triangle.Upper, false, factor.Transpose, x);
    }
}
