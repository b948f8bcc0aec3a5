using Polyad.Cli.Reports;

namespace Polyad.Cli.Compare.Html;

/// <summary>The engines on one problem.</summary>
internal sealed record CompareGroup(string Op, string Size, string Dtype, int Threads, IReadOnlyList<CompareResult> Results)
{
    /// <summary>LAPACK's test programs accept below this.</summary>
    private const double AcceptedRatio = 30;

    /// <summary>The fastest accurate one; null where there is none.</summary>
    public CompareResult? Best { get; } = Results.Where(static r => r.MedianS is not null && !(r.AccuracyRatio >= AcceptedRatio)).MinBy(static r => r.MedianS);

    /// <summary>Accurate engines whose times overlap with the best one's.</summary>
    public IReadOnlyList<CompareResult> AsGoodAsBest => Best is { } best
        ? [.. Results.Where(r => !ReferenceEquals(r, best) && r.MedianS is not null && !(r.AccuracyRatio >= AcceptedRatio) && Comparison.Overlap(r, best))]
        : [];

    public static CompareGroup[] Of(CompareReport report)
        => [.. report.Results.GroupBy(static r => (r.Op, Size: SizeOf(r), r.Dtype, r.Threads)).Select(static g => new CompareGroup(g.Key.Op, g.Key.Size, g.Key.Dtype, g.Key.Threads, [.. g]))];

    public static string SizeOf(CompareResult r)
        => string.Join('x', r.Shape) + (r.Mode is { } mode ? $" mode {mode}" : "") + (r.Rank is { } rank ? $" rank {rank}" : "");
}
