using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Polyad.Transforms;

namespace Polyad.Sketching;

/// <summary>
/// Discrete Fourier transforms of real vectors that lie interleaved, entry j of all of them in one line; lanes never mix. Even lengths n take one complex transform of h = n/2 points, z_j = x_2j + i x_(2j+1):
/// with the transforms E and O of the even and odd entries, X_k = E_k + w^k O_k. Odd lengths take a complex transform of n points.
/// </summary>
internal sealed unsafe class LaneRealFft<T>
    where T : unmanaged, INumberBase<T>
{
    private readonly int _length;
    private readonly int _points;
    private readonly bool _even;

    // Exactly one of the two is there: lengths of other prime factors than 2, 3 and 5 are transformed vector by vector.
    private readonly StockhamTransform<T>? _together;
    private readonly FftPlan<T>? _single;

    /// <summary>The pairs (cosine, sine) of w^k for k = 0..h/2.</summary>
    private readonly T[] _turns = [];

    public LaneRealFft(int length)
    {
        _length = length;
        _even = length % 2 == 0;
        _points = _even ? length / 2 : length;
        if (StockhamTransform<T>.Serves(_points))
        {
            _together = new StockhamTransform<T>(_points, Lanes);
        }
        else
        {
            _single = new FftPlan<T>(_points);
        }

        if (_even)
        {
            _turns = new T[_points + 2];
            for (int k = 0; k <= _points / 2; k++)
            {
                (double c, double s) = UnitRoot.At(k, length);
                (_turns[2 * k], _turns[(2 * k) + 1]) = (T.CreateTruncating(c), T.CreateTruncating(-s));
            }
        }
    }

    private static int Lanes => Vector512<T>.Count;

    /// <summary>Lines of the buffer that is transformed.</summary>
    public int BufferLines => 2 * _points;

    /// <summary>Complex outputs 0..n/2, whose real parts and then imaginary parts are kept.</summary>
    public int Outputs => (_length / 2) + 1;

    /// <summary>The line of the buffer that holds entry j.</summary>
    public int Line(int j) => _even ? (j >> 1) + ((j & 1) * _points) : j;

    /// <summary>Multiplies 2 X into the product (or, for the first factor, sets it): the buffer is overwritten. Lines of the buffer that hold no entry must be zero.</summary>
    public void Multiply(T* buffer, bool first, T* product)
    {
        Transform(buffer, buffer + ((nint)_points * Lanes));
        if (_even)
        {
            MultiplyEven(buffer, first, product);
        }
        else
        {
            MultiplyOdd(buffer, first, product);
        }
    }

    /// <summary>The buffer's entries become n/2 times (odd n: n times) the inverse transform of the product.</summary>
    public void Inverse(T* product, T* buffer)
    {
        T* re = buffer;
        T* im = buffer + ((nint)_points * Lanes);
        if (_even)
        {
            JoinEven(product, re, im);
        }
        else
        {
            JoinOdd(product, re, im);
        }

        Transform(im, re);
    }

    /// <summary>What <see cref="Inverse"/> is too large by.</summary>
    public double InverseScale => 1.0 / _points;

    private void Transform(T* re, T* im)
    {
        if (_together is not null)
        {
            _together.Run(re, im);
            return;
        }

        using Scratch<T> scratch = Workspace.Rent<T>(2 * (nint)_points);
        T* r = scratch.Pointer;
        T* i = r + _points;
        for (int lane = 0; lane < Lanes; lane++)
        {
            for (int j = 0; j < _points; j++)
            {
                nint at = ((nint)j * Lanes) + lane;
                (r[j], i[j]) = (re[at], im[at]);
            }

            _single!.Run(r, i);
            for (int j = 0; j < _points; j++)
            {
                nint at = ((nint)j * Lanes) + lane;
                (re[at], im[at]) = (r[j], i[j]);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void MultiplyEven(T* buffer, bool first, T* product)
    {
        int w = Lanes, h = _points;
        T* zi = buffer + ((nint)h * w);
        T* pi = product + ((nint)(h + 1) * w);
        Vector512<T> two = Vector512.Create(T.CreateTruncating(2)), r0 = Vector512.Load(buffer), i0 = Vector512.Load(zi);
        Put(two * (r0 + i0), Vector512<T>.Zero, first, product, pi);
        Put(two * (r0 - i0), Vector512<T>.Zero, first, product + ((nint)h * w), pi + ((nint)h * w));
        fixed (T* turns = _turns)
        {
            for (int k = 1; k <= h - k; k++)
            {
                nint at = (nint)k * w, mirror = (nint)(h - k) * w;
                Vector512<T> r = Vector512.Load(buffer + at), i = Vector512.Load(zi + at), mr = Vector512.Load(buffer + mirror), mi = Vector512.Load(zi + mirror);
                Vector512<T> er = r + mr, ei = i - mi, or = i + mi, oi = mr - r, c = Vector512.Create(turns[2 * k]), s = Vector512.Create(turns[(2 * k) + 1]);
                Vector512<T> tr = (or * c) - (oi * s), ti = (or * s) + (oi * c);
                Put(er + tr, ei + ti, first, product + at, pi + at);
                if (at != mirror)
                {
                    Put(er - tr, ti - ei, first, product + mirror, pi + mirror);
                }
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void JoinEven(T* product, T* re, T* im)
    {
        int w = Lanes, h = _points;
        T* pi = product + ((nint)(h + 1) * w);
        Vector512<T> half = Vector512.Create(T.CreateTruncating(0.5)), first = Vector512.Load(product), last = Vector512.Load(product + ((nint)h * w));
        (half * (first + last)).Store(re);
        (half * (first - last)).Store(im);
        fixed (T* turns = _turns)
        {
            for (int k = 1; k <= h - k; k++)
            {
                nint at = (nint)k * w, mirror = (nint)(h - k) * w;
                Vector512<T> xr = Vector512.Load(product + at), xi = Vector512.Load(pi + at), mr = Vector512.Load(product + mirror), mi = Vector512.Load(pi + mirror);
                Vector512<T> er = half * (xr + mr), ei = half * (xi - mi), dr = half * (xr - mr), di = half * (xi + mi), c = Vector512.Create(turns[2 * k]), s = Vector512.Create(turns[(2 * k) + 1]);

                // O = conj(w^k) (X_k - conj X_(h-k)) / 2.
                Vector512<T> or = (dr * c) + (di * s), oi = (di * c) - (dr * s);
                (er + oi).Store(re + mirror);
                (or - ei).Store(im + mirror);
                (er - oi).Store(re + at);
                (ei + or).Store(im + at);
            }
        }
    }

    private void MultiplyOdd(T* buffer, bool first, T* product)
    {
        int w = Lanes;
        T* zi = buffer + ((nint)_points * w);
        T* pi = product + ((nint)Outputs * w);
        Vector512<T> two = Vector512.Create(T.CreateTruncating(2));
        for (nint at = 0, end = (nint)Outputs * w; at < end; at += w)
        {
            Put(two * Vector512.Load(buffer + at), two * Vector512.Load(zi + at), first, product + at, pi + at);
        }
    }

    private void JoinOdd(T* product, T* re, T* im)
    {
        int w = Lanes;
        T* pi = product + ((nint)Outputs * w);
        for (int k = 0; k < Outputs; k++)
        {
            nint at = (nint)k * w, mirror = k == 0 ? 0 : (nint)(_length - k) * w;
            Vector512<T> r = Vector512.Load(product + at), i = Vector512.Load(pi + at);
            r.Store(re + mirror);
            (-i).Store(im + mirror);
            r.Store(re + at);
            i.Store(im + at);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Put(Vector512<T> r, Vector512<T> i, bool first, T* pr, T* pi)
    {
        if (!first)
        {
            Vector512<T> c = Vector512.Load(pr), d = Vector512.Load(pi);
            (r, i) = ((c * r) - (d * i), (c * i) + (d * r));
        }

        r.Store(pr);
        i.Store(pi);
    }
}
