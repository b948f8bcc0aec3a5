using System.Numerics;
using System.Numerics.Tensors;
using Xunit;

namespace Polyad.Sketching.Operators;

/// <summary>The entries follow their distributions. Seeds are fixed; bounds are those of the statistics named.</summary>
public sealed class SketchDistributionTests
{
    /// <summary>The quantile of Kolmogorov's distribution for a significance of 1e-6: sqrt(log(2 / 1e-6) / 2).</summary>
    private const double KolmogorovSmirnov = 2.6935;

    [Fact]
    public void Normal_entries_pass_the_test_of_Kolmogorov_and_Smirnov()
    {
        for (ulong seed = 0; seed < 4; seed++)
        {
            AssertDistribution(new GaussianSketch<double>(50, 2000, seed).ToDense(), Normal);
            AssertDistribution(new GaussianSketch<float>(50, 2000, seed).ToDense(), Normal);
        }
    }

    [Fact]
    public void Uniform_entries_pass_the_test_of_Kolmogorov_and_Smirnov()
    {
        double end = Math.Sqrt(3);
        for (ulong seed = 0; seed < 4; seed++)
        {
            AssertDistribution(new UniformSketch<double>(50, 2000, seed).ToDense(), x => Math.Clamp((x + end) / (2 * end), 0, 1));
            AssertDistribution(new UniformSketch<float>(50, 2000, seed).ToDense(), x => Math.Clamp((x + end) / (2 * end), 0, 1));
        }
    }

    [Theory]
    [InlineData("gaussian")]
    [InlineData("uniform")]
    [InlineData("rademacher")]
    [InlineData("srht")]
    public void Dense_entries_have_mean_0_and_variance_1_also_along_rows_and_columns(string family)
    {
        foreach ((int rows, int columns) in new[] { (203, 503), (500, 500) })
        {
            Tensor<double> s = Families.Create<double>(family, rows, columns, 11).ToDense();
            double[] all = s.ToArray();
            Assert.InRange(all.Average(), -1e-2, 1e-2);
            Assert.InRange(Math.Sqrt(all.Average(static v => v * v)), 0.99, 1.01);

            // Row and column means are sums of independent variables of variance 1: six deviations, a thousand of them. (The first row and column of a Hadamard matrix are all ones.)
            for (int i = 0; i < rows && family != "srht"; i++)
            {
                Assert.InRange(Enumerable.Range(0, columns).Average(j => s[i, j]), -6 / Math.Sqrt(columns), 6 / Math.Sqrt(columns));
            }

            for (int j = 0; j < columns && family != "srht"; j++)
            {
                Assert.InRange(Enumerable.Range(0, rows).Average(i => s[i, j]), -6 / Math.Sqrt(rows), 6 / Math.Sqrt(rows));
            }
        }
    }

    [Theory]
    [InlineData(1, 50)]
    [InlineData(4, 50)]
    [InlineData(7, 7)]
    [InlineData(40, 41)]
    public void Columns_of_a_sparse_transform_have_exactly_their_entries_in_different_rows_all_rows_alike(int nonZeros, int rows)
    {
        const int N = 20_000;
        CsrMatrix<double> s = new SparseJohnsonLindenstrauss<double>(rows, N, nonZeros, 3).ToSparse(), turned = s.Transpose();
        Assert.All(Enumerable.Range(0, N), j => Assert.Equal(nonZeros, turned.RowPointers[j + 1] - turned.RowPointers[j]));
        Assert.All(s.Values.ToArray(), static v => Assert.Equal(1, Math.Abs(v)));
        Assert.InRange(s.Values.ToArray().Sum(), -4 * Math.Sqrt(N * nonZeros), 4 * Math.Sqrt(N * nonZeros));

        // A row is in a column with probability s / D: binomial counts, five deviations for each of the rows.
        double p = (double)nonZeros / rows, deviation = Math.Sqrt(N * p * (1 - p));
        Assert.All(Enumerable.Range(0, rows), i => Assert.InRange(s.RowPointers[i + 1] - s.RowPointers[i], (N * p) - (5 * deviation), (N * p) + (5 * deviation)));
    }

