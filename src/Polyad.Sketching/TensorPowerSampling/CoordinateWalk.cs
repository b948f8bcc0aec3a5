using System.Collections.Concurrent;
using System.Numerics.Tensors;

namespace Polyad.Sketching;

/// <summary>
/// Draws tensor entries I = (i1, ..., iq) with probability about proportional to the sum over probes y of (y . a_I)^2, a_I being row I of the tensor power, one coordinate after the other. Given the first l - 1 coordinates, whose
/// product of columns is v, coordinate i has the weight sum over probes of (sum over rows j of v_j x_j[i] f_j)^2, where f_j is the probe's entry times a random combination of the sketch of x_j^(q - l): its
/// expectation is the mass of all entries that continue with i. The probability of what is drawn is known exactly, whatever the sketches' errors. Draws with a common beginning share their work.
/// </summary>
internal sealed class CoordinateWalk
{
    private readonly PowerRows _rows;
    private readonly double[][] _probes;
    private readonly int _count;
    private readonly BucketSketch? _buckets;
    private readonly double[] _firstSums;
    private readonly ConcurrentBag<WalkScratch> _pool = [];

    /// <param name="rows">The rows.</param>
    /// <param name="probes">For each coordinate's turn the n x k numbers f.</param>
    /// <param name="count">k.</param>
    /// <param name="buckets">Null where coordinates are visited one by one.</param>
    public CoordinateWalk(PowerRows rows, double[][] probes, int count, BucketSketch? buckets)
    {
        (_rows, _probes, _count, _buckets) = (rows, probes, count, buckets);

        // The first coordinate's distribution is the same for all draws: one pass over all entries.
        _firstSums = new double[rows.Dimension];
        int parts = Math.Min(rows.Dimension, 256);
        WorkTeam.Run(parts, Parallelism.Current.ThreadsForFlops(2.0 * rows.Values.Length * count), part =>
        {
            double[] sums = new double[_count];
            (int begin, int end) = WorkTeam.Range(rows.Dimension, parts, part, 1);
            for (int i = begin; i < end; i++)
            {
                Array.Clear(sums);
                for (int p = rows.ColumnPointers[i]; p < rows.ColumnPointers[i + 1]; p++)
                {
                    ProbeProjection.Add(rows.ColumnValues[p], probes[0].AsSpan(rows.RowIndices[p] * _count, _count), sums);
                }

                _firstSums[i] = TensorPrimitives.SumOfSquares<double>(sums);
            }
        });
        for (int i = 1; i < _firstSums.Length; i++)
        {
            _firstSums[i] += _firstSums[i - 1];
        }
    }

    /// <summary>The estimated sum over all entries of the mean of (y.a_I)^2: of leverage scores, the effective dimension.</summary>
    public double Mass => _firstSums[^1] / _count;

