using System.Collections.Concurrent;

namespace Polyad.Lapack;

/// <summary>
/// Keeps the engines that were opened, one for each id. A library that proved wrong or harmful is remembered; one that is missing is looked for again,
/// so that installing it helps at once.
/// </summary>
internal sealed class EngineShelf
{
    private readonly ConcurrentDictionary<string, LapackBackend> _open = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _refused = new(StringComparer.Ordinal);
    private readonly Lock _gate = new();

    /// <summary>The engine of an id.</summary>
    /// <exception cref="BackendUnavailableException">It cannot be had.</exception>
    public LapackBackend Get(string id, Func<LibrarySearch> search)
        => TryGet(id, search, out string reason) ?? throw new BackendUnavailableException(id, reason, null);

    /// <summary>The engine of an id as it stands.</summary>
    public BackendInfo Probe(string id, Func<LibrarySearch> search)
        => TryGet(id, search, out string reason) is { } engine ? engine.Describe()
            : new BackendInfo { Id = id, Available = false, Reason = reason, SelfTest = reason.Contains("self-test", StringComparison.Ordinal) ? $"failed: {reason}" : "not run" };

    private LapackBackend? TryGet(string id, Func<LibrarySearch> search, out string reason)
    {
        reason = "";
        if (_open.TryGetValue(id, out LapackBackend? open))
        {
            return open;
        }

        lock (_gate)
        {
            if (_open.TryGetValue(id, out open))
            {
                return open;
            }

            LibrarySearch found = search();
            List<string> reasons = [];
            foreach (LibraryCandidate candidate in found.Candidates)
            {
                string path = string.Join('+', candidate.Paths);
                if (!_refused.TryGetValue(path, out string? refusal))
                {
                    if (Open(id, candidate, out refusal) is { } engine)
                    {
                        _open[id] = engine;
                        return engine;
                    }

                    _refused[path] = refusal;
                }

                reasons.Add(refusal);
            }

            reason = reasons.Count == 0 ? found.Advice : string.Join(" ", reasons);
            return null;
        }
    }

    private static LapackBackend? Open(string id, LibraryCandidate candidate, out string reason)
    {
        if (LoadedLibrary.TryLoad(candidate, out reason) is not { } library || NativeKernelTable.TryBuild(library, out reason) is not { } table)
        {
            return null;
        }

        if (SelfTest.Run(table) is { } wrong)
        {
            reason = $"'{library.Path}' failed its self-test and is not used: {wrong}.";
            return null;
        }

        return new LapackBackend(id, table, "passed");
    }
}
