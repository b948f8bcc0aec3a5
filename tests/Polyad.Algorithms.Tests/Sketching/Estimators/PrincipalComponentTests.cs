using System.Numerics.Tensors;
using Polyad.Sketching.LowRank;
using Xunit;

namespace Polyad.Sketching.Estimators;

/// <summary>Expected numbers: scikit-learn 1.2.1 on the seven rows below.</summary>
public sealed class PrincipalComponentTests
{
    private static readonly Tensor<double> Rows = Tensor.Create(
        [2.5, 2.4, 0.5, 1, 0.5, 0.7, 1.5, -2, 2.2, 2.9, -1, 0.3, 1.9, 2.2, 3, 4, 3.1, 3.0, 0.2, -1, 2.3, 2.7, 1, 0, 2, 1.6, -2, 0.5], [7, 4]);

    private static readonly double[] First = [0.024636296061409685, 0.0637800788707727, 0.5536624971684748, 0.8299295112747715];
    private static readonly double[] Second = [-0.3745482599604115, -0.32851892583634756, 0.7376337556412665, -0.45572509132866534];

    [Theory]
    [InlineData(PrincipalSolver.Automatic)]
    [InlineData(PrincipalSolver.Full)]
    [InlineData(PrincipalSolver.Randomized)]
    [InlineData(PrincipalSolver.BlockLanczos)]
    public void Principal_components_are_those_of_scikit_learn(PrincipalSolver solver)
    {
        Pca<double> pca = new() { NComponents = 2, Solver = solver };
        foreach (bool sparse in new[] { false, true })
        {
            Tensor<double> scores = sparse ? pca.FitTransform(CsrMatrix<double>.FromDense(Rows)) : pca.FitTransform(Rows);
            Assert.All(Enumerable.Range(0, 4), j =>
            {
                Assert.Equal(First[j], pca.Components[0, j], 1e-13);
                Assert.Equal(Second[j], pca.Components[1, j], 1e-13);
            });
            Near([4.322118165367926, 2.251351908710315], pca.ExplainedVariance);
            Near([0.5744951039478855, 0.29924925680686504], pca.ExplainedVarianceRatio);
            Near([5.092416812497535, 3.675338277255835], pca.SingularValues);
            Assert.Equal(0.47493162962754726, pca.NoiseVariance, 1e-13);
            Assert.Equal(0.5440893838886881, scores[0, 0], 1e-13);
            Assert.Equal(2.9490342034189476, scores[1, 1], 1e-13);
            Assert.Equal("pca1", pca.FeatureNames[1]);
        }
    }

    [Fact]
    public void Whitened_scores_have_variance_1_and_go_back()
    {
        Pca<double> pca = new() { NComponents = 2, Whiten = true };
        Tensor<double> scores = pca.FitTransform(Rows), back = pca.InverseTransform(scores);
        Assert.Equal(0.26171097419241457, scores[0, 0], 1e-13);
        Assert.Equal(-0.30880958677214715, scores[0, 1], 1e-13);
        double[] expected = [2.2583811732555303, 2.401208178792506, 0.4165995469247577, 1.0627176617031986];
        Assert.All(Enumerable.Range(0, 4), j => Assert.Equal(expected[j], back[0, j], 1e-13));
        Pca<double> all = new();
        Tensor<double> whole = all.InverseTransform(all.FitTransform(Rows));
        Assert.Equal(Rows.ToArray(), whole.ToArray(), static (p, q) => Math.Abs(p - q) <= 1e-13);
    }

    [Theory]
    [InlineData(0.5, 1)]
    [InlineData(0.8, 2)]
    [InlineData(0.95, 3)]
    [InlineData(0.999, 4)]
    public void A_share_of_the_variance_chooses_the_number(double share, int count)
        => Assert.Equal(count, new Pca<double> { VarianceShare = share }.Fit(Rows).OutputDimension);

