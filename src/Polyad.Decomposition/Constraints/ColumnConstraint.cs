using System.Numerics;

namespace Polyad.Decomposition;

/// <summary>A constraint that treats each column by itself.</summary>
internal abstract class ColumnConstraint : FactorConstraint
{
    protected sealed override void ApplyCore<T>(Span<T> columns, int length, double t)
    {
        for (int at = 0; at < columns.Length; at += length)
        {
            ApplyToColumn(columns.Slice(at, length), t);
        }
    }

    protected sealed override double PenaltyCore<T>(ReadOnlySpan<T> columns, int length)
    {
        double sum = 0;
        for (int at = 0; at < columns.Length; at += length)
        {
            sum += PenaltyOfColumn(columns.Slice(at, length));
        }

        return sum;
    }

    protected abstract void ApplyToColumn<T>(Span<T> column, double t)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>;

    protected virtual double PenaltyOfColumn<T>(ReadOnlySpan<T> column)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        => 0;
}
