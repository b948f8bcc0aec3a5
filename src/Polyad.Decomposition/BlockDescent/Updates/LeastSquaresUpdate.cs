using System.Numerics;
using System.Numerics.Tensors;

namespace Polyad.Decomposition;

/// <summary>Any factor is allowed: the least-squares solution.</summary>
internal sealed class LeastSquaresUpdate<T> : FactorUpdate<T>
    where T : unmanaged, INumberBase<T>
{
    public override bool IsSymmetric => true;

    public override void Update(ModeSystem<T> system, Tensor<T> factor) => system.Minimise(factor);

    public override void Allow(Tensor<T> factor)
    {
    }

    public override double Residual(ModeSystem<T> system, Tensor<T> factor) => ScaledResidual(system, factor, nonNegative: false, penalty: 0);
}
