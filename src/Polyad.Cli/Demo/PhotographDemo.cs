using System.Diagnostics;
using System.Globalization;
using System.Numerics.Tensors;
using Polyad.Cli.Compare;
using Polyad.Cli.Decompose;
using Polyad.Cli.Files;
using Spectre.Console;

namespace Polyad.Cli.Demo;

/// <summary>A photograph, compressed by Tucker decompositions of growing rank.</summary>
internal static class PhotographDemo
{
    private static readonly int[] Ranks = [10, 30, 80];

    /// <returns>The picture of the original beside its reconstructions.</returns>
    public static string Run(DemoContext demo)
    {
        Tensor<double> photo = Picture.Read(DemoContext.Asset("photo_astronaut.png"));
        Table table = new Table().Border(TableBorder.Rounded).Title($"1. A photograph ({string.Join(" x ", photo.Lengths.ToArray())}), Tucker decomposition");
        table.AddColumns("ranks", "relative error", "stored numbers", "compression", "time");
        DemoContext.AlignRight(table);
        List<(string, Tensor<double>)> pictures = [("original", photo)];
        IDecomposition tucker = DecompositionCatalog.Get("tucker");
        demo.WithProgress("photograph", Ranks, rank =>
        {
            DecomposeOptions options = new() { Ranks = [rank, rank, 3], Backend = demo.Engine };
            long start = Stopwatch.GetTimestamp();
            FittedModel<double> model = tucker.Fit(new DecomposeInput<double>(photo), options, demo.Silent, demo.CancellationToken);
            TimeSpan elapsed = Stopwatch.GetElapsedTime(start);
            double error = model.RelativeError, compression = photo.FlattenedLength / model.Parameters;
            table.AddRow(
                $"{rank}, {rank}, 3",
                error.ToString("P2", CultureInfo.InvariantCulture),
                model.Parameters.ToString("N0", CultureInfo.InvariantCulture),
                string.Create(CultureInfo.InvariantCulture, $"{compression:F1} x"),
                CompareTable.Time(elapsed.TotalSeconds));
            pictures.Add((string.Create(CultureInfo.InvariantCulture, $"rank {rank}: {compression:F1} x smaller, error {error:P1}"), model.Reconstruct()));
        });
        demo.Console.Out.Write(table);
        string path = demo.Output("photograph.png");
        Picture.WriteRow(path, pictures);
        return path;
    }
}
