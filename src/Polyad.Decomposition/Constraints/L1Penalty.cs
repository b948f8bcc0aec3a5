using System.Numerics.Tensors;

namespace Polyad.Decomposition;

/// <summary>w ||x||_1: soft thresholding, x = v - clamp(v, -t w, t w).</summary>
internal sealed class L1Penalty(double weight, bool nonNegative) : FactorConstraint
{
    private const int Block = 256;

    private readonly double _weight = ConstraintParameter.Weight(weight);

    public override string Name => ConstraintParameter.Text("l1", _weight, nonNegative);

    public override ConstraintScale Scale => _weight > 0 ? ConstraintScale.Penalized : ConstraintScale.Free;

    public override bool IsSymmetric => !nonNegative;

    protected override void ApplyCore<T>(Span<T> columns, int length, double t)
    {
        T threshold = T.CreateSaturating(t * _weight);
        if (nonNegative)
        {
            TensorPrimitives.Subtract(columns, threshold, columns);
            TensorPrimitives.Max(columns, T.Zero, columns);
            return;
        }

        Span<T> clamped = stackalloc T[Block];
        for (int at = 0; at < columns.Length; at += Block)
        {
            Span<T> here = columns.Slice(at, Math.Min(Block, columns.Length - at));
            TensorPrimitives.Clamp(here, -threshold, threshold, clamped);
            TensorPrimitives.Subtract(here, clamped[..here.Length], here);
        }
    }

    protected override double PenaltyCore<T>(ReadOnlySpan<T> columns, int length) => _weight * double.CreateSaturating(TensorPrimitives.SumOfMagnitudes(columns));
}
