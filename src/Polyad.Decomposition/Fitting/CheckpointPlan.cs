namespace Polyad.Decomposition;

/// <summary>When and where an iterative fit leaves its state, so that another can go on from it (<see cref="IterativeDecomposition.Resume"/>).</summary>
public sealed class CheckpointPlan
{
    /// <summary>Iterations between two checkpoints (default 10), counted within each start.</summary>
    public int Every { get; init; } = 10;

    /// <summary>An .npz file that is replaced at each checkpoint, never left half written; null for none.</summary>
    public string? Path { get; init; }

    /// <summary>Told of each checkpoint, on the thread of the fit; null for none.</summary>
    public Action<FitCheckpoint>? Callback { get; init; }

    /// <summary>Leaves a checkpoint when one is due after <paramref name="iteration"/>.</summary>
    internal void Leave(int iteration, Func<FitCheckpoint> state)
    {
        if (iteration % Every != 0 || (Path is null && Callback is null))
        {
            return;
        }

        FitCheckpoint checkpoint = state();
        if (Path is { } path)
        {
            checkpoint.Save(path);
        }

        Callback?.Invoke(checkpoint);
    }
}
