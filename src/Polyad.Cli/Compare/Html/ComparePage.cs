using System.Globalization;
using System.Net;
using System.Text;
using Polyad.Cli.Machine;
using Polyad.Cli.Reports;

namespace Polyad.Cli.Compare.Html;

/// <summary>A comparison as one page that needs nothing beside itself: the machine, which engine when, charts, and a table to sort. It is well-formed XML as well.</summary>
internal static class ComparePage
{
    /// <summary>LAPACK's test programs accept below this.</summary>
    private const double AcceptedRatio = 30;

    private static readonly (string Title, string Kind)[] Columns =
    [
        ("operation", "text"), ("size", "number"), ("type", "text"), ("threads", "number"), ("engine", "text"), ("source", "text"), ("median", "number"), ("spread", "number"),
        ("GFLOP/s", "number"), ("GB/s", "number"), ("of ceiling", "number"), ("to best", "number"), ("accuracy", "number"), ("note", "text"),
    ];

    public static void Save(string path, CompareReport report) => File.WriteAllText(path, Render(report), new UTF8Encoding(false));

    public static string Render(CompareReport report)
    {
        CompareGroup[] groups = CompareGroup.Of(report);
        StringBuilder page = new();
        page.Append("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\" />\n");
        page.Append("<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'\" />\n");
        page.Append("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\" />\n<meta name=\"color-scheme\" content=\"light dark\" />\n");
        page.Append("<title>Polyad: engines compared</title>\n<style>").Append(PageAssets.Style).Append("</style>\n</head>\n<body>\n<main>\n<h1>Engines compared</h1>\n");
        Machine(page, report);
        Winners(page, groups);
        page.Append("<h2>Charts</h2>\n");
        SpeedChart.Write(page, report);
        Rows(page, groups);
        page.Append("</main>\n<script>").Append(PageAssets.Script).Append("</script>\n</body>\n</html>\n");
        return page.ToString();
    }

    /// <summary>Text for between tags and inside quotes.</summary>
    internal static string Escape(string text)
    {
        // Control characters are not allowed in XML, escaped or not.
        string visible = string.Concat(text.Select(static c => char.IsControl(c) || char.IsSurrogate(c) || c is '\uFFFE' or '\uFFFF' ? ' ' : c));
        return WebUtility.HtmlEncode(visible);
    }

    internal static string Number(double value) => double.IsNaN(value) ? "" : value.ToString("R", CultureInfo.InvariantCulture);

    internal static string Significant(double value) => value.ToString(value >= 100 ? "F0" : value >= 10 ? "F1" : "F2", CultureInfo.InvariantCulture);

    private static void Machine(StringBuilder page, CompareReport report)
    {
        MachineReport machine = report.Machine;
        page.Append("<section class=\"machine\">\n<p><strong>").Append(Escape(machine.Cpu)).Append("</strong>, ")
            .Append(CultureInfo.InvariantCulture, $"{machine.Cores} cores, {Escape(machine.Isa)}. {Escape(machine.Os)}, {Escape(machine.Runtime)}.");
        if (machine.Caches.Count > 0)
        {
            page.Append(" Caches: ").AppendJoin(", ", machine.Caches.Select(static c => string.Create(CultureInfo.InvariantCulture, $"L{c.Level} {c.Bytes >> 10} KiB"))).Append('.');
        }

        page.Append("</p>\n<div class=\"scroll\"><table class=\"small\"><caption>Measured limits</caption><thead><tr><th>threads</th><th>FMA f64, GFLOP/s</th><th>FMA f32, GFLOP/s</th><th>copy, GB/s</th><th>read, GB/s</th></tr></thead><tbody>\n");
        foreach (Ceiling c in machine.Ceilings)
        {
            page.Append(CultureInfo.InvariantCulture, $"<tr><td>{c.Threads}</td><td>{c.FmaGflopsF64:F1}</td><td>{c.FmaGflopsF32:F1}</td><td>{c.MemcpyGbS:F1}</td><td>{c.ReadGbS:F1}</td></tr>\n");
        }

        page.Append("</tbody></table></div>\n");
        if (report.Interrupted)
        {
            page.Append("<p class=\"bad\">The run was interrupted: this is what was measured until then.</p>\n");
        }

        page.Append("</section>\n");
    }

