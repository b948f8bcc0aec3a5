using System.Numerics;
using System.Numerics.Tensors;

namespace Polyad.Decomposition;

/// <summary>x &gt;= 0, sum x = s: x = max(v - theta, 0) with the theta that makes the sum right.</summary>
internal sealed class SimplexConstraint(double total) : ColumnConstraint
{
    private readonly double _total = ConstraintParameter.Size(total, nameof(total));

    public override string Name => ConstraintParameter.Text("simplex", _total);

    public override ConstraintScale Scale => ConstraintScale.Bounded;

    /// <summary>
    /// theta with sum max(v - theta, 0) = total: with the entries in descending order, (v_1 + .. + v_k - total) / k for the last k at which v_k is above it
    /// (Held, Wolfe, Crowder 1974; Duchi, Shalev-Shwartz, Singer, Chandra 2008). O(n log n).
    /// </summary>
    internal static unsafe double Threshold<T>(ReadOnlySpan<T> values, double total)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        using Scratch<T> scratch = Workspace.Rent<T>(values.Length);
        Span<T> sorted = scratch.Span;
        values.CopyTo(sorted);
        sorted.Sort();
        double sum = -total, theta = 0;
        for (int k = 1; k <= sorted.Length; k++)
        {
            double value = double.CreateSaturating(sorted[^k]), next = (sum + value) / k;
            if (k > 1 && value <= next)
            {
                break;
            }

            sum += value;
            theta = next;
        }

        return theta;
    }

    protected override void ApplyToColumn<T>(Span<T> column, double t)
    {
        double theta = Threshold<T>(column, _total);
        for (int i = 0; i < column.Length; i++)
        {
            column[i] = T.CreateSaturating(Math.Max(double.CreateSaturating(column[i]) - theta, 0));
        }
    }
}
