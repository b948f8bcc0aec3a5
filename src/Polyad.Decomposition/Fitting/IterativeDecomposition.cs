namespace Polyad.Decomposition;

/// <summary>What every iterative decomposition lets its caller set. A method keeps no state: one instance may fit many tensors, on many threads.</summary>
public abstract class IterativeDecomposition
{
    /// <summary>Sets the defaults that differ from method to method.</summary>
    /// <param name="maxIterations">Default of <see cref="MaxIterations"/>.</param>
    /// <param name="tolerance">Default of <see cref="Tolerance"/>.</param>
    private protected IterativeDecomposition(int maxIterations, double tolerance) => (MaxIterations, Tolerance) = (maxIterations, tolerance);

    /// <summary>The most iterations of one start, at least 1.</summary>
    public int MaxIterations { get; init; }

    /// <summary>When the iteration has converged, in the terms that the method's own documentation gives; 0 never stops early.</summary>
    public double Tolerance { get; init; }

    /// <summary>The seed of every draw (default 0): same seed, same engine, same model bit for bit, on any number of threads.</summary>
    public ulong Seed { get; init; }

    /// <summary>The engine; null for <see cref="Polyad.Backend.Current"/>.</summary>
    public ILinearAlgebraBackend? Backend { get; init; }

    /// <summary>Where the state of the fit goes while it runs; null for nowhere.</summary>
    public CheckpointPlan? Checkpoint { get; init; }

    /// <summary>
    /// A state to go on from. The fit must be given the same tensor, rank and options as the one that wrote it (more iterations or another tolerance are fine); what it returns is then, bit for bit,
    /// what the uninterrupted fit returns.
    /// </summary>
    /// <exception cref="ArgumentException">Thrown by the fit when the state is that of another one.</exception>
    public FitCheckpoint? Resume { get; init; }

    /// <summary>The engine to run on.</summary>
    internal ILinearAlgebraBackend Engine => Backend ?? Polyad.Backend.Current;

    /// <summary>Refuses options that mean nothing, before any work.</summary>
    private protected void CheckOptions()
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(MaxIterations, 1);
        NonNegative(Tolerance, nameof(Tolerance));
        if (Checkpoint is { } plan)
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(plan.Every, 1, nameof(CheckpointPlan.Every));
        }
    }

    /// <summary>Refuses what is negative, infinite or not a number.</summary>
    internal static void NonNegative(double value, string name)
    {
        if (!(value >= 0 && double.IsFinite(value)))
        {
            throw new ArgumentOutOfRangeException(name, value, $"{name} must be a finite number that is not negative.");
        }
    }
}
