using System.Numerics.Tensors;
using Xunit;

namespace Polyad.Sketching;

public sealed class NystroemTests
{
    public static TheoryData<LandmarkSampling> Samplings => [.. Enum.GetValues<LandmarkSampling>()];

    /// <summary>With all rows as landmarks the kernel is reproduced, whatever the sampling.</summary>
    [Theory]
    [MemberData(nameof(Samplings))]
    public void All_rows_as_landmarks_give_the_kernel_exactly(LandmarkSampling sampling)
    {
        Tensor<double> x = new CounterRandom(1).Normal<double>(60, 4), k = new GaussianKernel(0.5).Matrix(x);
        Nystroem<double> map = new() { Kernel = new GaussianKernel(0.5), NComponents = 60, Sampling = sampling, RelativeTolerance = 0 };
        Tensor<double> approximation = LinearAlgebra.Gram(map.FitTransform(x, seed: 1));
        Assert.Equal(60, map.ComponentIndices.Distinct().Count());
        AssertNear(k, approximation, 1e-9);
    }

    /// <summary>A kernel of rank r is reproduced by any landmarks that span it.</summary>
    [Theory]
    [MemberData(nameof(Samplings))]
    public void Landmarks_that_span_the_kernel_give_it_exactly(LandmarkSampling sampling)
    {
        Tensor<double> x = new CounterRandom(2).Normal<double>(300, 5);
        Nystroem<double> linear = new() { Kernel = new LinearKernel(), NComponents = 20, Sampling = sampling };
        AssertNear(new LinearKernel().Matrix(x), LinearAlgebra.Gram(linear.FitTransform(x, seed: 1)), 1e-12);

        // (x'y + 1)^2 of 5 columns has rank 21.
        PolynomialKernel quadratic = new(2, 1, 1);
        Nystroem<double> polynomial = new() { Kernel = quadratic, NComponents = 30, Sampling = sampling };
        AssertNear(quadratic.Matrix(x), LinearAlgebra.Gram(polynomial.FitTransform(x, seed: 1)), 1e-10);
    }

    /// <summary>
    /// Chen, Epperly, Tropp, Webber 2022, theorem 3.1: the expected trace error after k pivots is at most (1 + eps) that of the best rank r once k >= r/eps + r log(1/(eps eta)), eta the relative best error.
    /// With eps = 1 here, for the mean over seeds.
    /// </summary>
    [Fact]
    public void Randomly_pivoted_Cholesky_meets_its_trace_bound()
    {
        Tensor<double> x = new CounterRandom(3).Normal<double>(400, 3);
        GaussianKernel kernel = new(0.3);
        Tensor<double> k = kernel.Matrix(x);
        double[] values = LinearAlgebra.SymmetricEigen(k).Values.ToArray();
        const int Rank = 10;
        double trace = values.Sum(), best = values[..^Rank].Sum(), eta = best / trace;
        int pivots = (int)Math.Ceiling(Rank + (Rank * Math.Log(1 / eta)));
        double[] errors = [.. Enumerable.Range(0, 20).Select(seed => TraceError(k, x, new Nystroem<double> { Kernel = kernel, NComponents = pivots, Sampling = LandmarkSampling.RandomlyPivotedCholesky, RelativeTolerance = 0 }, (ulong)seed))];
        Assert.True(errors.Average() <= 2 * best, $"mean error {errors.Average()}, best rank-{Rank} error {best}, {pivots} pivots");
    }

    /// <summary>Twenty far points beside two thousand near ones: uniform sampling misses most of them, the others do not.</summary>
    [Theory]
    [InlineData(LandmarkSampling.RandomlyPivotedCholesky, 60, 10)]
    [InlineData(LandmarkSampling.RidgeLeverage, 150, 3)]
    public void Adaptive_sampling_finds_small_clusters(LandmarkSampling sampling, int landmarks, double better)
    {
        Tensor<double> x = new CounterRandom(4).Normal<double>(2000, 2);
        for (int i = 0; i < 20; i++)
        {
            (x[i * 97, 0], x[i * 97, 1]) = (100 + (10 * i), -50);
        }

        GaussianKernel kernel = new(0.05);
        Tensor<double> k = kernel.Matrix(x);
        double uniform = TraceError(k, x, new Nystroem<double> { Kernel = kernel, NComponents = landmarks }, 1), adaptive = TraceError(k, x, new Nystroem<double> { Kernel = kernel, NComponents = landmarks, Sampling = sampling }, 1);
        Assert.True(adaptive * better < uniform, $"{adaptive} against {uniform}");
    }

