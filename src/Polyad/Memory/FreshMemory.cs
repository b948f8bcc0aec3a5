using System.Runtime.InteropServices;

namespace Polyad;

/// <summary>
/// Brings the pages of a large, newly allocated result into memory in one call. The system gives a page only when it is first written, by a fault for each 4 KiB: on a virtual machine
/// a result of 8 MB can cost more time in faults than in arithmetic.
/// </summary>
internal static unsafe partial class FreshMemory
{
    /// <summary>Below this, a call costs as much as it saves.</summary>
    private const nuint SmallestBytes = 1 << 20;

    /// <summary>MADV_POPULATE_WRITE of Linux 5.14: make every page present and writable. An older kernel refuses it, and nothing is lost.</summary>
    private const int PopulateForWriting = 23;

    /// <summary>Makes the memory of <paramref name="destination"/> present. The content does not change; on other systems than Linux nothing happens.</summary>
    public static void Populate<T>(Span<T> destination)
        where T : unmanaged
    {
        nuint bytes = (nuint)destination.Length * (nuint)sizeof(T);
        if (bytes < SmallestBytes || !OperatingSystem.IsLinux())
        {
            return;
        }

        fixed (T* start = destination)
        {
            nuint page = (nuint)Environment.SystemPageSize, from = ((nuint)start + page - 1) & ~(page - 1), to = ((nuint)start + bytes) & ~(page - 1);
            _ = MemoryAdvice((void*)from, to - from, PopulateForWriting);
        }
    }

    [LibraryImport("libc", EntryPoint = "madvise")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int MemoryAdvice(void* start, nuint bytes, int advice);
}
