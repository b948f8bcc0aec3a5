using System.Numerics;

namespace Polyad.Decomposition;

/// <summary>
/// One peak: an increasing part, then a decreasing one. Whatever the parts are, together they are unimodal; so the best cut is where the two isotonic fits together explain
/// most, and both are known for every cut after one pass from each side (Bro, Sidiropoulos 1998; Stout 2008). O(n) a column; the first best cut on ties.
/// </summary>
internal sealed class UnimodalConstraint(bool nonNegative) : ColumnConstraint
{
    public override string Name => nonNegative ? "non-negative unimodal" : "unimodal";

    public override ConstraintScale Scale => ConstraintScale.Free;

    public override bool IsConvex => false;

    public override FactorConstraint Relaxation => nonNegative ? NonNegative : None;

    protected override unsafe void ApplyToColumn<T>(Span<T> column, double t)
    {
        int n = column.Length;
        using Scratch<double> room = Workspace.Rent<double>(3 * (nint)n);
        using Scratch<int> starts = Workspace.Rent<int>(n);
        Span<double> sums = room.Span[..n], held = room.Span.Slice(n, n), falling = room.Span[(2 * n)..];
        IsotonicRegression right = new(sums, held, starts.Span, nonNegative);
        for (int i = n - 1; i > 0; i--)
        {
            right.Add(double.CreateSaturating(column[i]));
            falling[i] = right.Explained;
        }

        IsotonicRegression left = new(sums, held, starts.Span, nonNegative);
        double most = double.NegativeInfinity;
        int cut = n;
        for (int i = 1; i <= n; i++)
        {
            left.Add(double.CreateSaturating(column[i - 1]));
            double explained = left.Explained + (i < n ? falling[i] : 0);
            if (explained > most)
            {
                (most, cut) = (explained, i);
            }
        }

        Fit(column[cut..], sums, held, starts.Span, reversed: true);
        Fit(column[..cut], sums, held, starts.Span, reversed: false);
    }

    private void Fit<T>(Span<T> part, Span<double> sums, Span<double> held, Span<int> starts, bool reversed)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        IsotonicRegression fit = new(sums, held, starts, nonNegative);
        for (int i = 0; i < part.Length; i++)
        {
            fit.Add(double.CreateSaturating(part[reversed ? part.Length - 1 - i : i]));
        }

        fit.Write(part, reversed);
    }
}
