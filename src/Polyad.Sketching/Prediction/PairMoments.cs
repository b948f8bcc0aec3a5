namespace Polyad.Sketching;

/// <summary>
/// What the spread of a sketched inner product depends on, for the images u and v of two vectors under random maps: expectations of products of four entries. Every map of this library takes the
/// moments of its input to those of its output in closed form, so that moments of compositions (trees, up- and down-projections) are exact.
/// </summary>
/// <param name="Norms">E |u|^2 |v|^2.</param>
/// <param name="Square">E |k|^2 of k = sum of u_j conj(v_j).</param>
/// <param name="Entries">E of the sum of |u_j v_j|^2.</param>
/// <param name="Pseudo">E k^2.</param>
/// <param name="EntryInner">E of the sum of (u_j conj(v_j))^2.</param>
/// <param name="EntryProduct">E of the sum of (u_j v_j)^2.</param>
internal readonly record struct PairMoments(double Norms, double Square, double Entries, double Pseudo, double EntryInner, double EntryProduct)
{
    /// <summary>The moments of two fixed real vectors.</summary>
    /// <param name="norms">|x|^2 |y|^2.</param>
    /// <param name="inner">x.y.</param>
    /// <param name="entries">The sum of x_j^2 y_j^2.</param>
    public static PairMoments Fixed(double norms, double inner, double entries)
        => new(norms, inner * inner, entries, inner * inner, entries, entries);

    /// <summary>The moments of the real vectors [Re u, Im u] and [Re v, Im v].</summary>
    public PairMoments Real()
    {
        // Re(a)^2 Re(b)^2 + Im(a)^2 Im(b)^2 = (|ab|^2 + Re(a^2) Re(b^2)) / 2, and 2 Re(a^2) Re(b^2) = Re (ab)^2 + Re (a conj b)^2.
        double square = 0.5 * (Square + Pseudo), entries = 0.5 * (Entries + (0.5 * (EntryProduct + EntryInner)));
        return new(Norms, square, entries, square, entries, entries);
    }
}

/// <summary>The moments of a sketch's output for those of its independent factors.</summary>
internal delegate PairMoments MomentMap(ReadOnlySpan<PairMoments> factors);
