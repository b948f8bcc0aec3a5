using System.Numerics.Tensors;

namespace Polyad.Decomposition;

/// <summary>w ||x||_2 of each column: block soft thresholding, x = v max(0, 1 - t w / ||v||); with non-negativity the same of max(v, 0).</summary>
internal sealed class L2Penalty(double weight, bool nonNegative) : ColumnConstraint
{
    private readonly double _weight = ConstraintParameter.Weight(weight);

    public override string Name => ConstraintParameter.Text("l2", _weight, nonNegative);

    public override ConstraintScale Scale => _weight > 0 ? ConstraintScale.Penalized : ConstraintScale.Free;

    public override bool IsSymmetric => !nonNegative;

    protected override void ApplyToColumn<T>(Span<T> column, double t)
    {
        if (nonNegative)
        {
            TensorPrimitives.Max(column, T.Zero, column);
        }

        double norm = double.CreateSaturating(TensorPrimitives.Norm<T>(column)), threshold = t * _weight;
        TensorPrimitives.Multiply(column, T.CreateSaturating(norm > threshold ? 1 - (threshold / norm) : 0), column);
    }

    protected override double PenaltyOfColumn<T>(ReadOnlySpan<T> column) => _weight * double.CreateSaturating(TensorPrimitives.Norm(column));
}
