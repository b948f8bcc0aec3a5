namespace Polyad.Decomposition;

/// <summary>How the singular vectors of an unfolding are found.</summary>
public enum SubspaceMethod
{
    /// <summary>Gram where the result shows that it loses nothing, QR-SVD otherwise.</summary>
    Automatic,

    /// <summary>Eigenvectors of the Gram matrix: fast; singular values below the square root of the machine epsilon times the largest are noise.</summary>
    Gram,

    /// <summary>A QR tree over the unfolding's columns and an SVD of the triangle: backward stable.</summary>
    QrSvd,

    /// <summary>A random sketch of the rows, orthogonalized, and an exact truncation within it (Halko, Martinsson, Tropp 2011).</summary>
    Randomized,
}

/// <summary>Names of methods in archives.</summary>
internal static class SubspaceMethods
{
    public static void AddTo(ModelArchive archive, SubspaceMethod method) => archive.Add("method", method.ToString());

    /// <exception cref="InvalidDataException">There is no such name.</exception>
    public static SubspaceMethod Of(ModelArchive archive)
        => Enum.TryParse(archive.Text("method"), out SubspaceMethod method) ? method : throw new InvalidDataException($"'{archive.Text("method")}' is not a method of finding singular vectors.");
}
