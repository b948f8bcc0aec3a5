using System.Numerics.Tensors;
using Xunit;

namespace Polyad.Sketching;

public sealed class RandomFourierFeaturesTests
{
    private const int Columns = 5;
    private const int Samples = 100_000;

    public static TheoryData<string> KernelNames => [.. Kernels.Keys];

    public static TheoryData<ProjectionSampling> Samplings => [.. Enum.GetValues<ProjectionSampling>()];

    private static readonly Dictionary<string, ShiftInvariantKernel> Kernels = new()
    {
        ["gaussian"] = new GaussianKernel(0.6),
        ["gaussian of the default width"] = new GaussianKernel(),
        ["matern 1/2"] = new MaternKernel(0.5, 1.5),
        ["matern 5/2"] = new MaternKernel(2.5, 0.8),
        ["matern 0.3"] = new MaternKernel(0.3),
        ["laplacian"] = new LaplacianKernel(0.4),
    };

    /// <summary>A pair of cosine and sine estimates k by cos(w'delta), whose variance is (1 + k(2 delta)) / 2 - k^2.</summary>
    [Theory]
    [MemberData(nameof(KernelNames))]
    public void Pairs_are_unbiased_with_the_variance_of_theory(string name)
    {
        Tensor<double> rows = FeatureSpread.Rows(Columns, 2), features = new RandomFourierFeatures<double> { Kernel = Kernels[name], Dimension = 2 * Samples }.FitTransform(rows, seed: 3);
        foreach ((int x, int y) in FeatureSpread.Pairs)
        {
            (double k, double twice) = Values(Kernels[name], rows, x, y);
            FeatureSpread.Holds(features, static t => [t, Samples + t], Samples, (x, y), k, ((1 + twice) / 2) - (k * k));
        }
    }

    /// <summary>For the Gaussian kernel k(2 delta) = k^4: the variance at D features is (1 - k^2)^2 / D.</summary>
    [Fact]
    public void The_variance_for_the_gaussian_kernel_is_the_published_one()
    {
        Tensor<double> rows = FeatureSpread.Rows(Columns, 2);
        (double k, double twice) = Values(Kernels["gaussian"], rows, 0, 2);
        Assert.Equal((1 - (k * k)) * (1 - (k * k)) / 2, ((1 + twice) / 2) - (k * k), 1e-14);
    }

    /// <summary>2 cos(w'x + b) cos(w'y + b) has variance 1 + k(2 delta)/2 - k^2: for the Gaussian kernel 1 + k^4/2 - k^2.</summary>
    [Theory]
    [MemberData(nameof(KernelNames))]
    public void Offsets_are_unbiased_with_the_variance_of_theory(string name)
    {
        Tensor<double> rows = FeatureSpread.Rows(Columns, 2);
        Tensor<double> features = new RandomFourierFeatures<double> { Kernel = Kernels[name], Dimension = Samples, Form = FourierForm.Offset }.FitTransform(rows, seed: 4);
        foreach ((int x, int y) in FeatureSpread.Pairs)
        {
            (double k, double twice) = Values(Kernels[name], rows, x, y);
            FeatureSpread.Holds(features, static t => [t], Samples, (x, y), k, 1 + (twice / 2) - (k * k));
        }
    }

