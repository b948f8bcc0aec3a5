namespace Polyad.Decomposition;

/// <summary>Where a CP fit starts. Missing columns, where the rank exceeds the length of a mode, are normal draws.</summary>
public enum CpInitialization
{
    /// <summary>The leading eigenvectors of each mode's Gram matrix: the left singular vectors of the unfolding, without an SVD of it. I_n prod(I) flops for each mode; no draws.</summary>
    GramEigen,

    /// <summary>Standard normal draws.</summary>
    Random,

    /// <summary>Factors given by the caller.</summary>
    Given,

    /// <summary>
    /// The leading left singular vectors of each unfolding by random sketches (Halko, Martinsson, Tropp 2011) with Khatri-Rao structured draws: R + 10 columns for all modes in two readings of
    /// the tensor, then the exact vectors within the sketched subspaces from a third. The cheaper way when modes are long.
    /// </summary>
    RandomizedSvd,
}
