using System.Numerics;
using System.Numerics.Tensors;

namespace Polyad.Sketching;

/// <summary>
/// A^T B from sketches, or from some of the rows: (S A)^T S B has the mean A^T B and an expected squared error of at most c ||A||_F^2 ||B||_F^2 / D, with c = 1 for rows drawn in proportion to
/// ||a_i|| ||b_i|| (Drineas, Kannan, Mahoney 2006) and c = 2 for signs and normal entries.
/// </summary>
public sealed class ApproximateProduct : RandomizedAlgorithm
{
    /// <summary>D, the rows of the sketches (default 256).</summary>
    public int Size { get; init; } = 256;

    /// <summary>The distribution of the sketch; null (the default) draws rows in proportion to the product of their norms.</summary>
    public SketchDistribution? Distribution { get; init; }

    /// <summary>Estimates A^T B.</summary>
    /// <param name="a">m x n.</param>
    /// <param name="b">m x k.</param>
    /// <param name="cancellationToken">Looked at before each sketch and before the product.</param>
    /// <returns>n x k.</returns>
    /// <exception cref="ArgumentException">The rows differ, a matrix is empty, or the size is below 1.</exception>
    /// <exception cref="NonFiniteInputException">A or B holds NaN or infinity.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public Tensor<T> Fit<T>(Tensor<T> a, Tensor<T> b, CancellationToken cancellationToken = default)
        where T : unmanaged, INumberBase<T>
    {
        LinearOperator<T> left = CheckedOperator.Of(a), right = CheckedOperator.Of(b);
        if (left.Rows != right.Rows)
        {
            throw new ArgumentException($"A^T B needs matrices of as many rows; they are {left.Rows} x {left.Columns} and {right.Rows} x {right.Columns}.", nameof(b));
        }

        Require(Size >= 1, Size, "at least 1");
        cancellationToken.ThrowIfCancellationRequested();
        ILinearAlgebraBackend engine = Engine;
        SketchOperator<T> s;
        if (Distribution is null)
        {
            double[] weights = Weights(a, b);
            if (weights.All(static w => w == 0))
            {
                return FreshMemory.Zeros<T>([left.Columns, right.Columns]);
            }

            s = new RowSamplingSketch<T>(Size, weights, Draws(0));
        }
        else
        {
            s = Distribution.Create<T>(Size, left.Rows, Draws(0));
        }

        cancellationToken.ThrowIfCancellationRequested();
        Tensor<T> first = s.Sketch(a, engine);
        cancellationToken.ThrowIfCancellationRequested();
        Tensor<T> second = s.Sketch(b, engine);
        cancellationToken.ThrowIfCancellationRequested();
        return LinearAlgebra.MatMul(first.AsReadOnlyMatrix().Transpose, second.AsReadOnlyMatrix(), engine);
    }

    private static double[] Weights<T>(Tensor<T> a, Tensor<T> b)
        where T : unmanaged, INumberBase<T>
    {
        double[] weights = new double[a.Lengths[0]];
        for (int i = 0; i < weights.Length; i++)
        {
            weights[i] = LinearAlgebra.FrobeniusNorm(a.AsReadOnlyMatrix().Slice(i, 0, 1, (int)a.Lengths[1])) * LinearAlgebra.FrobeniusNorm(b.AsReadOnlyMatrix().Slice(i, 0, 1, (int)b.Lengths[1]));
        }

        return weights;
    }
}
