namespace Polyad;

/// <summary>Which engine <see cref="AutoBackend"/> sends a problem to, and why.</summary>
/// <param name="Engine">The engine.</param>
/// <param name="Source">Whose code that engine runs for the operation.</param>
/// <param name="Class">The class of the problem.</param>
/// <param name="Reason">The reason, in sentences: the class that was measured, the times, what was left out.</param>
public sealed record EngineChoice(ILinearAlgebraBackend Engine, OperationSource Source, ShapeClass Class, string Reason);
