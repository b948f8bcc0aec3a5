using System.Numerics.Tensors;
using Xunit;

namespace Polyad.Sketching;

public sealed class PolynomialMapsTests
{
    private static readonly Tensor<double> Rows = new CounterRandom(31).Uniform<double>(120, 12);

    [Fact]
    public void A_given_family_is_its_sketch()
    {
        PolynomialKernel kernel = new(3, 0.5, 1);
        Tensor<double> expected = SketchFamily.ProductSrht().Create<double>(12, kernel, 64, 9).Apply(Rows);
        PolynomialFeatures<double> map = new() { Kernel = kernel, Dimension = 64, Family = SketchFamily.ProductSrht() };
        Assert.Equal(expected.ToArray(), map.FitTransform(Rows, seed: 9).ToArray());
        Assert.True(map.IsDataOblivious);
        Assert.Null(map.PredictedError);
    }

    /// <summary>The root mean square error over seeds is what was predicted: exactly so for the rows that were looked at, here all of them.</summary>
    [Fact]
    public void A_choice_predicts_the_error_that_is_found()
    {
        PolynomialKernel kernel = new(4, 0.1, 1);
        Tensor<double> exact = kernel.Matrix(Rows);
        PolynomialFeatures<double> map = new() { Kernel = kernel, Dimension = 200, Search = new OptimizedMaclaurin { SampleRows = 120 } };
        double[] errors = [.. Enumerable.Range(0, 40).Select(seed => Error(exact, map.FitTransform(Rows, (ulong)seed)))];
        double found = Math.Sqrt(errors.Average(static e => e * e)), spread = Math.Sqrt(errors.Average(e => Math.Pow((e * e) - (found * found), 2)) / 40) / (2 * found);
        Assert.False(map.IsDataOblivious);
        Assert.True(Math.Abs(found - map.PredictedError!.Value.RelativeError) < 4 * spread, $"found {found}, predicted {map.PredictedError.Value.RelativeError}, standard error {spread}: {map.Choice}");
    }

    [Fact]
    public void Monomials_that_fit_are_taken_without_error()
    {
        PolynomialFeatures<double> map = new() { Kernel = new(2, 0.7, 0.3), Dimension = 100 };
        Tensor<double> features = map.FitTransform(Rows);
        Assert.Equal(91, map.OutputDimension);
        Assert.True(Error(map.Kernel.Matrix(Rows), features) < 1e-14);
    }

    [Fact]
    public void The_gaussian_kernel_by_its_series_is_closer_than_random_fourier_features()
    {
        GaussianKernel kernel = GaussianKernel.FromMedianDistance<double>(Rows);
        GaussianMaclaurinFeatures<double> series = new() { Gamma = kernel.Gamma, Dimension = 200, Search = new OptimizedMaclaurin { SampleRows = 120 } };
        Tensor<double> exact = kernel.Matrix(Rows);
        double maclaurin = Enumerable.Range(0, 10).Average(seed => Error(exact, series.FitTransform(Rows, (ulong)seed)));
        double fourier = Enumerable.Range(0, 10).Average(seed => Error(exact, new RandomFourierFeatures<double> { Kernel = kernel, Dimension = 200 }.FitTransform(Rows, (ulong)seed)));
        Assert.True(maclaurin < fourier / 2, $"{maclaurin} against {fourier}");
        Assert.Equal(1, maclaurin / series.PredictedError.RelativeError, 0.05);
    }

    [Fact]
    public void Without_a_gamma_it_is_the_median_heuristic()
    {
        GaussianMaclaurinFeatures<double> map = new() { Search = new OptimizedMaclaurin { SampleRows = 120 } };
        map.Fit(Rows);
        Assert.Equal(GaussianKernel.FromMedianDistance<double>(Rows).Gamma!.Value, map.FittedGamma, 1e-12);
    }

    [Fact]
    public void Hyper_parameters_out_of_range_are_refused()
    {
        Assert.ThrowsAny<ArgumentException>(() => new PolynomialFeatures<double> { Dimension = 0 }.Fit(Rows));
        Assert.ThrowsAny<ArgumentException>(() => new PolynomialFeatures<double> { Dimension = 0, Family = SketchFamily.TensorSketch }.Fit(Rows));
        Assert.ThrowsAny<ArgumentException>(() => new PolynomialFeatures<double> { Dimension = 7, Family = SketchFamily.ProductSrht() }.Fit(Rows));
        Assert.ThrowsAny<ArgumentException>(() => new GaussianMaclaurinFeatures<double> { Gamma = -1 }.Fit(Rows));
        Assert.ThrowsAny<ArgumentException>(() => new GaussianMaclaurinFeatures<double> { Dimension = 1 }.Fit(Rows));
        Assert.ThrowsAny<ArgumentException>(() => new PolynomialFeatures<double> { Kernel = null! }.Fit(Rows));
    }

    /// <summary>Every family has a text of its own, and the text gives it back.</summary>
    [Fact]
    public void Families_survive_their_file_form()
    {
        SketchFamily[] families =
        [
            .. SketchFamilies.All,
            SketchFamily.HigherOrderCountSketch, SketchFamily.TensorSrht, SketchFamily.Tree(), SketchFamily.Tree(new TreeOptions(TreeShape.Sequential, false, 3, 2, 8)), SketchFamily.Craft(),
            SketchFamily.Craft(SketchFamily.Tree(), 4),
        ];
        foreach (SketchFamily family in families.Distinct())
        {
            PolynomialFeatures<double> map = new() { Kernel = new(3, 0.5, 1), Dimension = 32, Family = family };
            double[] expected = map.FitTransform(Rows, 4).ToArray();
            using MemoryStream stream = new();
            map.Save(stream);
            PolynomialFeatures<double> loaded = (PolynomialFeatures<double>)FeatureMap.Load<double>(new MemoryStream(stream.ToArray()));
            Assert.Equal(family, loaded.Family);
            Assert.Equal(expected, loaded.Transform(Rows).ToArray());
        }
    }

    /// <summary>Degree 1 along fewer axes than a row has numbers: they were learnt, so the file holds them.</summary>
    [Fact]
    public void Principal_axes_survive_their_file_form()
    {
        GaussianMaclaurinFeatures<double> map = new() { Gamma = 0.2, Dimension = 9 };
        double[] expected = map.FitTransform(Rows, 4).ToArray();
        Assert.Contains(map.Plan.Terms, static term => term.IsPrincipal && term.Features < 12);
        using MemoryStream stream = new();
        map.Save(stream);
        GaussianMaclaurinFeatures<double> loaded = (GaussianMaclaurinFeatures<double>)FeatureMap.Load<double>(new MemoryStream(stream.ToArray()));
        Assert.Contains(loaded.Plan.Terms, static term => term.IsPrincipal);
        Assert.Equal(expected, loaded.Transform(Rows).ToArray());
        Assert.Equal(map.Plan.TruncationBound, loaded.Plan.TruncationBound);
    }

    private static double Error(Tensor<double> exact, Tensor<double> features)
    {
        double[] k = exact.ToArray(), found = LinearAlgebra.Gram(features).ToArray();
        return Math.Sqrt(k.Zip(found, static (a, b) => (a - b) * (a - b)).Sum() / k.Sum(static a => a * a));
    }
}
