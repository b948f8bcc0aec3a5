using System.Globalization;
using System.Text.Json;
using MathNet.Numerics;
using Polyad;
using Polyad.Peers;

// Polyad's managed engine beside Math.NET Numerics (managed) and NumSharp, one thread each.
//   dotnet run -c Release --project bench/peers/Polyad.Peers -- [--quick] [--rounds N] [--json file]
// With --tensors: tensor kernels and decompositions beside a numpy port of TensorLy's way of doing them, in turns.
//   dotnet run -c Release --project bench/peers/Polyad.Peers -- --tensors [--only name] [--threads N] [--python python3]
if (args.Contains("--tensors"))
{
    int threads = Option("--threads") is { } count ? int.Parse(count, CultureInfo.InvariantCulture) : 1;
    using IDisposable limit = Parallelism.Use(threads);
    using NumpyProcess numpy = new(Option("--python") ?? "python3", threads);
    Console.WriteLine($"Polyad {typeof(Backend).Assembly.GetName().Version} ({ManagedBackend.Isa}), .NET {Environment.Version}; float64, {threads} thread(s), medians of interleaved rounds; readings: Polyad's time by that of one reading of the tensor");
    Console.WriteLine(numpy.About);
    Console.WriteLine(TensorOutcome.Header);
    foreach (TensorContest contest in TensorContests.All(new ManagedBackend(threads)).Where(contest => Option("--only") is not { } only || contest.Operation == only))
    {
        Console.WriteLine(contest.Run(numpy, threads).Line);
    }

    return;
}

Control.UseManaged();
Control.UseSingleThread();
using IDisposable single = Parallelism.Use(1);

bool quick = args.Contains("--quick");
int rounds = Option("--rounds") is { } text ? int.Parse(text, CultureInfo.InvariantCulture) : quick ? 5 : 11;
string header = $"Polyad {typeof(Backend).Assembly.GetName().Version} ({ManagedBackend.Isa}), Math.NET {typeof(Control).Assembly.GetName().Version}, NumSharp {typeof(NumSharp.np).Assembly.GetName().Version}, "
    + $".NET {Environment.Version}; float64, 1 thread, median of {rounds} interleaved rounds";
Console.WriteLine(header);
Console.WriteLine($"{"operation",-10} {"shape",-14} {"Polyad ms",12} {"Math.NET ms",12} {"ratio",8} {"NumSharp ms",12} {"ratio",8}");

List<Outcome> outcomes = [];
foreach (Contest contest in Contests.All(quick))
{
    Outcome o = contest.Run(rounds, TimeSpan.FromMilliseconds(quick ? 5 : 20));
    outcomes.Add(o);
    Console.WriteLine(string.Create(
        CultureInfo.InvariantCulture, $"{o.Operation,-10} {o.Shape,-14} {o.Polyad.Median,12:F4} {o.MathNet?.Median,12:F4} {o.MathNetRatio,7:F1}x {o.NumSharp?.Median,12:F4} {o.NumSharpRatio,7:F1}{(o.NumSharpRatio is null ? " " : "x")}"));
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