    [Fact]
    public void Pairs_of_rows_meet_in_columns_as_often_as_draws_without_replacement_do()
    {
        const int N = 50_000, D = 8, K = 3;
        int[,] met = new int[D, D];
        CsrMatrix<double> turned = new SparseJohnsonLindenstrauss<double>(D, N, K, 3).ToSparse().Transpose();
        for (int j = 0; j < N; j++)
        {
            ReadOnlySpan<int> column = turned.ColumnIndices.Slice(turned.RowPointers[j], K);
            met[column[0], column[1]]++;
            met[column[0], column[2]]++;
            met[column[1], column[2]]++;
        }

        double p = K * (K - 1.0) / (D * (D - 1)), deviation = Math.Sqrt(N * p * (1 - p));
        for (int a = 0; a < D; a++)
        {
            for (int b = a + 1; b < D; b++)
            {
                Assert.InRange(met[a, b], (N * p) - (5 * deviation), (N * p) + (5 * deviation));
            }
        }
    }

    [Theory]
    [InlineData(0.002)]
    [InlineData(0.1)]
    [InlineData(1.0 / 3)]
    [InlineData(0.8)]
    [InlineData(1)]
    public void Sparse_signs_have_their_density_everywhere(double density)
    {
        const int Rows = 300, Columns = 1000;
        CsrMatrix<double> s = new SparseSignSketch<double>(Rows, Columns, density, 5).ToSparse();
        double deviation = Math.Sqrt(Rows * Columns * density * (1 - density));
        Assert.InRange(s.NonZeros, (Rows * Columns * density) - (4 * deviation), (Rows * Columns * density) + (4 * deviation));
        Assert.All(s.Values.ToArray(), static v => Assert.Equal(1, Math.Abs(v)));
        Assert.InRange(s.Values.ToArray().Sum(), -4 * Math.Sqrt(s.NonZeros), 4 * Math.Sqrt(s.NonZeros));

        // Counts of rows and of columns are binomial: six deviations, and their mean square deviation is that of the binomial law within five of its own.
        CheckCounts([.. Enumerable.Range(0, Rows).Select(i => s.RowPointers[i + 1] - s.RowPointers[i])], Columns, density);
        CsrMatrix<double> turned = s.Transpose();
        CheckCounts([.. Enumerable.Range(0, Columns).Select(j => turned.RowPointers[j + 1] - turned.RowPointers[j])], Rows, density);
    }

    [Fact]
    public void Weighted_draws_follow_their_weights_and_never_take_what_weighs_nothing()
    {
        const int N = 60, Draws = 60_000;
        double[] weights = Families.Weights(N);
        double total = weights.Sum();
        int[] sampled = new int[N], less = new int[N];
        CsrMatrix<double> rows = new RowSamplingSketch<double>(Draws, weights, 3).ToSparse(), sums = new LessSketch<double>(Draws, weights, 1, 3).ToSparse();
        for (int p = 0; p < Draws; p++)
        {
            sampled[rows.ColumnIndices[p]]++;
            less[sums.ColumnIndices[p]]++;
            double factor = 1 / Math.Sqrt(N * weights[rows.ColumnIndices[p]] / total);
            Assert.Equal(factor, rows.Values[p], 1e-14);
        }

        for (int j = 0; j < N; j++)
        {
            double p = weights[j] / total, deviation = Math.Sqrt(Draws * p * (1 - p));
            Assert.InRange(sampled[j], (Draws * p) - (5 * deviation), (Draws * p) + (5 * deviation));
            Assert.InRange(less[j], (Draws * p) - (5 * deviation), (Draws * p) + (5 * deviation));
        }
    }

