namespace Polyad.Sketching;

/// <summary>
/// Moments of products of random projections: z_t is m^(-1/2) times the product over the factors i of w_it . u_i. Sources: Kar and Karnick 2012; Hamid et al. 2014; Wacker, Kanagawa, Filippone 2022;
/// Wacker, Ohana, Filippone 2022; the moments that compositions need follow by the same pairing of signs.
/// </summary>
internal static class ProjectionMoments
{
    /// <summary>
    /// The moments of the output. Two features t and s are independent given the input, or their rows differ within one tiled Hadamard matrix.
    /// </summary>
    /// <param name="factors">Moments of the factors, which are independent.</param>
    /// <param name="m">Number of (real or complex) features.</param>
    /// <param name="weights">The law of the weights; Hadamard rows count as signs.</param>
    /// <param name="complex">Whether the weights are complex.</param>
    /// <param name="samePairs">How many of the m (m - 1) ordered pairs of features share their signs and never the place of their rows.</param>
    /// <param name="rows">For each factor how many tiled rows such a pair is drawn from.</param>
    public static PairMoments Product(ReadOnlySpan<PairMoments> factors, int m, ProjectionWeights weights, bool complex, double samePairs = 0, ReadOnlySpan<double> rows = default)
    {
        double a = 1, p = 1, t = 1, norms = 1, square = 1, pseudo = 1, sameNorms = 1, sameSquare = 1, samePseudo = 1;
        for (int i = 0; i < factors.Length; i++)
        {
            ref readonly PairMoments u = ref factors[i];
            Row(u, weights, complex, out double ai, out double pi, out double ti);
            (a, p, t, norms, square, pseudo) = (a * ai, p * pi, t * ti, norms * u.Norms, square * u.Square, pseudo * u.Pseudo);
            if (samePairs > 0)
            {
                // The sum over all rows is fixed by orthogonality; take the square of a row away from it.
                double n = rows[i];
                sameNorms *= ((n * u.Norms) - ai) / (n - 1);
                sameSquare *= ((n * u.Square) - ai) / (n - 1);
                samePseudo *= ((n * u.Pseudo) - pi) / (n - 1);
            }
        }

        double one = 1.0 / m, same = samePairs / ((double)m * m), other = Math.Max(0, 1 - one - same);
        return new(
            (one * a) + (same * sameNorms) + (other * norms),
            (one * a) + (same * sameSquare) + (other * square),
            one * a,
            (one * p) + (same * samePseudo) + (other * pseudo),
            one * p,
            one * t);
    }

    /// <summary>E |w.u|^2 |w.v|^2, E (w.u)^2 conj(w.v)^2 and E (w.u)^2 (w.v)^2 for one row of weights.</summary>
    private static void Row(in PairMoments u, ProjectionWeights weights, bool complex, out double a, out double p, out double t)
    {
        // Signs and complex signs have the fourth moment 1, below that of normal numbers (3, and 2 for complex ones): the entries' terms are the difference.
        bool signs = weights != ProjectionWeights.Gaussian;
        if (complex)
        {
            a = u.Norms + u.Square - (signs ? u.Entries : 0);
            p = (2 * u.Pseudo) - (signs ? u.EntryInner : 0);
            t = signs ? u.EntryProduct : 0;
        }
        else
        {
            a = p = t = u.Norms + (2 * u.Square) - (signs ? 2 * u.Entries : 0);
        }
    }
}
