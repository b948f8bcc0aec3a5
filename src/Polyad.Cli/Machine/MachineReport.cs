using System.Runtime.InteropServices;

namespace Polyad.Cli.Machine;

/// <summary>The machine as reports show it. Unqualified limits are those of all cores together.</summary>
internal sealed record MachineReport(
    string Cpu,
    string Isa,
    int Cores,
    double FmaCeilingGflopsF64,
    double FmaCeilingGflopsF32,
    double MemcpyGbS,
    double ReadGbS,
    IReadOnlyList<CacheLevel> Caches,
    string Os,
    string Runtime,
    IReadOnlyList<Ceiling> Ceilings)
{
    /// <summary>Describes the machine by limits measured before; the one with most threads stands for the whole machine.</summary>
    public static MachineReport From(IEnumerable<Ceiling> measured)
    {
        IReadOnlyList<Ceiling> ceilings = Ceiling.Ascending(measured);
        Ceiling all = ceilings[^1];
        return new MachineReport(
            Processor.Name,
            ManagedBackend.Isa,
            Environment.ProcessorCount,
            all.FmaGflopsF64,
            all.FmaGflopsF32,
            all.MemcpyGbS,
            all.ReadGbS,
            Processor.Caches,
            RuntimeInformation.OSDescription,
            RuntimeInformation.FrameworkDescription,
            ceilings);
    }

    public static MachineReport Measure()
        => From(new[] { 1, Environment.ProcessorCount }.Distinct().Select(Ceiling.Measure));
}
