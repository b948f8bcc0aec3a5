namespace Polyad.Decomposition;

/// <summary>What a constraint says about the size of a factor's columns. A CP model may move size from one mode to another, so this decides what is well posed.</summary>
public enum ConstraintScale
{
    /// <summary>A cone: with x every positive multiple of x is as good (non-negativity, unimodality, at most k nonzeros, ...).</summary>
    Free,

    /// <summary>A set that fixes or bounds the size (simplex, l1 ball, orthonormal columns, ...).</summary>
    Bounded,

    /// <summary>A penalty that grows with the size (l1, l2, smoothness, ...).</summary>
    Penalized,
}
