namespace Polyad.Decomposition;

/// <summary>How the singular vectors of an unfolding are found.</summary>
public enum SubspaceMethod
{
    /// <summary>Gram where the tolerance allows it, QR-SVD otherwise.</summary>
    Automatic,

    /// <summary>Eigenvectors of the Gram matrix: fast; singular values below the square root of the machine epsilon times the largest are noise.</summary>
    Gram,

    /// <summary>A QR tree over the unfolding's columns and an SVD of the triangle: backward stable.</summary>
    QrSvd,
}