    private static void Winners(StringBuilder page, CompareGroup[] groups)
    {
        page.Append("<h2>Which engine when</h2>\n<div class=\"scroll\"><table class=\"small\" id=\"winners\"><thead><tr><th>operation</th><th>size</th><th>type</th><th>threads</th><th>fastest</th><th>as good as it</th></tr></thead><tbody>\n");
        foreach (CompareGroup group in groups)
        {
            string fastest = group.Best is { } best ? $"{best.Backend}, {CompareTable.Time(best.MedianS!.Value)}" : "none";
            string close = string.Join(", ", group.AsGoodAsBest.Select(static r => r.Backend));
            page.Append(CultureInfo.InvariantCulture, $"<tr><td>{Escape(group.Op)}</td><td>{Escape(group.Size)}</td><td>{Escape(group.Dtype)}</td><td>{group.Threads}</td><td>{Escape(fastest)}</td><td>{Escape(close)}</td></tr>\n");
        }

        page.Append("</tbody></table></div>\n<p class=\"fine\">The fastest of those whose accuracy is accepted. As good: the middle halves of the times overlap.</p>\n");
    }

    private static void Rows(StringBuilder page, CompareGroup[] groups)
    {
        page.Append("<h2>All figures</h2>\n<p class=\"fine\">Tap a heading to sort by it, again to turn the order round.</p>\n<div class=\"scroll\"><table id=\"results\"><thead><tr>");
        foreach ((string title, string kind) in Columns)
        {
            page.Append(CultureInfo.InvariantCulture, $"<th aria-sort=\"none\"><button type=\"button\" data-kind=\"{kind}\">{title}</button></th>");
        }

        page.Append("</tr></thead><tbody>\n");
        foreach (CompareGroup group in groups)
        {
            foreach (CompareResult r in group.Results)
            {
                Row(page, group, r);
            }
        }

        page.Append("</tbody></table></div>\n<p class=\"fine\">of ceiling: the least time that the measured limits allow, over the median. to best: the median over the best one's; ~ where the middle halves of the times overlap. accuracy: error over what rounding allows (LAPACK accepts factorizations below ")
            .Append(CultureInfo.InvariantCulture, $"{AcceptedRatio}; products stay below 1; copies are exact).</p>\n");
    }

    private static void Row(StringBuilder page, CompareGroup group, CompareResult r)
    {
        bool best = ReferenceEquals(r, group.Best);
        page.Append(best ? "<tr class=\"best\">" : "<tr>");
        Cell(page, r.Op, r.Op);
        Cell(page, r.Shape.Aggregate(1.0, static (product, n) => product * n), group.Size);
        Cell(page, r.Dtype, r.Dtype);
        Cell(page, r.Threads, r.Threads.ToString(CultureInfo.InvariantCulture));
        Cell(page, r.Backend, r.Backend);
        Cell(page, r.Implementation ?? "", r.Implementation ?? "");
        Cell(page, r.MedianS, r.MedianS is { } median ? CompareTable.Time(median) : "failed");
        Cell(page, r.SpreadS, r.SpreadS is { } spread ? CompareTable.Time(spread) : "");
        Cell(page, r.Gflops, r.Gflops is { } gflops ? Significant(gflops) : "");
        Cell(page, r.GbS, r.GbS is { } bandwidth ? Significant(bandwidth) : "");
        Cell(page, r.FractionOfCeiling, r.FractionOfCeiling?.ToString("P0", CultureInfo.InvariantCulture) ?? "");
        Cell(page, r.RatioToBest, best ? "best" : r.RatioToBest is { } ratio ? (group.AsGoodAsBest.Contains(r) ? "~ " : "") + ratio.ToString("F2", CultureInfo.InvariantCulture) + "x" : "");
        Cell(page, r.AccuracyRatio, Accuracy(r.AccuracyRatio), r.AccuracyRatio >= AcceptedRatio);
        Cell(page, r.Note, r.Note);
        page.Append("</tr>\n");
    }

    private static string Accuracy(double? ratio) => ratio switch
    {
        null => "",
        0 => "exact",
        double.PositiveInfinity => "wrong",
        _ => ratio.Value.ToString("G2", CultureInfo.InvariantCulture),
    };

    private static void Cell(StringBuilder page, string key, string text)
        => page.Append("<td data-value=\"").Append(Escape(key)).Append("\">").Append(Escape(text)).Append("</td>");

    private static void Cell(StringBuilder page, double? key, string text, bool bad = false)
        => page.Append("<td class=\"").Append(bad ? "number bad" : "number").Append("\" data-value=\"").Append(Number(key ?? double.NaN)).Append("\">").Append(Escape(text)).Append("</td>");
}
