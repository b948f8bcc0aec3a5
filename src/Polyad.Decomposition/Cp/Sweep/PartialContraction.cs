using System.Numerics;
using System.Runtime.CompilerServices;

namespace Polyad.Decomposition;

/// <summary>
/// Contracts one mode of a partial product [.., R] with the matching columns of a factor (the multi-TTV of a dimension tree). Outputs are dealt out in parts that depend on the shape alone,
/// and each is one sum in order: the result does not depend on the number of threads.
/// </summary>
internal static unsafe class PartialContraction
{
    /// <summary>Elements read that make a part worth while.</summary>
    private const int PartElements = 1 << 17;

    private const int MaxParts = 16;

    /// <summary>out[p, r] = sum over i of x[p, i, r] conj(u[i, r]).</summary>
    public static void Last<T>(ReadOnlySpan<T> x, int items, ReadOnlySpan<T> u, int rank, Span<T> output, int threads)
        where T : unmanaged, INumberBase<T>
    {
        int length = u.Length / rank;
        Run(x, items, u, output, rank, threads, [MethodImpl(MethodImplOptions.AggressiveOptimization)] (from, to, px, pu, target) =>
        {
            for (nint p = from; p < to; p++)
            {
                for (nint i = 0; i < length; i++)
                {
                    AddProduct(px + (((p * length) + i) * rank), pu + (i * rank), target + (p * rank), rank);
                }
            }
        });
    }

    /// <summary>out[q, r] = sum over i of x[i, q, r] conj(u[i, r]).</summary>
    public static void First<T>(ReadOnlySpan<T> x, int items, ReadOnlySpan<T> u, int rank, Span<T> output, int threads)
        where T : unmanaged, INumberBase<T>
    {
        int length = u.Length / rank;
        Run(x, items, u, output, rank, threads, [MethodImpl(MethodImplOptions.AggressiveOptimization)] (from, to, px, pu, target) =>
        {
            for (nint i = 0; i < length; i++)
            {
                for (nint q = from; q < to; q++)
                {
                    AddProduct(px + (((i * items) + q) * rank), pu + (i * rank), target + (q * rank), rank);
                }
            }
        });
    }

    private delegate void Part<T>(int from, int to, T* x, T* u, T* output)
        where T : unmanaged;

    private static void Run<T>(ReadOnlySpan<T> x, int items, ReadOnlySpan<T> u, Span<T> output, int rank, int threads, Part<T> part)
        where T : unmanaged, INumberBase<T>
    {
        output[..(items * rank)].Clear();
        fixed (T* px = x)
        fixed (T* pu = u)
        fixed (T* target = output)
        {
            int parts = Math.Clamp(x.Length / PartElements, 1, Math.Min(MaxParts, items));
            if (parts == 1 || threads == 1)
            {
                part(0, items, px, pu, target);
                return;
            }

            nint source = (nint)px, factor = (nint)pu, sums = (nint)target;
            WorkTeam.Run(parts, threads, index =>
                part((int)((long)items * index / parts), (int)((long)items * (index + 1) / parts), (T*)source, (T*)factor, (T*)sums));
        }
    }

    /// <summary>c += a .* conj(b)</summary>
    private static void AddProduct<T>(T* a, T* b, T* c, int count)
        where T : unmanaged, INumberBase<T>
    {
        int r = 0;
        if (Vector.IsHardwareAccelerated && Vector<T>.IsSupported)
        {
            for (; r <= count - Vector<T>.Count; r += Vector<T>.Count)
            {
                ((Vector.Load(a + r) * Vector.Load(b + r)) + Vector.Load(c + r)).Store(c + r);
            }
        }

        for (; r < count; r++)
        {
            c[r] += a[r] * Scalar.Conjugate(b[r]);
        }
    }
}
