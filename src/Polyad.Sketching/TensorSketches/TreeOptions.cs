namespace Polyad.Sketching;

/// <summary>How the factors of a recursive sketch are joined.</summary>
public enum TreeShape
{
    /// <summary>
    /// A binary tree whose left subtrees are complete: depth log2 p. Any p; where a subtree has no more factors (they would be e1), its sibling passes through unchanged. The sketch of degree j is the same
    /// whatever the highest degree.
    /// </summary>
    Balanced,

    /// <summary>One factor after the other joins the sketch of those before: depth p, every lower degree on the way.</summary>
    Sequential,
}

/// <summary>The parameters of a recursive sketch (Ahle, Kapralov, Knudsen, Pagh, Velingker, Woodruff, Zandieh 2020).</summary>
/// <param name="Shape">How the factors are joined.</param>
/// <param name="Complex">Signs 1, -1, i, -i and [Re, Im] features (hierarchical complex-to-real sketch, Wacker, Ohana, Filippone 2022).</param>
/// <param name="Expansion">How many times as many numbers as the output has an inner node has, at least 1. A larger expansion lowers the variance at the cost of time alone.</param>
/// <param name="LeafNonZeros">
/// 0 for leaves that are the factors themselves; s for leaves that are first projected to <paramref name="LeafDimension"/> numbers by a sparse sign matrix with s entries in each column (1: count sketch; more: OSNAP), so that
/// the time of sparse rows is led by their entries.
/// </param>
/// <param name="LeafDimension">Rows of that matrix, a multiple of s; null for the least multiple that an inner node fits.</param>
public sealed record TreeOptions(TreeShape Shape = TreeShape.Balanced, bool Complex = true, int Expansion = 1, int LeafNonZeros = 0, int? LeafDimension = null)
{
    /// <summary>Real numbers of an inner node.</summary>
    internal int Inner(int outputDimension) => checked(Expansion * outputDimension);

    /// <summary>The length of a leaf's vector.</summary>
    internal int Leaf(int dimension, int outputDimension)
    {
        if (LeafNonZeros == 0)
        {
            return dimension;
        }

        return LeafDimension ?? (Inner(outputDimension) + LeafNonZeros - 1) / LeafNonZeros * LeafNonZeros;
    }

    internal void Check()
    {
        if (Expansion < 1)
        {
            throw new ArgumentException($"Inner nodes have at least as many numbers as the output: the expansion must be at least 1; given {Expansion}.", nameof(Expansion));
        }

        if (LeafNonZeros < 0 || (LeafNonZeros == 0 && LeafDimension is not null))
        {
            throw new ArgumentException($"Leaves with a dimension of their own need at least one entry in a column; given {LeafNonZeros}.", nameof(LeafNonZeros));
        }

        if (LeafDimension is { } leaf && (leaf < LeafNonZeros || leaf % LeafNonZeros != 0))
        {
            throw new ArgumentException($"The rows of a sparse leaf must be a multiple of its {LeafNonZeros} entries per column; given {leaf}.", nameof(LeafDimension));
        }
    }
}
