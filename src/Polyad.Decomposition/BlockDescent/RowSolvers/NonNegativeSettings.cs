namespace Polyad.Decomposition;

/// <summary>How a non-negative mode is updated.</summary>
/// <param name="Method">The solver.</param>
/// <param name="Cycles">The most inner cycles.</param>
/// <param name="Reduction">Inner cycles end once one of them moves a panel's rows less than this times what the first moved them (in the norm of the curvatures).</param>
/// <param name="Penalty">p in f(x) + p sum x.</param>
internal readonly record struct NonNegativeSettings(NonNegativeMethod Method, int Cycles, double Reduction, double Penalty);
