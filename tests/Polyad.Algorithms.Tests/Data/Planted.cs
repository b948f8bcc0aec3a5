using System.Numerics;
using System.Numerics.Tensors;
using Xunit;

namespace Polyad.Decomposition;

/// <summary>Tensors whose decomposition is known.</summary>
internal static class Planted
{
    public static Tensor<T>[] Factors<T>(ulong seed, int rank, params nint[] lengths)
        where T : unmanaged, INumberBase<T>
        => [.. lengths.Select((n, k) => new CounterRandom(seed, 77 + (ulong)k).Normal<T>(n, rank))];

    public static Tensor<T> Cp<T>(Tensor<T>[] factors)
        where T : unmanaged, INumberBase<T>
        => new CpResult<T>(Ones<T>((int)factors[0].Lengths[1]), factors, 0, [], 0, true).Reconstruct();

    /// <summary>The tensor with normal noise of so many times its norm.</summary>
    public static Tensor<double> Noisy(Tensor<double> x, double level, ulong seed)
    {
        double[] values = x.ToArray(), noise = new double[values.Length];
        new CounterRandom(seed, 4711).Normal<double>(noise);
        double scale = level * Norm(values) / Norm(noise);
        return Tensor.Create([.. values.Zip(noise, (v, e) => v + (scale * e))], x.Lengths);
    }

    /// <summary>Factors with unit columns of which any two have this cosine: R at most every length.</summary>
    public static Tensor<double>[] Collinear(ulong seed, double cosine, int rank, params nint[] lengths)
    {
        double[] gram = [.. Enumerable.Range(0, rank * rank).Select(i => i / rank == i % rank ? 1 : cosine)];
        Tensor<double> l = LinearAlgebra.Cholesky(Tensor.Create(gram, [rank, rank]));
        return [.. lengths.Select((n, k) => LinearAlgebra.MatMul(
            LinearAlgebra.Qr(new CounterRandom(seed, (ulong)k).Normal<double>(n, rank)).Q.AsReadOnlyMatrix(), l.AsReadOnlyMatrix().Transpose))];
    }

    /// <summary>The model of these factors with weights one.</summary>
    public static CpTensor<T> Model<T>(Tensor<T>[] factors)
        where T : unmanaged, INumberBase<T>
        => new(Ones<T>((int)factors[0].Lengths[1]), factors);

    public static double Norm(double[] values) => Math.Sqrt(values.Sum(static v => v * v));

    public static Tensor<T> Train<T>(ulong seed, nint[] lengths, int[] ranks)
        where T : unmanaged, INumberBase<T>
    {
        int[] all = [1, .. ranks, 1];
        return new TtTensor<T>([.. lengths.Select((n, k) => new CounterRandom(seed, (ulong)k).Normal<T>(all[k], n, all[k + 1]))]).Reconstruct();
    }

    public static Tensor<T> Ones<T>(int count)
        where T : unmanaged, INumberBase<T>
        => Tensor.Create([.. Enumerable.Repeat(T.One, count)], [count]);

    /// <summary>||a - b|| / ||a||</summary>
    public static double Distance<T>(Tensor<T> a, Tensor<T> b)
        where T : unmanaged, INumberBase<T>
    {
        Assert.Equal(a.Lengths.ToArray(), b.Lengths.ToArray());
        double sum = 0, norm = 0;
        T[] x = a.ToArray(), y = b.ToArray();
        for (int i = 0; i < x.Length; i++)
        {
            double d = double.CreateChecked(T.Abs(x[i] - y[i])), size = double.CreateChecked(T.Abs(x[i]));
            sum += d * d;
            norm += size * size;
        }

        return Math.Sqrt(sum / norm);
    }

    /// <summary>The factor match score of factors that carry no weights.</summary>
    public static double Match(Tensor<double>[] planted, IReadOnlyList<Tensor<double>> found) => FactorMatch.Of(Model([.. found]), Model(planted)).Score;

    /// <summary>||U^T U - I|| by largest entry.</summary>
    public static double Unorthogonality(Tensor<double> u)
    {
        double worst = 0;
        for (int a = 0; a < u.Lengths[1]; a++)
        {
            for (int b = 0; b <= a; b++)
            {
                double dot = 0;
                for (int i = 0; i < u.Lengths[0]; i++)
                {
                    dot += u[i, a] * u[i, b];
                }

                worst = Math.Max(worst, Math.Abs(dot - (a == b ? 1 : 0)));
            }
        }

        return worst;
    }
}