    /// <summary>The definition: one pivot at a time in proportion to the residual diagonal. Pivot frequencies over seeds against its exact probabilities for the first two pivots.</summary>
    [Fact]
    public void Blocks_draw_pivots_as_one_by_one_would()
    {
        double[,] rows = { { 1.0, 0 }, { 0.9, 0.1 }, { 0, 2 }, { 0.5, 0.5 } };
        Tensor<double> k = new LinearKernel().Matrix<double>(rows);
        double[,] probability = new double[4, 4];
        double trace = Enumerable.Range(0, 4).Sum(i => k[i, i]);
        for (int i = 0; i < 4; i++)
        {
            double left = Enumerable.Range(0, 4).Sum(j => k[j, j] - (k[j, i] * k[j, i] / k[i, i]));
            for (int j = 0; j < 4; j++)
            {
                probability[i, j] = k[i, i] / trace * (k[j, j] - (k[j, i] * k[j, i] / k[i, i])) / left;
            }
        }

        const int Seeds = 20_000;
        double[,] found = new double[4, 4];
        for (int seed = 0; seed < Seeds; seed++)
        {
            int[] pivots = PivotedLandmarks.Choose<double>(new LinearKernel(), rows, 2, new FitContext((ulong)seed, ManagedBackend.Shared));
            found[pivots[0], pivots[1]] += 1.0 / Seeds;
        }

        for (int i = 0; i < 4; i++)
        {
            for (int j = 0; j < 4; j++)
            {
                Assert.Equal(probability[i, j], found[i, j], (4 * Math.Sqrt(Math.Abs(probability[i, j]) / Seeds)) + 1e-12);
            }
        }
    }

    [Fact]
    public void Randomly_pivoted_Cholesky_stops_when_nothing_is_left()
    {
        Tensor<double> x = new CounterRandom(2).Normal<double>(100, 3);
        Nystroem<double> map = new() { Kernel = new LinearKernel(), NComponents = 50, Sampling = LandmarkSampling.RandomlyPivotedCholesky };
        map.Fit(x);
        Assert.InRange(map.OutputDimension, 3, 6);
        AssertNear(new LinearKernel().Matrix(x), LinearAlgebra.Gram(map.Transform(x)), 1e-12);
        Assert.Throws<ArgumentException>(() => map.Fit(Tensor.CreateFromShape<double>([3, 3])));
    }

    [Theory]
    [MemberData(nameof(Samplings))]
    public void The_approximation_never_exceeds_the_kernel(LandmarkSampling sampling)
    {
        Tensor<double> x = new CounterRandom(6).Normal<double>(150, 4), k = new MaternKernel(1.5).Matrix(x);
        Tensor<double> approximation = LinearAlgebra.Gram(new Nystroem<double> { Kernel = new MaternKernel(1.5), NComponents = 40, Sampling = sampling }.FitTransform(x, 5));
        Tensor<double> residual = Tensor.Create([.. k.ToArray().Zip(approximation.ToArray(), static (a, b) => a - b)], [150, 150]);
        double[] values = LinearAlgebra.SymmetricEigen(residual).Values.ToArray();
        Assert.True(values[0] > -1e-10 && values[^1] > 1e-3, $"{values[0]}, {values[^1]}");
    }

    [Theory]
    [MemberData(nameof(Samplings))]
    public void Singular_landmark_kernels_do_no_harm(LandmarkSampling sampling)
    {
        // Every row twice, in floats: the kernel of the landmarks is singular to rounding.
        Tensor<float> half = new CounterRandom(6).Normal<float>(50, 3), x = Tensor.CreateFromShape<float>([100, 3]);
        for (int i = 0; i < 100; i++)
        {
            for (int j = 0; j < 3; j++)
            {
                x[i, j] = half[i / 2, j];
            }
        }

        Tensor<float> k = new GaussianKernel(0.5).Matrix(x);
        Tensor<float> approximation = LinearAlgebra.Gram(new Nystroem<float> { Kernel = new GaussianKernel(0.5), NComponents = 100, Sampling = sampling }.FitTransform(x));
        for (int i = 0; i < 100; i += 3)
        {
            for (int j = 0; j < 100; j += 7)
            {
                Assert.Equal(k[i, j], approximation[i, j], 2e-3f);
            }
        }
    }

