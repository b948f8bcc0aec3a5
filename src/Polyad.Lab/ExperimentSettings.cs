namespace Polyad.Lab;

/// <summary>How an experiment runs.</summary>
public sealed record ExperimentSettings
{
    /// <summary>How much is done; default <see cref="LabSize.Quick"/>.</summary>
    public LabSize Size { get; init; }

    /// <summary>The first of the seeds (default 0): same seed, same table.</summary>
    public ulong Seed { get; init; }

    /// <summary>The engine; null for <see cref="Polyad.Backend.Current"/>.</summary>
    public ILinearAlgebraBackend? Backend { get; init; }

    /// <summary>The data sets at hand (default: those that ship with the library).</summary>
    public LabData Data { get; init; } = LabData.Shipped;
}
