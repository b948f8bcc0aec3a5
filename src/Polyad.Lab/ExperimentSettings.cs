namespace Polyad.Lab;

/// <summary>How an experiment runs.</summary>
public sealed record ExperimentSettings
{
    /// <summary>False (default): under a minute on two cores. True: the sizes and numbers of seeds of the publication, as far as one machine allows.</summary>
    public bool Full { get; init; }

    /// <summary>The first of the seeds (default 0): same seed, same table.</summary>
    public ulong Seed { get; init; }

    /// <summary>The engine; null for <see cref="Polyad.Backend.Current"/>.</summary>
    public ILinearAlgebraBackend? Backend { get; init; }

    /// <summary>The data sets at hand (default: those that ship with the library).</summary>
    public LabData Data { get; init; } = LabData.Shipped;
}
