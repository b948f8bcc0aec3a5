using ScottPlot;

namespace ConstrainedAndMissing;

/// <summary>Draws the components of a study, a panel for each mode.</summary>
public static class ComponentPlot
{
    private const int PanelWidth = 290, PanelHeight = 220, LegendWidth = 130;

    /// <summary>Writes a PNG.</summary>
    public static void Save(string path, Study study)
    {
        Multiplot multiplot = new();
        multiplot.AddPlots(study.Panels.Count);
        multiplot.Layout = new ScottPlot.MultiplotLayouts.Columns();
        for (int n = 0; n < study.Panels.Count; n++)
        {
            Draw(multiplot.GetPlot(n), study.Panels[n], study.Components);
        }

        multiplot.GetPlot(study.Panels.Count - 1).ShowLegend(Edge.Right);
        multiplot.SavePng(path, (study.Panels.Count * PanelWidth) + LegendWidth, PanelHeight);
    }

    private static void Draw(Plot plot, Panel panel, IReadOnlyList<string> names)
    {
        for (int r = 0; r < panel.Lines.Count; r++)
        {
            double[] line = panel.Lines[r];
            ScottPlot.Plottables.Scatter scatter = plot.Add.Scatter(panel.X ?? [.. Enumerable.Range(0, line.Length).Select(static i => (double)i)], line);
            scatter.LegendText = names[r];
            scatter.LineWidth = 2;
            scatter.MarkerSize = line.Length > 15 ? 0 : 5;
        }

        plot.HideLegend();
        plot.Title(panel.Title, size: 13);
    }
}
