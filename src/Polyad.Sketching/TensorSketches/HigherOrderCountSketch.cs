using System.Numerics;
using System.Runtime.Intrinsics;

namespace Polyad.Sketching;

/// <summary>
/// The higher-order count sketch (Shi and Anandkumar 2019): every mode of the tensor has its own count sketch, and the sketch keeps the order of the tensor. A product of vectors becomes the outer product of their
/// count sketches, b1 x ... x bp numbers in row-major order. No transforms: O(p d + D) per row.
/// </summary>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed unsafe class HigherOrderCountSketch<T> : LaneSketch<T>
    where T : unmanaged, INumberBase<T>
{
    private readonly int[][] _buckets;
    private readonly T[][] _signs;
    private readonly int[] _sizes;

    /// <summary>Draws a sketch of modes as equal as they can be.</summary>
    /// <param name="inputDimension">d, at least 1.</param>
    /// <param name="kernel">The kernel; a number is the degree of the homogeneous one.</param>
    /// <param name="outputDimension">D. The modes have floor(D^(1/p)) buckets or a few more, at most D together; features past them are zero.</param>
    /// <param name="seed">The seed.</param>
    /// <exception cref="ArgumentException">A dimension is out of range.</exception>
    public HigherOrderCountSketch(int inputDimension, PolynomialKernel kernel, int outputDimension, ulong seed = 0)
        : base(SketchFamily.HigherOrderCountSketch, inputDimension, kernel, outputDimension, seed)
    {
        _sizes = ModeSizes(kernel.Degree, outputDimension);
        _buckets = HashDraw.Buckets(seed, inputDimension, kernel, _sizes);
        _signs = HashDraw.Signs<T>(seed, inputDimension, kernel);
    }

    /// <summary>b1, ..., bp.</summary>
    public ReadOnlySpan<int> Sizes => _sizes;

    internal override double FlopsPerRow => (4.0 * Degree * InputDimension) + (2.0 * OutputDimension);

    /// <summary>The bucket of every coordinate of a factor; the constant's comes last.</summary>
    public ReadOnlySpan<int> Buckets(int factor) => _buckets[factor];

    /// <summary>The sign of every coordinate of a factor; the constant's comes last.</summary>
    public ReadOnlySpan<T> Signs(int factor) => _signs[factor];

    /// <summary>The numbers of buckets for D features.</summary>
    internal static int[] ModeSizes(int degree, int outputDimension)
    {
        int[] sizes = new int[degree];
        long left = outputDimension;
        for (int k = 0; k < degree; k++)
        {
            int modes = degree - k, size = Math.Max(1, (int)Math.Pow(left, 1.0 / modes));
            while (Power(size + 1, modes) <= left)
            {
                size++;
            }

            while (size > 1 && Power(size, modes) > left)
            {
                size--;
            }

            sizes[k] = size;
            left /= size;
        }

        return sizes;
    }

    internal override void Batch(HomogeneousRows<T> rows, int first, int count, T* lines)
    {
        using Scratch<T> scratch = Workspace.Rent<T>((OutputDimension + (nint)_sizes.Max()) * Lanes);
        T* source = scratch.Pointer;
        T* mode = source + ((nint)OutputDimension * Lanes);

        // Outer products alternate between two buffers, the last one being the output.
        T* target = Degree % 2 == 0 ? source : lines;
        T* other = Degree % 2 == 0 ? lines : source;
        int done = 1;
        for (int k = 0; k < Degree; k++)
        {
            int size = _sizes[k];
            fixed (int* buckets = _buckets[k])
            fixed (T* signs = _signs[k])
            {
                CountSketchLines.Fill(rows, k, first, count, size, buckets, signs, k == 0 ? target : mode);
            }

            if (k > 0)
            {
                Outer(done, size, other, mode, target);
            }

            done *= size;
            T* last = target;
            target = other;
            other = last;
        }

        new Span<T>(lines + ((nint)done * Lanes), (OutputDimension - done) * Lanes).Clear();
    }

    /// <summary>z_(i b + j) = x_i y_j</summary>
    private static void Outer(int a, int b, T* x, T* y, T* z)
    {
        int w = Vector512<T>.Count;
        for (int i = 0; i < a; i++)
        {
            Vector512<T> head = Vector512.Load(x + ((nint)i * w));
            for (int j = 0; j < b; j++, z += w)
            {
                (head * Vector512.Load(y + ((nint)j * w))).Store(z);
            }
        }
    }

    private static long Power(long size, int modes)
    {
        long power = 1;
        for (int k = 0; k < modes && power <= int.MaxValue; k++)
        {
            power *= size;
        }

        return power;
    }
}
