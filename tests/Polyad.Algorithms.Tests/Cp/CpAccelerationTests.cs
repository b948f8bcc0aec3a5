using System.Numerics.Tensors;
using Xunit;

namespace Polyad.Decomposition;

public class CpAccelerationTests
{
    private static CpAls Method(CpAcceleration acceleration, ulong seed) => new() { Acceleration = acceleration, Initialization = CpInitialization.Random, MaxIterations = 5000, Seed = seed };

    [Theory]
    [InlineData(CpAcceleration.LineSearch, 2.0)]
    [InlineData(CpAcceleration.Anderson, 6.0)]
    public void A_swamp_of_collinearity_nine_tenths_is_crossed_in_fewer_sweeps(CpAcceleration acceleration, double times)
    {
        double plain = 0, fast = 0;
        for (ulong seed = 0; seed < 6; seed++)
        {
            Tensor<double>[] planted = Planted.Collinear(seed, 0.9, 5, 20, 20, 20);
            Tensor<double> x = Planted.Noisy(Planted.Cp(planted), 0.01, seed);
            CpResult<double> slow = Method(CpAcceleration.None, seed).Fit(x, 5), quick = Method(acceleration, seed).Fit(x, 5);
            plain += slow.Iterations;
            fast += quick.Iterations;
            Assert.True(quick.RelativeError <= slow.RelativeError + 1e-6);
            Assert.True(FactorMatch.Of(quick, Planted.Model(planted)).Score > 0.99);
        }

        Assert.True(plain > times * fast, $"{plain} sweeps against {fast}");
    }

    [Theory]
    [InlineData(CpAcceleration.LineSearch)]
    [InlineData(CpAcceleration.Anderson)]
    public void The_error_never_rises(CpAcceleration acceleration)
    {
        for (ulong seed = 0; seed < 4; seed++)
        {
            CpResult<double> result = new CpAls { Acceleration = acceleration, Tolerance = 0, MaxIterations = 120, Seed = seed, Initialization = CpInitialization.Random }
                .Fit(new CounterRandom(seed).Normal<double>(9, 8, 7), 6);
            for (int i = 1; i < result.ErrorHistory.Count; i++)
            {
                Assert.True(result.ErrorHistory[i] <= result.ErrorHistory[i - 1] + 1e-12);
            }

            Assert.Equal(result.ErrorHistory[^1], result.RelativeError, 1e-10);
        }
    }

    [Fact]
    public void Anderson_mixing_ends_a_linear_iteration_after_as_many_steps_as_it_has_dimensions()
    {
        // x -> A x + b with A = diag(0.9, 0.5, -0.7): GMRES in disguise (Walker, Ni 2011).
        double[] a = [0.9, 0.5, -0.7], b = [1, 2, 3], x = [0, 0, 0];
        AndersonMixing mixing = new(6);
        for (int step = 0; step < 5; step++)
        {
            double[] g = [.. x.Select((v, i) => (a[i] * v) + b[i])];
            mixing.Add(x, g);
            x = mixing.Count > 1 ? mixing.Next() : g;
        }

        Assert.All(x.Select((v, i) => v - (b[i] / (1 - a[i]))), static d => Assert.Equal(0, d, 1e-12));
    }
}
