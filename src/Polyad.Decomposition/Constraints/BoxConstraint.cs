using System.Numerics.Tensors;

namespace Polyad.Decomposition;

/// <summary>low &lt;= x &lt;= high, entry by entry. A cone when each bound is zero or infinite.</summary>
internal sealed class BoxConstraint : FactorConstraint
{
    private readonly double _low;
    private readonly double _high;

    public BoxConstraint(double low, double high)
    {
        if (!(low <= high) || double.IsPositiveInfinity(low) || double.IsNegativeInfinity(high))
        {
            throw new ArgumentOutOfRangeException(nameof(low), low, $"There is no number from {low} to {high}.");
        }

        (_low, _high) = (low, high);
    }

    public override string Name => _low == 0 && double.IsPositiveInfinity(_high) ? "non-negative" : FormattableString.Invariant($"box({_low}, {_high})");

    public override ConstraintScale Scale => IsConeBound(_low) && IsConeBound(_high) && _low < _high ? ConstraintScale.Free : ConstraintScale.Bounded;

    public override bool IsSymmetric => _low == -_high;

    protected override void ApplyCore<T>(Span<T> columns, int length, double t)
        => TensorPrimitives.Clamp(columns, T.CreateSaturating(_low), T.CreateSaturating(_high), columns);

    private static bool IsConeBound(double bound) => bound == 0 || double.IsInfinity(bound);
}
