using System.Globalization;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;

namespace Polyad;

/// <summary>What makes measured times of one machine worthless on another.</summary>
/// <param name="Cpu">The processor's name.</param>
/// <param name="Isa">The widest vectors in use.</param>
/// <param name="Cores">Cores that the process may run on.</param>
public sealed record MachineFingerprint(string Cpu, string Isa, int Cores)
{
    /// <summary>This machine.</summary>
    public static MachineFingerprint Current { get; } = new(ProcessorName(), ManagedBackend.Isa, Environment.ProcessorCount);

    /// <summary>A short name for files: 16 hexadecimal digits.</summary>
    public string Key => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{Cpu}|{Isa}|{Cores}"))).AsSpan(0, 8));

    private static string ProcessorName()
    {
        try
        {
            foreach (string line in File.ReadLines("/proc/cpuinfo"))
            {
                int colon = line.IndexOf(':', StringComparison.Ordinal);
                if (colon > 0 && line.StartsWith("model name", StringComparison.Ordinal))
                {
                    return line[(colon + 1)..].Trim();
                }
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Not Linux, or a closed container: the environment may know.
        }

        return Environment.GetEnvironmentVariable("PROCESSOR_IDENTIFIER") ?? $"{RuntimeInformation.ProcessArchitecture} processor";
    }
}
