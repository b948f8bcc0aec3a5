using System.Runtime.ExceptionServices;

namespace Polyad;

/// <summary>
/// The parts of one <see cref="WorkTeam"/> call. The caller takes parts from the front and helpers from the back, so that in a loop of calls the same thread
/// tends to meet the same data again. The caller never waits for a helper that has not begun: it takes what is left itself.
/// </summary>
internal sealed class TeamJob(int count, int helpers, Action<int> part)
{
    private const int Closed = 1 << 30;

    private readonly ExecutionContext? _context = ExecutionContext.Capture();

    /// <summary>The first part that nobody has taken, and in the upper half one past the last.</summary>
    private long _range = Pack(0, count);

    /// <summary>How many helpers are inside, and whether the door is closed.</summary>
    private int _inside;
    private bool _callerWaits;
    private ExceptionDispatchInfo? _failure;

    /// <summary>Whether a helper could still join. Once false it stays so: helpers leave only when no part is left.</summary>
    public bool HasRoom => Volatile.Read(ref _inside) < helpers && Open(Volatile.Read(ref _range));

    /// <summary>Lets a helper in while there are parts and places. One atomic step: the fewer cache lines two processors exchange for a job, the shorter it may be.</summary>
    public bool TryJoin()
    {
        int inside = Volatile.Read(ref _inside);
        while (inside < helpers && Open(Volatile.Read(ref _range)))
        {
            int seen = Interlocked.CompareExchange(ref _inside, inside + 1, inside);
            if (seen == inside)
            {
                return true;
            }

            inside = seen;
        }

        return false;
    }

    /// <summary>The helper's share; it joined before.</summary>
    public void Help()
    {
        if (_context is null)
        {
            Take(front: false);
        }
        else
        {
            ExecutionContext.Run(_context, static job => ((TeamJob)job!).Take(front: false), this);
        }

        if (Interlocked.Decrement(ref _inside) == Closed && Volatile.Read(ref _callerWaits))
        {
            lock (this)
            {
                Monitor.Pulse(this);
            }
        }
    }

    /// <summary>The caller's share.</summary>
    public void Lead() => Take(front: true);

    /// <summary>Waits for the parts that helpers still run; nobody joins any more. Throws what a part threw first.</summary>
    public void Finish()
    {
        IdleSpin spin = IdleSpin.Start();
        bool left = Interlocked.Or(ref _inside, Closed) == 0;
        while (!left && spin.Goes())
        {
            left = Volatile.Read(ref _inside) == Closed;
        }

        if (!left)
        {
            lock (this)
            {
                Volatile.Write(ref _callerWaits, true);
                Interlocked.MemoryBarrier();
                while (Volatile.Read(ref _inside) != Closed)
                {
                    Monitor.Wait(this);
                }
            }
        }

        _failure?.Throw();
    }

    private void Take(bool front)
    {
        try
        {
            while (TryTake(front, out int index))
            {
                part(index);
            }
        }
        catch (Exception failure)
        {
            // No further part begins; the caller throws when those that run have ended.
            Interlocked.CompareExchange(ref _failure, ExceptionDispatchInfo.Capture(failure), null);
            Volatile.Write(ref _range, 0);
        }
    }

    private bool TryTake(bool front, out int index)
    {
        long range = Volatile.Read(ref _range);
        while (Open(range))
        {
            index = front ? First(range) : End(range) - 1;
            long rest = front ? Pack(index + 1, End(range)) : Pack(First(range), index);
            long seen = Interlocked.CompareExchange(ref _range, rest, range);
            if (seen == range)
            {
                return true;
            }

            range = seen;
        }

        index = 0;
        return false;
    }

    private static bool Open(long range) => First(range) < End(range);

    private static int First(long range) => (int)range;

    private static int End(long range) => (int)(range >> 32);

    private static long Pack(int first, int end) => ((long)end << 32) | (uint)first;
}
