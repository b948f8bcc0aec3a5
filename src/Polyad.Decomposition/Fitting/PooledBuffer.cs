namespace Polyad.Decomposition;

/// <summary>
/// Memory of the pool (<see cref="Workspace"/>) for an object that lives through many kernels: fresh memory of this size would be mapped by the system, page by page, at every fit. It goes
/// back when it is returned, or when the collector finds that nobody holds it any more, as after an exception: owners need no disposal of their own. Who takes its span keeps it alive.
/// </summary>
internal sealed class PooledBuffer<T>(nint elements)
    where T : unmanaged
{
    private Scratch<T> _scratch = Workspace.Rent<T>(elements);

    ~PooledBuffer() => _scratch.Dispose();

    public Span<T> Span => _scratch.Span;

    /// <summary>Ends the use of its memory.</summary>
    public void Return() => _scratch.Dispose();
}