    /// <summary>In batches of 3, 4 (the last one joins the rows that are too few for a batch of their own).</summary>
    [Fact]
    public void Incremental_components_are_those_of_scikit_learn_fitted_at_once_or_in_parts()
    {
        IncrementalPca<double> whole = new() { NComponents = 2, BatchSize = 3 }, parts = new() { NComponents = 2 };
        Tensor<double> scores = whole.FitTransform(Rows);
        parts.PartialFit(Rows.AsReadOnlyMatrix().Slice(0, 0, 3, 4));
        parts.PartialFit(Rows.AsReadOnlyMatrix().Slice(3, 0, 4, 4));
        Assert.All(Enumerable.Range(0, 4), j => Assert.Equal(0.024636296061409615 * First[j] / First[0], whole.Components[0, j], 1e-13));
        Near([4.322118165367923, 2.251351908710316], whole.ExplainedVariance);
        Near([0.5744951039478852, 0.29924925680686526], whole.ExplainedVarianceRatio);
        Near([5.092416812497533, 3.675338277255836], whole.SingularValues);
        Near([2.0714285714285716, 2.2142857142857144, 0.4571428571428572, 0.39999999999999997], whole.Mean);
        Assert.Equal(-0.46335352005092867, scores[0, 1], 1e-13);
        Assert.Equal(7, whole.RowsSeen);
        Assert.Equal(whole.Components.ToArray(), parts.Components.ToArray());
        Assert.Throws<ArgumentException>(() => parts.PartialFit(Rows.AsReadOnlyMatrix().Slice(0, 0, 1, 4)));
    }

    [Fact]
    public void Truncated_svd_is_that_of_scikit_learn_for_dense_and_sparse_rows()
    {
        foreach (PrincipalSolver solver in new[] { PrincipalSolver.Automatic, PrincipalSolver.Full, PrincipalSolver.BlockLanczos })
        {
            TruncatedSvd<double> svd = new() { Solver = solver };
            foreach (bool sparse in new[] { false, true })
            {
                Tensor<double> scores = sparse ? svd.FitTransform(CsrMatrix<double>.FromDense(Rows)) : svd.FitTransform(Rows);
                double[] first = [0.6560178457643753, 0.7024602899837815, 0.15439125607885978, 0.22880880026992428], second = [-0.2098507167597674, -0.18075735729433512, 0.5892144914693072, 0.7590228833849121];
                Assert.All(Enumerable.Range(0, 4), j =>
                {
                    Assert.Equal(first[j], svd.Components[0, j], 1e-13);
                    Assert.Equal(second[j], svd.Components[1, j], 1e-13);
                });
                Near([8.700782606144193, 4.9411899925665015], svd.SingularValues);
                Near([1.3502931941236953, 3.41927753858946], svd.ExplainedVariance);
                Near([0.2093941594786413, 0.5302379878184807], svd.ExplainedVarianceRatio);
                Assert.Equal(3.6319537386813683, scores[0, 0], 1e-13);
                Assert.Equal(7, svd.InverseTransform(scores).Lengths[0]);
            }
        }
    }

    [Fact]
    public void A_randomized_fit_of_many_rows_finds_the_components_of_the_full_one()
    {
        Tensor<double> x = Spectra.Matrix(900, 60, Spectra.Values("geometric", 60));
        Pca<double> full = new() { NComponents = 5, Solver = PrincipalSolver.Full }, random = new() { NComponents = 5 }, sparse = new() { NComponents = 5 };
        full.Fit(x);
        random.Fit(x);
        sparse.Fit(CsrMatrix<double>.FromDense(x));
        foreach (Pca<double> other in new[] { random, sparse })
        {
            Assert.All(Enumerable.Range(0, 5), k =>
            {
                Assert.Equal(full.ExplainedVariance[k], other.ExplainedVariance[k], 1e-9 * full.ExplainedVariance[0]);
                Assert.All(Enumerable.Range(0, 60), j => Assert.Equal(full.Components[k, j], other.Components[k, j], 1e-6));
            });
            Assert.Equal(full.NoiseVariance, other.NoiseVariance, 1e-9 * full.ExplainedVariance[0]);
        }
    }

