using System.Runtime.CompilerServices;

namespace Polyad.Sketching;

/// <summary>What every randomized algorithm is told: where its draws begin and which engine multiplies and factors. Algorithms hold no state; any thread may use one.</summary>
public abstract class RandomizedAlgorithm
{
    private protected RandomizedAlgorithm()
    {
    }

    /// <summary>The seed of every draw (default 0): same seed, same draws, on any engine; same result bit for bit on one engine.</summary>
    public ulong Seed { get; init; }

    /// <summary>The engine; null for <see cref="Polyad.Backend.Current"/> at the time of each call.</summary>
    public ILinearAlgebraBackend? Backend { get; init; }

    private protected ILinearAlgebraBackend Engine => Backend ?? Polyad.Backend.Current;

    /// <summary>States far apart for draws of different purpose.</summary>
    private protected SketchState Draws(int purpose) => new(Seed, (ulong)purpose << 48);

    /// <summary>Refuses an option that is out of its range.</summary>
    private protected static void Require(bool fits, object? value, string range, [CallerArgumentExpression(nameof(value))] string name = "")
        => Hyperparameter.Require(fits, value, range, name);
}

/// <summary>One step of an iterative algorithm, as reported while it runs.</summary>
/// <param name="Iteration">1-based.</param>
/// <param name="Error">The measure that the algorithm stops by; its documentation says which.</param>
public readonly record struct IterationProgress(int Iteration, double Error);
