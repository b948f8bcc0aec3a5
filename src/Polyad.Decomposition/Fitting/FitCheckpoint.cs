namespace Polyad.Decomposition;

/// <summary>The whole state of an iterative fit between two iterations. Made by a fit that has a <see cref="CheckpointPlan"/>; given to another as <see cref="IterativeDecomposition.Resume"/>.</summary>
public sealed class FitCheckpoint
{
    private const string Format = "polyad.checkpoint 1";

    private FitCheckpoint(ModelArchive state) => State = state;

    /// <summary>The method that left it, and what it was fitting.</summary>
    public string Subject => State.Text("subject");

    /// <summary>Iterations done in the current start.</summary>
    public int Iteration => State.Whole("iteration");

    /// <summary>The arrays of the method.</summary>
    internal ModelArchive State { get; }

    /// <summary>Writes an .npz file; the arrays are internal to the method, and NumPy reads them. An old file is replaced at once.</summary>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public void Save(string path) => State.Save(path);

    /// <summary>Reads what <see cref="Save"/> or a <see cref="CheckpointPlan"/> wrote.</summary>
    /// <exception cref="InvalidDataException">The file is not a checkpoint.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static FitCheckpoint Load(string path) => new(ModelArchive.Load(path, Format));

    /// <summary>A new checkpoint for a method to add its arrays to.</summary>
    /// <param name="subject">The method, the tensor and all options that the state depends on; a fit goes on only from a checkpoint of the same subject.</param>
    /// <param name="iteration">Iterations done in the current start.</param>
    internal static FitCheckpoint Of(string subject, int iteration)
    {
        ModelArchive state = new(Format);
        state.Add("subject", subject);
        state.Add("iteration", iteration);
        return new FitCheckpoint(state);
    }

    /// <exception cref="ArgumentException">The checkpoint is of another fit.</exception>
    internal void Require(string subject)
    {
        if (Subject != subject)
        {
            throw new ArgumentException($"The checkpoint belongs to another fit: it is of '{Subject}', this is '{subject}'.", nameof(subject));
        }
    }
}
