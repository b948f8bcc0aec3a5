using System.Numerics;
using System.Numerics.Tensors;

namespace Polyad.Decomposition;

/// <summary>At most k nonzeros: the k entries of largest magnitude (of largest value with non-negativity) stay; then, when asked, unit length.</summary>
internal sealed class HardSparsityConstraint : ColumnConstraint
{
    private readonly int _count;
    private readonly bool _nonNegative;
    private readonly bool _normalized;

    public HardSparsityConstraint(int count, bool nonNegative, bool normalized)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        (_count, _nonNegative, _normalized) = (count, nonNegative, normalized);
    }

    public override string Name => ConstraintParameter.Text(_normalized ? "normalized sparsity" : "hard sparsity", _count, _nonNegative);

    public override ConstraintScale Scale => _normalized ? ConstraintScale.Bounded : ConstraintScale.Free;

    public override bool IsConvex => false;

    public override FactorConstraint Relaxation => _nonNegative ? NonNegative : None;

    public override bool IsSymmetric => !_nonNegative;

    protected override void ApplyToColumn<T>(Span<T> column, double t)
    {
        // The nearest unit vector of a non-positive column points along its largest entry.
        int largest = TensorPrimitives.IndexOfMax<T>(column);
        if (_nonNegative)
        {
            TensorPrimitives.Max(column, T.Zero, column);
        }

        KeepLargest(column);
        if (_normalized)
        {
            T norm = TensorPrimitives.Norm<T>(column);
            if (norm > T.Zero)
            {
                TensorPrimitives.Divide(column, norm, column);
            }
            else
            {
                column[largest] = T.One;
            }
        }
    }

    private unsafe void KeepLargest<T>(Span<T> column)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (_count >= column.Length)
        {
            return;
        }

        using Scratch<T> scratch = Workspace.Rent<T>(column.Length);
        Span<T> magnitudes = scratch.Span;
        TensorPrimitives.Abs(column, magnitudes);
        magnitudes.Sort();
        T least = magnitudes[^_count];
        int ties = 0;
        foreach (T magnitude in magnitudes[^_count..])
        {
            ties += magnitude == least ? 1 : 0;
        }

        for (int i = 0; i < column.Length; i++)
        {
            T magnitude = T.Abs(column[i]);
            if (magnitude < least || (magnitude == least && ties-- <= 0))
            {
                column[i] = T.Zero;
            }
        }
    }
}
