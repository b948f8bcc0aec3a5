using System.Numerics;
using System.Numerics.Tensors;

namespace Polyad.Decomposition;

/// <summary>
/// Columns of length at most 1, non-negative or not: what keeps a fit well posed when another mode pays for its size. One column after the other is set to its exact minimum given the others,
/// u_i = c_i / (h_i + mu) with the mu &gt;= 0 that brings the length to 1 where it exceeds it (with one h for all rows: u = c / max(h, ||c||), as in Cichocki, Phan 2009).
/// </summary>
internal sealed class BoundedColumnUpdate<T>(bool nonNegative, int cycles, double reduction) : FactorUpdate<T>
    where T : unmanaged, INumberBase<T>
{
    private const int RootSteps = 60;

    public override bool IsSymmetric => !nonNegative;

    public override void Update(ModeSystem<T> system, Tensor<T> factor)
    {
        int length = system.Length, rank = system.Rank;
        double[] slope = new double[length], curvature = new double[length];
        Span<T> x = DenseData.Elements(factor);
        double first = 0;
        for (int cycle = 0; cycle < cycles; cycle++)
        {
            double moved = 0;
            for (int r = 0; r < rank; r++)
            {
                for (int i = 0; i < length; i++)
                {
                    curvature[i] = system.Curvature(i, r);
                    double product = system.Product(i, r, x.Slice(i * rank, rank));
                    slope[i] = double.CreateTruncating(DenseData.Elements(system.Right)[(i * rank) + r]) - product + (curvature[i] * double.CreateTruncating(x[(i * rank) + r]));
                    slope[i] = nonNegative ? Math.Max(slope[i], 0) : slope[i];
                }

                double mu = Multiplier(slope, curvature);
                for (int i = 0; i < length; i++)
                {
                    ref T value = ref x[(i * rank) + r];
                    double divisor = curvature[i] + mu, next = divisor > 0 ? slope[i] / divisor : double.CreateTruncating(value), change = next - double.CreateTruncating(value);
                    moved += curvature[i] * change * change;
                    value = T.CreateTruncating(next);
                }
            }

            first = cycle == 0 ? moved : first;
            if (moved <= reduction * reduction * first)
            {
                break;
            }
        }
    }

    public override void Allow(Tensor<T> factor)
    {
        int rank = (int)factor.Lengths[1];
        Span<T> x = DenseData.Elements(factor);
        for (int r = 0; r < rank; r++)
        {
            double square = 0;
            for (int i = r; i < x.Length; i += rank)
            {
                x[i] = nonNegative && T.IsNegative(x[i]) ? T.Zero : x[i];
                square += Scalar.Square(x[i]);
            }

            for (int i = r; i < x.Length && square > 1; i += rank)
            {
                x[i] /= T.CreateTruncating(Math.Sqrt(square));
            }
        }
    }

    public override double Residual(ModeSystem<T> system, Tensor<T> factor) => ProximalResidual(system, factor, (step, _) => Allow(step));

    /// <summary>The mu &gt;= 0 with sum (c_i / (h_i + mu))^2 = 1, or 0 where the sum at 0 is at most 1: Newton's method on 1 / ||u||, which is concave and approaches from the left.</summary>
    private static double Multiplier(ReadOnlySpan<double> slope, ReadOnlySpan<double> curvature)
    {
        double mu = 0;
        for (int step = 0; step < RootSteps; step++)
        {
            double square = 0, falling = 0;
            for (int i = 0; i < slope.Length; i++)
            {
                double divisor = curvature[i] + mu, value = slope[i] == 0 ? 0 : slope[i] / divisor;
                square += value * value;
                falling += slope[i] == 0 ? 0 : value * value / divisor;
            }

            double norm = Math.Sqrt(square);
            if (!double.IsFinite(norm))
            {
                // A row without curvature: begin where no row can be longer than the whole.
                mu = double.Epsilon + TensorPrimitives.Norm(slope) * 1e-12;
                continue;
            }

            double next = mu + (square / Math.Max(falling, double.Epsilon) * (norm - 1));
            if (norm <= 1 + DenseData.Epsilon<double>() || next <= mu)
            {
                break;
            }

            mu = next;
        }

        return mu;
    }
}
