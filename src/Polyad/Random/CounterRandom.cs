using System.Numerics;
using System.Numerics.Tensors;
using Polyad.Draws;

namespace Polyad;

/// <summary>
/// Random numbers without state: element i of a distribution is a pure function of (distribution, seed, stream, i), with the same bits on every machine,
/// instruction set and number of threads. A fill of n elements that starts at s ends before s + n: that is where the next one may start. Element 2^64 - 1 is followed by element 0.
/// Different distributions of one (seed, stream) are made of the same bits; take another <see cref="Stream"/> for independent draws.
/// </summary>
/// <param name="Seed">The key of <see cref="Philox"/>.</param>
/// <param name="Stream">One of 2^64 independent sequences of the seed.</param>
/// <remarks>Element types are <see cref="float"/> and <see cref="double"/>; another one throws <see cref="NotSupportedException"/>.</remarks>
public readonly partial record struct CounterRandom(ulong Seed, ulong Stream = 0)
{
    /// <summary>The same seed with another stream.</summary>
    public CounterRandom WithStream(ulong stream) => new(Seed, stream);

    /// <summary>The raw 64-bit words <paramref name="start"/>, <paramref name="start"/> + 1, ...</summary>
    public void Words(Span<ulong> destination, ulong start = 0) => Philox.Fill(Seed, Stream, start, destination);

    /// <summary>Uniform numbers in [0, 1): doubles are multiples of 2^-53, floats of 2^-24.</summary>
    /// <param name="destination">Receives elements start, start + 1, ...</param>
    /// <param name="start">Index of the first element.</param>
    public unsafe void Uniform<T>(Span<T> destination, ulong start = 0)
        where T : unmanaged, INumberBase<T>
    {
        Arguments.Supported<T>();
        fixed (T* target = destination)
        {
            if (typeof(T) == typeof(double))
            {
                FillDriver.Run<UniformDoubleDraw, double>(Seed, Stream, start, (double*)target, destination.Length);
            }
            else
            {
                FillDriver.Run<UniformSingleDraw, float>(Seed, Stream, start, (float*)target, destination.Length);
            }
        }
    }

    /// <summary>Uniform numbers low + (high - low) u of u in [0, 1); rounding may return <paramref name="high"/> itself.</summary>
    /// <param name="destination">Receives elements start, start + 1, ...</param>
    /// <param name="low">The lower end.</param>
    /// <param name="high">The upper end.</param>
    /// <param name="start">Index of the first element.</param>
    /// <exception cref="ArgumentException">An end or their distance is not finite, or low is above high.</exception>
    public void Uniform<T>(Span<T> destination, T low, T high, ulong start = 0)
        where T : unmanaged, INumberBase<T>, IComparisonOperators<T, T, bool>
    {
        if (!T.IsFinite(low) || !T.IsFinite(high) || low > high || !T.IsFinite(high - low))
        {
            throw new ArgumentException($"The ends of a uniform distribution must be finite, in order and a finite distance apart; they are {low} and {high}.", nameof(low));
        }

        Uniform(destination, start);
        Affine(destination, high - low, low);
    }

    /// <summary>
    /// Standard normal numbers (Box and Muller 1958), within 4 units in the last place of the exact transform of the uniform bits. Doubles use 53 bits for radius and
    /// angle and reach 8.57 in magnitude; floats use 32 bits and reach 6.67.
    /// </summary>
    /// <param name="destination">Receives elements start, start + 1, ...</param>
    /// <param name="start">Index of the first element.</param>
    public unsafe void Normal<T>(Span<T> destination, ulong start = 0)
        where T : unmanaged, INumberBase<T>
    {
        Arguments.Supported<T>();
        fixed (T* target = destination)
        {
            if (typeof(T) == typeof(double))
            {
                FillDriver.Run<NormalDoubleDraw, double>(Seed, Stream, start, (double*)target, destination.Length);
            }
            else
            {
                FillDriver.Run<NormalSingleDraw, float>(Seed, Stream, start, (float*)target, destination.Length);
            }
        }
    }

    /// <summary>Normal numbers mean + deviation z.</summary>
    /// <param name="destination">Receives elements start, start + 1, ...</param>
    /// <param name="mean">The mean.</param>
    /// <param name="deviation">The standard deviation, not negative.</param>
    /// <param name="start">Index of the first element.</param>
    /// <exception cref="ArgumentException">A parameter is not finite, or the deviation is negative.</exception>
    public void Normal<T>(Span<T> destination, T mean, T deviation, ulong start = 0)
        where T : unmanaged, INumberBase<T>
    {
        if (!T.IsFinite(mean) || !T.IsFinite(deviation) || (T.IsNegative(deviation) && !T.IsZero(deviation)))
        {
            throw new ArgumentException($"A normal distribution needs a finite mean and a deviation of at least 0; they are {mean} and {deviation}.", nameof(deviation));
        }

        Normal(destination, start);
        Affine(destination, deviation, mean);
    }

    /// <summary>Random signs (Rademacher): element i is -1 where bit i % 64 of word i / 64 is set, else +1.</summary>
    /// <param name="destination">Receives elements start, start + 1, ...</param>
    /// <param name="start">Index of the first element.</param>
    public void Signs<T>(Span<T> destination, ulong start = 0)
        where T : unmanaged, INumberBase<T>
    {
        Arguments.Supported<T>();
        Span<ulong> words = stackalloc ulong[64];
        ulong held = 0;
        int count = 0;
        for (int i = 0; i < destination.Length;)
        {
            ulong index = start + (ulong)i, word = index / 64;
            if (count == 0 || word - held >= (ulong)count)
            {
                held = word;
                count = words.Length;
                Words(words, held);
            }

            int bit = (int)(index % 64), take = Math.Min(64 - bit, destination.Length - i);
            Expand(words[(int)(word - held)] >> bit, destination.Slice(i, take));
            i += take;
        }
    }

    /// <summary>A new tensor of uniform numbers in [0, 1), element i of the row-major order being draw i.</summary>
    public Tensor<T> Uniform<T>(params ReadOnlySpan<nint> shape)
        where T : unmanaged, INumberBase<T>
    {
        Arguments.Supported<T>();
        Tensor<T> tensor = FreshMemory.Uninitialized<T>(shape);
        Uniform(LinearAlgebra.Elements(tensor));
        return tensor;
    }

    /// <summary>A new tensor of standard normal numbers, element i of the row-major order being draw i.</summary>
    public Tensor<T> Normal<T>(params ReadOnlySpan<nint> shape)
        where T : unmanaged, INumberBase<T>
    {
        Arguments.Supported<T>();
        Tensor<T> tensor = FreshMemory.Uninitialized<T>(shape);
        Normal(LinearAlgebra.Elements(tensor));
        return tensor;
    }

    /// <summary>A new tensor of random signs, element i of the row-major order being draw i.</summary>
    public Tensor<T> Signs<T>(params ReadOnlySpan<nint> shape)
        where T : unmanaged, INumberBase<T>
    {
        Arguments.Supported<T>();
        Tensor<T> tensor = FreshMemory.Uninitialized<T>(shape);
        Signs(LinearAlgebra.Elements(tensor));
        return tensor;
    }

    private static void Expand<T>(ulong bits, Span<T> destination)
        where T : unmanaged, INumberBase<T>
    {
        for (int i = 0; i < destination.Length; i++)
        {
            if (typeof(T) == typeof(double))
            {
                destination[i] = (T)(object)BitConverter.UInt64BitsToDouble(0x3FF0000000000000UL | (bits << 63));
            }
            else
            {
                destination[i] = (T)(object)BitConverter.UInt32BitsToSingle(0x3F800000U | ((uint)bits << 31));
            }

            bits >>= 1;
        }
    }

    /// <summary>x = scale x + offset in two roundings: a fused product would differ where the machine has none.</summary>
    private static void Affine<T>(Span<T> x, T scale, T offset)
        where T : unmanaged, INumberBase<T>
    {
        TensorPrimitives.Multiply(x, scale, x);
        TensorPrimitives.Add(x, offset, x);
    }
}
