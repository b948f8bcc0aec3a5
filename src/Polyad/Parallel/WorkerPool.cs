namespace Polyad;

/// <summary>
/// The threads that help kernels, shared by the whole process: made when they are first needed, at most one fewer than there are processors. An idle one watches for
/// the next job for <see cref="IdleSpin"/>, then sleeps, and ends after <see cref="IdleMilliseconds"/>. No caller depends on a helper coming: when all are busy elsewhere,
/// or the machine is, the caller does its parts alone; so calls may nest and may come from any thread, pool threads included.
/// </summary>
internal sealed class WorkerPool(int mostThreads)
{
    private const int IdleMilliseconds = 10_000;

    private readonly object _gate = new();

    /// <summary>Jobs beside the first one: of other callers, or nested in its parts. Guarded by the gate.</summary>
    private readonly List<TeamJob> _queue = [];

    /// <summary>The job that watching workers see without taking the gate.</summary>
    private TeamJob? _first;
    private int _queued;

    /// <summary>Workers that do not sleep, those that work included. Changed under the gate.</summary>
    private int _awake;
    private int _asleep;
    private int _called;

    /// <summary>The pool behind <see cref="WorkTeam"/>.</summary>
    public static WorkerPool Shared { get; } = new(Environment.ProcessorCount - 1);

    /// <summary>Runs <paramref name="part"/> for 0..count-1 on at most <paramref name="threads"/> threads, the caller's included, in the caller's execution context.</summary>
    public void Run(int count, int threads, Action<int> part)
    {
        int helpers = Math.Min(Math.Min(threads, count) - 1, mostThreads);
        if (helpers <= 0)
        {
            for (int i = 0; i < count; i++)
            {
                part(i);
            }

            return;
        }

        TeamJob job = new(count, helpers, part);
        bool first = Interlocked.CompareExchange(ref _first, job, null) is null;
        if (first)
        {
            if (Volatile.Read(ref _awake) < helpers)
            {
                lock (_gate)
                {
                    Call(helpers - _awake);
                }
            }
        }
        else
        {
            lock (_gate)
            {
                _queue.Add(job);
                Volatile.Write(ref _queued, _queue.Count);

                // Those who are awake have work already.
                Call(helpers);
            }
        }

        job.Lead();
        if (first)
        {
            Volatile.Write(ref _first, null);
        }
        else
        {
            lock (_gate)
            {
                _queue.Remove(job);
                Volatile.Write(ref _queued, _queue.Count);
            }
        }

        job.Finish();
    }

    /// <summary>Wakes so many workers, or makes them while there are fewer than allowed. The gate is held.</summary>
    private void Call(int workers)
    {
        int wake = Math.Min(workers, _asleep), start = Math.Clamp(mostThreads - _awake - _asleep, 0, Math.Max(0, workers - wake));
        for (int i = 0; i < wake; i++)
        {
            _asleep--;
            _awake++;
            _called++;
            Monitor.Pulse(_gate);
        }

        for (int i = 0; i < start; i++)
        {
            _awake++;
            try
            {
                // Without the caller's execution context: a worker serves everybody.
                new Thread(Work) { IsBackground = true, Name = "Polyad worker" }.UnsafeStart();
            }
            catch (Exception failure) when (failure is OutOfMemoryException or ThreadStartException)
            {
                // The process may have no more threads. The caller does the work alone.
                _awake--;
                return;
            }
        }
    }

    private void Work()
    {
        while (Next() is { } job)
        {
            job.Help();
        }
    }

    /// <summary>The next job to help with; null when the thread has been idle for long and is to end.</summary>
    private TeamJob? Next()
    {
        IdleSpin spin = IdleSpin.Start();
        while (true)
        {
            if (Volatile.Read(ref _first) is { } job && job.TryJoin())
            {
                return job;
            }

            if (Volatile.Read(ref _queued) > 0)
            {
                lock (_gate)
                {
                    if (JoinQueued() is { } queued)
                    {
                        return queued;
                    }
                }
            }

            if (spin.Goes())
            {
                continue;
            }

            lock (_gate)
            {
                if (!Sleep())
                {
                    return null;
                }
            }

            spin = IdleSpin.Start();
        }
    }

    /// <summary>Sleeps, the gate released, until a job calls. False when none did for long: the thread then no longer counts.</summary>
    private bool Sleep()
    {
        _awake--;
        _asleep++;
        Interlocked.MemoryBarrier();
        if (Volatile.Read(ref _first) is { HasRoom: true } || _queue.Exists(static job => job.HasRoom))
        {
            // Posted while this worker still counted as awake.
            _awake++;
            _asleep--;
            return true;
        }

        while (_called == 0)
        {
            if (!Monitor.Wait(_gate, IdleMilliseconds) && _called == 0)
            {
                _asleep--;
                return false;
            }
        }

        _called--;
        return true;
    }

    private TeamJob? JoinQueued()
    {
        foreach (TeamJob job in _queue)
        {
            if (job.TryJoin())
            {
                return job;
            }
        }

        return null;
    }
}
