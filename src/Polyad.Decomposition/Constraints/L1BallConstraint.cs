using System.Numerics.Tensors;

namespace Polyad.Decomposition;

/// <summary>||x||_1 &lt;= r: soft thresholding with the theta that brings the magnitudes to the simplex of total r, where they are not inside already.</summary>
internal sealed class L1BallConstraint(double radius) : ColumnConstraint
{
    private readonly double _radius = ConstraintParameter.Size(radius, nameof(radius));

    public override string Name => ConstraintParameter.Text("l1 ball", _radius);

    public override ConstraintScale Scale => ConstraintScale.Bounded;

    public override bool IsSymmetric => true;

    protected override unsafe void ApplyToColumn<T>(Span<T> column, double t)
    {
        using Scratch<T> magnitudes = Workspace.Rent<T>(column.Length);
        TensorPrimitives.Abs(column, magnitudes.Span);
        if (double.CreateSaturating(TensorPrimitives.Sum<T>(magnitudes.Span)) <= _radius)
        {
            return;
        }

        // On the border itself the sum in another order may come out below the radius, and theta below 0.
        double theta = Math.Max(0, SimplexConstraint.Threshold<T>(magnitudes.Span, _radius));
        for (int i = 0; i < column.Length; i++)
        {
            double value = double.CreateSaturating(column[i]);
            column[i] = T.CreateSaturating(value - Math.Clamp(value, -theta, theta));
        }
    }
}
