using Xunit;

namespace Polyad.Sketching;

/// <summary>Estimates of every family are unbiased and spread as the closed forms say, within 4 standard errors over fixed seeds.</summary>
public sealed class SketchVarianceTests
{
    public static TheoryData<SketchFamily, int, double, int, int> Cases
    {
        get
        {
            TheoryData<SketchFamily, int, double, int, int> cases = [];
            foreach (SketchFamily family in SketchFamilies.All)
            {
                cases.Add(family, 1, 0, 6, 4);
                cases.Add(family, 2, 0, 5, 6);
                cases.Add(family, 2, 0.7, 6, 12);
                cases.Add(family, 3, 0, 8, 20);
                if (family != SketchFamily.Product(ProjectionWeights.Gaussian, complex: false))
                {
                    // Degree 5 of real normal weights has tails (moments of order 20) that no sample of this size shows.
                    cases.Add(family, 5, 0.5, 7, 24);
                }
            }

            return cases;
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Estimates_are_unbiased_with_the_predicted_variance(SketchFamily family, int degree, double constant, int dimension, int features)
        => SketchSpread.Holds(family, new PolynomialKernel(degree, constant > 0 ? 0.4 : 1, constant), dimension, features);
}
