using System.Numerics;
using System.Numerics.Tensors;

namespace Polyad.Sketching;

/// <summary>
/// Recursive ridge leverage score sampling (Musco and Musco 2017, algorithm 3): the rows are halved until few are left; going back up, scores of a level's rows are estimated from the weighted
/// sample of the level below, and a new sample is drawn by them. The scores are those of ridge lambda, the mean of the spectrum's tail, so that they sum to the order of the sample.
/// </summary>
internal static class RidgeLeverageSampling
{
    private const int Batch = 512;

    /// <summary>Chooses <paramref name="count"/> different rows in proportion to their estimated scores.</summary>
    public static int[] Choose<T>(Kernel kernel, in FeatureRows<T> x, int count, in FitContext context)
        where T : unmanaged, INumberBase<T>
    {
        int n = x.Rows;
        CounterRandom random = context.Draws(DrawStream.Landmarks);
        int[] order = random.Permutation(n);
        if (count >= n)
        {
            return order;
        }

        double oversampling = Math.Max(1, Math.Log(count));
        int rank = Math.Max(1, (int)Math.Ceiling(count / (4 * oversampling)));
        List<int> sizes = [n];
        while (sizes[^1] > count)
        {
            sizes.Add((sizes[^1] + 1) / 2);
        }

        double[] diagonal = [.. kernel.Diagonal(x).Select(double.CreateChecked)];
        int[] sample = order[..sizes[^1]];
        double[] weights = [.. Enumerable.Repeat(1.0, sample.Length)];
        ulong draw = 0;
        for (int level = sizes.Count - 2; level >= 0; level--)
        {
            context.Report(sizes.Count - 2 - level, sizes.Count - 1);
            int[] rows = order[..sizes[level]];
            double[] scores = Scores(kernel, x, rows, sample, weights, rank, diagonal, context);
            double[] uniform = new double[rows.Length];
            random.WithStream(random.Stream + DrawStream.Levels).Uniform<double>(uniform, draw);
            draw += (ulong)uniform.Length;
            if (level == 0)
            {
                return Weighted(rows, scores, uniform, count);
            }

            List<int> next = [];
            List<double> nextWeights = [];
            for (int i = 0; i < rows.Length; i++)
            {
                double probability = Math.Min(1, oversampling * scores[i]);
                if (uniform[i] < probability)
                {
                    next.Add(rows[i]);
                    nextWeights.Add(1 / probability);
                }
            }

            // A level that took no row at all passes on the sample it was given.
            (sample, weights) = next.Count > 0 ? ([.. next], [.. nextWeights]) : (sample, weights);
        }

        return order[..count];
    }

    /// <summary>(k(x, x) - k(x, S) (K_SS + lambda W^-1)^-1 k(S, x)) / lambda, between 0 and 1.</summary>
    private static double[] Scores<T>(
        Kernel kernel, in FeatureRows<T> x, int[] rows, int[] sample, double[] weights, int rank, double[] diagonal, in FitContext context)
        where T : unmanaged, INumberBase<T>
    {
        int s = sample.Length;
        Tensor<double> landmarks = ElementMath.ToDouble(x.Gather(sample)), core = kernel.Matrix(landmarks, context.Backend);
        Tensor<double> weighted = FreshMemory.Uninitialized<double>([s, s]);
        Span<double> k = LinearAlgebra.Elements(core), w = LinearAlgebra.Elements(weighted);
        double trace = 0;
        for (int i = 0; i < s; i++)
        {
            for (int j = 0; j < s; j++)
            {
                w[(i * s) + j] = k[(i * s) + j] * Math.Sqrt(weights[i] * weights[j]);
            }

            trace += w[(i * s) + i];
        }

        double lambda = Ridge(weighted, trace, rank, context.Backend);
        for (int i = 0; i < s; i++)
        {
            w[(i * s) + i] += lambda;
        }

        // With W^(1/2) on both sides the system is W^(1/2) K W^(1/2) + lambda I.
        ReadOnlyMatrixView<double> lower = LinearAlgebra.Cholesky(weighted, context.Backend).AsReadOnlyMatrix();
        PreparedKernel<double> prepared = new(kernel, landmarks);
        double[] roots = [.. weights.Select(Math.Sqrt)], scores = new double[rows.Length];
        for (int first = 0; first < rows.Length; first += Batch)
        {
            int count = Math.Min(Batch, rows.Length - first);
            Tensor<double> part = FreshMemory.Uninitialized<double>([count, s]);
            prepared.Fill(ElementMath.ToDouble(x.Gather(rows.AsSpan(first, count))), part.AsMatrix(), context.Backend);
            FeatureMatrix.ForEachRow(part.AsMatrix(), 0.2, (_, row) => TensorPrimitives.Multiply<double>(row, roots, row));
            context.Backend.TriangularSolve(Triangle.Lower, false, lower, part.AsMatrix().Transpose);
            for (int i = 0; i < count; i++)
            {
                double explained = TensorPrimitives.SumOfSquares<double>(LinearAlgebra.Elements(part).Slice(i * s, s));
                scores[first + i] = Math.Clamp((diagonal[rows[first + i]] - explained) / lambda, 0, 1);
            }
        }

        return scores;
    }

    /// <summary>lambda: what the leading <paramref name="rank"/> eigenvalues leave of the trace, divided by the rank; at least rounding.</summary>
    private static double Ridge(Tensor<double> k, double trace, int rank, ILinearAlgebraBackend backend)
    {
        int s = (int)k.Lengths[0];
        double least = 1e-10 * trace / s, tail = 0;
        if (rank < s)
        {
            double[] values = new double[s];
            backend.SymmetricEigenvalues(k.AsReadOnlyMatrix(), values);
            tail = Math.Max(0, TensorPrimitives.Sum<double>(values.AsSpan(0, s - rank))) / rank;
        }

        return Math.Max(tail, least);
    }

    /// <summary>Draws without replacement with probabilities in proportion to the scores: the largest of u^(1/score) (Efraimidis and Spirakis 2006).</summary>
    private static int[] Weighted(int[] rows, double[] scores, double[] uniform, int count)
    {
        double[] keys = new double[rows.Length];
        for (int i = 0; i < keys.Length; i++)
        {
            // Rows without a score come last, in the order of their draws.
            keys[i] = scores[i] > 0 ? -Math.Log(1 - uniform[i]) / scores[i] : double.MaxValue / 2 * (1 + uniform[i]);
        }

        int[] chosen = [.. rows];
        Array.Sort(keys, chosen);
        return chosen[..count];
    }
}
