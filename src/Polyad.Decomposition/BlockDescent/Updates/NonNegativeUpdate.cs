using System.Numerics;
using System.Numerics.Tensors;

namespace Polyad.Decomposition;

/// <summary>x &gt;= 0, with the penalty p sum x.</summary>
internal sealed class NonNegativeUpdate<T>(NonNegativeSettings settings) : FactorUpdate<T>
    where T : unmanaged, INumberBase<T>
{
    public override bool IsScaleFree => settings.Penalty == 0;

    public override void Update(ModeSystem<T> system, Tensor<T> factor) => system.MinimiseNonNegative(factor, settings);

    public override void Allow(Tensor<T> factor)
    {
        foreach (ref T value in DenseData.Elements(factor))
        {
            value = T.IsNegative(value) ? T.Zero : value;
        }
    }

    public override double Penalty(Tensor<T> factor)
    {
        double sum = 0;
        if (settings.Penalty > 0)
        {
            foreach (T value in DenseData.Elements(factor))
            {
                sum += double.CreateTruncating(value);
            }
        }

        return settings.Penalty * sum;
    }

    public override double Residual(ModeSystem<T> system, Tensor<T> factor) => ScaledResidual(system, factor, nonNegative: true, settings.Penalty);
}
