using System.Numerics;

namespace Polyad.Transforms;

/// <summary>
/// Real data of even length n by one complex transform of n/2 points: z[j] = x[2j] + i x[2j + 1] has the transform Z = E + i O, where E and O are the transforms of the
/// even and the odd entries, and X[k] = E[k] + w_n^k O[k].
/// </summary>
internal sealed unsafe class RealTransform<T>
    where T : unmanaged, INumberBase<T>
{
    private readonly FftPlan<T> _half;

    /// <summary>The pairs (cosine, sine) of half of w_n^k for k = 0..n/4.</summary>
    private readonly T[] _turns;

    /// <param name="length">n, even and positive.</param>
    public RealTransform(int length)
    {
        _half = new FftPlan<T>(length / 2);
        int quarter = length / 4;
        _turns = new T[2 * (quarter + 1)];
        for (int k = 0; k <= quarter; k++)
        {
            (double c, double s) = UnitRoot.At(k, length);
            (_turns[2 * k], _turns[(2 * k) + 1]) = (T.CreateTruncating(0.5 * c), T.CreateTruncating(-0.5 * s));
        }
    }

    /// <summary>Outputs 0 to n/2 of the transform of x.</summary>
    public void Forward(T* x, T* re, T* im)
    {
        int h = _half.Length;
        Interleaving.Split(h, x, re, im);
        _half.Run(re, im);
        (T first, T second) = (re[0], im[0]);
        (re[0], re[h], im[0], im[h]) = (first + second, first - second, T.Zero, T.Zero);
        T half = T.CreateTruncating(0.5);
        fixed (T* w = _turns)
        {
            // Places k and n/2 - k need each other, and w^(n/2 - k) is -conj(w^k).
            for (int k = 1, j = h - 1; k <= j; k++, j--)
            {
                T er = half * (re[k] + re[j]), ei = half * (im[k] - im[j]), or = im[k] + im[j], oi = re[j] - re[k];
                T c = w[2 * k], s = w[(2 * k) + 1];
                T tr = (or * c) - (oi * s), ti = (or * s) + (oi * c);
                (re[k], im[k], re[j], im[j]) = (er + tr, ei + ti, er - tr, ti - ei);
            }
        }
    }

    /// <summary>The real data of outputs 0 to n/2; the imaginary parts of the first and the last are taken as zero.</summary>
    public void Inverse(T* re, T* im, T* x)
    {
        int h = _half.Length;
        using Scratch<T> scratch = Workspace.Rent<T>(2 * (nint)h);
        T* zr = scratch.Pointer;
        T* zi = scratch.Pointer + h;
        T scale = T.One / T.CreateTruncating(h), half = T.CreateTruncating(0.5) * scale;
        (zr[0], zi[0]) = (half * (re[0] + re[h]), half * (re[0] - re[h]));
        fixed (T* w = _turns)
        {
            for (int k = 1, j = h - 1; k <= j; k++, j--)
            {
                T er = half * (re[k] + re[j]), ei = half * (im[k] - im[j]), dr = scale * (re[k] - re[j]), di = scale * (im[k] + im[j]);
                T c = w[2 * k], s = w[(2 * k) + 1];

                // O[k] = conj(w^k) (X[k] - conj X[n/2 - k]) / 2.
                T or = (dr * c) + (di * s), oi = (di * c) - (dr * s);
                (zr[k], zi[k], zr[j], zi[j]) = (er - oi, ei + or, er + oi, or - ei);
            }
        }

        // The inverse is the transform with the parts exchanged.
        _half.Run(zi, zr);
        Interleaving.Join(h, zr, zi, x);
    }
}
