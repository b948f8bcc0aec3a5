namespace Polyad.Decomposition;

/// <summary>One step of an iterative decomposition, as reported while it runs.</summary>
/// <param name="Iteration">1-based sweep.</param>
/// <param name="RelativeError">||X - model|| / ||X|| after the sweep, from the identity used for stopping.</param>
public readonly record struct DecompositionProgress(int Iteration, double RelativeError);
