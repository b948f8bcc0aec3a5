using Polyad.Sketching;
using Xunit;

namespace Polyad.Lab;

/// <summary>The criteria in code say what they say in words.</summary>
public sealed class VerdictTests
{
    [Theory]
    [InlineData(0.05, 0.001, 3.9, Verdict.Reproduced)]
    [InlineData(0.05, 0.001, 4.1, Verdict.Partly)] // a variance off its closed form
    [InlineData(0.15, 0.001, 1, Verdict.Partly)] // below its real form, but not the best of all
    [InlineData(0.05, 0.1, 1, Verdict.NotAtThisSize)] // lost in the noise
    [InlineData(0.25, 0.001, 1, Verdict.NotAtThisSize)] // above its real form
    public void Complex_to_real(double complex, double standardError, double furthest, Verdict expected)
    {
        List<ComplexToReal.Measured> errors = [];
        foreach (SketchFamily family in (SketchFamily[])[SketchFamily.Product(complex: false), SketchFamily.ProductSrht(complex: false)])
        {
            errors.Add(new("data", 3, 64, family.Name, new Estimate(0.2, standardError, 5)));
        }

        foreach (SketchFamily family in (SketchFamily[])[SketchFamily.Product(), SketchFamily.ProductSrht()])
        {
            errors.Add(new("data", 3, 64, family.Name, new Estimate(complex, standardError, 5)));
        }

        errors.Add(new("data", 3, 64, SketchFamily.TensorSketch.Name, new Estimate(0.1, standardError, 5)));
        Assert.Equal(expected, ComplexToReal.Judge(errors, furthest).Verdict);
    }

    [Theory]
    [InlineData(-0.5, -0.5, 0.1, 4, Verdict.Reproduced)]
    [InlineData(-0.54, -0.41, 0, 1, Verdict.Reproduced)]
    [InlineData(-0.44, -0.5, 0, 1, Verdict.Partly)]
    [InlineData(-0.5, -0.35, 0, 1, Verdict.Partly)]
    [InlineData(-0.5, -0.5, 0.2, 1, Verdict.Partly)] // above the bound too often
    [InlineData(-0.5, -0.5, 0, 4.5, Verdict.Partly)]
    [InlineData(-0.3, -0.5, 0, 1, Verdict.NotAtThisSize)]
    public void Random_Fourier_features(double mean, double largest, double exceeded, double furthest, Verdict expected)
    {
        RandomFourier.Measured[] errors = [.. from form in (string[])["pairs of sine and cosine", "cosines with offsets"] from features in (int[])[64, 256, 1024]
            select new RandomFourier.Measured(form, features, new Estimate(Math.Pow(features, mean), 0, 1), new Estimate(3 * Math.Pow(features, largest), 0, 1), 1, exceeded)];
        Assert.Equal(expected, RandomFourier.Judge(errors, furthest).Verdict);
    }

    [Fact]
    public void The_bound_of_the_largest_error_solves_its_equation()
    {
        const double Spread = 30;
        double e = RandomFourier.Bound(Spread, 64, 1000);
        Assert.Equal(0.1, 256 * (Spread / e) * (Spread / e) * Math.Exp(-1000 * e * e / (4 * 66)), 1e-12);
    }

    [Theory]
    [InlineData(0.4, 0.9, 0.9, Verdict.Reproduced)]
    [InlineData(0.6, 0.9, 0.9, Verdict.Partly)] // more than half of RFF's
    [InlineData(0.4, 0.3, 0.9, Verdict.Partly)] // above ORF's
    [InlineData(0.4, 0.9, 0.41, Verdict.Partly)] // SORF within the noise
    [InlineData(1.1, 1.2, 1.2, Verdict.NotAtThisSize)]
    public void Optimised_Maclaurin(double series, double orthogonal, double structured, Verdict expected)
    {
        (string, double)[] maps = [("RFF", 1), ("ORF", orthogonal), ("SORF", structured), ("optimised Maclaurin, CtR ProductSRHT", series)];
        Assert.Equal(expected, OptimizedSeries.Judge([.. maps.Select(static m => new OptimizedSeries.Measured("data", 64, m.Item1, new Estimate(m.Item2, 0.01, 5)))]).Verdict);
    }

    [Theory]
    [InlineData(0, 1.0, 0.2, Verdict.Reproduced)]
    [InlineData(6, 1.0, 0.2, Verdict.Reproduced)] // 60 runs: 3 expected, 3.4 more are two standard deviations
    [InlineData(7, 1.0, 0.2, Verdict.NotAtThisSize)]
    [InlineData(0, 1.0, 0.5, Verdict.Partly)]
    [InlineData(0, 1.2, 0.2, Verdict.NotAtThisSize)]
    [InlineData(0, 1.0, 1.1, Verdict.NotAtThisSize)]
    public void Sampled_tensor_powers(int above, double entriesExponent, double powerExponent, Verdict expected)
    {
        LeverageSampling.Setting[] settings =
        [
            new(LeverageSampling.Purpose.Guarantee, 100, 2, 60, above, 1),
            .. ((int[])[100, 400]).Select(n => new LeverageSampling.Setting(LeverageSampling.Purpose.Entries, n, 3, 3, 0, Math.Pow(n, entriesExponent))),
            .. ((int[])[2, 4, 8]).Select(q => new LeverageSampling.Setting(LeverageSampling.Purpose.Power, 100, q, 3, 0, Math.Pow(q, powerExponent))),
            .. ((int[])[2, 4, 8]).Select(q => new LeverageSampling.Setting(LeverageSampling.Purpose.PowerOfMost, 400, q, 3, 0, q)), // told, not judged
        ];
        Assert.Equal(expected, LeverageSampling.Judge(settings).Verdict);
    }
}
