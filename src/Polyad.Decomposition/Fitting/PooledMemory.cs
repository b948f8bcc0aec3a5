namespace Polyad.Decomposition;

/// <summary>Elements that somebody else owns, or scratch from the pool that can be handed on between the steps of a method. Scratch of a step that failed goes back with the garbage.</summary>
internal sealed unsafe class PooledMemory<T> : IDisposable
    where T : unmanaged
{
    private Scratch<T> _scratch;

    /// <summary>Memory that somebody else owns.</summary>
    public PooledMemory(T* data)
    {
        Data = data;
        GC.SuppressFinalize(this);
    }

    /// <summary>Scratch for so many elements.</summary>
    public PooledMemory(nint count)
    {
        _scratch = Workspace.Rent<T>(count);
        Data = _scratch.Pointer;
    }

    ~PooledMemory() => _scratch.Dispose();

    public T* Data { get; }

    /// <summary>The first so many elements.</summary>
    public Span<T> Span(int count) => new(Data, count);

    public void Dispose()
    {
        _scratch.Dispose();
        GC.SuppressFinalize(this);
    }
}
