using System.Numerics;
using System.Numerics.Tensors;
using Polyad.Transforms;

namespace Polyad;

/// <summary>
/// A discrete Fourier transform of one length: X[k] = sum of x[j] exp(-2 pi i jk / n); the inverse divides by n. Lengths with prime factors 2, 3 and 5 take O(n log n) by
/// Stockham's method, others by Bluestein's convolution (1970). The error is O(eps log n) relative to the norm.
/// A plan never changes: any thread may use it.
/// </summary>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed unsafe class FftPlan<T>
    where T : unmanaged, INumberBase<T>
{
    // Exactly one of the two is there.
    private readonly StockhamTransform<T>? _direct;
    private readonly BluesteinTransform<T>? _convolution;

    /// <summary>Prepares transforms of <paramref name="length"/> points. O(n) memory.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The length is below 1 or above 2^28, or above 2^27 with another prime factor than 2, 3 and 5.</exception>
    public FftPlan(int length)
    {
        Arguments.Supported<T>();
        ArgumentOutOfRangeException.ThrowIfLessThan(length, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(length, 1 << 28);
        Length = length;
        if (StockhamTransform<T>.Serves(length))
        {
            _direct = new StockhamTransform<T>(length);
        }
        else
        {
            _convolution = new BluesteinTransform<T>(length);
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
        TensorPrimitives.Multiply(re, scale, re);
        TensorPrimitives.Multiply(im, scale, im);
    }

    /// <summary>Transforms in place, unscaled.</summary>
    internal void Run(T* re, T* im)
    {
        if (_direct is not null)
        {
            _direct.Run(re, im);
        }
        else
        {
            _convolution!.Run(re, im);
        }
    }
}
