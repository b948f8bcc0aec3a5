namespace Polyad.Cli.Compare;

/// <summary>Whose turn it is to be measured, and a pause where it goes from one engine to another while several threads are measured, or were just now.</summary>
internal sealed class EngineTurns(QuietPause pause)
{
    private readonly SortedSet<string> _restless = new(StringComparer.Ordinal);
    private string? _last;
    private int _lastThreads;

    /// <summary>One for each engine whose threads were not waited for to the end.</summary>
    public IEnumerable<string> Notes
        => _restless.Select(static id => $"Threads were still busy {QuietPause.Longest.TotalMilliseconds:F0} ms after a sample of {id}: the engine that was measured next may have been slowed.");

    /// <summary>Lets the threads of the engine before come to rest, if it was another one; whether it paused for that.</summary>
    public bool To(string engine, int threads)
    {
        (string? before, bool alone) = (_last, Math.Max(threads, _lastThreads) == 1);
        (_last, _lastThreads) = (engine, threads);
        if (alone || before is null || before == engine)
        {
            return false;
        }

        if (!pause.Wait())
        {
            _restless.Add(before);
        }

        return true;
    }
}
