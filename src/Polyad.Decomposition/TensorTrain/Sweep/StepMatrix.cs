namespace Polyad.Decomposition;

/// <summary>What is left of the tensor between two steps: the caller's own elements at first, then scratch of the step before. Scratch of a step that failed goes back with the garbage.</summary>
internal sealed unsafe class StepMatrix<T> : IDisposable
    where T : unmanaged
{
    private Scratch<T> _scratch;

    /// <summary>Memory that somebody else owns.</summary>
    public StepMatrix(T* data)
    {
        Data = data;
        GC.SuppressFinalize(this);
    }

    /// <summary>Scratch for so many elements.</summary>
    public StepMatrix(nint count)
    {
        _scratch = Workspace.Rent<T>(count);
        Data = _scratch.Pointer;
    }

    ~StepMatrix() => _scratch.Dispose();

    public T* Data { get; }

    /// <summary>The first so many elements.</summary>
    public Span<T> Span(int count) => new(Data, count);

    public void Dispose()
    {
        _scratch.Dispose();
        GC.SuppressFinalize(this);
    }
}
