namespace Polyad.Lapack;

/// <summary>
/// A setting that all threads of the process share (OpenBLAS). While calls overlap the smallest of their limits holds, so none of them gets
/// more threads than it may have; the last one out restores what the first one found.
/// </summary>
internal sealed class SharedThreadControl(ThreadSetting setting) : ThreadControl
{
    private const int MostThreads = 1024;

    private readonly Lock _gate = new();
    private readonly int[] _calls = new int[MostThreads + 1];
    private int _running;
    private int _found;
    private int _inForce;

    public override int Current
    {
        get
        {
            lock (_gate)
            {
                return Math.Max(_running > 0 ? _found : setting.Read(), 0);
            }
        }
    }

    protected override int Limit(int threads)
    {
        lock (_gate)
        {
            if (_running++ == 0)
            {
                _found = _inForce = setting.Read();
            }

            _calls[Math.Min(threads, MostThreads)]++;
            Apply(Smallest());
        }

        return 0;
    }

    protected override void Restore(int threads, int token)
    {
        lock (_gate)
        {
            _calls[Math.Min(threads, MostThreads)]--;
            Apply(--_running == 0 ? _found : Smallest());
        }
    }

    /// <summary>The smallest limit of the calls that run.</summary>
    private int Smallest() => Array.FindIndex(_calls, static calls => calls > 0);

    private void Apply(int threads)
    {
        if (threads != _inForce)
        {
            setting.Write(threads);
            _inForce = threads;
        }
    }
}
