namespace Polyad.Sketching;

/// <summary>Numbers for <see cref="ProbeLanes"/> that grow: on 64 bytes each, so that no vector lies across two cache lines.</summary>
internal sealed class LaneBuffer : IDisposable
{
    private Scratch<float> _room;

    /// <param name="length">How many numbers; not cleared.</param>
    public LaneBuffer(nint length)
    {
        _room = Workspace.Rent<float>(length);
    }

    public nint Length => _room.Length;

    public unsafe ref float First => ref *_room.Pointer;

    public unsafe Span<float> Slice(nint first, int length) => new(_room.Pointer + first, length);

    /// <summary>Makes room for numbers after the first ones, which are kept; the others are not cleared.</summary>
    public void Grow(nint length, int kept)
    {
        Scratch<float> room = Workspace.Rent<float>(length);
        Slice(0, kept).CopyTo(room.Span);
        _room.Dispose();
        _room = room;
    }

    public void Dispose() => _room.Dispose();
}
