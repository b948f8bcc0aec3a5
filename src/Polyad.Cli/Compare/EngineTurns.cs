namespace Polyad.Cli.Compare;

/// <summary>Whose turn it is to be measured, and a pause where it goes from one engine to another while several threads are measured.</summary>
internal sealed class EngineTurns(QuietPause pause)
{
    private readonly SortedSet<string> _restless = new(StringComparer.Ordinal);
    private string? _last;

    /// <summary>One for each engine whose threads were not waited for to the end.</summary>
    public IEnumerable<string> Notes
        => _restless.Select(static id => $"Threads were still busy {QuietPause.Longest.TotalMilliseconds:F0} ms after a sample of {id}: the engine that was measured next may have been slowed.");

    /// <summary>Lets the threads of the engine before come to rest, if it was another one; whether it paused for that.</summary>
    public bool To(string engine, int threads)
    {
        string? before = _last;
        _last = engine;
        if (threads == 1 || before is null || before == engine)
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
