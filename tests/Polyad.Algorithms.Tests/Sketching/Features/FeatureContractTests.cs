using System.Numerics.Tensors;
using Xunit;

namespace Polyad.Sketching;

/// <summary>What every map promises, whatever its family.</summary>
public sealed class FeatureContractTests
{
    private const int Columns = 7;

    /// <summary>Entries of at least 0, some of them 0: in the domain of every kernel.</summary>
    private static readonly Tensor<double> Rows = SomeRows(600);

    public static TheoryData<string> Kinds => [.. FeatureKinds.Of<double>().Keys];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void The_seed_fixes_the_map_and_the_number_of_threads_changes_no_bit(string kind)
    {
        double[] expected;
        using (Parallelism.Use(1))
        {
            expected = FeatureKinds.Of<double>()[kind].FitTransform(Rows, seed: 5).ToArray();
        }

        using (Parallelism.Use(3))
        {
            Assert.Equal(expected, FeatureKinds.Of<double>()[kind].FitTransform(Rows, seed: 5).ToArray());
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Rows_in_parts_strided_or_sparse_have_the_features_of_all_rows(string kind)
    {
        FeatureMap<double> map = FeatureKinds.Of<double>()[kind].Fit(Rows, seed: 5);
        Tensor<double> whole = map.Transform(Rows), turned = Rows.AsReadOnlyMatrix().Transpose.ToTensor();
        double tolerance = 1e-11 * Math.Max(1, whole.ToArray().Max(Math.Abs));
        Tensor<double> part = map.Transform(Rows.AsReadOnlyMatrix().Slice(333, 0, 21, Columns));
        Tensor<double> strided = map.Transform(turned.AsReadOnlyMatrix().Transpose), sparse = map.Transform(CsrMatrix<double>.FromDense(Rows));
        int d = map.OutputDimension;
        double[] target = new double[600 * d * 2];
        map.Transform(Rows, new MatrixView<double>(target, 600, d, 2, 1200));
        for (int i = 0; i < 600; i += 37)
        {
            for (int j = 0; j < d; j++)
            {
                Assert.Equal(whole[i, j], strided[i, j], tolerance);
                Assert.Equal(whole[i, j], sparse[i, j], tolerance);
                Assert.Equal(whole[i, j], target[(i * 2) + (j * 1200)], tolerance);
            }
        }

        for (int j = 0; j < d; j++)
        {
            Assert.Equal(whole[340, j], part[7, j], tolerance);
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_map_fitted_to_sparse_rows_is_the_map_fitted_to_dense_ones(string kind)
    {
        double[] dense = FeatureKinds.Of<double>()[kind].FitTransform(Rows, 5).ToArray(), sparse = FeatureKinds.Of<double>()[kind].Fit(CsrMatrix<double>.FromDense(Rows), 5).Transform(Rows).ToArray();
        double tolerance = 1e-9 * Math.Max(1, dense.Max(Math.Abs));
        Assert.All(dense.Zip(sparse), p => Assert.Equal(p.First, p.Second, tolerance));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Data_oblivious_maps_need_one_row_and_take_rows_in_parts(string kind)
    {
        FeatureMap<double> map = FeatureKinds.Of<double>()[kind], parts = FeatureKinds.Of<double>()[kind];
        FeatureRows<double> rows = Rows;
        if (!map.IsDataOblivious)
        {
            return;
        }

        double[] expected = map.FitTransform(Rows, 5).ToArray();
        parts.PartialFit(rows.Slice(0, 1), 5).PartialFit(rows.Slice(1, 10), 5);
        Assert.Equal(expected, parts.Transform(Rows).ToArray());
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Many_threads_transform_with_one_map_at_once(string kind)
    {
        FeatureMap<double> map = FeatureKinds.Of<double>()[kind].Fit(Rows, 5);
        double[] expected = map.Transform(Rows).ToArray();
        System.Threading.Tasks.Parallel.For(0, 6, i =>
        {
            if (i == 3)
            {
                map.Fit(Rows, 5);
            }

            Assert.Equal(expected, map.Transform(Rows).ToArray());
        });
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Bad_rows_are_refused_and_leave_the_map_as_it_was(string kind)
    {
        FeatureMap<double> map = FeatureKinds.Of<double>()[kind];
        Assert.Throws<NotFittedException>(() => map.Transform(Rows));
        Assert.Throws<ArgumentException>(() => map.Fit(Tensor.CreateFromShape<double>([0, 4])));
        Assert.Throws<ArgumentException>(() => map.Fit(Tensor.CreateFromShape<double>([4])));
        Tensor<double> bad = Tensor.CreateFromShape<double>([3, Columns]);
        bad[1, 2] = double.NaN;
        Assert.Throws<NonFiniteInputException>(() => map.Fit(bad));
        Assert.False(map.IsFitted);
        double[] before = map.FitTransform(Rows).ToArray();
        Assert.Throws<NonFiniteInputException>(() => map.Fit(bad));
        Assert.Throws<NonFiniteInputException>(() => map.Transform(bad));
        Assert.Contains($"rows of {Columns} numbers; given 3 x 4", Assert.Throws<ArgumentException>(() => map.Transform(Tensor.CreateFromShape<double>([3, 4]))).Message, StringComparison.Ordinal);
        Assert.Equal(before, map.Transform(Rows).ToArray());
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_cancelled_call_leaves_the_map_as_it_was_and_progress_ends_at_the_whole(string kind)
    {
        FeatureMap<double> map = FeatureKinds.Of<double>()[kind];
        using CancellationTokenSource cancelled = new();
        cancelled.Cancel();
        Assert.ThrowsAny<OperationCanceledException>(() => map.Fit(Rows, 5, null, cancelled.Token));
        Assert.ThrowsAny<OperationCanceledException>(() => map.PartialFit(Rows, 5, null, cancelled.Token));
        Assert.False(map.IsFitted);
        Recorder<FeatureProgress> fit = new(), transform = new();
        double[] before = map.Fit(Rows, 5, fit).Transform(Rows, transform).ToArray();
        Assert.All(fit.Reports, static p => Assert.InRange(p.Done, 0, p.Total));
        Assert.Equal(new FeatureProgress(600, 600), transform.Reports[^1]);
        Assert.ThrowsAny<OperationCanceledException>(() => map.Fit(Rows, 6, null, cancelled.Token));
        Assert.ThrowsAny<OperationCanceledException>(() => map.Transform(Rows, null, cancelled.Token));
        Assert.Equal(before, map.Transform(Rows).ToArray());
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Huge_rows_give_finite_features_or_an_error(string kind)
    {
        FeatureMap<double> map = FeatureKinds.Of<double>()[kind].Fit(Rows);
        foreach (double size in (double[])[1e100, 1e300, double.MaxValue])
        {
            Tensor<double> huge = Tensor.CreateFromShape<double>([2, Columns]);
            huge.Fill(size);
            try
            {
                Assert.All(map.Transform(huge).ToArray(), static v => Assert.True(double.IsFinite(v)));
            }
            catch (OverflowException)
            {
            }
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Input_is_not_modified_and_every_feature_has_a_name(string kind)
    {
        Tensor<double> copy = Rows.AsReadOnlyMatrix().ToTensor();
        FeatureMap<double> map = FeatureKinds.Of<double>()[kind];
        map.FitTransform(copy);
        Assert.Equal(Rows.ToArray(), copy.ToArray());
        Assert.Equal(map.OutputDimension, map.FeatureNames.Distinct().Count());
        Assert.Equal(Columns, map.InputDimension);
    }

    /// <summary>Kernels of float features are those of double features: not to rounding, since draws differ, but of the same size.</summary>
    [Theory]
    [MemberData(nameof(Kinds))]
    public void Floats_are_served(string kind)
    {
        Tensor<float> rows = Tensor.Create([.. Rows.ToArray().Select(static v => (float)v)], Rows.Lengths);
        FeatureMap<float> map = FeatureKinds.Of<float>()[kind];
        Tensor<float> features = map.FitTransform(rows, 5);
        double single = Enumerable.Range(0, 600).Average(i => KernelAgreement.Inner(features, i, i)), twice = 0;
        Tensor<double> wide = FeatureKinds.Of<double>()[kind].FitTransform(Rows, 5);
        twice = Enumerable.Range(0, 600).Average(i => KernelAgreement.Inner(wide, i, i));
        Assert.Equal(1, single / twice, 0.35);
    }

    internal static Tensor<double> SomeRows(int n)
    {
        Tensor<double> rows = new CounterRandom(21).Uniform<double>(n, Columns);
        for (int i = 0; i < n; i++)
        {
            rows[i, i % Columns] = 0;
        }

        return rows;
    }
}

/// <summary>One map of every kind, by name.</summary>
internal static class FeatureKinds
{
    public static Dictionary<string, FeatureMap<T>> Of<T>()
        where T : unmanaged, System.Numerics.INumberBase<T>
        => new()
        {
            ["linear"] = new LinearFeatures<T> { Slope = 2, Constant = 3 },
            ["standard scaler"] = new StandardScaler<T> { WithMean = false },
            ["union"] = new FeatureUnion<T>([new LinearFeatures<T>(), new StandardScaler<T>(), new ArcCosineFeatures<T> { Dimension = 9 }], [0.5, 2, 1]),
            ["pipeline"] = new FeaturePipeline<T>(new StandardScaler<T>(), new FeatureUnion<T>(new LinearFeatures<T>(), new RandomFourierFeatures<T> { Dimension = 10 })),
            ["fourier pairs"] = new RandomFourierFeatures<T> { Kernel = new GaussianKernel(0.7), Dimension = 44 },
            ["fourier offsets of a Laplacian"] = new RandomFourierFeatures<T> { Kernel = new LaplacianKernel(), Dimension = 445, Form = FourierForm.Offset },
            ["orthogonal Matern"] = new RandomFourierFeatures<T> { Kernel = new MaternKernel(1.5, 2), Dimension = 44, Sampling = ProjectionSampling.Orthogonal },
            ["structured orthogonal"] = new RandomFourierFeatures<T> { Dimension = 44, Sampling = ProjectionSampling.StructuredOrthogonal },
            ["Fastfood"] = new RandomFourierFeatures<T> { Dimension = 44, Sampling = ProjectionSampling.Fastfood },
            ["arc-cosine 0"] = new ArcCosineFeatures<T> { Order = 0, Dimension = 41 },
            ["arc-cosine 1 by Fastfood"] = new ArcCosineFeatures<T> { Dimension = 41, Sampling = ProjectionSampling.Fastfood },
            ["arc-cosine 2"] = new ArcCosineFeatures<T> { Order = 2, Dimension = 141 },
            ["homogeneous"] = new HomogeneousKernelMap<T> { Kernel = HomogeneousKernel.JensenShannon },
            ["intersection"] = new IntersectionFeatures<T> { Levels = 5 },
            ["intersection of a given range"] = new IntersectionFeatures<T> { Levels = 5, Maximum = 0.8 },
            ["anova"] = new AnovaFeatures<T> { Degree = 3, Dimension = 201 },
            ["all subsets"] = new AllSubsetsFeatures<T> { Dimension = 203 },
            ["spherical"] = new SphericalRandomFeatures<T> { Dimension = 42 },
            ["Nystroem uniform"] = new Nystroem<T> { NComponents = 12 },
            ["Nystroem by pivots"] = new Nystroem<T> { Kernel = new MaternKernel(), NComponents = 12, Sampling = LandmarkSampling.RandomlyPivotedCholesky },
            ["Nystroem by leverage"] = new Nystroem<T> { Kernel = new Chi2Kernel(), NComponents = 12, Sampling = LandmarkSampling.RidgeLeverage, RelativeTolerance = 1e-6 },
            ["polynomial by TensorSketch"] = new PolynomialFeatures<T> { Kernel = new(3, 0.5, 1), Dimension = 144, Family = SketchFamily.TensorSketch },
            ["polynomial by a tree"] = new PolynomialFeatures<T> { Kernel = new(3, 0.5, 1), Dimension = 144, Family = SketchFamily.Craft(SketchFamily.Tree(new TreeOptions(Expansion: 2, LeafNonZeros: 2)), 3) },
            ["polynomial by products"] = new PolynomialFeatures<T> { Kernel = new(2, 1, 0), Dimension = 1144, Family = SketchFamily.Product(ProjectionWeights.Gaussian) },
            ["polynomial as chosen"] = new PolynomialFeatures<T> { Kernel = new(4, 0.5, 1), Dimension = 60 },
            ["polynomial of all monomials"] = new PolynomialFeatures<T> { Kernel = new(2, 0.5, 1), Dimension = 60 },
            ["sampled tensor power"] = new TensorPowerFeatures<T> { Kernel = new(3, 0.5, 1), Sampler = new TensorPowerSampler { Samples = 300 } },
            ["Gaussian Maclaurin"] = new GaussianMaclaurinFeatures<T> { Gamma = 0.4, Dimension = 60 },
            ["Gaussian Maclaurin along axes"] = new GaussianMaclaurinFeatures<T> { Gamma = 0.4, Dimension = 6 },
            ["polynomial along axes"] = new PolynomialFeatures<T> { Kernel = new(3, 0.5, 1), Dimension = 6 },
            ["PCA"] = new Pca<T> { NComponents = 3 },
            ["whitened PCA by a share of the variance"] = new Pca<T> { VarianceShare = 0.7, Whiten = true },
            ["incremental PCA"] = new IncrementalPca<T> { NComponents = 3 },
            ["truncated SVD"] = new TruncatedSvd<T> { NComponents = 3 },
            ["normal projection"] = new GaussianRandomProjection<T> { NComponents = 240 },
            ["sparse projection"] = new SparseRandomProjection<T> { NComponents = 240 },
            ["PolynomialCountSketch"] = new PolynomialCountSketch<T> { NComponents = 137, Degree = 3, Coef0 = 0.5 },
            ["RbfSampler"] = new RbfSampler<T> { NComponents = 437 },
            ["RbfSampler of scale"] = new RbfSampler<T> { Gamma = null, NComponents = 437 },
            ["AdditiveChi2Sampler"] = new AdditiveChi2Sampler<T> { SampleSteps = 3 },
            ["SkewedChi2Sampler"] = new SkewedChi2Sampler<T> { NComponents = 439, Skewedness = 0.2 },
        };
}
