namespace Polyad.Cli.Machine;

/// <summary>The measured limits of this machine for so many threads.</summary>
/// <param name="Threads">Threads that ran at once.</param>
/// <param name="FmaGflopsF64">Fused multiply-adds of doubles, GFLOP/s.</param>
/// <param name="FmaGflopsF32">Of floats.</param>
/// <param name="MemcpyGbS">Copy, bytes read plus bytes written, GB/s.</param>
/// <param name="ReadGbS">Reading alone, GB/s.</param>
internal sealed record Ceiling(int Threads, double FmaGflopsF64, double FmaGflopsF32, double MemcpyGbS, double ReadGbS)
{
    /// <summary>The greater of each limit: a measurement is spoilt by neighbours, never flattered.</summary>
    public Ceiling Max(Ceiling other) => new(
        Threads,
        Math.Max(FmaGflopsF64, other.FmaGflopsF64),
        Math.Max(FmaGflopsF32, other.FmaGflopsF32),
        Math.Max(MemcpyGbS, other.MemcpyGbS),
        Math.Max(ReadGbS, other.ReadGbS));

    /// <summary>Raises limits to those of fewer threads: more threads can always leave some idle.</summary>
    public static IReadOnlyList<Ceiling> Ascending(IEnumerable<Ceiling> measured)
    {
        List<Ceiling> ascending = [];
        foreach (Ceiling ceiling in measured.OrderBy(static c => c.Threads))
        {
            ascending.Add(ascending.Count == 0 ? ceiling : ceiling.Max(ascending[^1]));
        }

        return ascending;
    }

    public static Ceiling Measure(int threads)
    {
        using MemoryBandwidth memory = new(Processor.LastLevelCacheBytes);
        return new Ceiling(threads, FmaCeiling.Measure<double>(threads), FmaCeiling.Measure<float>(threads), memory.Copy(threads), memory.Read(threads));
    }
}
