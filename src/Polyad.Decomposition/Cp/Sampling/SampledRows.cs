using System.Numerics;

namespace Polyad.Decomposition;

/// <summary>Rows of the Khatri-Rao product of all factors but one, drawn with replacement: each distinct one once, with the weight that makes sums over them unbiased.</summary>
internal sealed class SampledRows
{
    private SampledRows(int order, int count)
    {
        Indices = new int[count * order];
        Weights = new double[count];
        Count = count;
    }

    /// <summary>Distinct rows.</summary>
    public int Count { get; private set; }

    /// <summary>Count x order; the place of the mode that is solved for is 0.</summary>
    public int[] Indices { get; }

    /// <summary>draws of the row / (samples times its probability).</summary>
    public double[] Weights { get; }

    /// <summary>All rows, each of weight 1: what samples cannot beat when there are no more rows than samples.</summary>
    public static SampledRows All(ReadOnlySpan<nint> lengths, int mode)
    {
        int order = lengths.Length, total = (int)(DenseData.Product(lengths) / lengths[mode]);
        SampledRows rows = new(order, total);
        Array.Fill(rows.Weights, 1);
        for (int s = 0; s < total; s++)
        {
            for (int k = order - 1, rest = s; k >= 0; k--)
            {
                if (k != mode)
                {
                    rows.Indices[(s * order) + k] = rest % (int)lengths[k];
                    rest /= (int)lengths[k];
                }
            }
        }

        return rows;
    }

    /// <param name="distributions">One for each mode.</param>
    /// <param name="lengths">Of the tensor.</param>
    /// <param name="mode">The mode that is solved for.</param>
    /// <param name="samples">Draws.</param>
    /// <param name="draws">A stream that nothing else uses.</param>
    public static SampledRows Draw(IndexDistribution[] distributions, ReadOnlySpan<nint> lengths, int mode, int samples, CounterRandom draws)
    {
        int order = lengths.Length;
        double[] uniform = new double[samples * order];
        draws.Uniform<double>(uniform);
        Dictionary<UInt128, int> known = new(samples);
        SampledRows rows = new(order, samples) { Count = 0 };
        for (int s = 0; s < samples; s++)
        {
            Span<int> index = rows.Indices.AsSpan(rows.Count * order, order);
            UInt128 key = 0;
            double probability = 1;
            for (int k = 0; k < order; k++)
            {
                index[k] = k == mode ? 0 : distributions[k].Row(uniform[(s * order) + k]);
                probability *= k == mode ? 1 : distributions[k].Probability(index[k]);
                key = (key * (UInt128)(ulong)lengths[k]) + (UInt128)(ulong)index[k];
            }

            double weight = 1 / (samples * probability);
            if (known.TryGetValue(key, out int at))
            {
                rows.Weights[at] += weight;
            }
            else
            {
                known.Add(key, rows.Count);
                rows.Weights[rows.Count++] = weight;
            }
        }

        return rows;
    }
}
