using System.Numerics;

namespace Polyad.Sketching;

/// <summary>Buckets and signs of the factors of hashing sketches: fully independent, coordinate j of factor k being draw j of its streams.</summary>
internal static class HashDraw
{
    public static int[][] Buckets(ulong seed, int inputDimension, in PolynomialKernel kernel, int[] ranges)
    {
        int[][] buckets = new int[kernel.Degree][];
        for (int k = 0; k < buckets.Length; k++)
        {
            buckets[k] = new int[Math.Max(0, kernel.Homogeneous(inputDimension))];
            SketchStream.Of(seed, StreamRole.Bucket, k).Integers(buckets[k], Math.Max(1, ranges[k]));
        }

        return buckets;
    }

    public static T[][] Signs<T>(ulong seed, int inputDimension, in PolynomialKernel kernel)
        where T : unmanaged, INumberBase<T>
    {
        T[][] signs = new T[kernel.Degree][];
        for (int k = 0; k < signs.Length; k++)
        {
            signs[k] = new T[Math.Max(0, kernel.Homogeneous(inputDimension))];
            SketchStream.Of(seed, StreamRole.Sign, k).Signs(signs[k].AsSpan());
        }

        return signs;
    }
}
