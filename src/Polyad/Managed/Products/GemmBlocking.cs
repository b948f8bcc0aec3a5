using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;

namespace Polyad.Managed;

/// <summary>
/// Block sizes of the product loops. Depth is fixed per element type because it fixes the order of additions: the same result whatever the path or the threads.
/// </summary>
internal static class GemmBlocking
{
    /// <summary>Steps of k between two updates of C (KC): a micro-panel of B, Depth x 8, takes a third of a 48 KiB first-level cache.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Depth<T>()
        where T : unmanaged
        => typeof(T) == typeof(float) ? 384 : 256;

    /// <summary>Bytes of the packed block of A (MC x KC): half of a 1 MiB second-level cache.</summary>
    public const int PackedBytes = 480 << 10;

    /// <summary>Columns of B taken at once (NC).</summary>
    public const int Columns = 4096;

    /// <summary>Columns of a register tile: 8 with 32 vector registers, else 4.</summary>
    public static int TileColumns => Vector512.IsHardwareAccelerated || AdvSimd.IsSupported ? 8 : 4;

    /// <summary>Lanes of the widest vector.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Lanes<T>()
        where T : unmanaged
        => Vector512.IsHardwareAccelerated ? Vector512<T>.Count : Vector256.IsHardwareAccelerated ? Vector256<T>.Count : Vector128.IsHardwareAccelerated ? Vector128<T>.Count : 1;
}
