using System.Numerics;
using System.Numerics.Tensors;

namespace Polyad.Transforms;

/// <summary>
/// Lengths with other prime factors (Bluestein 1970): jk = (j^2 + k^2 - (k - j)^2) / 2 makes the transform a convolution with the chirp exp(pi i j^2 / n),
/// which two transforms of a power of two of at least 2 n - 1 points do.
/// </summary>
internal sealed unsafe class BluesteinTransform<T>
    where T : unmanaged, INumberBase<T>
{
    private readonly FftPlan<T> _convolution;

    /// <summary>Cosines, then sines, of pi j^2 / n.</summary>
    private readonly T[] _chirp;

    /// <summary>Real, then imaginary parts of the transformed chirp over the padded length.</summary>
    private readonly T[] _filter;

    public BluesteinTransform(int length)
    {
        Length = length;
        int padded = checked((int)BitOperations.RoundUpToPowerOf2((uint)(2 * length) - 1));
        _convolution = new FftPlan<T>(padded);
        _chirp = new T[2 * length];
        _filter = new T[2 * padded];
        for (int j = 0; j < length; j++)
        {
            (double c, double s) = UnitRoot.At((long)j * j % (2L * length), 2L * length);
            _chirp[j] = _filter[j] = _filter[(padded - j) % padded] = T.CreateTruncating(c);
            _chirp[length + j] = _filter[padded + j] = _filter[padded + ((padded - j) % padded)] = T.CreateTruncating(s);
        }

        _convolution.Forward(_filter.AsSpan(0, padded), _filter.AsSpan(padded));
        TensorPrimitives.Multiply(_filter, T.One / T.CreateTruncating(padded), _filter);
    }

    /// <summary>The number of points.</summary>
    public int Length { get; }

    /// <summary>Transforms in place.</summary>
    public void Run(T* re, T* im)
    {
        int n = Length, padded = _convolution.Length;
        using Scratch<T> scratch = Workspace.Rent<T>(2 * (nint)padded);
        T* r = scratch.Pointer;
        T* i = scratch.Pointer + padded;
        new Span<T>(r + n, padded - n).Clear();
        new Span<T>(i + n, padded - n).Clear();
        fixed (T* chirp = _chirp, filter = _filter)
        {
            ComplexProduct.Conjugated(n, re, im, chirp, chirp + n, r, i);
            _convolution.Run(r, i);
            ComplexProduct.Run(padded, r, i, filter, filter + padded, r, i);

            // The inverse is the transform with the parts exchanged; its scale is in the filter.
            _convolution.Run(i, r);
            ComplexProduct.Conjugated(n, r, i, chirp, chirp + n, re, im);
        }
    }
}
