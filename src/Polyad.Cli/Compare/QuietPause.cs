using System.Diagnostics;

namespace Polyad.Cli.Compare;

/// <summary>
/// Waits until the threads that an engine leaves behind have stopped: OpenMP and OpenBLAS threads spin for up to 0.2 s after a call, in case there is another one, and take a core from the engine that is
/// measured next. The process's CPU time tells, while this thread sleeps.
/// </summary>
/// <param name="usedCpuTime">The CPU time of all threads of the process.</param>
/// <param name="sleep">Sleeps for a time and returns how long it was.</param>
internal sealed class QuietPause(Func<TimeSpan> usedCpuTime, Func<TimeSpan, TimeSpan> sleep)
{
    /// <summary>Threads that use less than this share of one core are no hindrance.</summary>
    private const double QuietShare = 0.1;

    /// <summary>Enough for OpenBLAS (0.12 s measured after 0.3.21) and for Intel's OpenMP (KMP_BLOCKTIME, 0.2 s); the threads of most others sleep within milliseconds.</summary>
    public static TimeSpan Longest { get; } = TimeSpan.FromMilliseconds(250);

    public QuietPause()
        : this(static () => Environment.CpuUsage.TotalTime, Sleep)
    {
    }

    /// <summary>At least one tick of the clock that a busy thread's time is booked by, or it would look idle: 15.6 ms on Windows, at most 10 ms elsewhere.</summary>
    public static TimeSpan Window { get; } = TimeSpan.FromMilliseconds(OperatingSystem.IsWindows() ? 16 : 10);

    /// <summary>Returns after the first window in which the process was quiet; false when none of those that fit into the limit was.</summary>
    public bool Wait()
    {
        for (TimeSpan waited = TimeSpan.Zero; waited < Longest;)
        {
            TimeSpan before = usedCpuTime(), slept = sleep(Window);
            if (usedCpuTime() - before < slept * QuietShare)
            {
                return true;
            }

            waited += slept;
        }

        return false;
    }

    private static TimeSpan Sleep(TimeSpan time)
    {
        long start = Stopwatch.GetTimestamp();
        Thread.Sleep(time);
        return Stopwatch.GetElapsedTime(start);
    }
}
