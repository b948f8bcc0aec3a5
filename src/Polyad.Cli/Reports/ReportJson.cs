using System.Text.Json;
using System.Text.Json.Serialization;
using Polyad.Cli.Machine;

namespace Polyad.Cli.Reports;

/// <summary>What <c>polyad info --json</c> writes.</summary>
internal sealed record InfoReport(MachineReport Machine, IReadOnlyList<BackendInfo> Backends);

/// <summary>What <c>polyad compare --json</c> writes. The notes say what was left out, and why.</summary>
internal sealed record CompareReport(MachineReport Machine, bool Interrupted, IReadOnlyList<CompareResult> Results, IReadOnlyList<string> Notes);

/// <summary>One operation, size, element type, thread count and engine. Null where a figure has no meaning.</summary>
internal sealed record CompareResult
{
    public required string Op { get; init; }

    public required IReadOnlyList<int> Shape { get; init; }

    public int? Mode { get; init; }

    public int? Rank { get; init; }

    public required string Dtype { get; init; }

    public required int Threads { get; init; }

    public required string Backend { get; init; }

    public string? Implementation { get; init; }

    /// <summary>Null when the engine failed; the note says why.</summary>
    public double? MedianS { get; init; }

    /// <summary>The distance between the quartiles.</summary>
    public double? SpreadS { get; init; }

    public IReadOnlyList<double> SamplesS { get; init; } = [];

    public double? Gflops { get; init; }

    public double? GbS { get; init; }

    public double? FractionOfCeiling { get; init; }

    public double? RatioToBest { get; init; }

    /// <summary>Error over the rounding error that theory allows; "Infinity" for a wrong copy.</summary>
    public double? AccuracyRatio { get; init; }

    public long? PeakBytes { get; init; }

    public string Note { get; init; } = "";
}

/// <summary>What <c>polyad tune --json</c> writes.</summary>
internal sealed record TuneReport(string File, double Seconds, string Cpu, IReadOnlyDictionary<string, string> Engines, IReadOnlyList<TuneRow> Choices);

/// <summary>One class of problems, of the volume of n x n x n: the engine that 'auto' sends it to, and what was measured, fastest first.</summary>
internal sealed record TuneRow(string Operation, string Form, int Log2N, string Dtype, bool Parallel, string Engine, IReadOnlyList<TuneFigure> Figures);

/// <summary>One engine on one class.</summary>
internal sealed record TuneFigure(string Engine, double Seconds, double AccuracyRatio);

/// <summary>Reports as JSON: snake_case names; numbers that JSON has no form for are the strings "Infinity", "-Infinity" and "NaN".</summary>
[JsonSourceGenerationOptions(
    WriteIndented = true,
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals)]
[JsonSerializable(typeof(InfoReport))]
[JsonSerializable(typeof(CompareReport))]
[JsonSerializable(typeof(DecomposeReport))]
[JsonSerializable(typeof(RankReport))]
[JsonSerializable(typeof(TuneReport))]
internal sealed partial class ReportJson : JsonSerializerContext
{
    public static string Serialize(InfoReport report) => JsonSerializer.Serialize(report, Default.InfoReport);

    public static string Serialize(CompareReport report) => JsonSerializer.Serialize(report, Default.CompareReport);

    public static string Serialize(TuneReport report) => JsonSerializer.Serialize(report, Default.TuneReport);

    public static string Serialize(RankReport report) => JsonSerializer.Serialize(report, Default.RankReport);

    public static string Serialize(DecomposeReport report) => JsonSerializer.Serialize(report, Default.DecomposeReport);
}
