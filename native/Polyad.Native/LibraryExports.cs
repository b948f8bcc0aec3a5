using System.Runtime.InteropServices;

namespace Polyad.Native;

/// <summary>What the library says of itself and lets be set.</summary>
internal static unsafe class LibraryExports
{
    // Handed to C for the life of the process.
    private static readonly nint VersionText = Marshal.StringToCoTaskMemUTF8(ManagedBackend.Shared.Describe().Version);
    private static readonly nint IsaText = Marshal.StringToCoTaskMemUTF8(ManagedBackend.Isa);

    [UnmanagedCallersOnly(EntryPoint = "polyad_version")]
    public static byte* Version() => (byte*)VersionText;

    [UnmanagedCallersOnly(EntryPoint = "polyad_isa")]
    public static byte* Isa() => (byte*)IsaText;

    [UnmanagedCallersOnly(EntryPoint = "polyad_set_num_threads")]
    public static void SetThreads(int threads) => ThreadLimit.Set(threads);

    [UnmanagedCallersOnly(EntryPoint = "polyad_get_num_threads")]
    public static int GetThreads() => ThreadLimit.Parallelism.MaxThreads;

    [UnmanagedCallersOnly(EntryPoint = "polyad_set_error_handler")]
    public static void SetErrorHandler(delegate* unmanaged<byte*, int, void> handler) => ErrorReport.SetHandler(handler);
}
