using System.Globalization;
using System.Text.Json;
using MathNet.Numerics;
using Polyad;
using Polyad.Lapack;
using Polyad.MathNet;
using Polyad.Peers;
using Polyad.Peers.Direct;
using Polyad.Peers.Sketches;
using Polyad.Peers.Tensors;
using Polyad.Torch;

// What a user would pick instead, on the same work, one thread each.
//   dotnet run -c Release --project bench/peers/Polyad.Peers -- [--quick] [--rounds N] [--json file]
//       Polyad's managed engine beside Math.NET Numerics, NumSharp and plain TorchSharp.
//   dotnet run -c Release --project bench/peers/Polyad.Peers -- direct [--engines mkl,...] [--sizes 256,1000] [--types f64,f32] [--ops gemm,...] [--rounds N] [--json file]
//       Each native engine beside its own library called without the engine.
//   dotnet run -c Release --project bench/peers/Polyad.Peers -- tensors [--threads N] [--ops mttkrp,...] [--rounds N] [--python python3]
//       Tensor kernels and decompositions of the managed engine beside a numpy port of TensorLy's way of doing them, with as many threads.
//   dotnet run -c Release --project bench/peers/Polyad.Peers -- sketches [--threads N] [--ops rsvd,...] [--rounds N] [--python python3]
//       Randomized SVD and least squares of the managed engine beside scikit-learn and numpy.
if (args.Contains("tensors"))
{
    TensorReport.Run(TensorContests.All, TensorContests.Script, Option("--python") ?? "python3", Number("--threads", 1), Words("--ops", []), Number("--rounds", 7));
    return;
}

if (args.Contains("sketches"))
{
    TensorReport.Run(SketchContests.All, SketchContests.Script, Option("--python") ?? "python3", Number("--threads", 1), Words("--ops", []), Number("--rounds", 7));
    return;
}

LapackBackends.Register();
TorchBackend.Register();
MathNetBackend.Register();
Control.UseManaged();
Control.UseSingleThread();
using IDisposable single = Parallelism.Use(1);

bool quick = args.Contains("--quick");
int rounds = Number("--rounds", quick ? 5 : 11);
string header = $"Polyad {typeof(Backend).Assembly.GetName().Version} ({ManagedBackend.Isa}), Math.NET {typeof(Control).Assembly.GetName().Version}, NumSharp {typeof(NumSharp.np).Assembly.GetName().Version}, "
    + $"{PlainTorch.Version}, .NET {Environment.Version}; 1 thread, median of {rounds} interleaved rounds";
Console.WriteLine(header);
IReadOnlyList<Outcome> outcomes;
if (args.Contains("direct"))
{
    foreach (BackendInfo engine in Backend.Probe().Where(static info => info.Available))
    {
        Console.WriteLine($"  {engine.Id}: {engine.Vendor} {engine.Version}, {engine.Isa}");
    }

    outcomes = DirectReport.Run(
        Words("--engines", [.. DirectContests.Engines]), Words("--sizes", ["256", "1000"]).Select(static n => int.Parse(n, CultureInfo.InvariantCulture)), Words("--types", ["f64", "f32"]), Words("--ops", []), rounds);
}
else
{
    outcomes = PeerReport.Run(quick, rounds);
}

if (Option("--json") is { } path)
{
    await File.WriteAllTextAsync(path, JsonSerializer.Serialize(new { header, rounds, threads = 1, outcomes }, JsonSerializerOptions.Web));
}

string? Option(string name)
{
    int at = Array.IndexOf(args, name);
    return at >= 0 && at + 1 < args.Length ? args[at + 1] : null;
}

int Number(string name, int otherwise) => Option(name) is { } text ? int.Parse(text, CultureInfo.InvariantCulture) : otherwise;

string[] Words(string name, string[] otherwise) => Option(name)?.Split(',', StringSplitOptions.RemoveEmptyEntries) ?? otherwise;
