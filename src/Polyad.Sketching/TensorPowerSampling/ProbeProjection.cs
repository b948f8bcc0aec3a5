using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Polyad.Sketching;

/// <summary>The kernel of the walk: numbers of all probes of one coordinate lie side by side.</summary>
internal static class ProbeProjection
{
    /// <summary>a += c f for all probes; both have the same length.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Add(double c, ReadOnlySpan<double> f, Span<double> a)
    {
        ref double source = ref MemoryMarshal.GetReference(f);
        ref double target = ref MemoryMarshal.GetReference(a);
        nuint q = 0, length = (nuint)f.Length;
        for (; q + 8 <= length; q += 8)
        {
            (Vector512.LoadUnsafe(ref target, q) + (c * Vector512.LoadUnsafe(ref source, q))).StoreUnsafe(ref target, q);
        }

        for (; q < length; q++)
        {
            Unsafe.Add(ref target, q) += c * Unsafe.Add(ref source, q);
        }
    }
}
