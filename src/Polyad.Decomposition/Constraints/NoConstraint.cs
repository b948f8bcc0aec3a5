namespace Polyad.Decomposition;

internal sealed class NoConstraint : FactorConstraint
{
    public override string Name => "none";

    public override ConstraintScale Scale => ConstraintScale.Free;

    public override bool IsSymmetric => true;

    protected override void ApplyCore<T>(Span<T> columns, int length, double t)
    {
    }
}
