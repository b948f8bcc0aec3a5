namespace Polyad.Decomposition;

/// <summary>Which rows of a least-squares problem a randomized fit looks at.</summary>
public enum CpSampling
{
    /// <summary>In proportion to the products of the factors' leverage scores, which bound those of their Khatri-Rao product (Cheng, Peng, Liu, Perros 2016; Larsen, Kolda 2022), with a tenth of uniform draws.</summary>
    Leverage,

    /// <summary>Uniformly: the cheapest, for tensors whose energy is spread, or <see cref="CpRand.Mixing"/>.</summary>
    Uniform,
}
