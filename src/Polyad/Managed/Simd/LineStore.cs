using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Polyad.Managed;

/// <summary>How a vector as long as a cache line, and one number, are stored.</summary>
internal unsafe interface ILineStore
{
    static abstract void Store(Vector512<byte> line, byte* to);

    static abstract void Store<T>(T value, T* to)
        where T : unmanaged;
}

/// <summary>To any address, as usual.</summary>
internal readonly unsafe struct CachedLine : ILineStore
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Vector512<byte> line, byte* to) => line.Store(to);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store<T>(T value, T* to)
        where T : unmanaged
        => *to = value;
}

/// <summary>To the beginning of a cache line, past the caches; <see cref="StreamingStore.Fence"/> is to follow.</summary>
internal readonly unsafe struct StreamedLine : ILineStore
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Vector512<byte> line, byte* to) => line.StoreAlignedNonTemporal(to);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store<T>(T value, T* to)
        where T : unmanaged
        => StreamingStore.Write(to, value);
}
