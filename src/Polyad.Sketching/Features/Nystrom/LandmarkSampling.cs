namespace Polyad.Sketching;

/// <summary>How <see cref="Nystroem{T}"/> chooses its landmarks.</summary>
public enum LandmarkSampling
{
    /// <summary>Uniformly without replacement, as scikit-learn does: O(m d) to choose. Misses small clusters.</summary>
    Uniform,

    /// <summary>
    /// Randomly pivoted Cholesky (Chen, Epperly, Tropp, Webber 2022) in blocks with rejection (Epperly, Tropp, Webber 2024): each landmark is drawn in proportion to what the earlier ones leave of the
    /// diagonal. O(n m (d + m)), near the best rank-m error in trace norm.
    /// </summary>
    RandomlyPivotedCholesky,

    /// <summary>In proportion to approximate ridge leverage scores, by recursive halving (Musco and Musco 2017): O(n m (d + m)), spectral-norm guarantee.</summary>
    RidgeLeverage,
}
