namespace Polyad.Decomposition;

/// <summary>How far a set of fits has come.</summary>
/// <param name="Sweeps">Common sweeps done (fits of a batch do not share any: 0).</param>
/// <param name="Finished">Fits that have converged or run out of sweeps.</param>
/// <param name="Total">All fits.</param>
public readonly record struct ManyFitsProgress(int Sweeps, int Finished, int Total);
