using System.Numerics.Tensors;

namespace Polyad.Decomposition;

/// <summary>(w / 2) ||x||_2^2: x = v / (1 + t w).</summary>
internal sealed class SquaredL2Penalty(double weight, bool nonNegative) : FactorConstraint
{
    private readonly double _weight = ConstraintParameter.Weight(weight);

    public override string Name => ConstraintParameter.Text("l2 squared", _weight, nonNegative);

    public override ConstraintScale Scale => _weight > 0 ? ConstraintScale.Penalized : ConstraintScale.Free;

    public override bool IsSymmetric => !nonNegative;

    protected override void ApplyCore<T>(Span<T> columns, int length, double t)
    {
        TensorPrimitives.Divide(columns, T.CreateSaturating(1 + (t * _weight)), columns);
        if (nonNegative)
        {
            TensorPrimitives.Max(columns, T.Zero, columns);
        }
    }

    protected override double PenaltyCore<T>(ReadOnlySpan<T> columns, int length) => 0.5 * _weight * double.CreateSaturating(TensorPrimitives.SumOfSquares(columns));
}
