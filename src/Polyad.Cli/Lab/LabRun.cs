using Polyad.Cli.Machine;
using Polyad.Lab;

namespace Polyad.Cli.Lab;

/// <summary>A report with what its figures depend on.</summary>
/// <param name="Report">What was found.</param>
/// <param name="Size">The name of the size.</param>
/// <param name="Backend">The engine's id.</param>
/// <param name="Seed">The first seed.</param>
/// <param name="Machine">The processor.</param>
/// <param name="Threads">The limit.</param>
/// <param name="Date">Of the run, UTC.</param>
internal sealed record LabRun(ExperimentReport Report, string Size, string Backend, ulong Seed, string Machine, int Threads, DateOnly Date)
{
    public static LabRun Of(ExperimentReport report, ExperimentSettings settings)
        => new(report, Name(settings.Size), (settings.Backend ?? Polyad.Backend.Current).Id, settings.Seed, Processor.Name, Parallelism.Current.MaxThreads, DateOnly.FromDateTime(DateTime.UtcNow));

    /// <summary>As the command line spells it.</summary>
    public static string Name(LabSize size) => size switch
    {
        LabSize.Quick => "quick",
        LabSize.Full => "full",
        _ => "smoke",
    };
}
