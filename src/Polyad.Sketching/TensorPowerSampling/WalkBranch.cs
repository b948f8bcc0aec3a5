using System.Numerics.Tensors;

namespace Polyad.Sketching;

/// <summary>The draws of one first coordinate. A step costs the rows in support times the buckets and the entries of one bucket of a row, not those of the row.</summary>
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
            }

            return;
        }

        // Of one row the weights are its squares, whatever the probes.
        if (support.Length == 1 || !Choose(level, support, product, draws))
        {
            ChooseByLength(level, support[0], draws);
        }

        all.Sort(draws, level);
        for (int a = 0; a < draws.Length;)
        {
            int count = all.Shared(draws[a..], level), size = Join(all.Coordinate(draws[a], level), support, product, kept, out ReadOnlySpan<int> rest, out ReadOnlySpan<double> values);
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

    /// <summary>First the bucket by its estimated mass, then a coordinate in it. False where all weights are zero.</summary>
    private bool Choose(int level, ReadOnlySpan<int> support, ReadOnlySpan<double> product, ReadOnlySpan<int> draws)
    {
        // Of length 1, so that squares do not vanish in single precision.
        Span<float> probes = scratch.Probes(support.Length);
        double scale = 1 / TensorPrimitives.Norm(product);
        for (int s = 0; s < support.Length; s++)
        {
            ProbeLanes.Scale((float)(scale * product[s]), walk.Probe(level, support[s]), ref probes[s * walk.Lanes]);
        }

        if (!ChooseBuckets(level, support, probes, draws))
        {
            return false;
        }

        BucketedRows buckets = walk.Buckets;
        for (int a = 0; a < draws.Length; a++)
        {
            int bucket = all.Buckets[draws[a]];
            if (bucket < 0)
            {
                continue;
            }

            scratch.Begin();
            for (int s = 0; s < support.Length; s++)
            {
                if (s + FetchedAhead < support.Length)
                {
                    buckets.Prefetch(support[s + FetchedAhead], bucket);
                }

                scratch.Add(buckets.Entries(support[s], bucket), probes.Slice(s * walk.Lanes, walk.Lanes));
            }

            ReadOnlySpan<double> sums = scratch.Sums();
            foreach (int t in draws[a..])
            {
                if (all.Buckets[t] == bucket)
                {
                    ChooseWithin(level, t, sums);
                    all.Buckets[t] = -1;
                }
            }
        }

        return true;
    }

    private bool ChooseBuckets(int level, ReadOnlySpan<int> support, ReadOnlySpan<float> probes, ReadOnlySpan<int> draws)
    {
        BucketedRows buckets = walk.Buckets;
        double[] masses = scratch.Masses;
        if (masses.Length > 1)
        {
            ProbeLanes.BucketMasses(probes, walk.Lanes, support, buckets.Sums, masses);
        }
        else
        {
            masses[0] = 1;
        }

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
            double u = all.Uniform(t, level) * masses[^1];
            int b = all.IsGiven(t) ? buckets.BucketOf(all.Coordinate(t, level)) : PowerRows.Search(masses, u);
            double low = b > 0 ? masses[b - 1] : 0, mass = masses[b] - low;
            (all.Buckets[t], all.Chances[t], all.Rests[t]) = (b, mass / masses[^1], mass > 0 ? Math.Clamp((u - low) / mass, 0, 1) : 0);
        }

        return true;
    }

    /// <summary>A coordinate by running sums of weights, and its probability.</summary>
    private void ChooseWithin(int level, int draw, ReadOnlySpan<double> sums)
    {
        ref int coordinate = ref all.Coordinate(draw, level);
        int place;
        if (all.IsGiven(draw))
        {
            place = scratch.Place(walk.Buckets.Number(coordinate));
        }
        else
        {
            place = PowerRows.Search(sums, all.Rests[draw] * sums[^1]);
            coordinate = walk.Buckets.Coordinate(scratch.Number(place));
        }

        all.Chances[draw] *= place < 0 || sums[^1] == 0 ? 0 : (sums[place] - (place > 0 ? sums[place - 1] : 0)) / sums[^1];
    }

    /// <summary>The product times one more column: how many rows are left.</summary>
    private int Join(int coordinate, ReadOnlySpan<int> support, ReadOnlySpan<double> product, int kept, out ReadOnlySpan<int> rest, out ReadOnlySpan<double> values)
    {
        SparseLine column = walk.Rows.Column(coordinate);
        scratch.Support(kept, Math.Min(support.Length, column.Rows.Length), out Span<int> rows, out Span<double> products);
        int count = 0, from = 0;
        for (int s = 0; s < support.Length && from < column.Rows.Length; s++)
        {
            int at = column.Rows[from..].BinarySearch(support[s]);
            from += at >= 0 ? at : ~at;
            if (at >= 0)
            {
                (rows[count], products[count++]) = (support[s], product[s] * column.Values[from++]);
            }
        }

        rest = rows[..count];
        values = products[..count];
        return count;
    }
}
