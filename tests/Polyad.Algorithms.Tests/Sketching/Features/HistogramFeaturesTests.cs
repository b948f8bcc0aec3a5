using System.Numerics.Tensors;
using Xunit;

namespace Polyad.Sketching;

public sealed class HistogramFeaturesTests
{
    private static readonly Tensor<double> Histograms = Positive(12, 6);

    public static TheoryData<HomogeneousKernel, int> Maps
    {
        get
        {
            TheoryData<HomogeneousKernel, int> maps = [];
            foreach (HomogeneousKernel kernel in Enum.GetValues<HomogeneousKernel>())
            {
                foreach (int steps in (int[])[1, 2, 3, 8])
                {
                    maps.Add(kernel, steps);
                }
            }

            return maps;
        }
    }

    /// <summary>The map is the sampled spectrum, to rounding: sum sqrt(x y) L (kappa(0) + 2 sum kappa(jL) cos(j L log(x/y))).</summary>
    [Theory]
    [MemberData(nameof(Maps))]
    public void Homogeneous_maps_have_exactly_the_error_of_sampling_their_spectrum(HomogeneousKernel kernel, int steps)
    {
        HomogeneousKernelMap<double> map = new() { Kernel = kernel, SampleSteps = steps };
        Tensor<double> features = map.FitTransform(Histograms);
        Assert.Equal(6 * ((2 * steps) - 1), map.OutputDimension);
        for (int i = 0; i < 12; i++)
        {
            for (int j = 0; j < 12; j++)
            {
                double expected = 0;
                for (int l = 0; l < 6; l++)
                {
                    double x = Histograms[i, l], y = Histograms[j, l];
                    expected += x == 0 || y == 0 ? 0 : Math.Sqrt(x * y) * HomogeneousSpectrum.Approximate(kernel, steps, map.FittedInterval, Math.Log(x / y));
                }

                Assert.Equal(expected, KernelAgreement.Inner(features, i, j), 1e-14);
            }
        }
    }

    /// <summary>
    /// Sampling at interval L repeats the signature every 2 pi / L and cutting off drops the spectrum's tail: |K - K^| is at most the sum of the repeated copies and twice L times the dropped
    /// densities (Vedaldi and Zisserman 2012, lemma 2).
    /// </summary>
    [Theory]
    [MemberData(nameof(Maps))]
    public void Their_error_is_within_the_theory_of_aliasing_and_truncation(HomogeneousKernel kernel, int steps)
    {
        double interval = HomogeneousSpectrum.BestInterval(kernel, steps, 100);
        double dropped = 0;
        for (int j = steps; j < 100_000; j++)
        {
            dropped += 2 * interval * HomogeneousSpectrum.Density(kernel, j * interval);
        }

        for (double w = -4.6; w < 4.6; w += 0.1)
        {
            double copies = Enumerable.Range(1, 50).Sum(m => HomogeneousSpectrum.Signature(kernel, w + (2 * Math.PI * m / interval)) + HomogeneousSpectrum.Signature(kernel, w - (2 * Math.PI * m / interval)));
            double error = Math.Abs(HomogeneousSpectrum.Signature(kernel, w) - HomogeneousSpectrum.Approximate(kernel, steps, interval, w));
            Assert.True(error <= copies + dropped + 1e-9, $"{kernel}, {steps} steps, ratio exp({w}): {error} above {copies} + {dropped}");
        }
    }

    [Theory]
    [InlineData(HomogeneousKernel.Chi2)]
    [InlineData(HomogeneousKernel.Intersection)]
    [InlineData(HomogeneousKernel.JensenShannon)]
    public void Signatures_are_the_kernels_and_their_spectra_integrate_to_them(HomogeneousKernel kernel)
    {
        Kernel exact = kernel switch { HomogeneousKernel.Chi2 => new AdditiveChi2Kernel(), HomogeneousKernel.Intersection => new IntersectionKernel(), _ => new JensenShannonKernel() };
        foreach (double ratio in (double[])[1, 1.5, 7, 100])
        {
            Assert.Equal(exact.Value([ratio], [1]), Math.Sqrt(ratio) * HomogeneousSpectrum.Signature(kernel, Math.Log(ratio)), 1e-13 * ratio);

            // A fine and long sum is the integral.
            Assert.Equal(HomogeneousSpectrum.Signature(kernel, Math.Log(ratio)), HomogeneousSpectrum.Approximate(kernel, 400_000, 0.02, Math.Log(ratio)), 1e-4);
        }
    }

