using System.Runtime.InteropServices;

namespace Polyad.Torch.Loading;

/// <summary>The C++ standard library that this Linux process runs on.</summary>
internal static class StandardLibrary
{
    private const string SoName = "libstdc++.so.6";

    /// <summary>Its file; null when it cannot be told.</summary>
    public static string? Path()
    {
        if (Mapped() is { } loaded)
        {
            return loaded;
        }

        return NativeLibrary.TryLoad(SoName, out _) ? Mapped() : null;
    }

    private static string? Mapped()
    {
        foreach (string line in File.ReadLines("/proc/self/maps"))
        {
            int path = line.IndexOf('/', StringComparison.Ordinal);
            if (path >= 0 && System.IO.Path.GetFileName(line.AsSpan(path)).StartsWith(SoName, StringComparison.Ordinal))
            {
                return line[path..];
            }
        }

        return null;
    }
}
