using System.Numerics;

namespace Polyad.Decomposition;

/// <summary>Contracts one mode of a partial product [.., R] with the matching columns of a factor (the multi-TTV of a dimension tree).</summary>
internal static class PartialContraction
{
    /// <summary>out[p, r] = sum over i of x[p, i, r] u[i, r].</summary>
    public static void Last<T>(ReadOnlySpan<T> x, int items, ReadOnlySpan<T> u, int rank, Span<T> output)
        where T : unmanaged, INumberBase<T>
    {
        int length = u.Length / rank;
        output.Clear();
        for (int p = 0; p < items; p++)
        {
            Span<T> target = output.Slice(p * rank, rank);
            for (int i = 0; i < length; i++)
            {
                AddProduct(x.Slice(((p * length) + i) * rank, rank), u.Slice(i * rank, rank), target);
            }
        }
    }

    /// <summary>out[q, r] = sum over i of x[i, q, r] u[i, r].</summary>
    public static void First<T>(ReadOnlySpan<T> x, int items, ReadOnlySpan<T> u, int rank, Span<T> output)
        where T : unmanaged, INumberBase<T>
    {
        int length = u.Length / rank;
        output.Clear();
        for (int i = 0; i < length; i++)
        {
            ReadOnlySpan<T> row = u.Slice(i * rank, rank);
            for (int q = 0; q < items; q++)
            {
                AddProduct(x.Slice(((i * items) + q) * rank, rank), row, output.Slice(q * rank, rank));
            }
        }
    }

    private static void AddProduct<T>(ReadOnlySpan<T> a, ReadOnlySpan<T> b, Span<T> c)
        where T : unmanaged, INumberBase<T>
    {
        int r = 0, w = Vector<T>.Count;
        if (Vector.IsHardwareAccelerated)
        {
            for (; r <= c.Length - w; r += w)
            {
                ((new Vector<T>(a[r..]) * new Vector<T>(b[r..])) + new Vector<T>(c[r..])).CopyTo(c[r..]);
            }
        }

        for (; r < c.Length; r++)
        {
            c[r] += a[r] * b[r];
        }
    }
}
