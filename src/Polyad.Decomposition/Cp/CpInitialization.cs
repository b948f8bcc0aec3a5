namespace Polyad.Decomposition;

/// <summary>Where alternating least squares starts.</summary>
public enum CpInitialization
{
    /// <summary>The leading eigenvectors of each mode's Gram matrix (the left singular vectors of the unfolding, without an SVD of it); missing columns are normal draws.</summary>
    GramEigen,

    /// <summary>Standard normal draws.</summary>
    Random,

    /// <summary>Factors given by the caller.</summary>
    Given,
}
