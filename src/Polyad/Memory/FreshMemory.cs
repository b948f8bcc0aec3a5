using System.Numerics.Tensors;
using System.Runtime.InteropServices;

namespace Polyad;

/// <summary>
/// Brings the pages of large, newly allocated memory into being at little cost. The system gives a page only when it is first written, by a fault for each 4 KiB: on a virtual machine
/// a result of 8 MB can cost more time in faults than in arithmetic. Linux is asked for pages of 2 MiB, and for those of a result in one call. On other systems nothing happens.
/// </summary>
internal static unsafe partial class FreshMemory
{
    /// <summary>The larger pages of x64, and of arm64 with pages of 4 KiB; where the system has others it takes what fits.</summary>
    public const nuint LargePage = 2 << 20;

    /// <summary>Below this, a call costs as much as it saves.</summary>
    private const nuint SmallestBytes = 1 << 20;

    /// <summary>MADV_HUGEPAGE of Linux 2.6.38: large pages where the memory is aligned to them. A system that has none refuses it, and nothing is lost.</summary>
    private const int LargePages = 14;

    /// <summary>MADV_POPULATE_WRITE of Linux 5.14: make every page present and writable. An older kernel refuses it, and nothing is lost.</summary>
    private const int PopulateForWriting = 23;

    /// <summary>A new tensor of zeros whose memory is present.</summary>
    public static Tensor<T> Zeros<T>(ReadOnlySpan<nint> lengths)
        where T : unmanaged
    {
        // The runtime would clear a large array before it can be asked for large pages.
        Tensor<T> tensor = Uninitialized<T>(lengths);
        LinearAlgebra.Elements(tensor).Clear();
        return tensor;
    }

    /// <summary>As <see cref="Zeros"/>, with whatever the memory held: for a tensor that will be overwritten.</summary>
    public static Tensor<T> Uninitialized<T>(ReadOnlySpan<nint> lengths)
        where T : unmanaged
    {
        Tensor<T> tensor = Tensor.CreateFromShapeUninitialized<T>(lengths);
        Populate(LinearAlgebra.Elements(tensor));
        return tensor;
    }

    /// <summary>Makes the memory of <paramref name="destination"/> present. The content does not change.</summary>
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
            AdviseLargePages(start, bytes);
            Advise((nuint)start, (nuint)start + bytes, (nuint)Environment.SystemPageSize, PopulateForWriting);
        }
    }

    /// <summary>Asks for large pages where a block of memory holds whole ones; they come when they are first written.</summary>
    public static void AdviseLargePages(void* start, nuint bytes)
    {
        if (bytes >= LargePage && OperatingSystem.IsLinux())
        {
            Advise((nuint)start, (nuint)start + bytes, LargePage, LargePages);
        }
    }

    private static void Advise(nuint start, nuint end, nuint page, int advice)
    {
        nuint from = (start + page - 1) & ~(page - 1), to = end & ~(page - 1);
        if (from < to)
        {
            _ = MemoryAdvice((void*)from, to - from, advice);
        }
    }

    [LibraryImport("libc", EntryPoint = "madvise")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int MemoryAdvice(void* start, nuint bytes, int advice);
}
