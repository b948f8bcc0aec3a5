using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Polyad.Sketching;

/// <summary>
/// Sketches that convolve count sketches of the factors: coordinate (i1, ..., ip) of the tensor goes to bucket h1(i1) + ... + hp(ip) with sign s1(i1) ... sp(ip), and the sketch of a product of vectors is
/// the convolution of their count sketches, by fast Fourier transforms of all rows of a batch at once. O(p (d + D log D)) per row, O(p (entries + D log D)) on sparse rows.
/// </summary>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
public abstract unsafe class ConvolutionSketch<T> : LaneSketch<T>
    where T : unmanaged, INumberBase<T>
{
    private readonly int[][] _buckets;
    private readonly T[][] _signs;
    private readonly int[][] _lines;
    private readonly LaneRealFft<T> _fft;

    // For each factor the buckets and signs of its coordinates, with the constant.
    private protected ConvolutionSketch(SketchFamily family, int inputDimension, in PolynomialKernel kernel, int outputDimension, ulong seed, int[][] buckets, T[][] signs)
        : base(family, inputDimension, kernel, outputDimension, seed)
    {
        (_buckets, _signs) = (buckets, signs);
        _fft = new LaneRealFft<T>(outputDimension);
        _lines = [.. buckets.Select(factor => Array.ConvertAll(factor, bucket => Degree == 1 ? bucket : _fft.Line(bucket)))];
    }

    internal override double FlopsPerRow => ((Degree + 1) * 5.0 * OutputDimension * Math.Log2(OutputDimension + 1)) + (4.0 * Degree * Math.Min(InputDimension, 1 << 20));

    /// <summary>The bucket of every coordinate of a factor; the constant's comes last.</summary>
    /// <param name="factor">0 to p - 1.</param>
    public ReadOnlySpan<int> Buckets(int factor) => _buckets[factor];

    /// <summary>The sign of every coordinate of a factor; the constant's comes last.</summary>
    /// <param name="factor">0 to p - 1.</param>
    public ReadOnlySpan<T> Signs(int factor) => _signs[factor];

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal override void Batch(HomogeneousRows<T> rows, int first, int count, T* lines)
    {
        if (Degree == 1)
        {
            CountSketch(rows, 0, first, count, OutputDimension, lines);
            return;
        }

        nint spectrum = 2 * (nint)_fft.Outputs * Lanes, buffer = (nint)_fft.BufferLines * Lanes;
        using Scratch<T> scratch = Workspace.Rent<T>(spectrum + buffer);
        T* product = scratch.Pointer;
        T* work = product + spectrum;
        for (int k = 0; k < Degree; k++)
        {
            CountSketch(rows, k, first, count, _fft.BufferLines, work);
            _fft.Multiply(work, k == 0, product);
        }

        _fft.Inverse(product, work);
        T scale = T.CreateTruncating(Math.ScaleB(_fft.InverseScale, -Degree));
        for (int t = 0; t < OutputDimension; t++)
        {
            (Vector512.Load(work + ((nint)_fft.Line(t) * Lanes)) * scale).Store(lines + ((nint)t * Lanes));
        }
    }

    /// <summary>The count sketch of a factor, entries in the lines that the transform wants.</summary>
    private void CountSketch(HomogeneousRows<T> rows, int factor, int first, int count, int bufferLines, T* buffer)
    {
        fixed (int* places = _lines[factor])
        fixed (T* signs = _signs[factor])
        {
            CountSketchLines.Fill(rows, factor, first, count, bufferLines, places, signs, buffer);
        }
    }
}
