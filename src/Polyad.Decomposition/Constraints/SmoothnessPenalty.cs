using System.Numerics;

namespace Polyad.Decomposition;

/// <summary>(w / 2) ||D x||^2: (I + t w D^T D) x = v, a band matrix of half-width 1 or 2, by L D L^T without pivoting (its eigenvalues are at least 1). O(n) a column.</summary>
internal sealed class SmoothnessPenalty : FactorConstraint
{
    private readonly double _weight;
    private readonly int _order;

    public SmoothnessPenalty(double weight, int order)
    {
        _weight = ConstraintParameter.Weight(weight);
        _order = order is 1 or 2 ? order : throw new ArgumentOutOfRangeException(nameof(order), order, "Differences are taken of order 1 or 2.");
    }

    public override string Name => FormattableString.Invariant($"smooth({_weight}, order {_order})");

    public override ConstraintScale Scale => _weight > 0 ? ConstraintScale.Penalized : ConstraintScale.Free;

    public override bool IsSymmetric => true;

    private ReadOnlySpan<double> Stencil => _order == 1 ? [-1, 1] : [1, -2, 1];

    protected override unsafe void ApplyCore<T>(Span<T> columns, int length, double t)
    {
        int width = _order + 1;
        using Scratch<double> scratch = Workspace.Rent<double>(((nint)width + 1) * length);
        Span<double> band = scratch.Span[..(width * length)], x = scratch.Span.Slice(width * length, length);
        Factor(band, length, t * _weight);
        for (int at = 0; at < columns.Length; at += length)
        {
            Span<T> column = columns.Slice(at, length);
            for (int i = 0; i < length; i++)
            {
                x[i] = double.CreateSaturating(column[i]);
                for (int k = 1; k <= Math.Min(_order, i); k++)
                {
                    x[i] -= band[((i - k) * width) + k] * x[i - k];
                }
            }

            for (int i = length - 1; i >= 0; i--)
            {
                x[i] /= band[i * width];
                for (int k = 1; k <= Math.Min(_order, length - 1 - i); k++)
                {
                    x[i] -= band[(i * width) + k] * x[i + k];
                }

                column[i] = T.CreateSaturating(x[i]);
            }
        }
    }

    protected override double PenaltyCore<T>(ReadOnlySpan<T> columns, int length)
    {
        ReadOnlySpan<double> stencil = Stencil;
        double sum = 0;
        for (int at = 0; at < columns.Length; at += length)
        {
            for (int i = 0; i + _order < length; i++)
            {
                double difference = 0;
                for (int k = 0; k < stencil.Length; k++)
                {
                    difference += stencil[k] * double.CreateSaturating(columns[at + i + k]);
                }

                sum += difference * difference;
            }
        }

        return 0.5 * _weight * sum;
    }

    /// <summary>band[i, 0] = D_i and band[i, k] = L_(i+k, i) of I + c D^T D = L D L^T.</summary>
    private void Factor(Span<double> band, int length, double c)
    {
        int width = _order + 1;
        ReadOnlySpan<double> stencil = Stencil;
        band.Clear();
        for (int i = 0; i < length; i++)
        {
            band[i * width] = 1;
        }

        for (int row = 0; row + _order < length; row++)
        {
            for (int a = 0; a < width; a++)
            {
                for (int b = a; b < width; b++)
                {
                    band[((row + a) * width) + b - a] += c * stencil[a] * stencil[b];
                }
            }
        }

        for (int i = 0; i < length; i++)
        {
            double pivot = band[i * width];
            int reach = Math.Min(_order, length - 1 - i);
            for (int a = 1; a <= reach; a++)
            {
                for (int b = a; b <= reach; b++)
                {
                    band[((i + a) * width) + b - a] -= band[(i * width) + a] * band[(i * width) + b] / pivot;
                }
            }

            for (int a = 1; a <= reach; a++)
            {
                band[(i * width) + a] /= pivot;
            }
        }
    }
}
