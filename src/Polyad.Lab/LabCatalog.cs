namespace Polyad.Lab;

/// <summary>Every experiment, by name.</summary>
public static class LabCatalog
{
    /// <summary>All experiments, in the order of their names.</summary>
    public static IReadOnlyList<IExperiment> All { get; } = [new ComplexToReal(), new OptimizedSeries(), new RandomFourier(), new LeverageSampling()];

    /// <summary>The experiment of that name.</summary>
    /// <exception cref="KeyNotFoundException">There is none; the message lists those there are.</exception>
    public static IExperiment Get(string name)
        => All.FirstOrDefault(experiment => experiment.Name == name)
            ?? throw new KeyNotFoundException($"there is no experiment '{name}'; there are {string.Join(", ", All.Select(static e => e.Name))}.");
}