    [Fact]
    public void Fitted_estimators_go_through_a_file()
    {
        Tensor<double> big = new CounterRandom(4).Normal<double>(50, 6);
        FeatureMap<double>[] maps =
        [
            new Pca<double> { NComponents = 2, Whiten = true }.Fit(Rows), new IncrementalPca<double> { NComponents = 2 }.Fit(Rows), new TruncatedSvd<double>().Fit(Rows),
            new GaussianRandomProjection<double> { NComponents = 3 }.Fit(Rows, seed: 5), new SparseRandomProjection<double> { NComponents = 3 }.Fit(Rows, seed: ulong.MaxValue),
        ];
        foreach (FeatureMap<double> map in maps)
        {
            string path = Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid():N}.npz");
            try
            {
                map.Save(path);
                FeatureMap<double> loaded = FeatureMap.Load<double>(path);
                Assert.IsType(map.GetType(), loaded);
                Assert.Equal(map.Transform(Rows).ToArray(), loaded.Transform(Rows).ToArray());
                if (loaded is IncrementalPca<double> resumed)
                {
                    resumed.PartialFit(big.AsReadOnlyMatrix().Slice(0, 0, 50, 4));
                    map.PartialFit(big.AsReadOnlyMatrix().Slice(0, 0, 50, 4));
                    Assert.Equal(map.Transform(Rows).ToArray(), resumed.Transform(Rows).ToArray());
                }
            }
            finally
            {
                File.Delete(path);
            }
        }
    }

    [Fact]
    public void Bad_parameters_and_rows_are_refused()
    {
        Assert.Contains("NComponents", Assert.Throws<ArgumentOutOfRangeException>(() => new Pca<double> { NComponents = 5 }.Fit(Rows)).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => new Pca<double> { VarianceShare = 1.5 }.Fit(Rows));
        Assert.Throws<ArgumentException>(() => new Pca<double> { VarianceShare = 0.5, NComponents = 2 }.Fit(Rows));
        Assert.Throws<ArgumentException>(() => new Pca<double> { Solver = PrincipalSolver.Randomized }.Fit(Rows));
        Assert.Throws<ArgumentException>(() => new Pca<double>().Fit(Rows.AsReadOnlyMatrix().Slice(0, 0, 1, 4)));
        Assert.Throws<NotFittedException>(() => new Pca<double>().Components);
        Assert.Throws<ArgumentException>(() => new IncrementalPca<double> { NComponents = 3, BatchSize = 2 }.Fit(Rows));
        Assert.Throws<ArgumentOutOfRangeException>(() => new IncrementalPca<double> { NComponents = 5 }.Fit(Rows));
        Assert.Throws<ArgumentOutOfRangeException>(() => new TruncatedSvd<double> { NComponents = 5 }.Fit(Rows));
        Pca<double> pca = new() { NComponents = 2 };
        pca.Fit(Rows);
        Assert.Throws<ArgumentException>(() => pca.InverseTransform(Rows));
        Assert.Throws<ArgumentException>(() => pca.Transform(new CounterRandom(1).Normal<double>(3, 5)));
        Assert.Throws<OperationCanceledException>(() => pca.Fit(Rows, cancellationToken: new CancellationToken(canceled: true)));
        Tensor<double> constant = Tensor.CreateFromShape<double>([5, 3]);
        Assert.All(new Pca<double> { Whiten = true }.FitTransform(constant).ToArray(), static v => Assert.Equal(0, v));
    }

    private static void Near(double[] expected, IReadOnlyList<double> actual)
    {
        Assert.Equal(expected.Length, actual.Count);
        Assert.All(Enumerable.Range(0, expected.Length), i => Assert.Equal(expected[i], actual[i], 1e-12 * Math.Max(1, expected[i])));
    }
}
