using System.Globalization;
using ConstrainedAndMissing;
using Polyad;

// What docs/constrained-and-missing.md shows: pure spectra out of four real data sets, and two pictures compressed.
//   dotnet run -c Release --project docs/samples/ConstrainedAndMissing -- ../shared/data docs/images
if (args.Length != 2 || !Directory.Exists(args[0]))
{
    Console.Error.WriteLine("usage: ConstrainedAndMissing <folder of data> <folder for plots>");
    return 2;
}

CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
Directory.CreateDirectory(args[1]);
Console.WriteLine($"{ManagedBackend.Isa}, {Backend.Current.Parallelism.MaxThreads} threads, double; best of 3 fits after the first");
foreach (Study study in new[] { Studies.AminoAcids(args[0], 3), Studies.Sugar(args[0], 3), Studies.Kinetic(args[0], 3), Studies.Bread(args[0], 3) })
{
    Console.WriteLine();
    Console.WriteLine(study.Title);
    foreach (string line in study.Findings)
    {
        Console.WriteLine($"  {line}");
    }

    string path = Path.Combine(args[1], study.Name + ".png");
    ComponentPlot.Save(path, study);
    Console.WriteLine($"  {path}, {new FileInfo(path).Length / 1024.0:F0} kB");
}

Console.WriteLine();
Console.WriteLine($"{"tensor",-12}{"method",-8}{"asked",8}{"error",10}{"smaller",10}{"time",10}  ranks");
foreach (Compression c in Compression.Measure(args[0], [0.20, 0.10, 0.05, 0.02]))
{
    Console.WriteLine($"{c.Tensor,-12}{c.Method,-8}{c.Tolerance,8:P0}{c.Error,10:P2}{c.Ratio,9:F1}x{c.Seconds * 1000,7:F0} ms  {c.Ranks}");
}

return 0;
