using System.Security.Cryptography;

namespace Polyad.Torch.Loading;

/// <summary>
/// Makes TorchSharp's native half loadable on distributions whose libstdc++ is older than the one it was linked with (Debian 12, Ubuntu 22.04).
/// It needs the version GLIBCXX_3.4.32 for one symbol that no code refers to, the anchor of &lt;iostream&gt;; a copy in the user's cache folder marks that need as weak,
/// which the loader then only warns of. The original stays as it is.
/// </summary>
internal static class ShimCopy
{
    public const string Version = "GLIBCXX_3.4.32";

    /// <summary>VER_FLG_WEAK.</summary>
    private const ushort Weak = 2;

    private const string Anchor = "_ZSt21ios_base_library_initv";

    /// <summary>The library to load instead of <paramref name="shim"/>: itself where it needs nothing, else the patched copy.</summary>
    /// <exception cref="InvalidDataException">The library is damaged, or needs the version for more than its anchor.</exception>
    /// <exception cref="IOException">The copy cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">The copy cannot be written.</exception>
    public static string Loadable(string shim, string? standardLibrary, Func<string> cacheFolder)
    {
        byte[] file = File.ReadAllBytes(shim);
        if (!NeedsPatch(file, out int flags) || standardLibrary is null || new ElfVersions(File.ReadAllBytes(standardLibrary)).Defines(Version))
        {
            return shim;
        }

        string hash = Convert.ToHexStringLower(SHA256.HashData(file))[..16];
        file[flags] |= (byte)Weak;
        return Store(file, Path.Combine(cacheFolder(), "torch", hash, Path.GetFileName(shim)));
    }

    /// <summary>Whether the library needs the version and, if so, where the flags of that need lie.</summary>
    internal static bool NeedsPatch(byte[] file, out int flags)
    {
        flags = 0;
        ElfVersions versions = new(file);
        foreach (ElfVersions.Need need in versions.Needs())
        {
            if (need.Name != Version || (need.Flags & Weak) != 0)
            {
                continue;
            }

            IReadOnlyList<string> symbols = versions.SymbolsOf(need.Index);
            if (symbols.Any(symbol => symbol != Anchor))
            {
                throw new InvalidDataException($"The library needs {Version} for {string.Join(", ", symbols)}: it cannot run on an older libstdc++.");
            }

            flags = need.FlagsOffset;
            return true;
        }

        return false;
    }

    /// <summary>Writes the file unless it is there already, whole: other processes see the old file or the new one, never a part.</summary>
    private static string Store(byte[] content, string path)
    {
        FileInfo there = new(path);
        if (there.Exists && there.Length == content.Length && File.ReadAllBytes(path).AsSpan().SequenceEqual(content))
        {
            return path;
        }

        Directory.CreateDirectory(there.DirectoryName!);
        string part = $"{path}.{Guid.NewGuid():N}.part";
        try
        {
            File.WriteAllBytes(part, content);
            File.Move(part, path, overwrite: true);
        }
        finally
        {
            File.Delete(part);
        }

        return path;
    }
}
