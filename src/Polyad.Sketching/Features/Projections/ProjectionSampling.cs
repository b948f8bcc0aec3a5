namespace Polyad.Sketching;

/// <summary>How the directions of a random projection are drawn.</summary>
public enum ProjectionSampling
{
    /// <summary>Independent normal vectors: d D numbers, 2 d D flops a row.</summary>
    Independent,

    /// <summary>Blocks of d exactly orthogonal vectors with the lengths of normal ones (Yu et al. 2016): every vector is normal, the variance of the kernel is lower. As fast to apply as independent ones.</summary>
    Orthogonal,

    /// <summary>
    /// Blocks H D1 H D2 H D3 of Walsh-Hadamard transforms and random signs (Yu et al. 2016, SORF): D log d operations a row and 3 D stored signs. Nearly normal, so the kernel has a bias of order 1/d.
    /// </summary>
    StructuredOrthogonal,

    /// <summary>
    /// Blocks S H G P H B of transforms, signs, a permutation, normal numbers and lengths (Le, Sarlos, Smola 2013): D log d operations a row. Every vector is normal; they are not independent.
    /// </summary>
    Fastfood,
}
