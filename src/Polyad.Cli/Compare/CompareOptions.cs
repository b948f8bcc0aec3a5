namespace Polyad.Cli.Compare;

/// <summary>What is compared, checked and complete.</summary>
internal sealed record CompareOptions
{
    public required IReadOnlyList<string> Backends { get; init; }

    public required IReadOnlyList<Problem> Problems { get; init; }

    public required IReadOnlyList<string> Dtypes { get; init; }

    public required IReadOnlyList<int> Threads { get; init; }

    public int Rounds { get; init; } = 7;

    /// <summary>What the rounds of one engine on one problem may take: a slow engine has fewer of them, the run after its first one among them, so that it does not make the others wait for minutes.</summary>
    public double MostSeconds { get; init; } = 20;
}
