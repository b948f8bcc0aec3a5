using System.Numerics;

namespace Polyad.Sketching;

/// <summary>Independent draws of coordinates 0..n-1, uniform or in proportion to weights (by inversion, O(log n) each).</summary>
internal sealed class CoordinateDraws
{
    private readonly double[]? _cumulative;
    private readonly double[]? _factors;
    private readonly int _count;

    /// <summary>Uniform draws.</summary>
    public CoordinateDraws(int count) => _count = count;

    /// <summary>Weighted draws.</summary>
    public CoordinateDraws(ReadOnlySpan<double> weights)
    {
        _count = weights.Length;
        _cumulative = new double[weights.Length];
        double sum = 0;
        for (int j = 0; j < weights.Length; j++)
        {
            if (!double.IsFinite(weights[j]) || weights[j] < 0)
            {
                throw new ArgumentException($"Weights must be finite and at least 0; weight {j} is {weights[j]}.", nameof(weights));
            }

            _cumulative[j] = sum += weights[j];
        }

        if (!(sum > 0) || !double.IsFinite(sum))
        {
            throw new ArgumentException($"The sum of {weights.Length} weights must be above 0 and finite; it is {sum}.", nameof(weights));
        }

        _factors = new double[weights.Length];
        for (int j = 0; j < weights.Length; j++)
        {
            _factors[j] = 1 / Math.Sqrt(weights.Length * (weights[j] / sum));
        }
    }

    /// <summary>The coordinate that a random word chooses; the lowest bit of the word stays free for a sign.</summary>
    public int Choose(ulong word)
    {
        if (_cumulative is null)
        {
            return (int)Math.BigMul(word, (ulong)_count, out _);
        }

        // The first coordinate whose cumulative weight exceeds the target: one of positive weight, because the target is below the sum.
        double target = (word >> 11) * (1.0 / (1UL << 53)) * _cumulative[^1];
        int low = 0, high = _count - 1;
        while (low < high)
        {
            int middle = low + ((high - low) / 2);
            if (_cumulative[middle] > target)
            {
                high = middle;
            }
            else
            {
                low = middle + 1;
            }
        }

        return low;
    }

    /// <summary>1 / sqrt(n p) of a coordinate: exactly 1 where draws are uniform.</summary>
    public double Factor(int coordinate) => _factors is null ? 1 : _factors[coordinate];
}
