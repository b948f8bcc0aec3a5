using System.Runtime.InteropServices;

namespace Polyad.Lapack;

/// <summary>
/// One library, or several layered so that the first that exports a routine gives it (BLIS, then LAPACK). Never unloaded: BLAS libraries keep threads.
/// </summary>
internal sealed class LoadedLibrary
{
    private readonly nint[] _handles;

    private LoadedLibrary(IReadOnlyList<string> paths, nint[] handles)
    {
        Path = string.Join('+', paths);
        _handles = handles;
    }

    /// <summary>The files, joined by '+'.</summary>
    public string Path { get; }

    /// <summary>The handles, first layer first.</summary>
    public ReadOnlySpan<nint> Handles => _handles;

    /// <summary>Loads every layer, or says why one of them cannot be loaded.</summary>
    public static LoadedLibrary? TryLoad(LibraryCandidate candidate, out string reason)
    {
        List<nint> handles = [];
        foreach (string path in candidate.Paths)
        {
            if (!candidate.Trusted && LibraryTrial.Refusal(path) is { } refusal)
            {
                reason = refusal;
                return null;
            }

            try
            {
                handles.Add(PassiveWaiting.During(() => NativeLibrary.Load(path)));
            }
            catch (Exception e) when (e is DllNotFoundException or BadImageFormatException)
            {
                reason = $"'{path}' cannot be loaded: {LoaderMessage(e.Message, path)}";
                return null;
            }
        }

        reason = "";
        return new LoadedLibrary(candidate.Paths, [.. handles]);
    }

    /// <summary>The address of an export with exactly this name in the first layer that has it, or 0.</summary>
    public nint Export(string name)
    {
        foreach (nint handle in _handles)
        {
            if (NativeLibrary.TryGetExport(handle, name, out nint address))
            {
                return address;
            }
        }

        return 0;
    }

    /// <summary>The system loader's own line out of the runtime's longer message.</summary>
    private static string LoaderMessage(string message, string path)
    {
        string[] lines = message.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        return lines.LastOrDefault(line => line.StartsWith(path + ":", StringComparison.Ordinal)) is { } own ? own[(path.Length + 1)..].Trim() : lines[0];
    }
}
