using System.Numerics;
using System.Numerics.Tensors;

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

    public static Tensor<T> Train<T>(ulong seed, nint[] lengths, int[] ranks)
        where T : unmanaged, INumberBase<T>
    {
        int[] all = [1, .. ranks, 1];
        return new TensorTrainResult<T>([.. lengths.Select((n, k) => new CounterRandom(seed, (ulong)k).Normal<T>(all[k], n, all[k + 1]))], 0, 0).Reconstruct();
    }

    public static Tensor<T> Ones<T>(int count)
        where T : unmanaged, INumberBase<T>
        => Tensor.Create([.. Enumerable.Repeat(T.One, count)], [count]);

    public static double Distance<T>(Tensor<T> a, Tensor<T> b)
        where T : unmanaged, INumberBase<T>
    {
        double sum = 0, norm = 0;
        T[] x = TensorAlgebra.Permute(a, [.. Enumerable.Range(0, a.Rank)]).ToArray(), y = b.ToArray();
        for (int i = 0; i < x.Length; i++)
        {
            double d = double.CreateChecked(x[i]) - double.CreateChecked(y[i]);
            sum += d * d;
            norm += double.CreateChecked(x[i]) * double.CreateChecked(x[i]);
        }

        return Math.Sqrt(sum / norm);
    }

    /// <summary>The factor match score: the mean over greedily matched components of the product over modes of |cos|.</summary>
    public static double Match(Tensor<double>[] planted, IReadOnlyList<Tensor<double>> found)
    {
        int rank = (int)planted[0].Lengths[1];
        List<(double Score, int A, int B)> pairs = [];
        for (int a = 0; a < rank; a++)
        {
            for (int b = 0; b < rank; b++)
            {
                double score = 1;
                for (int n = 0; n < planted.Length; n++)
                {
                    double dot = 0, p = 0, q = 0;
                    for (int i = 0; i < planted[n].Lengths[0]; i++)
                    {
                        double u = planted[n][i, a], v = found[n][i, b];
                        (dot, p, q) = (dot + (u * v), p + (u * u), q + (v * v));
                    }

                    score *= Math.Abs(dot) / Math.Sqrt(p * q);
                }

                pairs.Add((score, a, b));
            }
        }

        HashSet<int> left = [], right = [];
        double total = 0;
        foreach ((double score, int a, int b) in pairs.OrderByDescending(static p => p.Score))
        {
            if (!left.Contains(a) && !right.Contains(b))
            {
                left.Add(a);
                right.Add(b);
                total += score;
            }
        }

        return total / rank;
    }

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
