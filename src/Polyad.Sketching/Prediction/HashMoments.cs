namespace Polyad.Sketching;

/// <summary>
/// Moments of hashing sketches with fully independent hashes. The expectation of a product of four signs leaves, in every factor, four equal coordinates or two pairs; the pairs (i, i, j, j), (i, j, i, j) and
/// (i, j, j, i) shift the two compared buckets by nothing, by the same uniform number, and by opposite ones. Summing over which factors have which pairing gives exact moments.
/// </summary>
internal static class HashMoments
{
    /// <summary>TensorSketch of real factors with D buckets.</summary>
    public static PairMoments Circular(ReadOnlySpan<PairMoments> factors, int buckets)
    {
        // Products over the factors of sums over allowed pairings: n norms, k inner products, s entries, c = k - s crossed pairs of different coordinates.
        double kk = 1, ks = 1, kc = 1, kAll = 1, nn = 1, nc = 1, nAll = 1, ss = 1, sc = 1;
        foreach (ref readonly PairMoments u in factors)
        {
            double n = u.Norms, k = u.Square, s = u.Entries, c = k - s;
            kk *= k;
            ks *= k + n - s;
            kc *= k + c;
            kAll *= n + (2 * c);
            nn *= n;
            nc *= n + c;
            nAll *= n + (2 * c);
            ss *= s;
            sc *= s + (2 * c);
        }

        // Sums U and V of the two kinds of shifts must obey U + V = U - V = 0: for even D also V = D/2 does.
        double one = 1.0 / buckets, two = (buckets % 2 == 0 ? 2.0 : 1) * one * one;
        double square = kk + (one * (ks - kk)) + (one * (kc - kk)) + (two * (kAll - ks - kc + kk));
        double norms = nn + (2 * one * (nc - nn)) + (two * (nAll - (2 * nc) + nn));

        // All four coordinates in one bucket: three kinds of pairs, of which any two kinds bind twice; all three bind three times, once or twice over.
        double entries = ss + (one * (nn - ss + (2 * (kk - ss)))) + (one * one * ((2 * (nc - nn - kk + ss)) + (sc - (2 * kk) + ss)))
            + (two * one * (nAll - (2 * nc) - sc + nn + (2 * kk) - ss));
        return new(norms, square, entries, square, entries, entries);
    }

    /// <summary>
    /// A count sketch (one entry per column) or OSNAP (Nelson and Nguyen 2013: one entry s^(-1/2) in each of s blocks of m/s rows) of a real vector. Two columns share s^2/m rows on average, each with weight 1/s^2.
    /// </summary>
    /// <param name="u">The moments of the vector.</param>
    /// <param name="m">Rows.</param>
    /// <param name="nonZeros">s.</param>
    public static PairMoments Sparse(in PairMoments u, int m, int nonZeros)
    {
        double crossed = u.Square - u.Entries, other = u.Norms - u.Entries, square = u.Square + ((other + crossed) / m), entries = (u.Entries / nonZeros) + ((other + (2 * crossed)) / m);
        return new(u.Norms + (2 * crossed / m), square, entries, square, entries, entries);
    }
}
