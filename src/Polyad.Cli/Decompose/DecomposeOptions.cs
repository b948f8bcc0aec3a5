using Polyad.Decomposition;

namespace Polyad.Cli.Decompose;

/// <summary>What the user set for a decomposition. Null stands for the default of the method.</summary>
internal sealed record DecomposeOptions
{
    /// <summary>One number, or one for each mode (Tucker, tensor ring) or bond (tensor train); null when the tolerance decides.</summary>
    public int[]? Ranks { get; init; }

    /// <summary>Tucker, tensor train, TR-SVD: the relative error to stay below. Iterations: the change of the relative error that ends them.</summary>
    public double? Tolerance { get; init; }

    public int? MaxIterations { get; init; }

    public ulong Seed { get; init; }

    /// <summary>One of <see cref="IDecomposition.Algorithms"/>.</summary>
    public string? Algorithm { get; init; }

    public bool NonNegative { get; init; }

    /// <summary>As typed: mode:kind or mode:kind:parameter.</summary>
    public IReadOnlyList<string> Constraints { get; init; } = [];

    /// <summary>random, eigen or svd.</summary>
    public string? Start { get; init; }

    /// <summary>What the first start begins from, in the place of <see cref="Start"/>.</summary>
    public StartFile? StartFile { get; init; }

    /// <summary>Modes whose factors stay as <see cref="StartFile"/> has them.</summary>
    public int[] Fixed { get; init; } = [];

    public int? Restarts { get; init; }

    public CpAcceleration? Acceleration { get; init; }

    /// <summary>Modes that Tucker compresses.</summary>
    public int[]? Modes { get; init; }

    /// <summary>Sampled rows of each least-squares problem.</summary>
    public int? Samples { get; init; }

    public CheckpointPlan? Checkpoint { get; init; }

    public FitCheckpoint? Resume { get; init; }

    public required ILinearAlgebraBackend Backend { get; init; }
}
