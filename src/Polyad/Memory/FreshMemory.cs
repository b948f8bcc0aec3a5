using System.Numerics.Tensors;
using System.Runtime.InteropServices;

namespace Polyad;

/// <summary>
/// Large tensors whose memory costs little to come by. The system gives a page only when it is first written, by a fault for each 4 KiB: on a virtual machine
/// a result of 8 MB can cost more time in faults than in arithmetic. Here Linux is asked for pages of 2 MiB, and for all of them in one call (transparent huge pages, where the machine's
/// setting is not "never"). All of the library's large results are made so; use it for your own. Small tensors, and other systems, are as the framework has them.
/// </summary>
public static unsafe partial class FreshMemory
{
    /// <summary>The larger pages of x64, and of arm64 with pages of 4 KiB; where the system has others it takes what fits.</summary>
    internal const nuint LargePage = 2 << 20;

    /// <summary>Below this, a call costs as much as it saves.</summary>
    private const nuint SmallestBytes = 1 << 20;

    /// <summary>MADV_HUGEPAGE of Linux 2.6.38: large pages where the memory is aligned to them. A system that has none refuses it, and nothing is lost.</summary>
    private const int LargePages = 14;

    /// <summary>MADV_POPULATE_WRITE of Linux 5.14: make every page present and writable. An older kernel refuses it, and nothing is lost.</summary>
    private const int PopulateForWriting = 23;

    /// <summary>A new dense tensor of zeros, row-major, whose memory is present.</summary>
    /// <param name="lengths">Its shape; a length may be 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">A length is negative.</exception>
    /// <exception cref="OverflowException">There are more elements than an address can count.</exception>
    public static Tensor<T> Zeros<T>(params ReadOnlySpan<nint> lengths)
        where T : unmanaged
    {
        // The runtime would clear a large array before it can be asked for large pages.
        Tensor<T> tensor = Uninitialized<T>(lengths);
        LinearAlgebra.Elements(tensor).Clear();
        return tensor;
    }

    /// <summary>As <see cref="Zeros"/>, with whatever the memory held: for a tensor that will be overwritten.</summary>
    public static Tensor<T> Uninitialized<T>(params ReadOnlySpan<nint> lengths)
        where T : unmanaged
    {
        Tensor<T> tensor = Tensor.CreateFromShapeUninitialized<T>(lengths);
        Populate(LinearAlgebra.Elements(tensor));
        return tensor;
    }

    /// <summary>A new array with whatever the memory held, which is present: for one that will be overwritten.</summary>
    /// <param name="length">Elements.</param>
    /// <exception cref="OverflowException">The length is negative.</exception>
    public static T[] UninitializedArray<T>(int length)
        where T : unmanaged
    {
        T[] array = GC.AllocateUninitializedArray<T>(length);
        Populate<T>(array);
        return array;
    }

    /// <summary>Makes the memory of <paramref name="destination"/> present, on large pages as far as none of it has been written. The content does not change.</summary>
    /// <param name="destination">Newly allocated memory, best as <see cref="UninitializedArray"/> has it: the framework clears a large array first.</param>
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
    internal static void AdviseLargePages(void* start, nuint bytes)
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
