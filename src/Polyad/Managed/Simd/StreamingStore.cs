using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace Polyad.Managed;

/// <summary>Stores past the caches, for results too large to be met there again: their lines are not read first, and push nothing out.</summary>
internal static unsafe class StreamingStore
{
    /// <summary>Bytes of a result from which it is better left to memory.</summary>
    public const long LeastBytes = 16 << 20;

    /// <summary>Stores one number of 4 or 8 bytes; an ordinary store where the machine has no other.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Write<T>(T* to, T value)
        where T : unmanaged
    {
        if (sizeof(T) == sizeof(long) && Sse2.X64.IsSupported)
        {
            Sse2.X64.StoreNonTemporal((long*)to, Unsafe.BitCast<T, long>(value));
        }
        else if (sizeof(T) == sizeof(int) && Sse2.IsSupported)
        {
            Sse2.StoreNonTemporal((int*)to, Unsafe.BitCast<T, int>(value));
        }
        else
        {
            *to = value;
        }
    }

    /// <summary>Brings what was stored before whatever this thread stores next.</summary>
    public static void Fence()
    {
        if (Sse.IsSupported)
        {
            Sse.StoreFence();
        }
    }
}
