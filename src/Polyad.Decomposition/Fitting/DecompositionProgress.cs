namespace Polyad.Decomposition;

/// <summary>One step of an iterative decomposition, as reported while it runs, on the thread of the fit.</summary>
/// <param name="Iteration">1-based sweep within its start.</param>
/// <param name="RelativeError">||X - model|| / ||X|| after the sweep, as the stopping rule sees it.</param>
/// <param name="Start">0-based start, where a method tries several.</param>
public readonly record struct DecompositionProgress(int Iteration, double RelativeError, int Start = 0);
