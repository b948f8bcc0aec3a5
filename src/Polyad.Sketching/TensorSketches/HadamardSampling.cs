namespace Polyad.Sketching;

/// <summary>How the rows of a Hadamard matrix are drawn for a factor of a sketch.</summary>
public enum HadamardSampling
{
    /// <summary>Without replacement from the tiled rows, one set of signs: one transform per factor, the lowest variance.</summary>
    Shared,

    /// <summary>Without replacement in blocks of the padded length, each with its own signs: a larger sketch begins, up to its scale, with a smaller one.</summary>
    Blocks,

    /// <summary>With replacement, one set of signs (TensorSRHT, Ahle et al. 2020).</summary>
    WithReplacement,
}
