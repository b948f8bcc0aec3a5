using System.Diagnostics;
using System.Globalization;
using System.Numerics.Tensors;
using Polyad.Cli.Compare;
using Polyad.Cli.Decompose;
using Polyad.Decomposition;
using Polyad.IO;
using ScottPlot;
using Spectre.Console;

namespace Polyad.Cli.Demo;

/// <summary>A brain scan, summarised by a few components: as few as explain enough.</summary>
internal static class DiffusionDemo
{
    private const int MaxRank = 6;
    private const int MaxSweeps = 300;

    /// <summary>The share of the squares that the chosen model must explain.</summary>
    private const double WantedVariance = 0.95;

    /// <summary>Below this the components of a CP model are not separate sources (Bro and Kiers 2003).</summary>
    private const double AcceptedConsistency = 50;

    private static readonly string[] Modes = ["slice x", "slice y", "slice z", "gradient direction"];

    /// <returns>The plot of the chosen components.</returns>
    public static string Run(DemoContext demo)
    {
        Tensor<double> scan = NpyFile.Read<double>(DemoContext.Asset("diffusion_mri_small.npy"));
        Spectre.Console.Table table = new Spectre.Console.Table().Border(TableBorder.Rounded).Title($"2. Diffusion MRI ({string.Join(" x ", scan.Lengths.ToArray())}), CP decomposition");
        table.AddColumns("components", "relative error", "explained", "core consistency", "sweeps", "time");
        DemoContext.AlignRight(table);
        List<(int Rank, double Explained, double Consistency, FittedModel<double> Model)> fits = [];
        IDecomposition cp = DecompositionCatalog.Get("cp");
        demo.WithProgress("components", [.. Enumerable.Range(1, MaxRank)], rank =>
        {
            DecomposeOptions options = new() { Ranks = [rank], MaxIterations = MaxSweeps, Seed = 1, Backend = demo.Engine };
            long start = Stopwatch.GetTimestamp();
            FittedModel<double> model = cp.Fit(new DecomposeInput<double>(scan), options, demo.Silent, demo.CancellationToken);
            TimeSpan elapsed = Stopwatch.GetElapsedTime(start);
            double error = model.RelativeError;
            double consistency = CoreConsistency.Of(scan, new CpTensor<double>(model.Arrays[0].Values, Factors(model)), demo.Engine);
            fits.Add((rank, 1 - (error * error), consistency, model));
            table.AddRow(
                rank.ToString(CultureInfo.InvariantCulture),
                error.ToString("P2", CultureInfo.InvariantCulture),
                (1 - (error * error)).ToString("P2", CultureInfo.InvariantCulture),
                consistency < 0 ? "below 0" : consistency.ToString("F0", CultureInfo.InvariantCulture) + " %",
                model.Iterations.ToString(CultureInfo.InvariantCulture) + (model.Converged ? "" : " (limit)"),
                CompareTable.Time(elapsed.TotalSeconds));
        });
        demo.Console.Out.Write(table);

        (int chosen, _, double stability, FittedModel<double> best) = fits.Where(static f => f.Explained >= WantedVariance).DefaultIfEmpty(fits[^1]).First();
        demo.Console.OutputWriter.WriteLine(string.Create(CultureInfo.InvariantCulture, $"Chosen: {chosen} components, the fewest that explain {WantedVariance:P0}."));
        demo.Console.OutputWriter.WriteLine(stability >= AcceptedConsistency
            ? $"Core consistency of at least {AcceptedConsistency} %: the components can be read as separate sources."
            : $"Core consistency below {AcceptedConsistency} %: the components are a compact summary of the scan, not separate sources.");
        string path = demo.Output("diffusion_components.png");
        Plot(path, Factors(best), chosen);
        return path;
    }

    private static List<Tensor<double>> Factors(FittedModel<double> model) => [.. model.Arrays.Skip(1).Select(static a => a.Values)];

    private static void Plot(string path, List<Tensor<double>> factors, int rank)
    {
        Multiplot multiplot = new();
        multiplot.AddPlots(factors.Count);
        int columns = (factors.Count + 1) / 2;
        multiplot.Layout = new ScottPlot.MultiplotLayouts.Grid(2, columns);
        for (int mode = 0; mode < factors.Count; mode++)
        {
            int length = (int)factors[mode].Lengths[0];
            double[] values = new double[factors[mode].FlattenedLength];
            factors[mode].FlattenTo(values);
            Plot plot = multiplot.GetPlot(mode);
            for (int r = 0; r < rank; r++)
            {
                ScottPlot.Plottables.Signal line = plot.Add.Signal(Enumerable.Range(0, length).Select(i => values[(i * rank) + r]).ToArray());
                line.LegendText = $"component {r + 1}";
                line.LineWidth = 2;
            }

            plot.Title(mode < Modes.Length ? Modes[mode] : $"mode {mode}");
        }

        // Beside the upper right plot, where it covers no line.
        multiplot.GetPlot(columns - 1).ShowLegend(Edge.Right);
        multiplot.SavePng(path, 1100, 700);
    }
}
