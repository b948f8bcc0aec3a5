using System.Numerics;
using System.Runtime.InteropServices;
using Polyad.Transforms;

namespace Polyad;

/// <summary>
/// Discrete Fourier transforms, forward unscaled, inverse 1/n, of any length. The plans of the lengths used last (up to 2^16 points) are kept; for longer ones keep an
/// <see cref="FftPlan{T}"/> where one length comes often.
/// </summary>
public static unsafe class Fft
{
    /// <summary>Transforms split data in place.</summary>
    /// <exception cref="ArgumentException">The spans differ in length, or are empty.</exception>
    public static void Forward<T>(Span<T> re, Span<T> im)
        where T : unmanaged, INumberBase<T>
        => Plan<T>(re.Length).Forward(re, im);

    /// <summary>The inverse of <see cref="Forward{T}(Span{T}, Span{T})"/>, in place.</summary>
    /// <exception cref="ArgumentException">The spans differ in length, or are empty.</exception>
    public static void Inverse<T>(Span<T> re, Span<T> im)
        where T : unmanaged, INumberBase<T>
        => Plan<T>(re.Length).Inverse(re, im);

    /// <summary>Transforms interleaved data in place.</summary>
    public static void Forward(Span<Complex> data) => Interleaved(data, inverse: false);

    /// <summary>The inverse of <see cref="Forward(Span{Complex})"/>, in place.</summary>
    public static void Inverse(Span<Complex> data) => Interleaved(data, inverse: true);

    /// <summary>The transform of real data: the outputs 0 to n/2 (the others are their conjugates). Even lengths take one complex transform of half the length. The spans must not overlap.</summary>
    /// <param name="x">n real numbers.</param>
    /// <param name="re">n/2 + 1 real parts.</param>
    /// <param name="im">n/2 + 1 imaginary parts.</param>
    /// <exception cref="ArgumentException">A span has another length, or x is empty.</exception>
    public static void ForwardReal<T>(ReadOnlySpan<T> x, Span<T> re, Span<T> im)
        where T : unmanaged, INumberBase<T>
    {
        int n = x.Length, h = n / 2;
        Arguments.Length<T>(re, h + 1);
        Arguments.Length<T>(im, h + 1);
        if (n > 0 && n % 2 == 0)
        {
            fixed (T* px = x, pr = re, pi = im)
            {
                Real<T>(n).Forward(px, pr, pi);
            }

            return;
        }

        using Scratch<T> scratch = Workspace.Rent<T>(2 * (nint)n);
        Span<T> r = scratch.Span[..n], i = scratch.Span.Slice(n, n);
        x.CopyTo(r);
        i.Clear();
        Forward(r, i);
        r[..(h + 1)].CopyTo(re);
        i[..(h + 1)].CopyTo(im);
    }

    /// <summary>The inverse of <see cref="ForwardReal"/>; the imaginary parts of output 0 and, for even n, n/2 are taken as zero. The spans must not overlap.</summary>
    /// <param name="re">n/2 + 1 real parts.</param>
    /// <param name="im">n/2 + 1 imaginary parts.</param>
    /// <param name="x">n real numbers.</param>
    /// <exception cref="ArgumentException">A span has another length, or x is empty.</exception>
    public static void InverseReal<T>(ReadOnlySpan<T> re, ReadOnlySpan<T> im, Span<T> x)
        where T : unmanaged, INumberBase<T>
    {
        int n = x.Length, h = n / 2;
        Arguments.Length(re, h + 1);
        Arguments.Length(im, h + 1);
        if (n > 0 && n % 2 == 0)
        {
            fixed (T* px = x, pr = re, pi = im)
            {
                Real<T>(n).Inverse(pr, pi, px);
            }

            return;
        }

        using Scratch<T> scratch = Workspace.Rent<T>(2 * (nint)n);
        Span<T> r = scratch.Span[..n], i = scratch.Span.Slice(n, n);
        for (int k = 0; k < n; k++)
        {
            r[k] = k <= h ? re[k] : re[n - k];
            i[k] = k == 0 ? T.Zero : k <= h ? im[k] : -im[n - k];
        }

        Inverse(r, i);
        r.CopyTo(x);
    }

    private static FftPlan<T> Plan<T>(int length)
        where T : unmanaged, INumberBase<T>
        => PlanCache<FftPlan<T>>.Get(length, static n => new FftPlan<T>(n));

    private static RealTransform<T> Real<T>(int length)
        where T : unmanaged, INumberBase<T>
        => PlanCache<RealTransform<T>>.Get(length, static n => new RealTransform<T>(n));

    private static void Interleaved(Span<Complex> data, bool inverse)
    {
        int n = data.Length;
        FftPlan<double> plan = Plan<double>(n);
        using Scratch<double> scratch = Workspace.Rent<double>(2 * (nint)n);
        Span<double> re = scratch.Span[..n], im = scratch.Span.Slice(n, n);
        fixed (double* pairs = MemoryMarshal.Cast<Complex, double>(data))
        {
            Interleaving.Split(n, pairs, scratch.Pointer, scratch.Pointer + n);
            if (inverse)
            {
                plan.Inverse(re, im);
            }
            else
            {
                plan.Forward(re, im);
            }

            Interleaving.Join(n, scratch.Pointer, scratch.Pointer + n, pairs);
        }
    }
}
