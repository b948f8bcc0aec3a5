using System.Numerics;
using System.Numerics.Tensors;
using System.Runtime.InteropServices;

namespace Polyad.Decomposition;

/// <summary>
/// ||X - M|| / ||X|| estimated on a fixed set of entries, drawn once: what a randomized fit can afford to look at after every sweep (Battaglino, Ballard, Kolda 2018). Half of the entries are drawn uniformly,
/// half in proportion to x^2, and each counts by the inverse of its probability under the mixture: the estimate of the square is unbiased, and energy that stands in few entries is not missed.
/// </summary>
internal sealed class SampledError<T>
    where T : unmanaged, INumberBase<T>
{
    /// <summary>Elements whose squares are summed at a time.</summary>
    private const int Block = 1024;

    private const int PartEntries = 1024;

    private readonly int _order;
    private readonly int[] _indices;
    private readonly T[] _values;
    private readonly double[] _weights;

    /// <param name="tensor">X, dense.</param>
    /// <param name="norm">||X||, not zero.</param>
    /// <param name="entries">How many to draw; all are taken when there are no more.</param>
    /// <param name="draws">A stream that nothing else uses.</param>
    public SampledError(Tensor<T> tensor, double norm, int entries, CounterRandom draws)
    {
        _order = tensor.Rank;
        ReadOnlySpan<T> x = DenseData.Elements(tensor);
        bool all = x.Length <= entries;
        int[] places = all ? [.. Enumerable.Range(0, x.Length)] : [.. Uniform(x.Length, entries - (entries / 2), draws), .. BySquare(x, entries / 2, draws)];
        _indices = new int[places.Length * _order];
        _values = new T[places.Length];
        _weights = new double[places.Length];
        for (int s = 0; s < places.Length; s++)
        {
            T value = x[places[s]];
            double size = Scalar.Magnitude(value) / norm, probability = (0.5 / x.Length) + (0.5 * size * size);
            _values[s] = value / T.CreateTruncating(norm);
            _weights[s] = all ? 1 : 1 / (places.Length * probability);
            for (int k = _order - 1, rest = places[s]; k >= 0; k--)
            {
                _indices[(s * _order) + k] = rest % (int)tensor.Lengths[k];
                rest /= (int)tensor.Lengths[k];
            }
        }

        Norm = norm;
    }

    /// <summary>One index for each mode and entry, one entry after the other.</summary>
    public ReadOnlySpan<int> Indices => _indices;

    private double Norm { get; }

    /// <param name="model">The model at <see cref="Indices"/>.</param>
    public double Of(ReadOnlySpan<T> model)
    {
        double sum = 0;
        T scale = T.CreateTruncating(Norm);
        for (int s = 0; s < _values.Length; s++)
        {
            sum += _weights[s] * Scalar.Square(_values[s] - (model[s] / scale));
        }

        return Math.Sqrt(sum);
    }

    public double Of(CpState<T> state, int threads)
    {
        int parts = (_values.Length + PartEntries - 1) / PartEntries;
        T[] weights = [.. state.Weights.Select(w => T.CreateTruncating(w / Norm))];
        double[] sums = new double[parts];
        SlabLoop.Run(parts, threads, part =>
        {
            T[] line = new T[weights.Length];
            for (int s = part * PartEntries; s < Math.Min(_values.Length, (part + 1) * PartEntries); s++)
            {
                weights.CopyTo(line, 0);
                for (int k = 0; k < _order; k++)
                {
                    TensorPrimitives.Multiply(line, DenseData.Elements(state.Factors[k]).Slice(_indices[(s * _order) + k] * line.Length, line.Length), line);
                }

                T model = T.Zero;
                foreach (T term in line)
                {
                    model += term;
                }

                sums[part] += _weights[s] * Scalar.Square(_values[s] - model);
            }
        });
        return Math.Sqrt(sums.Sum());
    }

    private static int[] Uniform(int length, int count, CounterRandom draws)
    {
        int[] places = new int[count];
        draws.Integers(places, length);
        return places;
    }

    /// <summary>Places drawn in proportion to the squares there: the sorted draws are met in one walk over the running sum.</summary>
    private static int[] BySquare(ReadOnlySpan<T> x, int count, CounterRandom draws)
    {
        double[] targets = new double[count];
        draws.WithStream(draws.Stream + 1).Uniform<double>(targets);
        Array.Sort(targets);
        double total = 0;
        for (int at = 0; at < x.Length; at += Block)
        {
            total += SquareSum(x.Slice(at, Math.Min(Block, x.Length - at)));
        }

        int[] places = new int[count];
        double sum = 0;
        int next = 0;
        for (int at = 0; at < x.Length && next < count; at += Block)
        {
            ReadOnlySpan<T> block = x.Slice(at, Math.Min(Block, x.Length - at));
            double end = sum + SquareSum(block), within = sum;
            for (int i = 0; i < block.Length && next < count && targets[next] * total < end; i++)
            {
                within += Scalar.Square(block[i]);
                while (next < count && targets[next] * total < within)
                {
                    places[next++] = at + i;
                }
            }

            sum = end;
        }

        // Rounding may leave the last ones beyond the sum.
        places.AsSpan(next).Fill(next > 0 ? places[next - 1] : 0);
        return places;
    }

    private static double SquareSum(ReadOnlySpan<T> block)
        => typeof(T) == typeof(Complex) ? TensorPrimitives.SumOfSquares(MemoryMarshal.Cast<T, double>(block)) : double.CreateTruncating(TensorPrimitives.SumOfSquares(block));
}
