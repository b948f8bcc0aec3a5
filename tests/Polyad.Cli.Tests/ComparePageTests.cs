using System.Diagnostics;
using System.Text.RegularExpressions;
using System.Xml;
using System.Xml.Linq;
using Polyad.Cli.Compare.Html;
using Polyad.Cli.Machine;
using Polyad.Cli.Reports;
using Xunit;

namespace Polyad.Cli.Tests;

public partial class ComparePageTests
{
    private static readonly string[] Browsers =
    [
        "/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome", "/snap/bin/chromium", "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome", @"C:\Program Files\Google\Chrome\Application\chrome.exe",
    ];

    [Fact]
    public void ThePageIsWellFormedAndHoldsARowForEveryResult()
    {
        CompareReport report = Report();

        XElement page = Parse(ComparePage.Render(report));

        XElement[] rows = [.. ById(page, "results").Descendants("tbody").Single().Elements("tr")];
        Assert.Equal(report.Results.Count, rows.Length);
        foreach ((CompareResult result, XElement row) in report.Results.Zip(rows))
        {
            Assert.Equal(result.Backend, row.Elements("td").ElementAt(4).Value);
            Assert.Equal(14, row.Elements("td").Count());
        }

        Assert.Equal(3, ById(page, "winners").Descendants("tbody").Single().Elements("tr").Count());
        Assert.Contains(page.Descendants("meta"), static m => (string?)m.Attribute("name") == "viewport");
        Assert.Contains("test processor", page.Value, StringComparison.Ordinal);
        Assert.Equal(2, page.Descendants("svg").Count());
    }

    [Fact]
    public void ThePageNeedsNothingBesideItself()
    {
        string text = ComparePage.Render(Report());

        Assert.DoesNotMatch(Reference(), text);
        Assert.Contains("default-src 'none'", text, StringComparison.Ordinal);
    }

    [Fact]
    public void MarkupInNamesAndNotesIsShownNotObeyed()
    {
        CompareReport report = Report();
        string hostile = "</td><script>alert(1)</script>\"'&\u0001";

        XElement page = Parse(ComparePage.Render(report with { Results = [report.Results[0] with { Backend = hostile, Note = hostile }] }));

        Assert.Single(page.Descendants("script"));
        Assert.Contains("</td><script>alert(1)</script>\"'&", page.Value, StringComparison.Ordinal);
    }

    [Fact]
    public void AnInaccurateEngineIsNotCalledTheFastest()
    {
        CompareReport report = Report();

        XElement page = Parse(ComparePage.Render(report with { Results = [report.Results[0] with { AccuracyRatio = double.PositiveInfinity }, report.Results[1]] }));

        Assert.StartsWith("slow", ById(page, "winners").Descendants("tbody").Single().Descendants("td").ElementAt(4).Value, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ABrowserShowsAndSortsIt()
    {
        string? browser = Browsers.FirstOrDefault(File.Exists);
        Assert.SkipWhen(browser is null, "no Chromium or Chrome is installed (looked for " + string.Join(", ", Browsers) + ")");
        using TemporaryFolder folder = new();

        // After loading, the page sorts itself by the median as a finger would, and the title tells the order.
        string probe = "<script>document.querySelectorAll('#results th button')[6].click(); document.title = Array.from(document.querySelectorAll('#results tbody tr')).map(function (r) { return r.children[4].textContent; }).join(' ') + ' width ' + (document.documentElement.scrollWidth - window.innerWidth);</script></body>";
        File.WriteAllText(folder["page.html"], ComparePage.Render(Report()).Replace("</body>", probe, StringComparison.Ordinal));
        ProcessStartInfo start = new(browser!, ["--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run", "--window-size=390,844", $"--user-data-dir={folder["profile"]}", "--dump-dom", new Uri(folder["page.html"]).AbsoluteUri])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using Process process = Process.Start(start)!;
        Task<string> complaints = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        string dom = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);

        Assert.True(process.ExitCode == 0, await complaints);
        Match title = Regex.Match(dom, "<title>(.*?) width (-?[0-9]+)</title>");
        Assert.True(title.Success, dom);
        Assert.Equal("fast slow only fast slow", title.Groups[1].Value);
        Assert.True(int.Parse(title.Groups[2].Value, System.Globalization.CultureInfo.InvariantCulture) <= 0, "the page is wider than a phone");
    }

    internal static CompareReport Report()
    {
        MachineReport machine = new("test <processor> & test processor", "AVX2", 2, 100, 200, 10, 20, [new CacheLevel(1, 32768)], "an OS", ".NET", [new Ceiling(1, 50, 100, 5, 10)]);
        CompareResult Row(string op, int n, string backend, double seconds, double? gflops) => new()
        {
            Op = op, Shape = [n, n], Dtype = "f64", Threads = 1, Backend = backend, Implementation = "managed", MedianS = seconds, SpreadS = seconds / 100, SamplesS = [seconds, seconds, seconds], Gflops = gflops, GbS = gflops is null ? 3 : null,
            FractionOfCeiling = 0.5, RatioToBest = 1, AccuracyRatio = 0.25, PeakBytes = 1,
        };
        return new CompareReport(machine, false, [Row("svd", 100, "fast", 1e-3, 2), Row("svd", 100, "slow", 2e-3, 1), Row("svd", 200, "fast", 1e-2, 2), Row("svd", 200, "slow", 2e-2, 1), Row("unfold", 9, "only", 5e-3, null)], []);
    }

    private static XElement Parse(string page)
    {
        using XmlReader reader = XmlReader.Create(new StringReader(page), new XmlReaderSettings { DtdProcessing = DtdProcessing.Ignore });
        return XDocument.Load(reader).Root!;
    }

    private static XElement ById(XElement page, string id) => page.Descendants().Single(e => (string?)e.Attribute("id") == id);

    [GeneratedRegex("https?:|\\bsrc\\s*=|\\bhref\\s*=|url\\(|@import|<link|fetch\\(|XMLHttp", RegexOptions.IgnoreCase)]
    private static partial Regex Reference();
}
