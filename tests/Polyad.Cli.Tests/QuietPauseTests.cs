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

    [Fact]
    public void ItComesWhereTheTurnGoesToAnotherEngineAndSeveralThreadsAreMeasured()
    {
        (QuietPause pause, List<TimeSpan> windows) = Pause(0);
        EngineTurns turns = new(pause);

        Assert.Equal([false, true, false, true], new[] { "a", "b", "b", "a" }.Select(id => turns.To(id, 2)));

        // Threads of the last sample may still be busy when one thread is measured after it.
        Assert.Equal([true, false], new[] { "b", "a" }.Select(id => turns.To(id, 1)));

        Assert.Equal(3, windows.Count);
        Assert.Empty(turns.Notes);
    }

    [Fact]
    public void EnginesWhoseThreadsDoNotStopAreNamedOnce()
    {
        EngineTurns turns = new(Pause(int.MaxValue).Pause);
        foreach (string id in new[] { "b", "a", "b", "a" })
        {
            turns.To(id, 2);
        }

        Assert.Collection(turns.Notes, static a => Assert.Contains("after a sample of a:", a, StringComparison.Ordinal), static b => Assert.Contains("after a sample of b:", b, StringComparison.Ordinal));
    }

    [Fact]
    public void AComparisonTakesTurns()
    {
        EngineRegistration.Ensure();
        (QuietPause pause, List<TimeSpan> windows) = Pause(0);
        CompareOptions options = new()
        {
            Backends = ["managed", "mathnet"],
            Problems = ProblemList.Create(["gemm"], [16], [], null, []),
            Dtypes = ["f64"],
            Threads = [2],
            Rounds = 2,
        };

        CompareReport report = new Comparison(options, static _ => { }, pause).Run(CancellationToken.None);

        // Two warm-ups, then two rounds of both: the engine changes before every one but the first.
        Assert.Equal(5, windows.Count);
        Assert.All(report.Results, static r => Assert.Equal(2, r.SamplesS.Count));
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
