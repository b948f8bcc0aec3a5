using System.Numerics;
using System.Runtime.CompilerServices;

namespace Polyad.Sketching;

/// <summary>Kernels of the walk: numbers of all probes of one coordinate lie side by side.</summary>
internal static class ProbeProjection
{
    /// <summary>a += c f for all probes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Add(double c, ReadOnlySpan<double> f, Span<double> a)
    {
        Vector<double> factor = new(c);
        int q = 0;
        for (; q <= f.Length - Vector<double>.Count; q += Vector<double>.Count)
        {
            (new Vector<double>(a[q..]) + (factor * new Vector<double>(f[q..]))).CopyTo(a[q..]);
        }

        for (; q < f.Length; q++)
        {
            a[q] += c * f[q];
        }
    }
}