    [Fact]
    public void Rows_without_replacement_are_different()
    {
        CsrMatrix<double> all = new RowSamplingSketch<double>(50, 50, replacement: false, 3).ToSparse();
        Assert.Equal(Enumerable.Range(0, 50), all.ColumnIndices.ToArray().Order());
        int[] hits = new int[10];
        for (ulong seed = 0; seed < 20_000; seed++)
        {
            hits[new RowSamplingSketch<double>(1, 10, replacement: false, seed).ToSparse().ColumnIndices[0]]++;
        }

        Assert.All(hits, h => Assert.InRange(h, 2000 - (5 * Math.Sqrt(1800)), 2000 + (5 * Math.Sqrt(1800))));
    }

    public static TheoryData<string> Names => Families.Names;

    /// <summary>E ||c S x||^2 = ||x||^2: the mean over seeds lies within four standard errors.</summary>
    [Theory]
    [MemberData(nameof(Names))]
    public void The_isometry_scale_preserves_squared_lengths_in_the_mean(string family)
    {
        const int N = 90, Seeds = 500;
        Tensor<double> x = new CounterRandom(4).Normal<double>(N, 1);

        // Coordinates that weigh nothing are lost: they must be zero.
        for (int j = 0; j < N && family.EndsWith("weighted", StringComparison.Ordinal); j++)
        {
            x[j, 0] *= Families.Weights(N)[j] == 0 ? 0 : 1;
        }

        double square = TensorPrimitives.SumOfSquares<double>(x.ToArray()), sum = 0, squares = 0;
        for (ulong seed = 0; seed < Seeds; seed++)
        {
            double ratio = TensorPrimitives.SumOfSquares<double>(Families.Create<double>(family, 20, N, seed).Sketch(x).ToArray()) / square;
            sum += ratio;
            squares += ratio * ratio;
        }

        double mean = sum / Seeds, error = Math.Sqrt(((squares / Seeds) - (mean * mean)) / Seeds);
        Assert.InRange(mean, 1 - (4 * error), 1 + (4 * error));
    }

    private static void CheckCounts(int[] counts, int trials, double p)
    {
        double mean = trials * p, variance = trials * p * (1 - p);
        Assert.All(counts, c => Assert.InRange(c, mean - (6 * Math.Sqrt(variance)) - 1, mean + (6 * Math.Sqrt(variance)) + 1));
        double spread = counts.Average(c => (c - mean) * (c - mean)), kurtosis = variance > 0 ? 3 + ((1 - (6 * p * (1 - p))) / variance) : 1;
        Assert.InRange(spread, variance * (1 - (5 * Math.Sqrt((kurtosis - 1) / counts.Length))), (variance * (1 + (5 * Math.Sqrt((kurtosis - 1) / counts.Length)))) + 1e-12);
    }

    private static void AssertDistribution<T>(Tensor<T> sample, Func<double, double> cumulative)
        where T : unmanaged, INumberBase<T>
    {
        double[] sorted = [.. Families.Doubles(sample).Order()];
        double worst = 0;
        for (int i = 0; i < sorted.Length; i++)
        {
            double at = cumulative(sorted[i]);
            worst = Math.Max(worst, Math.Max(Math.Abs(at - ((double)i / sorted.Length)), Math.Abs(at - ((i + 1.0) / sorted.Length))));
        }

        Assert.True(worst * Math.Sqrt(sorted.Length) < KolmogorovSmirnov, $"{worst * Math.Sqrt(sorted.Length)}");
    }

    /// <summary>Phi(x) = 1/2 + phi(x) (x + x^3 / 3 + x^5 / 15 + ...).</summary>
    private static double Normal(double x)
    {
        if (Math.Abs(x) > 8)
        {
            return x > 0 ? 1 : 0;
        }

        double term = x, sum = x;
        for (int k = 3; Math.Abs(term) > 1e-18; k += 2)
        {
            term *= x * x / k;
            sum += term;
        }

        return 0.5 + (sum * Math.Exp(-x * x / 2) / Math.Sqrt(2 * Math.PI));
    }
}
