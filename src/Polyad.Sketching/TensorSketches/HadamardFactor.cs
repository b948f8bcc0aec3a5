using System.Numerics;
using System.Numerics.Tensors;
using Polyad.Transforms;

namespace Polyad.Sketching;

/// <summary>
/// One factor of a Hadamard sketch: the numbers w_t.x, t = 0..m-1, where the rows w_t are rows of H diag(s): the unscaled Hadamard matrix of the padded length P, random signs s (1, -1; or 1, -1, i, -i).
/// The rows are drawn without replacement; where m exceeds P the tiled rows 0..P-1, 0..P-1, ... are, all with the same signs (so that one transform serves all), or in blocks of P with signs of their own
/// (so that a larger m keeps the earlier rows).
/// </summary>
internal sealed unsafe class HadamardFactor<T>
    where T : unmanaged, INumberBase<T>
{
    private readonly T[] _signs;
    private readonly T[] _imaginary;
    private readonly int[] _places;

    /// <param name="inputLength">The length of x, padded with zeros to a power of two.</param>
    /// <param name="outputs">m.</param>
    /// <param name="complex">Signs of four values.</param>
    /// <param name="sampling">How the rows are drawn.</param>
    /// <param name="seed">The sketch's seed.</param>
    /// <param name="factor">Which factor of the sketch this is.</param>
    public HadamardFactor(int inputLength, int outputs, bool complex, HadamardSampling sampling, ulong seed, int factor)
    {
        Size = PaddedSize(inputLength);
        (InputLength, Outputs) = (inputLength, outputs);
        int blocks = (outputs + Size - 1) / Size;
        Segments = sampling == HadamardSampling.Blocks ? blocks : 1;
        _signs = new T[checked(Segments * Size)];
        SketchStream.Of(seed, StreamRole.Sign, factor).Signs(_signs.AsSpan());
        _imaginary = complex ? new T[_signs.Length] : [];
        if (complex)
        {
            SketchStream.Of(seed, StreamRole.Axis, factor).Signs(_imaginary.AsSpan());
            for (int i = 0; i < _signs.Length; i++)
            {
                (_signs[i], _imaginary[i]) = T.IsNegative(_imaginary[i]) ? (T.Zero, _signs[i]) : (_signs[i], T.Zero);
            }
        }

        _places = new int[outputs];
        CounterRandom places = SketchStream.Of(seed, StreamRole.Place, factor);
        switch (sampling)
        {
            case HadamardSampling.WithReplacement:
                places.Integers(_places, Size);
                break;
            case HadamardSampling.Blocks:
                for (int b = 0; b < blocks; b++)
                {
                    int first = b * Size;
                    SketchStream.Of(seed, StreamRole.Place, factor, b).Sample(Size, Math.Min(Size, outputs - first)).CopyTo(_places, first);
                }

                break;
            default:
                places.Sample(checked(blocks * Size), outputs).CopyTo(_places, 0);
                for (int t = 0; t < outputs; t++)
                {
                    _places[t] &= Size - 1;
                }

                break;
        }
    }

    /// <summary>The length of x.</summary>
    public int InputLength { get; }

    /// <summary>P.</summary>
    public int Size { get; }

    /// <summary>m.</summary>
    public int Outputs { get; }

    /// <summary>How many sets of signs there are; each serves P outputs, or all of them where there is one.</summary>
    public int Segments { get; }

    /// <summary>Multiplications and additions of one row.</summary>
    public double Flops => ((double)Segments * Size * (1 + BitOperations.Log2((uint)Size)) * (_imaginary.Length > 0 ? 2 : 1)) + (2.0 * Outputs);

    public static int PaddedSize(int length)
        => length <= 1 << 30 ? (int)BitOperations.RoundUpToPowerOf2((uint)length) : throw new ArgumentOutOfRangeException(nameof(length), length, "A Hadamard transform has at most 2^30 points.");

    /// <summary>The outputs of a segment.</summary>
    public (int First, int Count) Range(int segment)
        => Segments == 1 ? (0, Outputs) : (segment * Size, Math.Min(Size, Outputs - (segment * Size)));

    /// <summary>H diag(s) x of lines, real: P lines of w from the lines of x.</summary>
    public void Transform(int segment, T* x, T* w)
    {
        int lanes = LaneSketch<T>.Lanes;
        fixed (T* signs = _signs)
        {
            LineKernels.Scale(InputLength, signs + ((nint)segment * Size), x, w);
        }

        Finish(w, lanes);
    }

    /// <summary>H diag(s) x of lines, complex; xi is null where x is real.</summary>
    public void Transform(int segment, T* xr, T* xi, T* wr, T* wi)
    {
        int lanes = LaneSketch<T>.Lanes;
        fixed (T* real = _signs, imaginary = _imaginary)
        {
            T* sr = real + ((nint)segment * Size);
            T* si = imaginary + ((nint)segment * Size);
            if (xi == null)
            {
                LineKernels.Scale(InputLength, sr, xr, wr);
                LineKernels.Scale(InputLength, si, xr, wi);
            }
            else
            {
                LineKernels.Scale(InputLength, sr, si, xr, xi, wr, wi);
            }
        }

        Finish(wr, lanes);
        Finish(wi, lanes);
    }

    /// <summary>y_t = scale w_place(t) for the outputs of a segment.</summary>
    public void Take(int segment, T scale, T* w, T* y)
    {
        (int first, int count) = Range(segment);
        fixed (int* places = _places)
        {
            LineKernels.Gather(count, places + first, scale, w, y + ((nint)first * LaneSketch<T>.Lanes));
        }
    }

    /// <summary>y_t *= w_place(t)</summary>
    public void Multiply(int segment, T* w, T* y)
    {
        (int first, int count) = Range(segment);
        fixed (int* places = _places)
        {
            LineKernels.GatherMultiply(count, places + first, w, y + ((nint)first * LaneSketch<T>.Lanes));
        }
    }

    /// <summary>y_t *= w_place(t), complex.</summary>
    public void Multiply(int segment, T* wr, T* wi, T* yr, T* yi)
    {
        (int first, int count) = Range(segment);
        nint at = (nint)first * LaneSketch<T>.Lanes;
        fixed (int* places = _places)
        {
            LineKernels.GatherMultiply(count, places + first, wr, wi, yr + at, yi + at);
        }
    }

    /// <summary>The m numbers scale w_t.x of one contiguous row, real; work has P numbers.</summary>
    public void Row(T scale, T* x, T* work, T* y)
    {
        for (int segment = 0; segment < Segments; segment++)
        {
            TensorPrimitives.Multiply(_signs.AsSpan(segment * Size, InputLength), new ReadOnlySpan<T>(x, InputLength), new Span<T>(work, InputLength));
            new Span<T>(work + InputLength, Size - InputLength).Clear();
            WalshHadamardKernels.Transform(work, Size);
            (int first, int count) = Range(segment);
            for (int t = first; t < first + count; t++)
            {
                y[t] = scale * work[_places[t]];
            }
        }
    }

    private void Finish(T* w, int lanes)
    {
        new Span<T>(w + ((nint)InputLength * lanes), (Size - InputLength) * lanes).Clear();
        WalshHadamardKernels.Lines(w, lanes, Size, lanes);
    }
}
