using System.Numerics.Tensors;

namespace Polyad.Decomposition;

/// <summary>The columns of a cone that are at most 1 long: the projection on the cone, then on the ball (the two commute for cones).</summary>
internal sealed class UnitBallOf(FactorConstraint cone) : FactorConstraint
{
    public override string Name => cone.Name + " in the unit ball";

    public override ConstraintScale Scale => ConstraintScale.Bounded;

    public override bool IsConvex => cone.IsConvex;

    public override FactorConstraint Relaxation => cone.Relaxation == cone ? this : new UnitBallOf(cone.Relaxation);

    public override bool IsSymmetric => cone.IsSymmetric;

    protected internal override void CheckShape(int length, int rank) => cone.CheckShape(length, rank);

    protected override void ApplyCore<T>(Span<T> columns, int length, double t)
    {
        cone.ApplyToColumns(columns, length, t);
        for (int at = 0; at < columns.Length; at += length)
        {
            Span<T> column = columns.Slice(at, length);
            T norm = TensorPrimitives.Norm<T>(column);
            if (norm > T.One)
            {
                TensorPrimitives.Divide(column, norm, column);
            }
        }
    }
}
