using System.Globalization;

namespace Polyad.Cli.Machine;

/// <summary>One level of data cache.</summary>
/// <param name="Level">1, 2, 3.</param>
/// <param name="Bytes">Its size.</param>
internal sealed record CacheLevel(int Level, long Bytes);

/// <summary>What the system says of the processor.</summary>
internal static class Processor
{
    private const long AssumedLastLevelCache = 32L << 20;

    public static string Name => MachineFingerprint.Current.Cpu;

    /// <summary>The data and unified caches that the first core sees; empty where the system does not tell.</summary>
    public static IReadOnlyList<CacheLevel> Caches { get; } = ReadCaches();

    public static long LastLevelCacheBytes => Caches.Count > 0 ? Caches[^1].Bytes : AssumedLastLevelCache;

    private static List<CacheLevel> ReadCaches()
    {
        List<CacheLevel> caches = [];
        try
        {
            const string Root = "/sys/devices/system/cpu/cpu0/cache";
            if (!Directory.Exists(Root))
            {
                return caches;
            }

            foreach (string index in Directory.EnumerateDirectories(Root, "index*"))
            {
                if (File.ReadAllText(Path.Combine(index, "type")).Trim() != "Instruction")
                {
                    int level = int.Parse(File.ReadAllText(Path.Combine(index, "level")), NumberStyles.AllowTrailingWhite, CultureInfo.InvariantCulture);
                    caches.Add(new CacheLevel(level, ParseSize(File.ReadAllText(Path.Combine(index, "size")).Trim())));
                }
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or FormatException or OverflowException)
        {
            // What could not be read is left out.
        }

        caches.Sort(static (a, b) => a.Level.CompareTo(b.Level));
        return caches;
    }

    /// <summary>"48K", "2M" or plain bytes.</summary>
    private static long ParseSize(string text)
    {
        int shift = text.Length == 0 ? 0 : text[^1] switch { 'K' => 10, 'M' => 20, 'G' => 30, _ => 0 };
        return long.Parse(shift == 0 ? text : text.AsSpan(0, text.Length - 1), NumberStyles.None, CultureInfo.InvariantCulture) << shift;
    }
}
