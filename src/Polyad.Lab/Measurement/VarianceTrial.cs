using System.Collections.Immutable;
using System.Numerics.Tensors;

namespace Polyad.Lab;

/// <summary>The measured spread of kernel estimates of a few pairs of rows beside the predicted one.</summary>
/// <param name="Ratio">Measured over predicted variance, the mean over the pairs.</param>
/// <param name="Furthest">The largest |measured - predicted| of a pair in standard errors of the measured variance.</param>
internal readonly record struct VarianceTrial(double Ratio, double Furthest)
{
    /// <summary>The rows that experiments look at.</summary>
    public const int Rows = 8;

    /// <summary>The pairs of them: each row once, and two pairs across.</summary>
    public static ImmutableArray<(int First, int Second)> Pairs { get; } = [(0, 1), (2, 3), (4, 5), (6, 7), (0, 7), (3, 4)];

    /// <summary>A trial of the <see cref="Pairs"/> of <see cref="Rows"/> rows.</summary>
    /// <param name="features">The features of the rows for a seed.</param>
    /// <param name="predict">What is known of a pair.</param>
    /// <param name="first">The first seed.</param>
    /// <param name="runs">How many.</param>
    /// <param name="cancellationToken">Looked at between runs.</param>
    public static VarianceTrial Of(Func<ulong, Tensor<double>> features, Func<int, int, PredictedPair> predict, ulong first, int runs, CancellationToken cancellationToken)
        => Of(features, [.. Pairs.Select(p => predict(p.First, p.Second))], first, runs, cancellationToken);

    /// <summary>Estimates are unbiased: the mean squared distance from the exact value is the variance.</summary>
    /// <param name="features">The features of the rows for a seed.</param>
    /// <param name="pairs">Pairs of rows with exact value and predicted variance.</param>
    /// <param name="first">The first seed.</param>
    /// <param name="runs">How many.</param>
    /// <param name="cancellationToken">Looked at between runs.</param>
    public static VarianceTrial Of(Func<ulong, Tensor<double>> features, IReadOnlyList<PredictedPair> pairs, ulong first, int runs, CancellationToken cancellationToken)
    {
        double[][] squares = [.. pairs.Select(_ => new double[runs])];

        // Sketches of a few rows are small work: runs go side by side, each on one thread.
        Parallel.For(0, runs, new ParallelOptions { MaxDegreeOfParallelism = Parallelism.Current.MaxThreads, CancellationToken = cancellationToken }, run =>
        {
            using IDisposable one = Parallelism.Use(1);
            ReadOnlyMatrixView<double> z = features(first + (ulong)run).AsReadOnlyMatrix();
            for (int p = 0; p < squares.Length; p++)
            {
                double inner = 0;
                for (int t = 0; t < z.Columns; t++)
                {
                    inner += z[pairs[p].First, t] * z[pairs[p].Second, t];
                }

                squares[p][run] = (inner - pairs[p].Exact) * (inner - pairs[p].Exact);
            }
        });
        double ratio = 0, furthest = 0;
        for (int p = 0; p < squares.Length; p++)
        {
            Estimate measured = Estimate.Of(squares[p]);
            ratio += measured.Mean / pairs[p].Variance / squares.Length;
            furthest = Math.Max(furthest, Math.Abs(measured.Mean - pairs[p].Variance) / measured.StandardError);
        }

        return new VarianceTrial(ratio, furthest);
    }
}

/// <summary>Two rows, their kernel value and the predicted variance of its estimate.</summary>
internal readonly record struct PredictedPair(int First, int Second, double Exact, double Variance);