    /// <summary>Every vector alone has the kernel's spectrum, so features are unbiased over seeds: exactly for orthogonal blocks and Fastfood, to O(1/p) for Hadamard blocks.</summary>
    [Theory]
    [InlineData(ProjectionSampling.Orthogonal, 0)]
    [InlineData(ProjectionSampling.Fastfood, 0)]
    [InlineData(ProjectionSampling.StructuredOrthogonal, 0.01)]
    public void Structured_frequencies_are_unbiased(ProjectionSampling sampling, double bias)
    {
        const int Seeds = 4000;
        Tensor<double> rows = FeatureSpread.Rows(24, 1.5);
        RandomFourierFeatures<double> map = new() { Kernel = new GaussianKernel(0.5), Dimension = 96, Sampling = sampling };
        double[][] samples = [.. FeatureSpread.Pairs.Select(static _ => new double[Seeds])];
        for (int seed = 0; seed < Seeds; seed++)
        {
            double[] estimates = SketchSpread.Inner(map.FitTransform(rows, (ulong)seed), FeatureSpread.Pairs);
            for (int p = 0; p < samples.Length; p++)
            {
                samples[p][seed] = estimates[p];
            }
        }

        for (int p = 0; p < samples.Length; p++)
        {
            (double k, _) = Values(map.Kernel, rows, FeatureSpread.Pairs[p].X, FeatureSpread.Pairs[p].Y);
            double mean = samples[p].Average(), error = Math.Sqrt(samples[p].Average(v => (v - mean) * (v - mean)) / Seeds);
            Assert.True(Math.Abs(mean - k) <= bias + (4 * error) + 1e-12, $"{sampling}, pair {p}: {mean} for {k}, standard error {error}");

            // Yu et al. 2016: orthogonal frequencies lower the variance of independent ones, (1 - k^2)^2 / D.
            if (sampling == ProjectionSampling.Orthogonal)
            {
                Assert.True(error * error * Seeds <= ((p == 0 ? 0.4 : 1) * (1 - (k * k)) * (1 - (k * k)) / 96) + 1e-20, $"pair {p}: variance {error * error * Seeds} against {(1 - (k * k)) * (1 - (k * k)) / 96}");
            }
        }
    }

    [Fact]
    public void Orthogonal_frequencies_are_orthogonal_in_blocks_and_have_the_lengths_of_normal_vectors()
    {
        Tensor<double> rows = FeatureSpread.Rows(16);
        RandomFourierFeatures<double> map = new() { Kernel = new GaussianKernel(0.5), Dimension = 2 * 24, Sampling = ProjectionSampling.Orthogonal };
        map.Fit(rows, seed: 1);
        Tensor<double> w = ((DenseProjection<double>)((FourierState<double>)map.State).Projection).Weights, gram = LinearAlgebra.Gram(w.AsReadOnlyMatrix().Transpose);
        for (int i = 0; i < 24; i++)
        {
            Assert.InRange(gram[i, i], 2, 60);
            for (int j = 0; j < i; j++)
            {
                if (i / 16 == j / 16)
                {
                    Assert.Equal(0, gram[i, j], 1e-12 * Math.Sqrt(gram[i, i] * gram[j, j]));
                }
            }
        }
    }

    /// <summary>The lengths of frequencies: mean square 2 gamma d, variance that of chi-squared.</summary>
    [Theory]
    [MemberData(nameof(Samplings))]
    public void Frequencies_of_the_gaussian_kernel_have_normal_coordinates(ProjectionSampling sampling)
    {
        // With unit vectors as rows the angles are the coordinates of the frequencies.
        const int Padded = 20, Count = 20_000;
        Tensor<double> unit = Tensor.CreateFromShape<double>([Padded, Padded]);
        for (int i = 0; i < Padded; i++)
        {
            unit[i, i] = 1;
        }

        Tensor<double> angles = Tensor.CreateFromShape<double>([Padded, Count]);
        Projections.Draw<double>(new GaussianKernel(0.5), sampling, Padded, Count, new FitContext(5, ManagedBackend.Shared)).Apply(unit, angles.AsMatrix(), ManagedBackend.Shared);
        double[] all = angles.ToArray();
        double meanSquare = all.Average(static v => v * v), fourth = all.Average(static v => v * v * v * v);
        Assert.Equal(0, all.Average(), 0.02);
        Assert.Equal(1, meanSquare, 0.02);
        Assert.Equal(3, fourth, sampling == ProjectionSampling.StructuredOrthogonal ? 0.4 : 0.15);
    }

    [Theory]
    [MemberData(nameof(Samplings))]
    public void The_kernel_of_a_row_with_itself_is_one(ProjectionSampling sampling)
    {
        Tensor<double> features = new RandomFourierFeatures<double> { Dimension = 130, Sampling = sampling }.FitTransform(FeatureSpread.Rows(7, 3));
        for (int i = 0; i < 4; i++)
        {
            Assert.Equal(1, KernelAgreement.Inner(features, i, i), 1e-14);
        }
    }

