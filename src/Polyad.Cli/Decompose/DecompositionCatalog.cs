namespace Polyad.Cli.Decompose;

/// <summary>Every decomposition that the tool offers.</summary>
internal static class DecompositionCatalog
{
    /// <summary>What follows the name of a method to ask for its non-negative form.</summary>
    private const string NonNegativeSuffix = "-nn";

    public static IReadOnlyList<IDecomposition> All { get; } = [new CpDecomposition(), new TuckerDecomposition(), new TensorTrainDecomposition(), new TensorRingDecomposition()];

    /// <summary>The method of a name; "cp-nn" is cp, non-negative.</summary>
    /// <exception cref="UsageException">There is none of this name.</exception>
    public static (IDecomposition Method, bool NonNegative) Find(string name)
    {
        bool nonNegative = name.EndsWith(NonNegativeSuffix, StringComparison.Ordinal);
        return (Get(nonNegative ? name[..^NonNegativeSuffix.Length] : name), nonNegative);
    }

    /// <exception cref="UsageException">There is none of this name.</exception>
    public static IDecomposition Get(string name)
        => All.FirstOrDefault(method => method.Name == name)
            ?? throw new UsageException($"there is no method '{name}'; known are {string.Join(", ", All.Select(static m => m.Name))}.");
}
