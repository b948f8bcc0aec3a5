using System.Numerics;

namespace Polyad.Sketching;

/// <summary>
/// The fast count sketch of outer products (Cao and Liu 2021): the count sketch with bucket h1(i1) + ... + hp(ip) without a modulus, each hash having about D/p values, computed as the linear convolution of
/// the factors' count sketches.
/// </summary>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed class FastCountSketch<T> : ConvolutionSketch<T>
    where T : unmanaged, INumberBase<T>
{
    /// <summary>Draws a sketch.</summary>
    /// <param name="inputDimension">d, at least 1.</param>
    /// <param name="kernel">The kernel; a number is the degree of the homogeneous one.</param>
    /// <param name="outputDimension">D, at least 1. The hashes have J_k values each with D = 1 + the sum of J_k - 1.</param>
    /// <param name="seed">The seed.</param>
    /// <exception cref="ArgumentException">A dimension is out of range.</exception>
    public FastCountSketch(int inputDimension, PolynomialKernel kernel, int outputDimension, ulong seed = 0)
        : base(SketchFamily.FastCountSketch, inputDimension, kernel, outputDimension, seed, HashDraw.Buckets(seed, inputDimension, kernel, Ranges(kernel.Defined().Degree, outputDimension)), HashDraw.Signs<T>(seed, inputDimension, kernel))
    {
    }

    /// <summary>The values of each hash: as equal as they can be.</summary>
    internal static int[] Ranges(int degree, int outputDimension)
    {
        int[] ranges = new int[degree];
        for (int k = 0; k < degree; k++)
        {
            ranges[k] = 1 + ((outputDimension - 1) / degree) + (k < (outputDimension - 1) % degree ? 1 : 0);
        }

        return ranges;
    }
}