    [Theory]
    [MemberData(nameof(Samplings))]
    public void Rows_have_the_same_features_alone_sparse_as_floats_and_on_any_number_of_threads(ProjectionSampling sampling)
    {
        Tensor<double> rows = new CounterRandom(1).Normal<double>(700, 40);
        RandomFourierFeatures<double> map = new() { Dimension = 600, Sampling = sampling };
        RandomFourierFeatures<float> single = new() { Dimension = 600, Sampling = sampling };
        Tensor<double> features = map.FitTransform(rows, 9), one;
        using (Parallelism.Use(1))
        {
            one = map.Transform(rows);
        }

        Assert.Equal(features.ToArray(), one.ToArray());
        Assert.Equal(features.ToArray(), new RandomFourierFeatures<double> { Dimension = 600, Sampling = sampling }.FitTransform(rows, 9).ToArray());
        Tensor<double> part = map.Transform(rows.AsReadOnlyMatrix().Slice(123, 0, 5, 40)), sparse = map.Transform(CsrMatrix<double>.FromDense(rows));
        Tensor<float> singleRows = Tensor.Create([.. rows.ToArray().Select(static v => (float)v)], [700, 40]), singles = single.FitTransform(singleRows, 9);
        for (int j = 0; j < 600; j++)
        {
            Assert.Equal(features[125, j], part[2, j], 1e-14);
            Assert.Equal(features[125, j], sparse[125, j], 1e-14);
        }

        // Floats draw other numbers, but estimate the same kernel.
        Assert.Equal(1, KernelAgreement.Inner(singles, 5, 5), 1e-5);
    }

    [Fact]
    public void More_features_keep_the_earlier_frequencies()
    {
        Tensor<double> rows = FeatureSpread.Rows(6), few = new RandomFourierFeatures<double> { Dimension = 10 }.FitTransform(rows), many = new RandomFourierFeatures<double> { Dimension = 40 }.FitTransform(rows);
        for (int j = 0; j < 5; j++)
        {
            Assert.Equal(few[1, j] * Math.Sqrt(10 / 40.0), many[1, j], 1e-15);
            Assert.Equal(few[1, 5 + j] * Math.Sqrt(10 / 40.0), many[1, 20 + j], 1e-15);
        }
    }

    [Fact]
    public void Hyper_parameters_out_of_range_are_refused()
    {
        Tensor<double> rows = FeatureSpread.Rows(6);
        Assert.Contains("even", Assert.Throws<ArgumentOutOfRangeException>(() => new RandomFourierFeatures<double> { Dimension = 3 }.Fit(rows)).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => new RandomFourierFeatures<double> { Dimension = 0 }.Fit(rows));
        Assert.Throws<ArgumentOutOfRangeException>(() => new RandomFourierFeatures<double> { Kernel = new GaussianKernel(-1) }.Fit(rows));
        Assert.Throws<ArgumentOutOfRangeException>(() => new RandomFourierFeatures<double> { Kernel = new MaternKernel(double.NaN) }.Fit(rows));
        Assert.Throws<ArgumentOutOfRangeException>(() => new RandomFourierFeatures<double> { Sampling = (ProjectionSampling)9 }.Fit(rows));
        Assert.Throws<ArgumentNullException>(() => new RandomFourierFeatures<double> { Kernel = null! }.Fit(rows));
        Assert.Contains("Independent", Assert.Throws<ArgumentException>(() => new RandomFourierFeatures<double> { Kernel = new LaplacianKernel(), Sampling = ProjectionSampling.Fastfood }.Fit(rows)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Angles_that_overflow_give_an_error_and_no_NaN()
    {
        Tensor<double> rows = Tensor.CreateFromShape<double>([1, 2]);
        rows[0, 0] = 1e308;
        FeatureMap<double> map = new RandomFourierFeatures<double> { Kernel = new GaussianKernel(1e10), Dimension = 64 }.Fit(rows);
        Assert.Throws<OverflowException>(() => map.Transform(rows));
    }

    private static (double Value, double Twice) Values(Kernel kernel, Tensor<double> rows, int x, int y)
    {
        double[] a = SketchSpread.Row(rows, x), b = SketchSpread.Row(rows, y), apart = [.. a.Zip(b, static (p, q) => (2 * p) - q)];
        return (kernel.Value(a, b), kernel.Value(apart, b));
    }
}
