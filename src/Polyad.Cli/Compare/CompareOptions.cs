namespace Polyad.Cli.Compare;

/// <summary>What is compared, checked and complete.</summary>
internal sealed record CompareOptions
{
    public required IReadOnlyList<string> Backends { get; init; }

    public required IReadOnlyList<Problem> Problems { get; init; }

    public required IReadOnlyList<string> Dtypes { get; init; }

    public required IReadOnlyList<int> Threads { get; init; }

    public int Rounds { get; init; } = 7;
}
