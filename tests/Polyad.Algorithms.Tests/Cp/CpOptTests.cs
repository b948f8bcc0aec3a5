using System.Numerics;
using System.Numerics.Tensors;
using Xunit;

namespace Polyad.Decomposition;

public class CpOptTests
{
    [Theory]
    [InlineData(CpInitialization.GramEigen)]
    [InlineData(CpInitialization.Random)]
    public void Planted_components_are_recovered(CpInitialization initialization)
    {
        int recovered = 0;
        for (ulong seed = 0; seed < 20; seed++)
        {
            Tensor<double>[] planted = Planted.Factors<double>(seed, 3, 9, 8, 7);
            CpResult<double> result = new CpOpt { Initialization = initialization, Seed = seed, Restarts = 2 }.Fit(Planted.Cp(planted), 3);
            recovered += Planted.Match(planted, result.Factors) > 0.9999 ? 1 : 0;
        }

        Assert.True(recovered >= 18, $"{recovered} of 20");
    }

    [Theory]
    [InlineData(typeof(double), 0.0)]
    [InlineData(typeof(double), 0.7)]
    [InlineData(typeof(Complex), 0.3)]
    public void The_gradient_is_that_of_the_value(Type element, double ridge)
    {
        if (element == typeof(Complex))
        {
            GradientMatches<Complex>(ridge);
        }
        else
        {
            GradientMatches<double>(ridge);
        }
    }

    private static void GradientMatches<T>(double ridge)
        where T : unmanaged, INumberBase<T>
    {
        Tensor<T> x = Tensor.CreateFromShape<T>([3, 4, 5]);
        RandomFactors.Fill(new CounterRandom(1), DenseData.Elements(x));
        DenseInput<T> input = DenseInput<T>.Of(x, 2, complex: true);
        CpGradient<T> problem = new(input, 2, ridge, ManagedBackend.Shared);
        CpState<T> state = CpState<T>.Unscaled(RandomFactors.Draw<T>(input.Lengths, 2, new CounterRandom(2)), ManagedBackend.Shared);
        Objective objective = problem.At(state);
        double[] point = problem.Begin(state), gradient = new double[point.Length], unused = new double[point.Length];
        objective(point, gradient);
        for (int i = 0; i < point.Length; i++)
        {
            // A central difference errs by h^2 f''' / 6 and eps f / h.
            const double H = 1e-5;
            double[] up = [.. point], down = [.. point];
            up[i] += H;
            down[i] -= H;
            Assert.Equal((objective(up, unused) - objective(down, unused)) / (2 * H), gradient[i], 1e-7);
        }
    }

    [Fact]
    public void It_ends_where_least_squares_ends_and_the_error_is_exact()
    {
        Tensor<double> x = Planted.Noisy(Planted.Cp(Planted.Factors<double>(3, 3, 9, 8, 7)), 0.1, 1);
        CpResult<double> all = new CpOpt { Tolerance = 1e-13 }.Fit(x, 3), alternating = new CpAls { Tolerance = 1e-13, MaxIterations = 2000 }.Fit(x, 3);
        Assert.Equal(alternating.RelativeError, all.RelativeError, 1e-8);
        Assert.Equal(all.RelativeError, Planted.Distance(x, all.Reconstruct()), 1e-13);
        Assert.True(all.Converged);
        for (int i = 1; i < all.ErrorHistory.Count; i++)
        {
            Assert.True(all.ErrorHistory[i] <= all.ErrorHistory[i - 1] + 1e-9);
        }
    }

    [Fact]
    public void A_ridge_ends_where_that_of_least_squares_ends()
    {
        Tensor<double> x = Planted.Noisy(Planted.Cp(Planted.Factors<double>(4, 2, 7, 6, 5)), 0.1, 1);
        CpResult<double> a = new CpOpt { Ridge = 0.5, Tolerance = 1e-13 }.Fit(x, 2), b = new CpAls { Ridge = 0.5, Tolerance = 1e-14, MaxIterations = 3000 }.Fit(x, 2);
        Assert.Equal(b.RelativeError, a.RelativeError, 1e-7);
    }

