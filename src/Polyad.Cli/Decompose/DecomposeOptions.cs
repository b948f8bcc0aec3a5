namespace Polyad.Cli.Decompose;

/// <summary>What the user set for a decomposition.</summary>
internal sealed record DecomposeOptions
{
    /// <summary>One number, or one for each mode (Tucker) or bond (tensor train); null when the tolerance decides.</summary>
    public int[]? Ranks { get; init; }

    /// <summary>Tucker, tensor train: the relative error to stay below. CP: the change of the relative error that ends the iteration.</summary>
    public double? Tolerance { get; init; }

    public int? MaxIterations { get; init; }

    public ulong Seed { get; init; }

    public required ILinearAlgebraBackend Backend { get; init; }
}
