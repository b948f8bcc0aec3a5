using System.Numerics.Tensors;

namespace Polyad.Lab;

/// <summary>
/// How far sampled Gram matrices are from K in the order of positive matrices: the largest distance from 1 of an eigenvalue of (K + lambda I)^(-1/2) (Z Z' + lambda I) (K + lambda I)^(-1/2).
/// </summary>
internal sealed class SpectralDistortion
{
    private readonly Tensor<double> _vectors;
    private readonly double[] _values;

    public SpectralDistortion(Tensor<double> kernel)
    {
        (Tensor<double> values, Tensor<double> vectors) = LinearAlgebra.SymmetricEigen(kernel);
        (_values, _vectors) = ([.. values.Select(static v => Math.Max(0, v))], vectors);
    }

    /// <summary>The sum of v / (v + lambda) over the eigenvalues v of K.</summary>
    public double EffectiveDimension(double ridge) => _values.Sum(v => v / (v + ridge));

    /// <summary>The ridge of a given effective dimension, which falls with it: by bisection.</summary>
    /// <param name="dimension">Between 0 and the rank of K.</param>
    public double Ridge(double dimension)
    {
        double low = 1e-12 * _values[^1], high = 1e3 * _values.Sum();
        for (int i = 0; i < 100; i++)
        {
            double middle = Math.Sqrt(low * high);
            (low, high) = EffectiveDimension(middle) > dimension ? (middle, high) : (low, middle);
        }

        return high;
    }

    /// <summary>The distortion of Z Z'.</summary>
    public double Of(Tensor<double> features, double ridge)
    {
        // In the eigenvectors' coordinates the square root is a scaling of the rows.
        Tensor<double> turned = LinearAlgebra.MatMul(_vectors.AsReadOnlyMatrix().Transpose, features.AsReadOnlyMatrix());
        MatrixView<double> view = turned.AsMatrix();
        for (int i = 0; i < view.Rows; i++)
        {
            double scale = 1 / Math.Sqrt(_values[i] + ridge);
            for (int j = 0; j < view.Columns; j++)
            {
                view[i, j] *= scale;
            }
        }

        Tensor<double> gram = LinearAlgebra.Gram(turned.AsReadOnlyMatrix());
        MatrixView<double> diagonal = gram.AsMatrix();
        for (int i = 0; i < diagonal.Rows; i++)
        {
            diagonal[i, i] += ridge / (_values[i] + ridge);
        }

        Tensor<double> eigenvalues = LinearAlgebra.SymmetricEigen(gram).Values;
        return Math.Max(1 - eigenvalues[0], eigenvalues[^1] - 1);
    }
}
