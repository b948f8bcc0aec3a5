using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Polyad.Sketching;

/// <summary>
/// TensorSRHT by Fourier transforms (Ahle et al. 2020; in neural-kernel sketches Zandieh et al. 2021): complex feature t is m^(-1/2) times the product over the factors of entry f_it, drawn with replacement, of the
/// discrete Fourier transform of the signed factor. Features are [Re, Im], D = 2 m. Factors are padded with zeros to at least twice their length, so that no two coordinates have opposite phases at every
/// frequency and the variance is that of random complex signs. The form by Hadamard transforms is <see cref="ProductSrht{T}"/> with <see cref="HadamardSampling.WithReplacement"/>. O(p (d log d + D)) per row.
/// </summary>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed unsafe class TensorSrht<T> : LaneSketch<T>
    where T : unmanaged, INumberBase<T>
{
    private readonly LaneRealFft<T> _fft;
    private readonly int _length;
    private readonly int[][] _places;
    private readonly T[][] _conjugations;
    private readonly T[][] _signs;
    private readonly int[] _lines;

    /// <summary>Draws a sketch.</summary>
    /// <param name="inputDimension">d, at least 1.</param>
    /// <param name="kernel">The kernel; a number is the degree of the homogeneous one.</param>
    /// <param name="outputDimension">D, even.</param>
    /// <param name="seed">The seed.</param>
    /// <exception cref="ArgumentException">A dimension is out of range or odd.</exception>
    public TensorSrht(int inputDimension, PolynomialKernel kernel, int outputDimension, ulong seed = 0)
        : base(SketchFamily.TensorSrht, inputDimension, kernel, outputDimension, seed)
    {
        int d = kernel.Homogeneous(inputDimension), m = outputDimension / 2;
        _length = PaddedLength(d);
        _fft = new LaneRealFft<T>(_length);
        _signs = HashDraw.Signs<T>(seed, inputDimension, kernel);
        _lines = [.. Enumerable.Range(0, d).Select(_fft.Line)];
        (_places, _conjugations) = (new int[Degree][], new T[Degree][]);
        for (int k = 0; k < Degree; k++)
        {
            (_places[k], _conjugations[k]) = (new int[m], new T[m]);
            SketchStream.Of(seed, StreamRole.Place, k).Integers(_places[k], _length);
            for (int t = 0; t < m; t++)
            {
                // The upper half of the spectrum of real data is the conjugate of the lower.
                bool upper = _places[k][t] >= _fft.Outputs;
                _conjugations[k][t] = upper ? -T.One : T.One;
                _places[k][t] = upper ? _length - _places[k][t] : _places[k][t];
            }
        }
    }

    internal override double FlopsPerRow => Degree * ((5.0 * _length * Math.Log2(_length)) + (4.0 * OutputDimension));

    internal override void Batch(HomogeneousRows<T> rows, int first, int count, T* lines)
    {
        int m = OutputDimension / 2, d = rows.Dimension, outputs = _fft.Outputs;
        nint buffer = (nint)_fft.BufferLines * Lanes, spectrum = 2 * (nint)outputs * Lanes;
        using Scratch<T> scratch = Workspace.Rent<T>(((nint)d * Lanes) + buffer + spectrum);
        T* x = scratch.Pointer;
        T* work = x + ((nint)d * Lanes);
        T* real = work + buffer;
        T scale = T.CreateTruncating(Math.ScaleB(1 / Math.Sqrt(m), -Degree));
        for (int k = 0; k < Degree; k++)
        {
            if (k == 0 || !rows.IsPower)
            {
                rows.CopyLanes(k, first, count, x, Lanes);
            }

            new Span<T>(work, checked((int)buffer)).Clear();
            fixed (int* targets = _lines, places = _places[k])
            fixed (T* signs = _signs[k], conjugations = _conjugations[k])
            {
                LineKernels.Scatter(d, targets, signs, x, work);
                _fft.Multiply(work, first: true, real);
                Gather(m, places, conjugations, k == 0, scale, real, real + ((nint)outputs * Lanes), lines, lines + ((nint)m * Lanes));
            }
        }
    }

    /// <summary>The length that factors are padded to: even, at least 2 d, of factors 2, 3 and 5.</summary>
    private static int PaddedLength(int dimension)
    {
        int length = checked(2 * dimension);
        while (!Transforms.StockhamTransform<T>.Serves(length))
        {
            length += 2;
        }

        return length;
    }

    /// <summary>y_t = scale x_place(t), or y_t *= x_place(t); conjugated where that number is -1.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Gather(int n, int* places, T* conjugations, bool set, T scale, T* xr, T* xi, T* yr, T* yi)
    {
        int w = Vector512<T>.Count;
        Vector512<T> factor = Vector512.Create(scale);
        for (int t = 0; t < n; t++, yr += w, yi += w)
        {
            nint at = (nint)places[t] * w;
            Vector512<T> a = Vector512.Load(xr + at), b = Vector512.Load(xi + at) * Vector512.Create(conjugations[t]);
            if (set)
            {
                (a * factor).Store(yr);
                (b * factor).Store(yi);
                continue;
            }

            Vector512<T> c = Vector512.Load(yr), d = Vector512.Load(yi);
            ((a * c) - (b * d)).Store(yr);
            ((a * d) + (b * c)).Store(yi);
        }
    }
}
