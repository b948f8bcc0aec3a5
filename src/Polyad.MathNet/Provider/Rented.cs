using System.Buffers;

namespace Polyad.MathNet;

/// <summary>Scratch of exactly the length asked for, from the shared array pool; a struct to be used with <c>using</c> and not copied.</summary>
internal readonly struct Rented<T> : IDisposable
    where T : unmanaged
{
    private readonly T[] _array;
    private readonly int _length;

    public Rented(long length)
    {
        _length = checked((int)length);
        _array = ArrayPool<T>.Shared.Rent(_length);
    }

    public Span<T> Span => _array.AsSpan(0, _length);

    public static Rented<T> CopyOf(ReadOnlySpan<T> source)
    {
        Rented<T> copy = new(source.Length);
        source.CopyTo(copy.Span);
        return copy;
    }

    public void Dispose() => ArrayPool<T>.Shared.Return(_array);
}
