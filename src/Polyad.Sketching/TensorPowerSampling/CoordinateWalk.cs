using System.Collections.Concurrent;
using System.Numerics.Tensors;

namespace Polyad.Sketching;

/// <summary>
/// Draws tensor entries I = (i1, ..., iq) with probability about proportional to the sum over probes y of (y . a_I)^2, a_I being row I of the tensor power, one coordinate after the other. Given the first l - 1 coordinates, whose
/// product of columns is v, coordinate i has the weight sum over probes of (sum over rows j of v_j x_j[i] f_j)^2, where f_j is the probe's entry times a random combination of the sketch of x_j^(q - l): its
/// expectation is the mass of all entries that continue with i. The probability of what is drawn is known exactly, whatever the sketches' errors. Draws with a common beginning share their work.
/// </summary>
internal sealed unsafe class CoordinateWalk : IDisposable
{
    private readonly LaneBuffer _probes;
    private readonly RemainderSketch _remainder;
    private Scratch<double> _firstSums;
    private readonly ConcurrentBag<WalkScratch> _pool = [];

    /// <param name="rows">The rows.</param>
    /// <param name="probes">n x k.</param>
    /// <param name="count">k.</param>
    /// <param name="remainder">What stands for the coordinates after the one that is drawn, at least k numbers of each row.</param>
    /// <param name="buckets">The rows by buckets of coordinates.</param>
    public CoordinateWalk(PowerRows rows, ReadOnlySpan<double> probes, int count, RemainderSketch remainder, BucketedRows buckets)
    {
        (Rows, Buckets, Lanes, _remainder) = (rows, buckets, ProbeLanes.Padded(count), remainder);
        _probes = new LaneBuffer(rows.Rows * (nint)Lanes);
        using LaneBuffer first = new(rows.Rows * (nint)Lanes);
        for (int j = 0; j < rows.Rows; j++)
        {
            Span<float> lanes = _probes.Slice(j * (nint)Lanes, Lanes);
            TensorPrimitives.ConvertTruncating(probes.Slice(j * count, count), lanes);
            lanes[count..].Clear();
            ProbeLanes.Multiply(1, lanes, Remainder(0, j), ref first.Slice(j * (nint)Lanes, Lanes)[0]);
        }

        // The first coordinate's distribution is the same for all draws: one pass over all entries.
        _firstSums = Workspace.Rent<double>(rows.Dimension);
        double* sums = _firstSums.Pointer;
        int parts = Math.Min(rows.Dimension, 256);
        WorkTeam.Run(parts, Parallelism.Current.ThreadsForFlops(2.0 * rows.NonZeros * count), part =>
        {
            (int begin, int end) = WorkTeam.Range(rows.Dimension, parts, part, 1);
            for (int i = begin; i < end; i++)
            {
                SparseLine column = rows.Column(i);
                sums[i] = ProbeLanes.CombinedSquaredLength(column.Values, column.Places, first.Slice(0, rows.Rows * Lanes), Lanes);
            }
        });
        for (int i = 1; i < rows.Dimension; i++)
        {
            sums[i] += sums[i - 1];
        }
    }

    public PowerRows Rows { get; }

    public BucketedRows Buckets { get; }

    /// <summary>k, padded.</summary>
    public int Lanes { get; }

    /// <summary>The probes of a row.</summary>
    public ReadOnlySpan<float> Probe(int row) => _probes.Slice(row * (nint)Lanes, Lanes);

    /// <summary>At the turn of coordinate <paramref name="level"/>, what stands for the later ones of a row.</summary>
    public ReadOnlySpan<float> Remainder(int level, int row) => _remainder.Lanes(Rows.Degree - 1 - level, row)[..Lanes];

    /// <summary>
    /// Completes draws: those that are given as entries keep them. Returns each draw's probability under the walk and the squared length of its a_I.
    /// </summary>
    /// <param name="entries">q coordinates of each draw, to be filled where not given.</param>
    /// <param name="given">Which draws are given.</param>
    /// <param name="uniform">q + 1 uniform numbers of each draw.</param>
    /// <param name="kept">Takes their rows of the tensor power.</param>
    /// <param name="cancellationToken">Looked at between groups of draws.</param>
    public (double[] Probabilities, double[] SquaredLengths) Draw(int[] entries, bool[] given, double[] uniform, TensorPowerRows kept, CancellationToken cancellationToken)
    {
        int q = Rows.Degree, draws = given.Length;
        double total = _firstSums.Pointer[Rows.Dimension - 1];
        WalkDraws all = new(q, entries, given, uniform, kept);
        int[] order = new int[draws];
        for (int t = 0; t < draws; t++)
        {
            order[t] = t;
            if (!given[t])
            {
                entries[t * q] = PowerRows.Search(_firstSums.Span, all.Uniform(t, 0) * total);
            }

            all.Keys[t] = entries[t * q];
        }

        all.Sort(order);
        List<Range> groups = [];
        for (int a = 0; a < draws; a = groups[^1].End.Value)
        {
            groups.Add(a..(a + all.Shared(order.AsSpan(a))));
        }

        // Columns that begin in the same row are likely to share more of them: their rows' entries are met again while they are cached.
        groups.Sort((a, b) => (First(a), a.Start.Value).CompareTo((First(b), b.Start.Value)));
        WorkTeam.Run(groups.Count, Parallelism.Current.ThreadsForFlops(20.0 * draws * q * Rows.Rows), g =>
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (!_pool.TryTake(out WalkScratch? scratch))
            {
                scratch = new WalkScratch(Buckets.Widest, Lanes, Buckets.Children);
            }

            Span<int> group = order.AsSpan(groups[g]);
            int i = all.Coordinate(group[0], 0);
            SparseLine column = Rows.Column(i);
            new WalkBranch(this, all, scratch).Descend(1, column.Places, column.Values, 0, group, FirstMass(i) / total);
            _pool.Add(scratch);
        });
        return (all.Probabilities, all.SquaredLengths);

        int First(Range group)
        {
            ReadOnlySpan<int> rows = Rows.Column(all.Coordinate(order[group.Start.Value], 0)).Places;
            return rows.Length > 0 ? rows[0] : 0;
        }
    }

    public void Dispose()
    {
        foreach (WalkScratch scratch in _pool)
        {
            scratch.Dispose();
        }

        _probes.Dispose();
        _firstSums.Dispose();
    }

    private double FirstMass(int coordinate) => _firstSums.Pointer[coordinate] - (coordinate > 0 ? _firstSums.Pointer[coordinate - 1] : 0);
}
