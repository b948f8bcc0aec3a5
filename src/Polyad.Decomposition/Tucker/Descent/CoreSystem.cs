using System.Numerics;
using System.Numerics.Tensors;

namespace Polyad.Decomposition;

/// <summary>What a Tucker fit asks of the core g, the factors being fixed: the quadratic f(g) = g^T H g / 2 - p^T g, half the squared error but for a constant.</summary>
internal abstract class CoreSystem<T>
    where T : unmanaged, INumberBase<T>
{
    /// <summary>p, of the core's shape.</summary>
    public abstract Tensor<T> Right { get; }

    /// <summary>Overwrites the core with the minimum.</summary>
    public abstract void Minimise(Tensor<T> core);

    /// <summary>Lowers f + penalty over g &gt;= 0 by coordinate descent from a core that is not negative; never raises it.</summary>
    public abstract void MinimiseNonNegative(Tensor<T> core, in NonNegativeSettings settings);

    /// <summary>H g, of the core's shape.</summary>
    public abstract Tensor<T> Product(Tensor<T> core);

    /// <summary>H_ii at row-major position i.</summary>
    public abstract double Curvature(int index);

    /// <summary>f.</summary>
    public double Value(Tensor<T> core)
    {
        ReadOnlySpan<T> product = DenseData.Elements(Product(core)), g = DenseData.Elements(core), right = DenseData.Elements(Right);
        double sum = 0;
        for (int i = 0; i < g.Length; i++)
        {
            sum += double.CreateTruncating(g[i]) * ((0.5 * double.CreateTruncating(product[i])) - double.CreateTruncating(right[i]));
        }

        return sum;
    }

    /// <summary>||g - step(g)|| / ||g|| with step(g)_i = g_i - (gradient_i + penalty) / H_ii, clipped at 0 when the core is not negative.</summary>
    public double Residual(Tensor<T> core, bool nonNegative, double penalty)
    {
        ReadOnlySpan<T> product = DenseData.Elements(Product(core)), g = DenseData.Elements(core), right = DenseData.Elements(Right);
        double moved = 0, size = 0;
        for (int i = 0; i < g.Length; i++)
        {
            double value = double.CreateTruncating(g[i]), curvature = Curvature(i), slope = double.CreateTruncating(product[i]) - double.CreateTruncating(right[i]) + penalty;
            double next = curvature > 0 ? value - (slope / curvature) : value;
            next = nonNegative ? Math.Max(next, 0) : next;
            moved += (next - value) * (next - value);
            size += value * value;
        }

        return moved == 0 ? 0 : Math.Sqrt(moved / size);
    }
}
