namespace Polyad.Cli.Decompose;

/// <summary>Every decomposition that the tool offers.</summary>
internal static class DecompositionCatalog
{
    public static IReadOnlyList<IDecomposition> All { get; } = [new CpDecomposition(), new TuckerDecomposition(), new TensorTrainDecomposition()];

    /// <exception cref="UsageException">There is none of this name.</exception>
    public static IDecomposition Get(string name)
        => All.FirstOrDefault(method => method.Name == name)
            ?? throw new UsageException($"there is no method '{name}'; known are {string.Join(", ", All.Select(static m => m.Name))}.");
}
