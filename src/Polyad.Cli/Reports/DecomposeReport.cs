using System.Text.Json.Nodes;
using Polyad.Decomposition;

namespace Polyad.Cli.Reports;

/// <summary>What <c>polyad decompose --json</c> writes. The rank is a number for CP, a list for the other methods.</summary>
internal sealed record DecomposeReport
{
    public required string Method { get; init; }

    public required string Algorithm { get; init; }

    public required IReadOnlyList<int> Shape { get; init; }

    /// <summary>Entries that the fit did not see.</summary>
    public long Missing { get; init; }

    public required JsonNode Rank { get; init; }

    /// <summary>||X - model|| / ||X|| from the differences themselves, of the entries that were seen.</summary>
    public required double RelativeError { get; init; }

    public required double ExplainedVariance { get; init; }

    public required int Iterations { get; init; }

    public required bool Converged { get; init; }

    public required double Seconds { get; init; }

    public required string Backend { get; init; }

    public required string Dtype { get; init; }

    public required ulong Seed { get; init; }

    public required double CompressionRatio { get; init; }

    /// <summary>After each sweep, as the stopping rule saw it.</summary>
    public required IReadOnlyList<double> ErrorHistory { get; init; }

    /// <summary>What the method tells beside it: bounds, the KKT residual.</summary>
    public required IReadOnlyDictionary<string, double?> Figures { get; init; }
}

/// <summary>What <c>polyad decompose cp --select-rank --json</c> writes.</summary>
internal sealed record RankReport
{
    public string Method { get; } = "cp";

    public required IReadOnlyList<int> Shape { get; init; }

    public required string Dtype { get; init; }

    public required string Backend { get; init; }

    public required ulong Seed { get; init; }

    public required int Restarts { get; init; }

    public required double Seconds { get; init; }

    /// <summary>Null when no rank is consistent and reproducible.</summary>
    public required int? SuggestedRank { get; init; }

    public required IReadOnlyList<CpRankRow> Ranks { get; init; }
}
