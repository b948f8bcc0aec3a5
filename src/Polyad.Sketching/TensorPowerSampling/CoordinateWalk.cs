using System.Collections.Concurrent;
using System.Numerics.Tensors;

namespace Polyad.Sketching;

/// <summary>
/// Draws tensor entries I = (i1, ..., iq) with probability about proportional to the sum over probes y of (y . a_I)^2, a_I being row I of the tensor power, one coordinate after the other. Given the first l - 1 coordinates, whose
/// product of columns is v, coordinate i has the weight sum over probes of (sum over rows j of v_j x_j[i] f_j)^2, where f_j is the probe's entry times a random combination of the sketch of x_j^(q - l): its
/// expectation is the mass of all entries that continue with i. The probability of what is drawn is known exactly, whatever the sketches' errors. Draws with a common beginning share their work.
/// </summary>
internal sealed class CoordinateWalk : IDisposable
{
    private readonly LaneBuffer[] _probes;
    private readonly int _count;
    private readonly double[] _firstSums;
    private readonly ConcurrentBag<WalkScratch> _pool = [];

    /// <param name="rows">The rows.</param>
    /// <param name="probes">For each coordinate's turn the n x k numbers f.</param>
    /// <param name="count">k.</param>
    /// <param name="buckets">The rows by buckets of coordinates.</param>
    public CoordinateWalk(PowerRows rows, double[][] probes, int count, BucketedRows buckets)
    {
        (Rows, Buckets, Lanes, _count) = (rows, buckets, ProbeLanes.Padded(count), count);
        _probes = [.. probes.Select(turn => Padded(turn, count, Lanes))];

        // The first coordinate's distribution is the same for all draws: one pass over all entries.
        _firstSums = new double[rows.Dimension];
        int parts = Math.Min(rows.Dimension, 256);
        WorkTeam.Run(parts, Parallelism.Current.ThreadsForFlops(2.0 * rows.ByRow.NonZeros * count), part =>
        {
            (int begin, int end) = WorkTeam.Range(rows.Dimension, parts, part, 1);
            for (int i = begin; i < end; i++)
            {
                SparseLine column = rows.Column(i);
                _firstSums[i] = ProbeLanes.CombinedSquaredLength(column.Values, column.Rows, _probes[0].Slice(0, rows.Rows * Lanes), Lanes);
            }
        });
        for (int i = 1; i < _firstSums.Length; i++)
        {
            _firstSums[i] += _firstSums[i - 1];
        }
    }

    public PowerRows Rows { get; }

    public BucketedRows Buckets { get; }

    /// <summary>k, padded.</summary>
    public int Lanes { get; }

    /// <summary>The estimated sum over all entries of the mean of (y.a_I)^2: of leverage scores, the effective dimension.</summary>
    public double Mass => _firstSums[^1] / _count;

    /// <summary>The numbers f of a row at the turn of a coordinate.</summary>
    public ReadOnlySpan<float> Probe(int level, int row) => _probes[level].Slice(row * (nint)Lanes, Lanes);

    /// <summary>
    /// Completes draws: those that are given as entries keep them. Returns each draw's probability under the walk and the squared length of its a_I.
    /// </summary>
    /// <param name="entries">q coordinates of each draw, to be filled where not given.</param>
    /// <param name="given">Which draws are given.</param>
    /// <param name="uniform">q + 1 uniform numbers of each draw.</param>
    /// <param name="cancellationToken">Looked at between groups of draws.</param>
    public (double[] Probabilities, double[] SquaredLengths) Draw(int[] entries, bool[] given, double[] uniform, CancellationToken cancellationToken)
    {
        int q = Rows.Degree, draws = given.Length;
        double total = _firstSums[^1];
        WalkDraws all = new(q, entries, given, uniform);
        int[] order = new int[draws];
        for (int t = 0; t < draws; t++)
        {
            order[t] = t;
            if (!given[t])
            {
                entries[t * q] = PowerRows.Search(_firstSums, all.Uniform(t, 0) * total);
            }

            all.Keys[t] = entries[t * q];
        }

        all.Sort(order);
        List<Range> groups = [];
        for (int a = 0; a < draws; a = groups[^1].End.Value)
        {
            groups.Add(a..(a + all.Shared(order.AsSpan(a))));
        }

        WorkTeam.Run(groups.Count, Parallelism.Current.ThreadsForFlops(20.0 * draws * q * Rows.Rows), g =>
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (!_pool.TryTake(out WalkScratch? scratch))
            {
                scratch = new WalkScratch(Rows.Dimension, Lanes, Buckets.Arity);
            }

            Span<int> group = order.AsSpan(groups[g]);
            int i = all.Coordinate(group[0], 0);
            SparseLine column = Rows.Column(i);
            new WalkBranch(this, all, scratch).Descend(1, column.Rows, column.Values, 0, group, (_firstSums[i] - (i > 0 ? _firstSums[i - 1] : 0)) / total);
            _pool.Add(scratch);
        });
        return (all.Probabilities, all.SquaredLengths);
    }

    public void Dispose()
    {
        foreach (WalkScratch scratch in _pool)
        {
            scratch.Dispose();
        }

        foreach (LaneBuffer turn in _probes)
        {
            turn.Dispose();
        }
    }

    private static LaneBuffer Padded(double[] turn, int count, int lanes)
    {
        int rows = turn.Length / count;
        LaneBuffer padded = new(rows * (nint)lanes);
        for (int j = 0; j < rows; j++)
        {
            Span<float> row = padded.Slice(j * (nint)lanes, lanes);
            TensorPrimitives.ConvertTruncating<double, float>(turn.AsSpan(j * count, count), row);
            row[count..].Clear();
        }

        return padded;
    }
}