    [Fact]
    public void More_samples_come_closer()
    {
        double previous = double.PositiveInfinity;
        double exact = new AdditiveChi2Kernel().Matrix(Histograms)[0, 1];
        foreach (int steps in (int[])[1, 3, 6, 12])
        {
            double error = Math.Abs(KernelAgreement.Inner(new HomogeneousKernelMap<double> { SampleSteps = steps }.FitTransform(Histograms), 0, 1) - exact);
            Assert.True(error < previous, $"{steps}: {error}");
            previous = Math.Max(error, 1e-7);
        }

        Assert.True(previous < 1e-3);
    }

    /// <summary>Entries in one cell, at parts a and b of its width w: min(a, b) - a b is missing, at most a quarter; elsewhere the kernel is exact.</summary>
    [Fact]
    public void Thermometer_codes_have_exactly_their_error_of_one_cell()
    {
        IntersectionFeatures<double> map = new() { Levels = 8, Maximum = 2 };
        Tensor<double> features = map.FitTransform(Histograms);
        for (int i = 0; i < 12; i++)
        {
            for (int j = 0; j < 12; j++)
            {
                double expected = 0;
                for (int l = 0; l < 6; l++)
                {
                    double x = Math.Min(2, Histograms[i, l]) * 4, y = Math.Min(2, Histograms[j, l]) * 4, a = x - Math.Floor(x), b = y - Math.Floor(y);
                    expected += (Math.Min(x, y) - (Math.Floor(x) == Math.Floor(y) ? Math.Min(a, b) - (a * b) : 0)) / 4;
                }

                Assert.Equal(expected, KernelAgreement.Inner(features, i, j), 1e-14);
            }
        }
    }

    [Fact]
    public void Thermometer_codes_learn_the_range_of_each_column_in_parts()
    {
        IntersectionFeatures<double> whole = new(), parts = new();
        FeatureRows<double> rows = Histograms;
        parts.PartialFit(rows.Slice(0, 5)).PartialFit(rows.Slice(5, 7));
        Assert.Equal(whole.FitTransform(Histograms).ToArray(), parts.Transform(Histograms).ToArray());
        double largest = Enumerable.Range(0, 12).Max(i => Histograms[i, 0]);
        Tensor<double> beyond = Tensor.CreateFromShape<double>([2, 6]);
        (beyond[0, 0], beyond[1, 0]) = (largest, 10 * largest);
        Assert.Equal(largest, KernelAgreement.Inner(whole.Transform(beyond), 0, 1), 1e-14);
    }

    [Fact]
    public void Negative_entries_are_refused_by_fit_and_transform()
    {
        Tensor<double> negative = Tensor.CreateFromShape<double>([2, 6]);
        negative[1, 3] = -1e-9;
        foreach (FeatureMap<double> map in (FeatureMap<double>[])[new HomogeneousKernelMap<double>(), new AdditiveChi2Sampler<double>(), new IntersectionFeatures<double>(), new IntersectionFeatures<double> { Maximum = 1 }])
        {
            Assert.Contains("row 1 holds -1E-09", Assert.Throws<ArgumentException>(() => map.Fit(negative)).Message, StringComparison.Ordinal);
            map.Fit(Histograms);
            Assert.Throws<ArgumentException>(() => map.Transform(negative));
            Assert.Throws<ArgumentException>(() => map.Transform(CsrMatrix<double>.FromDense(negative)));
        }
    }

    [Fact]
    public void Sparse_histograms_have_the_features_of_dense_ones()
    {
        foreach (FeatureMap<double> map in (FeatureMap<double>[])[new HomogeneousKernelMap<double>(), new AdditiveChi2Sampler<double>(), new IntersectionFeatures<double>()])
        {
            Assert.Equal(map.FitTransform(Histograms).ToArray(), map.FitTransform(CsrMatrix<double>.FromDense(Histograms)).ToArray());
        }
    }

    [Fact]
    public void Hyper_parameters_out_of_range_are_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new HomogeneousKernelMap<double> { SampleSteps = 0 }.Fit(Histograms));
        Assert.Throws<ArgumentOutOfRangeException>(() => new HomogeneousKernelMap<double> { SampleInterval = 0 }.Fit(Histograms));
        Assert.Throws<ArgumentOutOfRangeException>(() => new IntersectionFeatures<double> { Levels = 0 }.Fit(Histograms));
        Assert.Throws<ArgumentOutOfRangeException>(() => new IntersectionFeatures<double> { Maximum = double.NaN }.Fit(Histograms));
    }

    private static Tensor<double> Positive(int rows, int columns)
    {
        Tensor<double> x = new CounterRandom(9).Uniform<double>(rows, columns);
        for (int i = 0; i < rows; i++)
        {
            for (int j = 0; j < columns; j++)
            {
                x[i, j] = (i + (2 * j)) % 5 == 0 ? 0 : 3 * x[i, j] * x[i, j];
            }
        }

        return x;
    }
}
