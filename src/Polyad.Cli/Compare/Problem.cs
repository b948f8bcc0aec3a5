namespace Polyad.Cli.Compare;

/// <summary>One thing to compute: an operation at a size.</summary>
internal sealed record Problem(IOperation Operation, int[] Shape, int? Mode = null, int? Rank = null)
{
    /// <summary>"300x300x300 mode 1 rank 10".</summary>
    public string Size => string.Join('x', Shape) + (Mode is { } mode ? $" mode {mode}" : "") + (Rank is { } rank ? $" rank {rank}" : "");

    /// <summary>Elements of the tensor or of the first matrix.</summary>
    public double Elements => Shape.Aggregate(1.0, static (product, n) => product * n);

    public override string ToString() => $"{Operation.Name} {Size}";
}