    [Fact]
    public void Fewer_rows_than_components_give_as_many_landmarks_as_rows()
    {
        Nystroem<double> map = new() { NComponents = 100 };
        map.Fit(new CounterRandom(1).Normal<double>(7, 2));
        Assert.Equal(7, map.OutputDimension);
        Assert.Equal(7, map.ComponentIndices.Count);
    }

    [Fact]
    public void Landmarks_are_rows_of_the_fit()
    {
        Tensor<double> x = new CounterRandom(1).Normal<double>(40, 3);
        Nystroem<double> map = new() { NComponents = 5, Sampling = LandmarkSampling.RidgeLeverage };
        map.Fit(CsrMatrix<double>.FromDense(x), seed: 3);
        for (int i = 0; i < 5; i++)
        {
            Assert.Equal(SketchSpread.Row(x, map.ComponentIndices[i]), SketchSpread.Row(map.Components, i));
        }
    }

    [Fact]
    public void A_fit_reports_progress_and_can_be_cancelled()
    {
        Tensor<double> x = new CounterRandom(1).Normal<double>(500, 3);
        foreach (LandmarkSampling sampling in (LandmarkSampling[])[LandmarkSampling.RandomlyPivotedCholesky, LandmarkSampling.RidgeLeverage])
        {
            using CancellationTokenSource source = new();
            Recorder<FeatureProgress> progress = new() { Then = source.Cancel };
            Nystroem<double> map = new() { Sampling = sampling };
            Assert.Throws<OperationCanceledException>(() => map.Fit(x, 0, progress, source.Token));
            Assert.Single(progress.Reports);
            Assert.False(map.IsFitted);
        }
    }

    [Fact]
    public void Hyper_parameters_out_of_range_are_refused()
    {
        Tensor<double> x = new CounterRandom(1).Normal<double>(10, 3);
        Assert.Throws<ArgumentOutOfRangeException>(() => new Nystroem<double> { NComponents = 0 }.Fit(x));
        Assert.Throws<ArgumentOutOfRangeException>(() => new Nystroem<double> { Kernel = new GaussianKernel(-1) }.Fit(x));
        Assert.Throws<ArgumentOutOfRangeException>(() => new Nystroem<double> { RelativeTolerance = -1 }.Fit(x));
        Assert.Throws<ArgumentNullException>(() => new Nystroem<double> { Kernel = null! }.Fit(x));
        Assert.Throws<ArgumentException>(() => new Nystroem<double> { Kernel = new Chi2Kernel() }.Fit(x));
        Assert.Throws<NotPositiveDefiniteException>(() => new Nystroem<double> { Kernel = new SigmoidKernel(1, -3), Sampling = LandmarkSampling.RandomlyPivotedCholesky }.Fit(x));
        FeatureMap<double> chi2 = new Nystroem<double> { Kernel = new Chi2Kernel(), NComponents = 3 }.Fit(new CounterRandom(1).Uniform<double>(10, 3));
        Assert.Throws<ArgumentException>(() => chi2.Transform(x));
    }

    private static double TraceError(Tensor<double> k, Tensor<double> x, Nystroem<double> map, ulong seed)
    {
        Tensor<double> features = map.FitTransform(x, seed);
        return Enumerable.Range(0, (int)k.Lengths[0]).Sum(i => k[i, i] - KernelAgreement.Inner(features, i, i));
    }

    private static void AssertNear(Tensor<double> expected, Tensor<double> actual, double relative)
    {
        double[] a = expected.ToArray(), b = actual.ToArray();
        double scale = a.Max(Math.Abs), worst = a.Zip(b, static (p, q) => Math.Abs(p - q)).Max();
        Assert.True(worst <= relative * scale, $"largest difference {worst} of {scale}");
    }
}
