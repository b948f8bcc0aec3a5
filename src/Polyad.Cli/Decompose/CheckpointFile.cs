using System.Diagnostics;
using Polyad.Decomposition;

namespace Polyad.Cli.Decompose;

/// <summary>Keeps the state of every sweep in memory and writes it to a file every few seconds, and when the fit ends, for whatever reason: an interrupted fit loses no sweep, and a fast one is not held up by its disk.</summary>
internal sealed class CheckpointFile
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(5);

    private readonly string _path;
    private FitCheckpoint? _last;
    private long _written = Stopwatch.GetTimestamp();

    public CheckpointFile(string path)
    {
        _path = path;
        Plan = new CheckpointPlan { Every = 1, Callback = Keep };
    }

    public CheckpointPlan Plan { get; }

    /// <summary>Writes the last state.</summary>
    /// <returns>Its sweep; null when there was none.</returns>
    public int? Write()
    {
        _last?.Save(_path);
        return _last?.Iteration;
    }

    private void Keep(FitCheckpoint state)
    {
        _last = state;
        if (Stopwatch.GetElapsedTime(_written) >= Pause)
        {
            state.Save(_path);
            _written = Stopwatch.GetTimestamp();
        }
    }
}
