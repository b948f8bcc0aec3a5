using System.Globalization;
using System.Text;
using Polyad.Cli.Reports;

namespace Polyad.Cli.Compare.Html;

/// <summary>Speeds as bars drawn in SVG: a chart an operation, a block a problem, a bar an engine, always in the same colour.</summary>
internal static class SpeedChart
{
    private const int Width = 420;
    private const int LabelWidth = 92;
    private const int BarWidth = 240;
    private const int BarHeight = 16;
    private const int LineHeight = 21;
    private const int BlockGap = 12;

    public static void Write(StringBuilder page, CompareReport report)
    {
        string[] engines = [.. report.Results.Select(static r => r.Backend).Distinct()];
        page.Append("<div class=\"charts\">\n");
        foreach (IGrouping<(string Op, string Dtype, int Threads), CompareResult> chart in report.Results.Where(static r => r.MedianS is not null).GroupBy(static r => (r.Op, r.Dtype, r.Threads)))
        {
            Chart(page, chart.Key, [.. chart], engines);
        }

        page.Append("</div>\n");
    }

    private static void Chart(StringBuilder page, (string Op, string Dtype, int Threads) key, CompareResult[] results, string[] engines)
    {
        (string unit, Func<CompareResult, double> value) = results.All(static r => r.Gflops is not null) ? ("GFLOP/s", (Func<CompareResult, double>)(static r => r.Gflops!.Value))
            : results.All(static r => r.GbS is not null) ? ("GB/s", static r => r.GbS!.Value)
            : ("calls a second", static r => 1 / r.MedianS!.Value);
        IGrouping<string, CompareResult>[] blocks = [.. results.GroupBy(CompareGroup.SizeOf)];
        double longest = Math.Max(results.Max(value), double.Epsilon);
        int height = blocks.Sum(b => (b.Count() * LineHeight) + LineHeight + BlockGap);
        string title = string.Create(CultureInfo.InvariantCulture, $"{key.Op}, {key.Dtype}, {key.Threads} thread{(key.Threads == 1 ? "" : "s")}: {unit}");
        page.Append("<figure><figcaption>").Append(ComparePage.Escape(title)).Append(CultureInfo.InvariantCulture, $"</figcaption>\n<svg viewBox=\"0 0 {Width} {height}\" role=\"img\" aria-label=\"").Append(ComparePage.Escape(title)).Append("\">\n");
        int y = 0;
        foreach (IGrouping<string, CompareResult> block in blocks)
        {
            page.Append(CultureInfo.InvariantCulture, $"<text class=\"size\" x=\"0\" y=\"{y + 14}\">{ComparePage.Escape(block.Key)}</text>\n");
            y += LineHeight;
            foreach (CompareResult r in block)
            {
                double width = Math.Max(1, value(r) / longest * BarWidth);
                page.Append(CultureInfo.InvariantCulture, $"<text x=\"{LabelWidth - 6}\" y=\"{y + 13}\" text-anchor=\"end\">{ComparePage.Escape(Short(r.Backend))}</text>");
                page.Append(CultureInfo.InvariantCulture, $"<rect class=\"e{Array.IndexOf(engines, r.Backend) % PageAssets.Colours}\" x=\"{LabelWidth}\" y=\"{y}\" width=\"{width:F1}\" height=\"{BarHeight}\" rx=\"2\"><title>{ComparePage.Escape($"{r.Backend}: {CompareTable.Time(r.MedianS!.Value)}")}</title></rect>");
                page.Append(CultureInfo.InvariantCulture, $"<text x=\"{LabelWidth + width + 5:F1}\" y=\"{y + 13}\">{ComparePage.Significant(value(r))}{Accuracy(r)}</text>\n");
                y += LineHeight;
            }

            y += BlockGap;
        }

        page.Append("</svg></figure>\n");
    }

    /// <summary>Speed without accuracy is no virtue: the ratio stands beside the bar.</summary>
    private static string Accuracy(CompareResult r) => r.AccuracyRatio switch
    {
        null => "",
        0 => " (exact)",
        double.PositiveInfinity => " (WRONG)",
        { } ratio => string.Create(CultureInfo.InvariantCulture, $" (err {ratio:G2})"),
    };

    private static string Short(string id) => id.Length <= 13 ? id : "…" + id[^12..];
}
