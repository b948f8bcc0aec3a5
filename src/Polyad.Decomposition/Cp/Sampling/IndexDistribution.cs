using System.Numerics;
using System.Numerics.Tensors;

namespace Polyad.Decomposition;

/// <summary>The probabilities of the rows of one factor.</summary>
internal sealed class IndexDistribution
{
    /// <summary>The share of uniform draws, which bounds the weight of a row that the scores have missed.</summary>
    private const double UniformShare = 0.1;

    private readonly int _length;
    private readonly double[]? _cumulative;

    private IndexDistribution(int length, double[]? cumulative) => (_length, _cumulative) = (length, cumulative);

    public static IndexDistribution Uniform(int length) => new(length, null);

    /// <summary>l_i = u_i (U^H U)^-1 u_i^H, which sum to the rank of U; a tenth uniform.</summary>
    /// <param name="factor">U, dense.</param>
    /// <param name="gram">U^H U.</param>
    /// <param name="backend">The engine.</param>
    public static IndexDistribution Leverage<T>(Tensor<T> factor, Tensor<T> gram, ILinearAlgebraBackend backend)
        where T : unmanaged, INumberBase<T>
    {
        int length = (int)factor.Lengths[0], rank = (int)factor.Lengths[1];
        Tensor<T> solved = DenseData.Copy(factor);
        NormalEquations.Solve(backend, gram, solved);
        ReadOnlySpan<T> u = DenseData.Elements(factor), v = DenseData.Elements(solved);
        double[] cumulative = new double[length];
        double total = 0;
        for (int i = 0; i < length; i++)
        {
            double score = 0;
            for (int r = 0; r < rank; r++)
            {
                score += Scalar.Real(v[(i * rank) + r] * Scalar.Conjugate(u[(i * rank) + r]));
            }

            total += Math.Max(0, score);
            cumulative[i] = total;
        }

        for (int i = 0; i < length; i++)
        {
            cumulative[i] = ((1 - UniformShare) * (total > 0 ? cumulative[i] / total : (i + 1.0) / length)) + (UniformShare * (i + 1) / length);
        }

        return new IndexDistribution(length, cumulative);
    }

    /// <summary>The row that a uniform number stands for.</summary>
    public int Row(double uniform)
    {
        if (_cumulative is null)
        {
            return Math.Min((int)(uniform * _length), _length - 1);
        }

        int at = Array.BinarySearch(_cumulative, uniform);
        return Math.Min(at >= 0 ? at + 1 : ~at, _length - 1);
    }

    public double Probability(int row) => _cumulative is null ? 1.0 / _length : _cumulative[row] - (row > 0 ? _cumulative[row - 1] : 0);
}
