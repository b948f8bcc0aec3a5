namespace Polyad.Decomposition;

/// <summary>Increasing or decreasing columns: isotonic regression.</summary>
internal sealed class MonotoneConstraint(bool decreasing, bool nonNegative) : ColumnConstraint
{
    public override string Name => (nonNegative ? "non-negative " : "") + (decreasing ? "decreasing" : "increasing");

    public override ConstraintScale Scale => ConstraintScale.Free;

    protected override unsafe void ApplyToColumn<T>(Span<T> column, double t)
    {
        using Scratch<double> room = Workspace.Rent<double>(2 * (nint)column.Length);
        using Scratch<int> starts = Workspace.Rent<int>(column.Length);
        IsotonicRegression fit = new(room.Span[..column.Length], room.Span[column.Length..], starts.Span, nonNegative);
        for (int i = 0; i < column.Length; i++)
        {
            fit.Add(double.CreateSaturating(column[decreasing ? column.Length - 1 - i : i]));
        }

        fit.Write(column, decreasing);
    }
}
