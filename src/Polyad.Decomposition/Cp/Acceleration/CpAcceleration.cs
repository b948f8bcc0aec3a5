namespace Polyad.Decomposition;

/// <summary>
/// How alternating least squares is helped over slow stretches ("swamps"). It chooses where the next sweep begins, at no reading of the tensor; a sweep that ends with a higher error
/// is undone and a plain one follows, so that the error never rises.
/// </summary>
public enum CpAcceleration
{
    /// <summary>Plain sweeps.</summary>
    None,

    /// <summary>Every second sweep begins further along the last step, by the factor k^(1/p) after k sweeps; p begins with the order and grows after four failures (Bro 1998).</summary>
    LineSearch,

    /// <summary>
    /// Each sweep begins where a combination of the last six promises a fixed point (Anderson 1965; Walker, Ni 2011); where that fails, eight sweeps of line search follow. On swamps it needs
    /// a tenth of the plain sweeps.
    /// </summary>
    Anderson,
}
