using System.Diagnostics;
using Xunit;

namespace Polyad.Tests.Threads;

/// <summary>Measures the processor time of the whole process: nothing else may run beside it.</summary>
[CollectionDefinition(nameof(IdleHelperTests), DisableParallelization = true)]
[Collection(nameof(IdleHelperTests))]
public sealed class IdleHelperTests
{
    /// <summary>Helpers watch for about a millisecond after a job; this allows far more, against a whole second of waiting.</summary>
    [Fact]
    public void Idle_helpers_cost_nothing()
    {
        WorkTeam.Run(64, Environment.ProcessorCount, _ => Thread.SpinWait(1000));
        Thread.Sleep(100);
        using Process process = Process.GetCurrentProcess();
        List<double> used = [];
        for (int round = 0; round < 4 && !used.Exists(static ms => ms < 100); round++)
        {
            // The runtime has background work of its own: the quietest second counts.
            process.Refresh();
            TimeSpan before = process.TotalProcessorTime;
            Thread.Sleep(1000);
            process.Refresh();
            used.Add((process.TotalProcessorTime - before).TotalMilliseconds);
        }

        Assert.Contains(used, static ms => ms < 100);
    }
}
