using System.Numerics;

namespace Polyad;

/// <summary>
/// Discrete Fourier transforms, forward unscaled, inverse 1/n, of any length. Each call prepares an <see cref="FftPlan{T}"/>; keep a plan where one length comes often.
/// </summary>
public static class Fft
{
    /// <summary>Transforms split data in place.</summary>
    /// <exception cref="ArgumentException">The spans differ in length, or are empty.</exception>
    public static void Forward<T>(Span<T> re, Span<T> im)
        where T : unmanaged, INumberBase<T>
        => new FftPlan<T>(re.Length).Forward(re, im);

    /// <summary>The inverse of <see cref="Forward{T}(Span{T}, Span{T})"/>, in place.</summary>
    /// <exception cref="ArgumentException">The spans differ in length, or are empty.</exception>
    public static void Inverse<T>(Span<T> re, Span<T> im)
        where T : unmanaged, INumberBase<T>
        => new FftPlan<T>(re.Length).Inverse(re, im);

    /// <summary>Transforms interleaved data in place.</summary>
    public static void Forward(Span<Complex> data) => Interleaved(data, inverse: false);

    /// <summary>The inverse of <see cref="Forward(Span{Complex})"/>, in place.</summary>
    public static void Inverse(Span<Complex> data) => Interleaved(data, inverse: true);

    /// <summary>The transform of real data: the outputs 0 to n/2 (the others are their conjugates). Even lengths take one complex transform of half the length.</summary>
    /// <param name="x">n real numbers.</param>
    /// <param name="re">n/2 + 1 real parts.</param>
    /// <param name="im">n/2 + 1 imaginary parts.</param>
    /// <exception cref="ArgumentException">A span has another length.</exception>
    public static void ForwardReal<T>(ReadOnlySpan<T> x, Span<T> re, Span<T> im)
        where T : unmanaged, INumberBase<T>
    {
        int n = x.Length, h = n / 2;
        Arguments.Length<T>(re, h + 1);
        Arguments.Length<T>(im, h + 1);
        using Scratch<T> scratch = Workspace.Rent<T>(2 * (nint)Math.Max(n, 1));
        if (n % 2 != 0 || n == 0)
        {
            Span<T> r = scratch.Span[..n], i = scratch.Span.Slice(n, n);
            x.CopyTo(r);
            i.Clear();
            Forward(r, i);
            r[..(h + 1)].CopyTo(re);
            i[..(h + 1)].CopyTo(im);
            return;
        }

        Span<T> zr = scratch.Span[..h], zi = scratch.Span.Slice(h, h);
        for (int j = 0; j < h; j++)
        {
            (zr[j], zi[j]) = (x[2 * j], x[(2 * j) + 1]);
        }

        Forward(zr, zi);
        T half = T.CreateTruncating(0.5);
        for (int k = 0; k <= h; k++)
        {
            // Z = E + iO with E, O the transforms of the even and odd entries; X[k] = E[k] + w^k O[k].
            int a = k % h, b = (h - k) % h;
            T er = half * (zr[a] + zr[b]), ei = half * (zi[a] - zi[b]), or = half * (zi[a] + zi[b]), oi = half * (zr[b] - zr[a]);
            (double cosine, double sine) = FftPlan<T>.UnitRoot(k, n);
            T c = T.CreateTruncating(cosine), s = T.CreateTruncating(-sine);
            re[k] = er + ((or * c) - (oi * s));
            im[k] = ei + ((or * s) + (oi * c));
        }
    }

    /// <summary>The inverse of <see cref="ForwardReal"/>; the imaginary parts of output 0 and, for even n, n/2 are taken as zero.</summary>
    /// <param name="re">n/2 + 1 real parts.</param>
    /// <param name="im">n/2 + 1 imaginary parts.</param>
    /// <param name="x">n real numbers.</param>
    /// <exception cref="ArgumentException">A span has another length.</exception>
    public static void InverseReal<T>(ReadOnlySpan<T> re, ReadOnlySpan<T> im, Span<T> x)
        where T : unmanaged, INumberBase<T>
    {
        int n = x.Length, h = n / 2;
        Arguments.Length(re, h + 1);
        Arguments.Length(im, h + 1);
        using Scratch<T> scratch = Workspace.Rent<T>(2 * (nint)Math.Max(n, 1));
        if (n % 2 != 0 || n == 0)
        {
            Span<T> r = scratch.Span[..n], i = scratch.Span.Slice(n, n);
            for (int k = 0; k < n; k++)
            {
                r[k] = k <= h ? re[k] : re[n - k];
                i[k] = k == 0 ? T.Zero : k <= h ? im[k] : -im[n - k];
            }

            Inverse(r, i);
            r.CopyTo(x);
            return;
        }

        Span<T> zr = scratch.Span[..h], zi = scratch.Span.Slice(h, h);
        T half = T.CreateTruncating(0.5);
        for (int k = 0; k < h; k++)
        {
            T ai = k == 0 ? T.Zero : im[k], bi = k == 0 ? T.Zero : im[h - k];
            T er = half * (re[k] + re[h - k]), ei = half * (ai - bi), dr = half * (re[k] - re[h - k]), di = half * (ai + bi);
            (double cosine, double sine) = FftPlan<T>.UnitRoot(k, n);
            T c = T.CreateTruncating(cosine), s = T.CreateTruncating(sine);
            zr[k] = er - ((dr * s) + (di * c));
            zi[k] = ei + ((dr * c) - (di * s));
        }

        Inverse(zr, zi);
        for (int j = 0; j < h; j++)
        {
            (x[2 * j], x[(2 * j) + 1]) = (zr[j], zi[j]);
        }
    }

    private static void Interleaved(Span<Complex> data, bool inverse)
    {
        int n = data.Length;
        FftPlan<double> plan = new(n);
        using Scratch<double> scratch = Workspace.Rent<double>(2 * (nint)n);
        Span<double> re = scratch.Span[..n], im = scratch.Span[n..];
        for (int i = 0; i < n; i++)
        {
            (re[i], im[i]) = (data[i].Real, data[i].Imaginary);
        }

        if (inverse)
        {
            plan.Inverse(re, im);
        }
        else
        {
            plan.Forward(re, im);
        }

        for (int i = 0; i < n; i++)
        {
            data[i] = new Complex(re[i], im[i]);
        }
    }
}
