using Polyad.Cli.Compare;
using Polyad.Cli.Reports;
using Xunit;

namespace Polyad.Cli.Tests;

/// <summary>The pause between two engines of several threads, on a clock that the test turns.</summary>
public class QuietPauseTests
{
    [Theory]
    [InlineData(0, 1)]
    [InlineData(1, 2)]
    [InlineData(12, 13)]
    public void ItEndsWithTheFirstWindowInWhichNoThreadIsBusy(int busyWindows, int expected)
    {
        (QuietPause pause, List<TimeSpan> windows) = Pause(busyWindows);

        Assert.True(pause.Wait());

        Assert.Equal(expected, windows.Count);
        Assert.All(windows, static w => Assert.Equal(QuietPause.Window, w));
    }

    [Fact]
    public void ThreadsThatDoNotStopAreNotWaitedForBeyondTheLimit()
    {
        (QuietPause pause, List<TimeSpan> windows) = Pause(int.MaxValue);

        Assert.False(pause.Wait());

        Assert.InRange(windows.Count * QuietPause.Window, QuietPause.Longest, QuietPause.Longest + QuietPause.Window);
    }

    /// <summary>A busy thread shows in every window, in steps of the clock that its time is booked by.</summary>
    [Fact]
    public void TheWindowIsAtLeastATickOfTheClockThatBooksCpuTime() => Assert.True(QuietPause.Window >= TimeSpan.FromMilliseconds(10));

    [Theory]
    [InlineData("managed,mathnet", 2, 5)]
    [InlineData("managed,mathnet", 1, 0)]
    [InlineData("managed", 2, 0)]
    public void ItLiesBetweenTwoEnginesOfSeveralThreads(string engines, int threads, int expected)
    {
        (QuietPause pause, List<TimeSpan> windows) = Pause(0);

        CompareReport report = Run(engines, threads, pause);

        // Two warm-ups, then two rounds of both: the engine changes before every one but the first.
        Assert.Equal(expected, windows.Count);
        Assert.All(report.Results, static r => Assert.Equal(2, r.SamplesS.Count));
        Assert.Empty(report.Notes);
    }

    [Fact]
    public void EnginesWhoseThreadsDoNotStopAreNamed()
    {
        CompareReport report = Run("managed,mathnet", 2, Pause(int.MaxValue).Pause);

        Assert.Equal(2, report.Notes.Count);
        Assert.Contains("after a sample of managed", report.Notes[0], StringComparison.Ordinal);
        Assert.Contains("after a sample of mathnet", report.Notes[1], StringComparison.Ordinal);
    }

    private static CompareReport Run(string engines, int threads, QuietPause pause)
    {
        EngineRegistration.Ensure();
        CompareOptions options = new()
        {
            Backends = engines.Split(','),
            Problems = ProblemList.Create(["gemm"], [16], [], null, []),
            Dtypes = ["f64"],
            Threads = [threads],
            Rounds = 2,
        };
        return new Comparison(options, static _ => { }, pause).Run(CancellationToken.None);
    }

    /// <summary>One other thread is busy for so many windows, then none is.</summary>
    private static (QuietPause Pause, List<TimeSpan> Windows) Pause(int busyWindows)
    {
        List<TimeSpan> windows = [];
        TimeSpan used = TimeSpan.FromSeconds(1);
        QuietPause pause = new(() => used, time =>
        {
            windows.Add(time);
            used += time * (windows.Count <= busyWindows ? 1 : 0.01);
            return time;
        });
        return (pause, windows);
    }
}