    /// <summary>
    /// Completes draws: those that are given as entries keep them. Returns each draw's probability under the walk and the squared length of its a_I.
    /// </summary>
    /// <param name="entries">q coordinates of each draw, to be filled where not given.</param>
    /// <param name="given">Which draws are given.</param>
    /// <param name="uniform">q + 1 uniform numbers of each draw.</param>
    /// <param name="cancellationToken">Looked at between groups of draws.</param>
    public (double[] Probabilities, double[] SquaredLengths) Draw(int[] entries, bool[] given, double[] uniform, CancellationToken cancellationToken)
    {
        int q = _rows.Degree, draws = given.Length;
        double[] probabilities = new double[draws], lengths = new double[draws];
        double total = _firstSums[^1];
        int[] first = new int[draws], order = new int[draws];
        for (int t = 0; t < draws; t++)
        {
            first[t] = given[t] ? entries[t * q] : PowerRows.Search(_firstSums, 0, _rows.Dimension, uniform[(t * (q + 1)) + 1] * total);
            (order[t], entries[t * q]) = (t, first[t]);
        }

        Array.Sort(order, (a, b) => first[a] != first[b] ? first[a].CompareTo(first[b]) : a.CompareTo(b));
        List<(int Start, int End)> groups = Groups(draws, a => first[order[a]]);
        WorkTeam.Run(groups.Count, Parallelism.Current.ThreadsForFlops(20.0 * draws * q * _rows.Rows), g =>
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (!_pool.TryTake(out WalkScratch? scratch))
            {
                scratch = new WalkScratch(_rows.Dimension, _count);
            }

            (int start, int end) = groups[g];
            int i = first[order[start]], from = _rows.ColumnPointers[i], size = _rows.ColumnPointers[i + 1] - from;
            double below = i > 0 ? _firstSums[i - 1] : 0;
            Task task = new(this, entries, given, uniform, probabilities, lengths, scratch);
            task.Descend(1, _rows.RowIndices.AsSpan(from, size), _rows.ColumnValues.AsSpan(from, size), order.AsSpan(start, end - start), (_firstSums[i] - below) / total);
            _pool.Add(scratch);
        });
        return (probabilities, lengths);
    }

    /// <summary>The ranges of places, sorted by a key, that have the same one.</summary>
    private static List<(int Start, int End)> Groups(int count, Func<int, int> key)
    {
        List<(int, int)> groups = [];
        for (int a = 0; a < count;)
        {
            int b = a + 1;
            while (b < count && key(b) == key(a))
            {
                b++;
            }

            groups.Add((a, b));
            a = b;
        }

        return groups;
    }

    /// <summary>The draws of one first coordinate.</summary>
    private sealed class Task(CoordinateWalk walk, int[] entries, bool[] given, double[] uniform, double[] probabilities, double[] lengths, WalkScratch scratch)
    {
        /// <summary>Draws coordinate <paramref name="level"/> (from 0) of draws that share the earlier ones.</summary>
        /// <param name="level">Which coordinate.</param>
        /// <param name="support">The rows whose product of columns is not zero.</param>
        /// <param name="product">That product.</param>
        /// <param name="draws">The draws.</param>
        /// <param name="probability">Of the earlier coordinates.</param>
        public void Descend(int level, ReadOnlySpan<int> support, ReadOnlySpan<double> product, ReadOnlySpan<int> draws, double probability)
        {
            PowerRows rows = walk._rows;
            int q = rows.Degree;
            if (level == q)
            {
                double length = TensorPrimitives.SumOfSquares(product);
                foreach (int t in draws)
                {
                    (probabilities[t], lengths[t]) = (probability, length);
                }

                return;
            }

            int[] order = draws.ToArray(), next = new int[order.Length];
            double[] chance = new double[order.Length];
            if (walk._buckets is { } buckets && support.Length > 0 && Entries(support) / support.Length is var mean && BucketSketch.Cost(mean, buckets.Buckets, buckets.Sums) < mean)
            {
                ByBuckets(buckets, level, support, product, order, next, chance);
            }
            else
            {
                scratch.Begin();
                for (int s = 0; s < support.Length; s++)
                {
                    int j = support[s];
                    ReadOnlySpan<double> f = walk._probes[level].AsSpan(j * walk._count, walk._count);
                    for (int p = rows.Pointers[j]; p < rows.Pointers[j + 1]; p++)
                    {
                        ProbeProjection.Add(product[s] * rows.Values[p], f, scratch.At(rows.Columns[p]));
                    }
                }

                double[] sums = scratch.Sums();
                for (int a = 0; a < order.Length; a++)
                {
                    (next[a], chance[a]) = Choose(level, order[a], sums, uniform[(order[a] * (q + 1)) + level + 1]);
                }
            }

            // Draws with the same next coordinate go on together, in their order.
            int[] sorted = [.. Enumerable.Range(0, order.Length).OrderBy(a => next[a])], children = [.. sorted.Select(a => order[a])];
            for (int a = 0; a < order.Length; a++)
            {
                entries[(order[a] * q) + level] = next[a];
            }

            foreach ((int start, int end) in Groups(sorted.Length, a => next[sorted[a]]))
            {
                int leader = sorted[start];
                Join(next[leader], support, product, out int[] rest, out double[] values);
                Descend(level + 1, rest, values, children.AsSpan(start, end - start), probability * chance[leader]);
            }
        }

        /// <summary>A coordinate by running sums of weights, and its probability.</summary>
        private (int Coordinate, double Chance) Choose(int level, int draw, double[] sums, double u)
        {
            int place;
            double total = scratch.Count > 0 ? sums[scratch.Count - 1] : 0;
            if (given[draw])
            {
                int coordinate = entries[(draw * walk._rows.Degree) + level];
                place = scratch.Place(coordinate);
                return (coordinate, place < 0 || total == 0 ? 0 : (sums[place] - (place > 0 ? sums[place - 1] : 0)) / total);
            }

            place = PowerRows.Search(sums, 0, scratch.Count, u * total);
            return (scratch.Coordinate(place), (sums[place] - (place > 0 ? sums[place - 1] : 0)) / total);
        }

        /// <summary>First the bucket by its estimated mass, then a coordinate in it.</summary>
        private void ByBuckets(BucketSketch buckets, int level, ReadOnlySpan<int> support, ReadOnlySpan<double> product, int[] order, int[] next, double[] chance)
        {
            PowerRows rows = walk._rows;
            int k = walk._count, width = buckets.Buckets * buckets.Sums, q = rows.Degree;
            double[] projected = new double[width * k];
            for (int s = 0; s < support.Length; s++)
            {
                int j = support[s];
                ReadOnlySpan<double> f = walk._probes[level].AsSpan(j * k, k), sums = buckets.Rows.AsSpan(j * width, width);
                for (int c = 0; c < width; c++)
                {
                    ProbeProjection.Add(product[s] * sums[c], f, projected.AsSpan(c * k, k));
                }
            }

            double[] masses = new double[buckets.Buckets];
            for (int b = 0; b < masses.Length; b++)
            {
                masses[b] = TensorPrimitives.SumOfSquares<double>(projected.AsSpan(b * buckets.Sums * k, buckets.Sums * k)) + (b > 0 ? masses[b - 1] : 0);
            }

            // One number chooses both: what is left of it within the bucket is uniform again.
            int[] bucket = new int[order.Length];
            double[] rest = new double[order.Length];
            for (int a = 0; a < order.Length; a++)
            {
                int t = order[a];
                double u = uniform[(t * (q + 1)) + level + 1] * masses[^1];
                bucket[a] = given[t] ? buckets.BucketOf(entries[(t * q) + level]) : PowerRows.Search(masses, 0, masses.Length, u);
                double low = bucket[a] > 0 ? masses[bucket[a] - 1] : 0, mass = masses[bucket[a]] - low;
                rest[a] = mass > 0 ? Math.Clamp((u - low) / mass, 0, 1) : 0;
                chance[a] = masses[^1] > 0 ? mass / masses[^1] : 0;
            }

            foreach (int b in bucket.Distinct().Order())
            {
                scratch.Begin();
                for (int s = 0; s < support.Length; s++)
                {
                    int j = support[s];
                    ReadOnlySpan<double> f = walk._probes[level].AsSpan(j * k, k);
                    foreach (int p in buckets.Entries(j, b))
                    {
                        ProbeProjection.Add(product[s] * rows.Values[p], f, scratch.At(rows.Columns[p]));
                    }
                }

                double[] sums = scratch.Sums();
                for (int a = 0; a < order.Length; a++)
                {
                    if (bucket[a] == b)
                    {
                        (next[a], double within) = Choose(level, order[a], sums, rest[a]);
                        chance[a] *= within;
                    }
                }
            }
        }

        private double Entries(ReadOnlySpan<int> support)
        {
            double entriesOfRows = 0;
            foreach (int j in support)
            {
                entriesOfRows += walk._rows.Pointers[j + 1] - walk._rows.Pointers[j];
            }

            return entriesOfRows;
        }

        /// <summary>The product times one more column.</summary>
        private void Join(int coordinate, ReadOnlySpan<int> support, ReadOnlySpan<double> product, out int[] rest, out double[] values)
        {
            PowerRows rows = walk._rows;
            int p = rows.ColumnPointers[coordinate], end = rows.ColumnPointers[coordinate + 1], count = 0, most = Math.Min(end - p, support.Length);
            (rest, values) = (new int[most], new double[most]);
            for (int s = 0; s < support.Length && p < end;)
            {
                int j = support[s], column = rows.RowIndices[p];
                if (j == column)
                {
                    (rest[count], values[count++]) = (j, product[s] * rows.ColumnValues[p]);
                    s++;
                    p++;
                }
                else if (j < column)
                {
                    s++;
                }
                else
                {
                    p++;
                }
            }

            Array.Resize(ref rest, count);
            Array.Resize(ref values, count);
        }
    }
}
