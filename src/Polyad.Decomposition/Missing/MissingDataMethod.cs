namespace Polyad.Decomposition;

/// <summary>How a fit deals with entries that are missing or count less than others.</summary>
public enum MissingDataMethod
{
    /// <summary>Of a CP model: weighted up to rank 12, where its sweeps are cheap, imputation above.</summary>
    Automatic,

    /// <summary>
    /// Each row of a factor is the solution of its own normal equations over the entries that were seen in its slice (weighted least squares, exact). A sweep costs about (R + 1) / 2 times as many
    /// flops as one without missing entries, as matrix products, and the number of sweeps does not depend on how much is missing.
    /// </summary>
    Weighted,

    /// <summary>
    /// Expectation maximisation: missing entries are filled from the model before every sweep (with weights w: w x + (1 - w) m), which otherwise costs what it costs without missing entries. The
    /// more is missing, the more sweeps it takes; extrapolation makes that bearable.
    /// </summary>
    Imputation,
}
