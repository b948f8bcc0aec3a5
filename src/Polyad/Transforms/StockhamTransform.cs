using System.Numerics;

namespace Polyad.Transforms;

/// <summary>
/// Stockham's method for lengths of prime factors 2, 3 and 5: its radices and twiddle factors, made once. Several transforms may lie interleaved, element j of all beside each
/// other: their passes are those of one transform that begins with that stride.
/// </summary>
internal sealed unsafe class StockhamTransform<T>
    where T : unmanaged, INumberBase<T>
{
    /// <summary>Parts are cut at multiples of this many lanes: whole vectors.</summary>
    private const int Granule = 64;

    private readonly int[] _radices;
    private readonly T[][] _twiddles;

    /// <summary>Whether the first pass is the one that transposes in registers: its table is laid out for it.</summary>
    private readonly bool _lanesFirst;

    private readonly int _transforms;

    /// <param name="length">A product of 2, 3 and 5.</param>
    /// <param name="transforms">How many transforms are interleaved.</param>
    public StockhamTransform(int length, int transforms = 1)
    {
        Length = length;
        _transforms = transforms;
        int first = FirstFftStage.Radix<T>();
        _lanesFirst = transforms == 1 && first > 1 && length % (first * first) == 0;
        List<int> radices = [];
        int rest = length;
        if (_lanesFirst)
        {
            radices.Add(first);
            rest /= first;
        }

        // Sixteen is two passes of four, not eight and two.
        for (; rest % 8 == 0 && !(rest % 16 == 0 && rest % 32 != 0); rest /= 8)
        {
            radices.Add(8);
        }

        foreach (int radix in (ReadOnlySpan<int>)[4, 2, 3, 5])
        {
            for (; rest % radix == 0; rest /= radix)
            {
                radices.Add(radix);
            }
        }

        _radices = [.. radices];
        _twiddles = new T[_radices.Length][];
        int n = length;
        for (int stage = 0; stage < _radices.Length; stage++)
        {
            int radix = _radices[stage], m = n / radix, row = 2 * (radix - 1);
            T[] table = _twiddles[stage] = new T[m * row];
            bool rows = stage == 0 && _lanesFirst;
            for (int p = 0; p < m; p++)
            {
                for (int j = 1, at = 0; j < radix; j++, at += 2)
                {
                    (double c, double s) = UnitRoot.At((long)p * j, n);
                    table[rows ? (at * m) + p : (p * row) + at] = T.CreateTruncating(c);
                    table[rows ? ((at + 1) * m) + p : (p * row) + at + 1] = T.CreateTruncating(-s);
                }
            }

            n = m;
        }
    }

    /// <summary>The number of points.</summary>
    public int Length { get; }

    /// <summary>Whether a length has no prime factor but 2, 3 and 5.</summary>
    public static bool Serves(int length)
    {
        foreach (int factor in (ReadOnlySpan<int>)[2, 3, 5])
        {
            for (; length % factor == 0; length /= factor)
            {
            }
        }

        return length == 1;
    }

    /// <summary>Transforms in place.</summary>
    public void Run(T* re, T* im)
    {
        int elements = Length * _transforms;
        using Scratch<T> scratch = Workspace.Rent<T>(2 * (nint)elements);
        T* xr = re, xi = im, yr = scratch.Pointer, yi = yr + elements;
        int m = Length, s = _transforms, threads = Parallelism.Current.ThreadsForBytes(4.0 * elements * sizeof(T));
        for (int stage = 0; stage < _radices.Length; stage++)
        {
            m /= _radices[stage];
            fixed (T* w = _twiddles[stage])
            {
                if (threads == 1)
                {
                    Part(stage, m, s, 0, 1, w, xr, xi, yr, yi);
                }
                else
                {
                    Pass(stage, m, s, threads, w, xr, xi, yr, yi);
                }
            }

            s *= _radices[stage];
            T* lastReal = xr, lastImaginary = xi;
            xr = yr;
            xi = yi;
            yr = lastReal;
            yi = lastImaginary;
        }

        if (xr != re)
        {
            new ReadOnlySpan<T>(xr, elements).CopyTo(new Span<T>(re, elements));
            new ReadOnlySpan<T>(xi, elements).CopyTo(new Span<T>(im, elements));
        }
    }

    private void Pass(int stage, int m, int s, int threads, T* w, T* xr, T* xi, T* yr, T* yi)
        => WorkTeam.Run(threads, threads, part => Part(stage, m, s, part, threads, w, xr, xi, yr, yi));

    /// <summary>One part of a pass. Butterflies are independent: parts are ranges of p or, where few are left, of the lanes q.</summary>
    private void Part(int stage, int m, int s, int part, int parts, T* w, T* xr, T* xi, T* yr, T* yi)
    {
        int radix = _radices[stage];
        bool first = stage == 0 && _lanesFirst, byLanes = m < parts;
        (int start, int end) = WorkTeam.Range(byLanes ? s : m, parts, part, byLanes || first ? Granule : 1);
        if (start == end)
        {
            return;
        }

        nint step = (nint)m * s, at = (nint)start * s;
        if (first)
        {
            FirstFftStage.Run(end - start, m, w + start, xr + start, xi + start, yr + (radix * at), yi + (radix * at));
        }
        else if (byLanes)
        {
            FftStage.Run(radix, m, step, s, end - start, w, xr + start, xi + start, yr + start, yi + start);
        }
        else
        {
            FftStage.Run(radix, end - start, step, s, s, w + (2 * (radix - 1) * (nint)start), xr + at, xi + at, yr + (radix * at), yi + (radix * at));
        }
    }
}
