namespace Polyad;

/// <summary>Rented scratch memory, 64-byte aligned, given back when disposed. A struct to be used with <c>using</c> and not copied.</summary>
internal unsafe struct Scratch<T>(T* pointer, nint length, nuint bucket) : IDisposable
    where T : unmanaged
{
    private T* _pointer = pointer;

    public readonly T* Pointer => _pointer;

    public readonly nint Length => length;

    public readonly Span<T> Span => new(_pointer, checked((int)length));

    public readonly void Clear()
    {
        for (nint done = 0; done < length; done += 1 << 30)
        {
            new Span<T>(_pointer + done, (int)Math.Min(length - done, 1 << 30)).Clear();
        }
    }

    public void Dispose()
    {
        if (_pointer != null)
        {
            Workspace.Return(_pointer, bucket);
            _pointer = null;
        }
    }
}
