using Polyad;
using Polyad.SketchExperiments;

// Experiments on tensor sketches:
//   dotnet run -c Release --project bench/Polyad.SketchExperiments -- errors [--seeds N] [--rows N] [--data folder]     kernel errors at equal dimension, predicted and measured
//   dotnet run -c Release --project bench/Polyad.SketchExperiments -- curves [--seeds N] [--rows N] [--data folder] [--plots folder]     kernel errors as the dimension grows
//   dotnet run -c Release --project bench/Polyad.SketchExperiments -- race [--rounds N] [--python path]               TensorSketch beside scikit-learn's PolynomialCountSketch, interleaved
//   dotnet run -c Release --project bench/Polyad.SketchExperiments -- speed                                           microseconds per row of every family
string[] names = ["errors", "curves", "race", "speed"];
if (args.Length == 0 || !names.Contains(args[0]))
{
    Console.Error.WriteLine($"Name an experiment: {string.Join(", ", names)}.");
    return 2;
}

Options options = new(args[1..]);
Console.WriteLine($"Polyad {typeof(Backend).Assembly.GetName().Version} ({ManagedBackend.Isa}), .NET {Environment.Version}, {Environment.ProcessorCount} processors, {DateTime.UtcNow:yyyy-MM-dd}");
switch (args[0])
{
    case "race":
        TensorSketchRace.Run(options);
        break;
    case "curves":
        ErrorCurves.Run(options);
        break;
    case "speed":
        FamilySpeed.Run(options);
        break;
    default:
        KernelErrors.Run(options);
        break;
}

return 0;
