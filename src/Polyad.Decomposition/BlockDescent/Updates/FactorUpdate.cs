using System.Numerics;
using System.Numerics.Tensors;

namespace Polyad.Decomposition;

/// <summary>How the factor of one mode is renewed, and what it must satisfy. It lowers f + g, f being the quadratic of the mode and g the penalty, over the allowed factors.</summary>
internal abstract class FactorUpdate<T>
    where T : unmanaged, INumberBase<T>
{
    /// <summary>Whether a column times a positive number is as good: only then may the size of a component be moved out of the mode.</summary>
    public virtual bool IsScaleFree => true;

    /// <summary>Whether the negative of a column is as good.</summary>
    public virtual bool IsSymmetric => false;

    /// <summary>Overwrites an allowed factor with a better one; never raises f + g beyond rounding.</summary>
    public abstract void Update(ModeSystem<T> system, Tensor<T> factor);

    /// <summary>Overwrites a factor with the nearest allowed one.</summary>
    public abstract void Allow(Tensor<T> factor);

    /// <summary>g of an allowed factor.</summary>
    public virtual double Penalty(Tensor<T> factor) => 0;

    /// <summary>How far an allowed factor is from a stationary point: the relative change that one proximal gradient step would make.</summary>
    public abstract double Residual(ModeSystem<T> system, Tensor<T> factor);

    /// <summary>Tells that a column was exchanged for one that has nothing to do with it.</summary>
    public virtual void Forget(int column)
    {
    }

    /// <summary>Adds what the next update reads besides the factor.</summary>
    public virtual void AddTo(ModelArchive archive, string prefix)
    {
    }

    /// <summary>Takes back what <see cref="AddTo"/> wrote.</summary>
    public virtual void Restore(ModelArchive archive, string prefix)
    {
    }

    /// <summary>||x - step(x)|| / ||x|| with step(x)_ir = clip(x_ir - (gradient_ir + penalty) / curvature_ir), the curvature being G_rr of the row.</summary>
    protected static double ScaledResidual(ModeSystem<T> system, Tensor<T> factor, bool nonNegative, double penalty)
    {
        ReadOnlySpan<T> gradient = system.Gradient(factor), x = DenseData.Elements(factor);
        int rank = system.Rank;
        double moved = 0, size = 0;
        for (int i = 0; i < x.Length; i++)
        {
            double value = double.CreateTruncating(x[i]), curvature = system.Curvature(i / rank, i % rank);
            double next = curvature > 0 ? value - ((double.CreateTruncating(gradient[i]) + penalty) / curvature) : value;
            next = nonNegative ? Math.Max(next, 0) : next;
            moved += (next - value) * (next - value);
            size += value * value;
        }

        return Ratio(moved, size);
    }

    /// <summary>||x - prox_t(x - t gradient)|| / ||x|| with 1 / t the largest trace of G, which bounds its eigenvalues.</summary>
    protected static double ProximalResidual(ModeSystem<T> system, Tensor<T> factor, Action<Tensor<T>, double> proximal)
    {
        ReadOnlySpan<T> gradient = system.Gradient(factor), x = DenseData.Elements(factor);
        double bound = system.LargestTrace, moved = 0, size = 0;
        if (bound == 0)
        {
            return 0;
        }

        Tensor<T> step = FreshMemory.Zeros<T>(factor.Lengths);
        Span<T> next = DenseData.Elements(step);
        for (int i = 0; i < x.Length; i++)
        {
            next[i] = x[i] - (gradient[i] / T.CreateTruncating(bound));
        }

        proximal(step, 1 / bound);
        for (int i = 0; i < x.Length; i++)
        {
            moved += Scalar.Square(next[i] - x[i]);
            size += Scalar.Square(x[i]);
        }

        return Ratio(moved, size);
    }

    /// <summary>sqrt(moved / size): 0 where nothing moves, infinite where a factor of zeros would.</summary>
    private static double Ratio(double moved, double size) => moved == 0 ? 0 : Math.Sqrt(moved / size);
}
