using System.Numerics.Tensors;

namespace Polyad.Decomposition;

/// <summary>Non-negative models that are known, and what is asked of results.</summary>
internal static class PlantedPositive
{
    /// <summary>Factors max(z, 0), z standard normal plus a little: about two fifths of the entries are zero.</summary>
    public static Tensor<double>[] Factors(ulong seed, int rank, params nint[] lengths)
        => [.. Planted.Factors<double>(seed, rank, lengths).Select(static f => Tensor.Create([.. f.ToArray().Select(static z => Math.Max(z + 0.25, 0))], f.Lengths))];

    /// <summary>X plus normal noise of a relative size.</summary>
    public static Tensor<double> Noisy(Tensor<double> x, double size, ulong seed)
    {
        double[] noise = new double[x.FlattenedLength];
        new CounterRandom(seed, 999).Normal<double>(noise);
        double scale = size * TensorAlgebra.FrobeniusNorm(x) / Math.Sqrt(noise.Sum(static v => v * v));
        return Tensor.Create([.. x.ToArray().Zip(noise, (a, b) => a + (scale * b))], x.Lengths);
    }

    public static double[] Column(Tensor<double> factor, int r) => [.. Enumerable.Range(0, (int)factor.Lengths[0]).Select(i => factor[i, r])];

    /// <summary>Pearson's r.</summary>
    public static double Correlation(double[] a, double[] b)
    {
        double x = a.Average(), y = b.Average(), ab = 0, aa = 0, bb = 0;
        for (int i = 0; i < a.Length; i++)
        {
            (ab, aa, bb) = (ab + ((a[i] - x) * (b[i] - y)), aa + ((a[i] - x) * (a[i] - x)), bb + ((b[i] - y) * (b[i] - y)));
        }

        return ab / Math.Sqrt(aa * bb);
    }
}
