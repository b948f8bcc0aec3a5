using System.Numerics;
using Polyad.Transforms;

namespace Polyad;

/// <summary>
/// A discrete Fourier transform of one length: X[k] = sum of x[j] exp(-2 pi i jk / n); the inverse divides by n. Lengths with prime factors 2, 3 and 5 take O(n log n) by
/// Stockham's method, others by Bluestein's convolution (1970). The error is O(eps log n) relative to the norm. A plan never changes: any thread may use it.
/// </summary>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed unsafe class FftPlan<T>
    where T : unmanaged, INumberBase<T>
{
    private readonly int[] _radices;
    private readonly T[][] _twiddles;
    private readonly FftPlan<T>? _convolution;
    private readonly T[] _chirp = [];
    private readonly T[] _filter = [];

    /// <summary>Prepares transforms of <paramref name="length"/> points. O(n) memory.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The length is below 1 or above 2^28.</exception>
    public FftPlan(int length)
    {
        Arguments.Supported<T>();
        ArgumentOutOfRangeException.ThrowIfLessThan(length, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(length, 1 << 28);
        Length = length;
        List<int> radices = [];
        int rest = length;
        foreach (int radix in (ReadOnlySpan<int>)[4, 2, 3, 5])
        {
            for (; rest % radix == 0; rest /= radix)
            {
                radices.Add(radix);
            }
        }

        _radices = rest == 1 ? [.. radices] : [];
        _twiddles = new T[_radices.Length][];
        int n = length;
        for (int stage = 0; stage < _radices.Length; stage++)
        {
            int radix = _radices[stage], m = n / radix;
            T[] table = _twiddles[stage] = new T[m * 2 * (radix - 1)];
            for (int p = 0, at = 0; p < m; p++)
            {
                for (int j = 1; j < radix; j++, at += 2)
                {
                    (double c, double s) = UnitRoot((long)p * j, n);
                    table[at] = T.CreateTruncating(c);
                    table[at + 1] = T.CreateTruncating(-s);
                }
            }

            n = m;
        }

        if (rest > 1)
        {
            // jk = (j^2 + k^2 - (k - j)^2) / 2 makes the transform a convolution with the chirp exp(pi i j^2 / n).
            int padded = checked((int)BitOperations.RoundUpToPowerOf2((uint)(2 * length) - 1));
            _convolution = new FftPlan<T>(padded);
            _chirp = new T[2 * length];
            _filter = new T[2 * padded];
            for (int j = 0; j < length; j++)
            {
                (double c, double s) = UnitRoot((long)j * j % (2L * length), 2L * length);
                _chirp[j] = _filter[j] = _filter[(padded - j) % padded] = T.CreateTruncating(c);
                _chirp[length + j] = _filter[padded + j] = _filter[padded + ((padded - j) % padded)] = T.CreateTruncating(s);
            }

            _convolution.Forward(_filter.AsSpan(0, padded), _filter.AsSpan(padded));
        }
    }

    /// <summary>The number of points.</summary>
    public int Length { get; }

    /// <summary>Transforms in place, unscaled.</summary>
    /// <param name="re">Real parts, n.</param>
    /// <param name="im">Imaginary parts, n.</param>
    /// <exception cref="ArgumentException">A span does not have <see cref="Length"/> elements.</exception>
    public void Forward(Span<T> re, Span<T> im)
    {
        Arguments.Length<T>(re, Length);
        Arguments.Length<T>(im, Length);
        fixed (T* r = re)
        fixed (T* i = im)
        {
            Run(r, i);
        }
    }

    /// <summary>The inverse in place, scaled by 1/n.</summary>
    /// <param name="re">Real parts, n.</param>
    /// <param name="im">Imaginary parts, n.</param>
    /// <exception cref="ArgumentException">A span does not have <see cref="Length"/> elements.</exception>
    public void Inverse(Span<T> re, Span<T> im)
    {
        // Exchanging the parts is conjugation up to a factor i, before and after.
        Forward(im, re);
        T scale = T.One / T.CreateTruncating(Length);
        System.Numerics.Tensors.TensorPrimitives.Multiply(re, scale, re);
        System.Numerics.Tensors.TensorPrimitives.Multiply(im, scale, im);
    }

    /// <summary>exp(2 pi i k / n) with errors of half an ulp or so: the angle is brought into the first octant in integers.</summary>
    internal static (double Cosine, double Sine) UnitRoot(long k, long n)
    {
        long t = 4 * k;
        bool lower = t > 2 * n;
        t = lower ? (4 * n) - t : t;
        bool left = t > n;
        t = left ? (2 * n) - t : t;
        bool steep = 2 * t > n;
        (double s, double c) = double.SinCosPi((steep ? n - t : t) / (2.0 * n));
        (c, s) = steep ? (s, c) : (c, s);
        return (left ? -c : c, lower ? -s : s);
    }

    private void Run(T* re, T* im)
    {
        if (_convolution is not null)
        {
            Bluestein(_convolution, re, im);
            return;
        }

        using Scratch<T> scratch = Workspace.Rent<T>(2 * (nint)Length);
        T* xr = re, xi = im, yr = scratch.Pointer, yi = scratch.Pointer + Length;
        int m = Length, s = 1;
        for (int stage = 0; stage < _radices.Length; stage++)
        {
            m /= _radices[stage];
            fixed (T* w = _twiddles[stage])
            {
                FftStage.Run(_radices[stage], m, s, w, xr, xi, yr, yi);
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
            new ReadOnlySpan<T>(xr, Length).CopyTo(new Span<T>(re, Length));
            new ReadOnlySpan<T>(xi, Length).CopyTo(new Span<T>(im, Length));
        }
    }

    private void Bluestein(FftPlan<T> convolution, T* re, T* im)
    {
        int n = Length, padded = convolution.Length;
        using Scratch<T> scratch = Workspace.Rent<T>(2 * (nint)padded);
        scratch.Clear();
        T* r = scratch.Pointer;
        T* i = scratch.Pointer + padded;
        for (int j = 0; j < n; j++)
        {
            T c = _chirp[j], s = _chirp[n + j];
            (r[j], i[j]) = ((re[j] * c) + (im[j] * s), (im[j] * c) - (re[j] * s));
        }

        convolution.Run(r, i);
        for (int j = 0; j < padded; j++)
        {
            T c = _filter[j], s = _filter[padded + j];
            (r[j], i[j]) = ((r[j] * c) - (i[j] * s), (i[j] * c) + (r[j] * s));
        }

        convolution.Run(i, r);
        T scale = T.One / T.CreateTruncating(padded);
        for (int j = 0; j < n; j++)
        {
            T c = _chirp[j] * scale, s = _chirp[n + j] * scale;
            (re[j], im[j]) = ((r[j] * c) + (i[j] * s), (i[j] * c) - (r[j] * s));
        }
    }
}
