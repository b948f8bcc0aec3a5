namespace Polyad.Decomposition;

/// <summary>How alternating least squares is helped over slow stretches ("swamps"). Every way keeps the error from rising: a point that does not lower it is not taken.</summary>
public enum CpAcceleration
{
    /// <summary>Plain sweeps.</summary>
    None,

    /// <summary>Every second sweep begins further along the last step, by the factor k^(1/p) after k sweeps; p grows when that fails (Bro 1998).</summary>
    LineSearch,

    /// <summary>Each sweep begins where a combination of the last ones promises a fixed point (Anderson 1965; Walker, Ni 2011), falling back to the plain sweep when the promise fails.</summary>
    Anderson,
    Nesterov,
}
