using System.Numerics;

namespace Polyad.Transforms;

/// <summary>Stockham's method for lengths of prime factors 2, 3 and 5: its radices and twiddle factors, made once.</summary>
internal sealed unsafe class StockhamTransform<T>
    where T : unmanaged, INumberBase<T>
{
    private readonly int[] _radices;
    private readonly T[][] _twiddles;

    /// <summary>Whether a single transform begins with the pass that transposes in registers: the first table is laid out for it.</summary>
    private readonly bool _lanesFirst;

    /// <param name="length">A product of 2, 3 and 5.</param>
    /// <param name="interleaved">Only <see cref="Interleaved"/> will be called: no table for lanes along one transform.</param>
    public StockhamTransform(int length, bool interleaved)
    {
        Length = length;
        int first = FirstFftStage.Radix<T>();
        _lanesFirst = !interleaved && first > 1 && length % (first * first) == 0;
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

    /// <summary>Transforms (xr, xi) with (yr, yi) as scratch. Returns whether the result is in y.</summary>
    public bool Single(T* xr, T* xi, T* yr, T* yi) => Run(1, xr, xi, yr, yi);

    /// <summary>
    /// Transforms <paramref name="count"/> interleaved sequences, element j of sequence q at q + j * count. Returns whether the result is in y.
    /// </summary>
    public bool Interleaved(int count, T* xr, T* xi, T* yr, T* yi) => Run(count, xr, xi, yr, yi);

    private bool Run(int count, T* xr, T* xi, T* yr, T* yi)
    {
        int m = Length, s = count;
        for (int stage = 0; stage < _radices.Length; stage++)
        {
            int radix = _radices[stage];
            m /= radix;
            fixed (T* w = _twiddles[stage])
            {
                if (stage == 0 && _lanesFirst)
                {
                    FirstFftStage.Run(m, w, xr, xi, yr, yi);
                }
                else
                {
                    FftStage.Run(radix, m, s, w, xr, xi, yr, yi);
                }
            }

            s *= radix;
            T* lastReal = xr, lastImaginary = xi;
            xr = yr;
            xi = yi;
            yr = lastReal;
            yi = lastImaginary;
        }

        return _radices.Length % 2 != 0;
    }
}
