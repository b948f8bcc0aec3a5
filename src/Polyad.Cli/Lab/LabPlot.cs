using Polyad.Lab;
using ScottPlot;

namespace Polyad.Cli.Lab;

/// <summary>The curves of an experiment as a picture.</summary>
internal static class LabPlot
{
    private const int Width = 900;
    private const int Height = 600;

    private static readonly ScottPlot.Palettes.Category10 Colours = new();

    public static void Save(string path, LabChart chart)
    {
        using Plot plot = new();
        for (int i = 0; i < chart.Series.Count; i++)
        {
            Draw(plot, chart, chart.Series[i], Colours.GetColor(i));
        }

        plot.Title(chart.Title);
        plot.XLabel(chart.XLabel);
        plot.YLabel(chart.YLabel);
        if (chart.LogX)
        {
            Logarithmic(plot.Axes.Bottom);
        }

        if (chart.LogY)
        {
            Logarithmic(plot.Axes.Left);
        }

        plot.ShowLegend(Alignment.UpperRight);
        plot.SavePng(path, Width, Height);
    }

    private static void Draw(Plot plot, LabChart chart, LabSeries series, Color colour)
    {
        LabPoint[] points = [.. series.Points.Where(p => double.IsFinite(p.X) && double.IsFinite(p.Y) && (!chart.LogX || p.X > 0) && (!chart.LogY || p.Y > 0))];
        if (points.Length == 0)
        {
            return;
        }

        double X(double x) => chart.LogX ? Math.Log10(x) : x;
        double Y(double y) => chart.LogY ? Math.Log10(y) : y;
        ScottPlot.Plottables.Scatter line = plot.Add.Scatter([.. points.Select(p => X(p.X))], (double[])[.. points.Select(p => Y(p.Y))]);
        line.LegendText = series.Name;
        line.Color = colour;
        line.LineWidth = 2;
        line.LinePattern = series.Predicted ? LinePattern.Dashed : LinePattern.Solid;
        line.MarkerSize = series.Predicted ? 0 : 7;
        foreach (LabPoint p in points.Where(static p => p.Error > 0))
        {
            // A bar that would reach below zero ends at a tenth of the mean: a logarithmic axis has no zero.
            double low = chart.LogY ? Math.Max(p.Y - p.Error, p.Y / 10) : p.Y - p.Error;
            ScottPlot.Plottables.LinePlot bar = plot.Add.Line(X(p.X), Y(low), X(p.X), Y(p.Y + p.Error));
            bar.Color = colour;
        }
    }

    /// <summary>Positions are powers of ten.</summary>
    private static void Logarithmic(IAxis axis)
        => axis.TickGenerator = new ScottPlot.TickGenerators.NumericAutomatic
        {
            MinorTickGenerator = new ScottPlot.TickGenerators.LogMinorTickGenerator(),
            IntegerTicksOnly = true,
            LabelFormatter = static position => Math.Pow(10, position).ToString("G3", System.Globalization.CultureInfo.InvariantCulture),
        };
}
