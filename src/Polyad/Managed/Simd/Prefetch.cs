using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace Polyad.Managed;

/// <summary>Hints to the caches. An address beyond the data does no harm.</summary>
internal static unsafe class Prefetch
{
    /// <summary>Brings cache lines on their way into the nearest cache.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Lines(void* start, nint bytes)
    {
        if (Sse.IsSupported)
        {
            for (nint at = 0; at < bytes; at += 64)
            {
                Sse.Prefetch0((byte*)start + at);
            }
        }
    }
}
