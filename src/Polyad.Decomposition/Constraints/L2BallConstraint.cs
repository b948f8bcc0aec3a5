using System.Numerics.Tensors;

namespace Polyad.Decomposition;

/// <summary>||x||_2 &lt;= r: x = v min(1, r / ||v||); with non-negativity the same of max(v, 0), since the projection on a cone and a centred ball is one after the other.</summary>
internal sealed class L2BallConstraint(double radius, bool nonNegative) : ColumnConstraint
{
    private readonly double _radius = ConstraintParameter.Size(radius, nameof(radius));

    public override string Name => ConstraintParameter.Text("l2 ball", _radius, nonNegative);

    public override ConstraintScale Scale => ConstraintScale.Bounded;

    public override bool IsSymmetric => !nonNegative;

    protected override void ApplyToColumn<T>(Span<T> column, double t)
    {
        if (nonNegative)
        {
            TensorPrimitives.Max(column, T.Zero, column);
        }

        double norm = double.CreateSaturating(TensorPrimitives.Norm<T>(column));
        if (norm > _radius)
        {
            TensorPrimitives.Multiply(column, T.CreateSaturating(_radius / norm), column);
        }
    }
}