    [Fact]
    public void A_resumed_fit_is_bit_for_bit_the_uninterrupted_one()
    {
        Tensor<double> x = new CounterRandom(3).Normal<double>(6, 5, 4);
        List<FitCheckpoint> left = [];
        CpResult<double> whole = new CpOpt { Restarts = 2, MaxIterations = 30, Tolerance = 0, Checkpoint = new CheckpointPlan { Every = 7, Callback = left.Add } }.Fit(x, 3);
        Assert.Equal(8, left.Count);
        foreach (FitCheckpoint checkpoint in (FitCheckpoint[])[left[1], left[5]])
        {
            CpResult<double> resumed = new CpOpt { Restarts = 2, MaxIterations = 30, Tolerance = 0, Resume = checkpoint }.Fit(x, 3);
            Assert.Equal(whole.ErrorHistory, resumed.ErrorHistory);
            Assert.Equal(whole.Factors[1].ToArray(), resumed.Factors[1].ToArray());
        }

        Assert.Throws<ArgumentException>(() => new CpOpt { Resume = left[0], Memory = 3 }.Fit(x, 3));
    }

    [Fact]
    public void Float_complex_and_zero_tensors_are_taken()
    {
        Tensor<float>[] single = Planted.Factors<float>(2, 2, 6, 5, 4);
        Assert.True(new CpOpt().Fit(Planted.Cp(single), 2).RelativeError < 1e-4);
        CpTensor<Complex> model = Planted.Model(RandomFactors.Draw<Complex>([6, 5, 4], 2, new CounterRandom(2)));
        CpResult<Complex> fit = new CpOpt().Fit(model.Reconstruct(), 2);
        Assert.True(FactorMatch.Of(fit, model).Score > 0.9999);
        CpResult<double> zero = new CpOpt().Fit(Tensor.CreateFromShape<double>([3, 4, 5]), 2);
        Assert.Equal((0.0, true), (zero.RelativeError, zero.Converged));
        Assert.Equal([0.0, 0.0], zero.Weights.ToArray());
    }

    [Fact]
    public void Bad_input_is_refused_and_steps_can_be_cancelled()
    {
        Tensor<double> x = new CounterRandom(1).Normal<double>(3, 4, 2);
        Assert.Throws<ArgumentOutOfRangeException>(() => new CpOpt().Fit(x, 0));
        Assert.Throws<ArgumentException>(() => new CpOpt { Initialization = CpInitialization.Given }.Fit(x, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new CpOpt { Memory = 0 }.Fit(x, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new CpOpt { Tolerance = double.NaN }.Fit(x, 1));
        using CancellationTokenSource source = new();
        Assert.Throws<OperationCanceledException>(() => new CpOpt { Tolerance = 0 }.Fit(x, 3, new Sink(p => { if (p.Iteration == 3) { source.Cancel(); } }), source.Token));
        x[0, 0, 0] = double.PositiveInfinity;
        Assert.Throws<NonFiniteInputException>(() => new CpOpt().Fit(x, 2));
    }

    [Fact]
    public void The_Rosenbrock_valley_is_followed_to_its_end()
    {
        LimitedMemoryBfgs steps = new([-1.2, 1], static (p, g) =>
        {
            double a = 1 - p[0], b = p[1] - (p[0] * p[0]);
            (g[0], g[1]) = ((-2 * a) - (400 * p[0] * b), 200 * b);
            return (a * a) + (100 * b * b);
        }, 5, 0);
        int count = 0;
        while (steps.Value > 1e-24 && steps.Step())
        {
            count++;
        }

        Assert.Equal(1, steps.Point[0], 1e-10);
        Assert.InRange(count, 10, 60);
    }

    private sealed class Sink(Action<DecompositionProgress> report) : IProgress<DecompositionProgress>
    {
        public void Report(DecompositionProgress value) => report(value);
    }
}
