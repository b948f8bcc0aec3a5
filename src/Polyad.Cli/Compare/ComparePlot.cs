using System.Globalization;
using Polyad.Cli.Reports;
using ScottPlot;

namespace Polyad.Cli.Compare;

/// <summary>A comparison as a picture: speed or time over sizes in the order given, a panel an operation, a line an engine.</summary>
internal static class ComparePlot
{
    private const int PanelWidth = 560;
    private const int PanelHeight = 360;

    private static readonly ScottPlot.Palettes.Category10 Colours = new();
    private static readonly LinePattern[] Patterns = [LinePattern.Solid, LinePattern.Dashed, LinePattern.Dotted, LinePattern.DenselyDashed];

    public static void Save(string path, CompareReport report, bool times)
    {
        IGrouping<string, CompareResult>[] panels = [.. report.Results.Where(static r => r.MedianS is not null).GroupBy(static r => r.Op)];
        if (panels.Length == 0)
        {
            throw new UsageException("there is nothing to plot: no engine gave a time.");
        }

        int columns = panels.Length is 2 or 4 ? 2 : Math.Min(panels.Length, 3), rows = (panels.Length + columns - 1) / columns;
        Multiplot multiplot = new();
        multiplot.AddPlots(panels.Length);
        multiplot.Layout = new ScottPlot.MultiplotLayouts.Grid(rows, columns);
        string[] engines = [.. report.Results.Select(static r => r.Backend).Distinct()];
        for (int i = 0; i < panels.Length; i++)
        {
            Draw(multiplot.GetPlot(i), panels[i], engines, times);
        }

        multiplot.SavePng(path, columns * PanelWidth, rows * PanelHeight);
    }

    private static void Draw(Plot plot, IGrouping<string, CompareResult> panel, string[] engines, bool times)
    {
        bool speed = panel.All(static r => r.Gflops is not null), oneShape = panel.Select(Shape).Distinct().Count() == 1, oneRank = panel.Select(static r => r.Rank).Distinct().Count() == 1;
        string Label(CompareResult r) => oneRank ? Shape(r) : oneShape ? $"rank {r.Rank}" : $"{Shape(r)}, rank {r.Rank}";
        string[] sizes = [.. panel.Select(Label).Distinct()];
        bool plain = panel.Select(Variant).Distinct().Count() == 1, modes = panel.Select(static r => r.Mode).Distinct().Count() > 1;
        foreach (IGrouping<string, CompareResult> line in panel.GroupBy(r => $"{r.Backend} {r.Dtype}, {r.Threads} thr{(modes ? $", mode {r.Mode}" : "")}"))
        {
            CompareResult[] ordered = [.. line];
            double[] x = [.. ordered.Select(r => (double)Array.IndexOf(sizes, Label(r)))];
            double[] y = [.. ordered.Select(r => times ? Math.Log10(r.MedianS!.Value * 1e3) : speed ? r.Gflops!.Value : r.GbS ?? (r.MedianS!.Value * 1e3))];
            ScottPlot.Plottables.Scatter scatter = plot.Add.Scatter(x, y);
            scatter.LegendText = plain ? ordered[0].Backend : line.Key;
            scatter.LineWidth = 2;

            // An engine has one colour in all panels; its lines of one panel differ by their pattern.
            string engine = ordered[0].Backend;
            scatter.Color = Colours.GetColor(Array.IndexOf(engines, engine));
            scatter.LinePattern = Patterns[panel.Where(r => r.Backend == engine).Select(Variant).Distinct().ToList().IndexOf(Variant(ordered[0])) % Patterns.Length];
            scatter.MarkerSize = 8;
        }

        // Sizes are seldom evenly spaced: one tick each, labelled.
        plot.Axes.Bottom.SetTicks([.. sizes.Select(static (_, i) => (double)i)], sizes);
        plot.Axes.SetLimitsX(-0.5, sizes.Length - 0.5);
        plot.Axes.AutoScaleY();
        CompareResult any = panel.First();
        plot.Title(plain ? $"{panel.Key}{(any.Mode is { } mode ? $", mode {mode}" : "")}{(oneRank && any.Rank is { } rank ? $", rank {rank}" : oneShape ? $", {Shape(any)}" : "")}, {any.Dtype}, {any.Threads} thread{(any.Threads == 1 ? "" : "s")}" : panel.Key);
        if (times)
        {
            double[] ticks = Logarithmic(plot.Axes.GetLimits().Bottom, plot.Axes.GetLimits().Top);
            plot.Axes.Left.SetTicks(ticks, [.. ticks.Select(static power => Math.Pow(10, power).ToString("G3", CultureInfo.InvariantCulture))]);
            plot.YLabel("ms");
        }
        else
        {
            plot.Axes.SetLimitsY(0, plot.Axes.GetLimits().Top);
            plot.YLabel(speed ? "GFLOP/s" : panel.All(static r => r.GbS is not null) ? "GB/s" : "ms");
        }

        plot.ShowLegend(Edge.Bottom);
    }

    /// <summary>Powers of ten between two, and twice and five times them where there are few.</summary>
    private static double[] Logarithmic(double low, double high)
    {
        double[] steps = high - low < 2.2 ? [1, 2, 5] : [1];
        IEnumerable<double> decades = Enumerable.Range((int)Math.Floor(low), (int)Math.Ceiling(high - low) + 2).Select(static d => (double)d);
        return [.. from decade in decades from step in steps select decade + Math.Log10(step) into tick where tick >= low && tick <= high select tick];
    }

    private static (string, int, int?) Variant(CompareResult r) => (r.Dtype, r.Threads, r.Mode);

    /// <summary>"300x200", and "20^6" where all lengths are the same.</summary>
    private static string Shape(CompareResult r)
        => r.Shape.Count > 2 && r.Shape.Distinct().Count() == 1 ? string.Create(CultureInfo.InvariantCulture, $"{r.Shape[0]}^{r.Shape.Count}") : string.Join('x', r.Shape);
}
