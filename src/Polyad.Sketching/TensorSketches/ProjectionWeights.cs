namespace Polyad.Sketching;

/// <summary>The law of the entries of random projections, of mean 0 and variance 1.</summary>
public enum ProjectionWeights
{
    /// <summary>1 or -1; complex: 1, -1, i or -i. The lowest fourth moment.</summary>
    Rademacher,

    /// <summary>Standard normal; complex: real and imaginary part of variance 1/2.</summary>
    Gaussian,
}
