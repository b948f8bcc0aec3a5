using System.Diagnostics;

namespace Polyad;

/// <summary>
/// How long a thread with nothing to do watches before it sleeps. Waking a sleeping thread takes up to a hundred microseconds, longer than a step of a factorization,
/// so helpers watch across the steps that only one thread can do; after that they cost nothing.
/// </summary>
internal struct IdleSpin
{
    private const double Seconds = 1e-3;

    /// <summary>Pauses between two yields: what is being waited for is most often there within a microsecond or two.</summary>
    private const int Pauses = 32;

    private static readonly long Ticks = (long)(Seconds * Stopwatch.Frequency);

    private long _end;
    private int _pauses;

    public static IdleSpin Start() => new() { _end = Stopwatch.GetTimestamp() + Ticks };

    /// <summary>A short pause; false when the time is over. Now and then the processor is offered to others: on a crowded machine the thread that is waited for may need this one.</summary>
    public bool Goes()
    {
        if (++_pauses < Pauses)
        {
            Thread.SpinWait(1);
            return true;
        }

        _pauses = 0;
        Thread.Yield();
        return Stopwatch.GetTimestamp() < _end;
    }
}
