using System.Numerics;

namespace Polyad.Sketching;

/// <summary>
/// TensorSketch (Pham and Pagh 2013): the count sketch of the p-th tensor power with bucket h1(i1) + ... + hp(ip) modulo D, computed as the circular convolution of the factors' count sketches. Buckets and signs
/// of a coordinate do not depend on d: more coordinates keep the earlier ones'. scikit-learn's PolynomialCountSketch is this with <see cref="FromHashes"/>.
/// </summary>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed class TensorSketch<T> : ConvolutionSketch<T>
    where T : unmanaged, INumberBase<T>
{
    /// <summary>Draws a sketch.</summary>
    /// <param name="inputDimension">d, at least 1.</param>
    /// <param name="kernel">The kernel; a number is the degree of the homogeneous one.</param>
    /// <param name="outputDimension">D, at least 1; the transforms are fastest where its prime factors are 2, 3 and 5.</param>
    /// <param name="seed">The seed.</param>
    /// <exception cref="ArgumentException">A dimension is out of range.</exception>
    public TensorSketch(int inputDimension, PolynomialKernel kernel, int outputDimension, ulong seed = 0)
        : base(SketchFamily.TensorSketch, inputDimension, kernel, outputDimension, seed, HashDraw.Buckets(seed, inputDimension, kernel, Ranges(kernel, outputDimension)), HashDraw.Signs<T>(seed, inputDimension, kernel))
    {
    }

    private TensorSketch(int inputDimension, PolynomialKernel kernel, int outputDimension, int[][] buckets, T[][] signs)
        : base(SketchFamily.TensorSketch, inputDimension, kernel, outputDimension, 0, buckets, signs)
    {
    }

    /// <summary>The sketch of given buckets and signs.</summary>
    /// <param name="kernel">The kernel.</param>
    /// <param name="outputDimension">D.</param>
    /// <param name="buckets">p rows of d numbers in [0, D), with one more for the constant where the kernel has one.</param>
    /// <param name="signs">p rows of as many signs.</param>
    /// <exception cref="ArgumentException">Shapes do not match, a bucket is out of range, or a sign is neither 1 nor -1.</exception>
    public static TensorSketch<T> FromHashes(PolynomialKernel kernel, int outputDimension, int[,] buckets, int[,] signs)
    {
        ArgumentNullException.ThrowIfNull(buckets);
        ArgumentNullException.ThrowIfNull(signs);
        kernel.Defined();
        int p = buckets.GetLength(0), width = buckets.GetLength(1), inputDimension = width - kernel.Homogeneous(0);
        if (p != kernel.Degree || signs.GetLength(0) != p || signs.GetLength(1) != width)
        {
            throw new ArgumentException($"A kernel of degree {kernel.Degree} needs as many rows of buckets and of signs; given {p} x {width} and {signs.GetLength(0)} x {signs.GetLength(1)}.", nameof(buckets));
        }

        int[][] places = new int[p][];
        T[][] weights = new T[p][];
        for (int k = 0; k < p; k++)
        {
            (places[k], weights[k]) = (new int[width], new T[width]);
            for (int j = 0; j < width; j++)
            {
                if ((uint)buckets[k, j] >= (uint)outputDimension || Math.Abs(signs[k, j]) != 1)
                {
                    throw new ArgumentException($"Coordinate {j} of factor {k} has bucket {buckets[k, j]} of {outputDimension} and sign {signs[k, j]}.", nameof(buckets));
                }

                (places[k][j], weights[k][j]) = (buckets[k, j], T.CreateTruncating(signs[k, j]));
            }
        }

        return new(inputDimension, kernel, outputDimension, places, weights);
    }

    private static int[] Ranges(in PolynomialKernel kernel, int outputDimension)
    {
        int[] ranges = new int[kernel.Defined().Degree];
        Array.Fill(ranges, outputDimension);
        return ranges;
    }
}
