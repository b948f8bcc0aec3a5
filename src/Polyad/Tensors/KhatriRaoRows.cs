using System.Numerics;
using System.Runtime.CompilerServices;

namespace Polyad;

/// <summary>
/// Rows of a Khatri-Rao product (first matrix slowest) made where they are needed: row (i_1, .., i_m) is the element-wise product of row i_k of every factor.
/// The whole product is never stored.
/// </summary>
/// <param name="factors">Addresses of dense row-major factors.</param>
/// <param name="lengths">Their rows.</param>
/// <param name="rank">Their columns.</param>
internal readonly unsafe struct KhatriRaoRows<T>(nint[] factors, nint[] lengths, int rank)
    where T : unmanaged, INumberBase<T>
{
    /// <summary>Writes rows start .. start + count - 1, dense.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Fill(nint start, nint count, T* rows)
    {
        int last = factors.Length - 1;
        if (last < 0)
        {
            new Span<T>(rows, checked((int)(count * rank))).Fill(T.One);
            return;
        }

        T* tail = (T*)factors[last];
        if (last == 0)
        {
            Buffer.MemoryCopy(tail + (start * rank), rows, count * rank * sizeof(T), count * rank * sizeof(T));
            return;
        }

        using Scratch<T> scratch = Workspace.Rent<T>(rank);
        T* prefix = scratch.Pointer;
        nint done = 0;
        while (done < count)
        {
            nint row = start + done, i = row % lengths[last], outer = row / lengths[last];
            Prefix(outer, last, prefix);
            nint end = Math.Min(lengths[last], i + count - done);
            for (; i < end; i++, done++)
            {
                Product(prefix, tail + (i * rank), rows + (done * rank));
            }
        }
    }

    private void Prefix(nint index, int count, T* prefix)
    {
        for (int k = count - 1; k >= 0; k--)
        {
            T* row = (T*)factors[k] + (index % lengths[k] * rank);
            index /= lengths[k];
            if (k == count - 1)
            {
                new ReadOnlySpan<T>(row, rank).CopyTo(new Span<T>(prefix, rank));
            }
            else
            {
                Product(prefix, row, prefix);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Product(T* a, T* b, T* c)
    {
        int r = 0;
        if (Vector.IsHardwareAccelerated)
        {
            for (; r <= rank - Vector<T>.Count; r += Vector<T>.Count)
            {
                (Vector.Load(a + r) * Vector.Load(b + r)).Store(c + r);
            }
        }

        for (; r < rank; r++)
        {
            c[r] = a[r] * b[r];
        }
    }
}
