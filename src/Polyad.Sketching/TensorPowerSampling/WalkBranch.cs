using System.Numerics.Tensors;

namespace Polyad.Sketching;

/// <summary>The draws of one first coordinate. A step costs the rows in support times some sums and the entries of one bucket of a row, not those of the row.</summary>
internal readonly ref struct WalkBranch(CoordinateWalk walk, WalkDraws all, WalkScratch scratch)
{
    private const int FetchedAhead = 4;

    /// <summary>Draws coordinate <paramref name="level"/> (from 0) of draws that share the earlier ones.</summary>
    /// <param name="level">Which coordinate.</param>
    /// <param name="support">The rows whose product of columns is not zero.</param>
    /// <param name="product">That product.</param>
    /// <param name="kept">Where the supports that the scratch keeps for the levels above end.</param>
    /// <param name="draws">The draws, which are put in order.</param>
    /// <param name="probability">Of the earlier coordinates.</param>
    public void Descend(int level, ReadOnlySpan<int> support, ReadOnlySpan<double> product, int kept, Span<int> draws, double probability)
    {
        // Entries that are zero in all rows come as given ones only.
        if (level == walk.Rows.Degree || support.Length == 0)
        {
            double length = TensorPrimitives.SumOfSquares(product);
            foreach (int t in draws)
            {
                (all.Probabilities[t], all.SquaredLengths[t]) = (support.Length > 0 ? probability : 0, length);
                all.Keep(t, support, product);
            }

            return;
        }

        // Of one row the weights are its squares, whatever the probes.
        if (support.Length == 1 || !Choose(level, support, product, draws))
        {
            ChooseByLength(level, support[0], draws);
        }

        foreach (int t in draws)
        {
            all.Keys[t] = all.Coordinate(t, level);
        }

        all.Sort(draws);
        for (int a = 0; a < draws.Length;)
        {
            int count = all.Shared(draws[a..]), size = Join(all.Coordinate(draws[a], level), support, product, kept, out ReadOnlySpan<int> rest, out ReadOnlySpan<double> values);
            Descend(level + 1, rest, values, kept + size, draws.Slice(a, count), probability * all.Chances[draws[a]]);
            a += count;
        }
    }

    /// <summary>By the squares of a row's entries.</summary>
    private void ChooseByLength(int level, int row, ReadOnlySpan<int> draws)
    {
        foreach (int t in draws)
        {
            ref int coordinate = ref all.Coordinate(t, level);
            if (!all.IsGiven(t))
            {
                coordinate = walk.Rows.DrawCoordinate(row, all.Uniform(t, level));
            }

            all.Chances[t] = walk.Rows.Share(row, coordinate);
        }
    }

    /// <summary>First buckets by their estimated masses, then a coordinate in the last. False where all weights are zero.</summary>
    private bool Choose(int level, ReadOnlySpan<int> support, ReadOnlySpan<double> product, Span<int> draws)
    {
        // Of length 1, so that squares do not vanish in single precision.
        Span<float> probes = scratch.Probes(support.Length);
        double scale = 1 / TensorPrimitives.Norm(product);
        for (int s = 0; s < support.Length; s++)
        {
            ProbeLanes.Multiply((float)(scale * product[s]), walk.Probe(support[s]), walk.Remainder(level, support[s]), ref probes[s * walk.Lanes]);
        }

        foreach (int t in draws)
        {
            (all.Chances[t], all.Rests[t]) = (1, all.Uniform(t, level));
        }

        return ChooseIn(0, 0, level, support, probes, draws);
    }

    /// <summary>Chooses among the children of a bucket.</summary>
    private bool ChooseIn(int bucket, int depth, int level, ReadOnlySpan<int> support, ReadOnlySpan<float> probes, Span<int> draws)
    {
        BucketedRows buckets = walk.Buckets;
        if (depth == buckets.Depth)
        {
            return ChooseCoordinate(bucket, level, support, probes, draws);
        }

        // Coordinates that lie alone come first, then buckets.
        int alone = depth + 1 < buckets.Depth ? 0 : buckets.Alone;
        Span<double> masses = scratch.Masses.AsSpan(0, alone + buckets.Arity);
        ProbeLanes.CoordinateMasses(probes, walk.Lanes, support, in buckets.AloneIn(bucket), buckets.Stride, masses[..alone]);
        ProbeLanes.BucketMasses(probes, walk.Lanes, support, in buckets.Sums(bucket, depth), buckets.Stride, masses[alone..]);
        for (int b = 1; b < masses.Length; b++)
        {
            masses[b] += masses[b - 1];
        }

        if (masses[^1] == 0)
        {
            return false;
        }

        foreach (int t in draws)
        {
            double u = all.Rests[t] * masses[^1];
            int b = all.IsGiven(t) ? buckets.ChildOf(all.Coordinate(t, level), depth) : PowerRows.Search(masses, u);
            double low = b > 0 ? masses[b - 1] : 0, mass = masses[b] - low;
            all.Keys[t] = b;
            all.Chances[t] *= mass / masses[^1];
            all.Rests[t] = mass > 0 ? Math.Clamp((u - low) / mass, 0, 1) : 0;
        }

        all.Sort(draws);
        for (int a = 0; a < draws.Length;)
        {
            int count = all.Shared(draws[a..]), child = (bucket * masses.Length) + all.Keys[draws[a]];
            if (!ChooseIn(child, depth + 1, level, support, probes, draws.Slice(a, count)))
            {
                // Only given draws come to a bucket without mass.
                foreach (int t in draws.Slice(a, count))
                {
                    all.Chances[t] = 0;
                }
            }

            a += count;
        }

        return true;
    }

    private bool ChooseCoordinate(int bucket, int level, ReadOnlySpan<int> support, ReadOnlySpan<float> probes, ReadOnlySpan<int> draws)
    {
        BucketedRows buckets = walk.Buckets;
        int shared = buckets.Shared(bucket);
        if (shared < 0)
        {
            foreach (int t in draws)
            {
                all.Coordinate(t, level) = buckets.Coordinate(bucket, 0);
            }

            return true;
        }

        scratch.Begin();
        for (int s = 0; s < support.Length; s++)
        {
            if (s + FetchedAhead < support.Length)
            {
                buckets.Prefetch(support[s + FetchedAhead], shared);
            }

            scratch.Add(buckets.Entries(support[s], shared), probes.Slice(s * walk.Lanes, walk.Lanes));
        }

        ReadOnlySpan<double> sums = scratch.Sums();
        double total = sums.Length > 0 ? sums[^1] : 0;
        if (total == 0)
        {
            return false;
        }

        foreach (int t in draws)
        {
            ref int coordinate = ref all.Coordinate(t, level);
            int place;
            if (all.IsGiven(t))
            {
                place = scratch.Place(buckets.PlaceOf(coordinate));
            }
            else
            {
                place = PowerRows.Search(sums, all.Rests[t] * total);
                coordinate = buckets.Coordinate(bucket, scratch.Number(place));
            }

            all.Chances[t] *= place < 0 ? 0 : (sums[place] - (place > 0 ? sums[place - 1] : 0)) / total;
        }

        return true;
    }

    /// <summary>The product times one more column: how many rows are left.</summary>
    private int Join(int coordinate, ReadOnlySpan<int> support, ReadOnlySpan<double> product, int kept, out ReadOnlySpan<int> rest, out ReadOnlySpan<double> values)
    {
        SparseLine column = walk.Rows.Column(coordinate);
        scratch.Support(kept, Math.Min(support.Length, column.Places.Length) + 1, out Span<int> rows, out Span<double> products);
        int count = 0, s = 0, c = 0;
        while (s < support.Length && c < column.Places.Length)
        {
            // Which comes next cannot be foreseen: no branch. What is written where rows differ is overwritten, or one place too far.
            int difference = support[s] - column.Places[c];
            (rows[count], products[count]) = (support[s], product[s] * column.Values[c]);
            count += difference == 0 ? 1 : 0;
            s += difference <= 0 ? 1 : 0;
            c += difference >= 0 ? 1 : 0;
        }

        rest = rows[..count];
        values = products[..count];
        return count;
    }
}
