using System.Globalization;
using System.Numerics.Tensors;
using Xunit;

namespace Polyad.Decomposition;

public class NonNegativeCpTests
{
    [Theory]
    [InlineData(CpInitialization.GramEigen)]
    [InlineData(CpInitialization.Random)]
    public void Planted_components_are_recovered(CpInitialization initialization)
    {
        int recovered = 0;
        for (ulong seed = 0; seed < 20; seed++)
        {
            Tensor<double>[] planted = PlantedPositive.Factors(seed, 4, 14, 12, 10);
            CpResult<double> result = new NonNegativeCp { Initialization = initialization, Seed = seed, Restarts = 3, Tolerance = 1e-11 }.Fit(Planted.Cp(planted), 4);
            recovered += Planted.Match(planted, result.Factors) > 0.9999 ? 1 : 0;
        }

        Assert.True(recovered >= 18, $"{recovered} of 20");
    }

    [Theory]
    [InlineData(NonNegativeMethod.Hals, true)]
    [InlineData(NonNegativeMethod.Hals, false)]
    [InlineData(NonNegativeMethod.Exact, true)]
    [InlineData(NonNegativeMethod.Exact, false)]
    [InlineData(NonNegativeMethod.MultiplicativeUpdate, false)]
    public void Sweeps_never_raise_the_error_and_factors_are_in_normal_form(NonNegativeMethod method, bool extrapolate)
    {
        // Data of both signs: every update meets its bound.
        foreach (nint[] lengths in (nint[][])[[13, 9, 11, 4], [30, 7], [5, 1, 6]])
        {
            Tensor<double> x = PlantedPositive.Noisy(Planted.Cp(PlantedPositive.Factors(2, 3, lengths)), 0.5, 5);
            ConstrainedCpResult<double> result = new NonNegativeCp { Method = method, Extrapolate = extrapolate, Tolerance = 0, MaxIterations = 60 }.Fit(x, 4);
            Assert.Equal(60, result.Iterations);
            Assert.False(result.Converged);
            Assert.Equal(result.ErrorHistory, result.ObjectiveHistory);
            for (int i = 1; i < 60; i++)
            {
                Assert.True(result.ErrorHistory[i] <= result.ErrorHistory[i - 1]);
            }

            Assert.Equal(result.ErrorHistory[^1], result.RelativeError, 1e-10);
            Assert.Equal(result.RelativeError, Planted.Distance(x, result.Reconstruct()), 1e-13);
            double[] weights = result.Weights.ToArray();
            Assert.Equal(weights.OrderDescending(), weights);
            foreach (Tensor<double> factor in result.Factors)
            {
                Assert.True(factor.ToArray().Min() >= 0);
                for (int r = 0; r < 4; r++)
                {
                    Assert.Equal(1, PlantedPositive.Column(factor, r).Sum(static v => v * v), 1e-13);
                }
            }
        }
    }

    [Theory]
    [InlineData(NonNegativeMethod.Hals)]
    [InlineData(NonNegativeMethod.Exact)]
    public void A_converged_model_satisfies_the_conditions_of_optimality(NonNegativeMethod method)
    {
        Tensor<double> x = PlantedPositive.Noisy(Planted.Cp(PlantedPositive.Factors(3, 3, 8, 7, 6)), 0.3, 1);
        ConstrainedCpResult<double> result = new NonNegativeCp { Method = method, Tolerance = 1e-15, MaxIterations = 20000 }.Fit(x, 3);
        Assert.True(result.Converged);
        Assert.True(result.KktResidual < 1e-6, result.KktResidual.ToString(CultureInfo.InvariantCulture));

        // By the definition: the derivative by an entry is 0 where the entry is positive, and not negative where it is 0.
        double[] residual = [.. result.Reconstruct().ToArray().Zip(x.ToArray(), static (m, a) => m - a)];
        Tensor<double>[] others = [.. result.Factors];
        double norm = TensorAlgebra.FrobeniusNorm(x);
        for (int mode = 0; mode < 3; mode++)
        {
            double[] slope = TensorAlgebra.Mttkrp(Tensor.Create(residual, x.Lengths), others, mode).ToArray(), entries = result.Factors[mode].ToArray();
            for (int i = 0; i < entries.Length; i++)
            {
                Assert.True(entries[i] > 0 ? Math.Abs(slope[i]) < 1e-5 * norm : slope[i] > -1e-5 * norm, $"{entries[i]} {slope[i]}");
            }
        }
    }

    [Fact]
    public void All_methods_find_the_same_model_and_extrapolation_needs_fewer_sweeps()
    {
        // Nearly collinear components: the swamp that plain sweeps wade through.
        Tensor<double>[] planted = PlantedPositive.Factors(4, 3, 12, 11, 10);
        foreach (Tensor<double> factor in planted)
        {
            for (int i = 0; i < factor.Lengths[0]; i++)
            {
                factor[i, 1] = factor[i, 0] + (0.35 * factor[i, 1]);
                factor[i, 2] = factor[i, 0] + (0.35 * factor[i, 2]);
            }
        }

        Tensor<double> x = PlantedPositive.Noisy(Planted.Cp(planted), 1e-3, 2);
        ConstrainedCpResult<double> hals = new NonNegativeCp { MaxIterations = 5000, Tolerance = 1e-12 }.Fit(x, 3), exact = new NonNegativeCp { Method = NonNegativeMethod.Exact, MaxIterations = 5000, Tolerance = 1e-12 }.Fit(x, 3);
        ConstrainedCpResult<double> plain = new NonNegativeCp { Extrapolate = false, MaxIterations = 20000, Tolerance = 1e-12 }.Fit(x, 3);
        Assert.True(hals.Converged && exact.Converged);
        Assert.Equal(exact.RelativeError, hals.RelativeError, 1e-8);
        Assert.True(2 * hals.Iterations < plain.Iterations, $"{hals.Iterations} against {plain.Iterations}");
        Assert.True(hals.RelativeError < plain.RelativeError + 1e-8);
    }

    [Fact]
    public void Modes_that_are_not_named_take_both_signs_and_carry_them_alone()
    {
        Tensor<double>[] planted = [Planted.Factors<double>(5, 3, 9)[0], .. PlantedPositive.Factors(6, 3, 8, 7)];
        Tensor<double> x = Planted.Cp(planted);
        ConstrainedCpResult<double> result = new NonNegativeCp { NonNegativeModes = [1, 2], Tolerance = 1e-12, Restarts = 3, MaxIterations = 3000 }.Fit(x, 3);
        Assert.True(result.RelativeError < 1e-6, result.RelativeError.ToString(CultureInfo.InvariantCulture));
        Assert.True(Planted.Match(planted, result.Factors) > 0.9999);
        Assert.True(result.Factors[0].ToArray().Min() < 0);
        Assert.True(result.Factors[1].ToArray().Min() >= 0 && result.Factors[2].ToArray().Min() >= 0);

        // With no mode named it is alternating least squares, signs settled as there.
        ConstrainedCpResult<double> free = new NonNegativeCp { NonNegativeModes = [], Tolerance = 1e-12, MaxIterations = 3000 }.Fit(x, 3);
        CpResult<double> als = new CpAls { Tolerance = 1e-12, MaxIterations = 3000 }.Fit(x, 3);
        Assert.True(free.RelativeError < 1e-6 && als.RelativeError < 1e-6);
        for (int n = 0; n < 3; n++)
        {
            Assert.True(Planted.Distance(als.Factors[n], free.Factors[n]) < 1e-4);
        }
    }

    [Fact]
    public void Sparsity_lowers_its_objective_and_is_not_escaped_by_scale()
    {
        Tensor<double> x = PlantedPositive.Noisy(Planted.Cp(PlantedPositive.Factors(7, 3, 10, 9, 8)), 0.4, 3);
        double norm = TensorAlgebra.FrobeniusNorm(x), penalty = 0.02 * norm;
        ConstrainedCpResult<double> plain = new NonNegativeCp { Tolerance = 1e-12 }.Fit(x, 3);
        ConstrainedCpResult<double> sparse = new NonNegativeCp { Sparsity = [0, penalty, 0], Tolerance = 1e-14, MaxIterations = 5000 }.Fit(x, 3);
        Assert.True(Zeros(sparse) > Zeros(plain));
        Assert.True(sparse.KktResidual < 1e-5, sparse.KktResidual.ToString(CultureInfo.InvariantCulture));
        for (int i = 1; i < sparse.Iterations; i++)
        {
            Assert.True(sparse.ObjectiveHistory[i] <= sparse.ObjectiveHistory[i - 1]);
        }

        // F = ||X - M||^2 / 2 + p sum of the penalised factor, which carries the weights since the other columns have length 1.
        double Objective(Tensor<double> weights)
        {
            double residual = norm * Planted.Distance(x, (sparse with { Weights = weights }).Reconstruct());
            return (0.5 * residual * residual) + (penalty * Enumerable.Range(0, 3).Sum(r => weights[r] * PlantedPositive.Column(sparse.Factors[1], r).Sum()));
        }

        double best = Objective(sparse.Weights);
        Assert.Equal(Math.Sqrt(2 * best) / norm, sparse.ObjectiveHistory[^1], 1e-9);
        foreach (double factor in new[] { 0.999, 1.001 })
        {
            Assert.True(Objective(Tensor.Create([.. sparse.Weights.ToArray().Select(w => w * factor)], [3])) > best);
        }

        static int Zeros(CpResult<double> model) => model.Factors[1].ToArray().Count(static v => v == 0);
    }

    [Fact]
    public void Threads_and_runs_do_not_change_a_bit_and_the_input_is_untouched()
    {
        Tensor<double> x = PlantedPositive.Noisy(Planted.Cp(PlantedPositive.Factors(8, 5, 60, 50, 40)), 0.5, 4);
        double[] before = x.ToArray();
        NonNegativeCp one = new() { Backend = new ManagedBackend(1), MaxIterations = 6, Seed = 9 }, two = new() { Backend = new ManagedBackend(2), MaxIterations = 6, Seed = 9 };
        ConstrainedCpResult<double> a = one.Fit(x, 7), b = two.Fit(x, 7), c = one.Fit(x, 7);
        for (int n = 0; n < 3; n++)
        {
            Assert.Equal(a.Factors[n].ToArray(), b.Factors[n].ToArray());
            Assert.Equal(a.Factors[n].ToArray(), c.Factors[n].ToArray());
        }

        Assert.Equal((a.RelativeError, a.KktResidual), (b.RelativeError, b.KktResidual));
        Assert.Equal(before, x.ToArray());
    }

    [Fact]
    public void Fixed_modes_stay_as_given()
    {
        Tensor<double>[] planted = PlantedPositive.Factors(9, 3, 9, 8, 7, 5), start = PlantedPositive.Factors(10, 3, 9, 8, 7, 5);
        Tensor<double> x = Planted.Cp(planted);
        foreach (int[] modes in (int[][])[[1, 2, 3], [0, 1, 3], [0, 2], [0, 1, 2]])
        {
            Tensor<double>[] given = [.. start];
            foreach (int n in modes)
            {
                given[n] = planted[n];
            }

            ConstrainedCpResult<double> result = new NonNegativeCp { FixedModes = modes, Tolerance = 1e-13, InnerCycles = 200, MaxIterations = 3000 }.Fit(x, given);
            Assert.True(result.RelativeError < 1e-5, $"{string.Join(",", modes)}: {result.RelativeError}");
            Assert.True(Planted.Match(planted, result.Factors) > 0.9999);
            foreach (int n in modes)
            {
                Assert.Equal(planted[n].ToArray(), result.Factors[n].ToArray());
            }
        }
    }

    [Fact]
    public void Awkward_input_is_taken_and_nonsense_refused()
    {
        ConstrainedCpResult<double> zero = new NonNegativeCp().Fit(Tensor.CreateFromShape<double>([3, 4, 5]), 2);
        Assert.Equal([0.0, 0.0], zero.Weights.ToArray());
        Assert.True(zero.Converged && zero.RelativeError == 0 && zero.KktResidual == 0);

        // Nothing non-negative is nearer to a negative tensor than zero.
        Tensor<double> negative = Tensor.Create([.. Enumerable.Repeat(-1.0, 60)], [3, 4, 5]);
        ConstrainedCpResult<double> none = new NonNegativeCp().Fit(negative, 2);
        Assert.Equal(1, none.RelativeError, 1e-12);
        Assert.All(none.Weights.ToArray(), static w => Assert.Equal(0, w));

        Tensor<double>[] planted = PlantedPositive.Factors(11, 2, 6, 5, 4);
        Assert.True(new NonNegativeCp().Fit(Planted.Cp(planted), 9).RelativeError < 1e-3);
        foreach (double scale in new[] { 1e200, 1e-200 })
        {
            Tensor<double> x = Tensor.Create([.. Planted.Cp(planted).ToArray().Select(v => v * scale)], [6, 5, 4]);
            Assert.True(new NonNegativeCp { Tolerance = 1e-12 }.Fit(x, 2).RelativeError < 1e-5);
            Assert.Throws<ArgumentException>(() => new NonNegativeCp { Sparsity = [1, 1, 1] }.Fit(x, 2));
        }

        Tensor<float> single = Tensor.Create([.. Planted.Cp(planted).ToArray().Select(static v => (float)v)], [6, 5, 4]);
        Assert.True(new NonNegativeCp().Fit(single, 2).RelativeError < 1e-3);

        Tensor<double> y = Planted.Cp(planted);
        Assert.Contains("[6, 5, 4]", Assert.Throws<ArgumentOutOfRangeException>(() => new NonNegativeCp().Fit(y, 0)).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => new NonNegativeCp { NonNegativeModes = [3] }.Fit(y, 2));
        Assert.Throws<ArgumentException>(() => new NonNegativeCp { NonNegativeModes = [1, 1] }.Fit(y, 2));
        Assert.Throws<ArgumentException>(() => new NonNegativeCp { Sparsity = [1, 1] }.Fit(y, 2));
        Assert.Throws<ArgumentException>(() => new NonNegativeCp { Sparsity = [1, 1, 1], NonNegativeModes = [0, 1] }.Fit(y, 2));
        Assert.Throws<ArgumentOutOfRangeException>(() => new NonNegativeCp { Sparsity = [1, -1, 1] }.Fit(y, 2));
        Assert.Throws<ArgumentException>(() => new NonNegativeCp { FixedModes = [1] }.Fit(y, 2));
        Assert.Throws<ArgumentException>(() => new NonNegativeCp { FixedModes = [0, 1, 2] }.Fit(y, planted));
        Assert.Throws<ArgumentException>(() => new NonNegativeCp().Fit(y, [planted[0]]));
        Assert.Throws<ArgumentOutOfRangeException>(() => new NonNegativeCp { InnerCycles = 0 }.Fit(y, 2));
        y[1, 2, 1] = double.NaN;
        Assert.Throws<NonFiniteInputException>(() => new NonNegativeCp().Fit(y, 2));
    }

    [Fact]
    public void Cancellation_and_progress_come_with_every_sweep()
    {
        using CancellationTokenSource source = new();
        List<int> seen = [];
        CpSink sink = new(p =>
        {
            seen.Add(p.Iteration);
            if (p.Iteration == 3)
            {
                source.Cancel();
            }
        });
        Assert.Throws<OperationCanceledException>(() => new NonNegativeCp { Tolerance = 0 }.Fit(new CounterRandom(1).Normal<double>(5, 6, 7), 3, sink, source.Token));
        Assert.Equal([1, 2, 3], seen);
    }

    [Fact]
    public void The_scenario_of_TensorLy_is_met_closer()
    {
        // tests/test_cp: a random non-negative (6, 3, 12) tensor of rank 3, relative error below 0.07 there.
        Tensor<double> x = Planted.Cp([.. ((nint[])[6, 3, 12]).Select(static (n, k) => new CounterRandom(1234, (ulong)k).Uniform<double>(n, 3))]);
        Assert.True(new NonNegativeCp().Fit(x, 3).RelativeError < 1e-2);
        Assert.True(new NonNegativeCp { Method = NonNegativeMethod.MultiplicativeUpdate }.Fit(x, 3).RelativeError < 1e-2);
    }

    [Fact]
    public void Three_fluorophores_explain_the_amino_acid_data_and_follow_the_concentrations()
    {
        string? path = DataFile.Find("amino_acids_X.npy"), known = DataFile.Find("amino_acids_concentrations.npy");
        Assert.SkipWhen(path is null || known is null, "The data folder is not beside the repository.");
        Tensor<double> concentrations = DataFile.ReadNpy(known!);
        ConstrainedCpResult<double> result = new NonNegativeCp().Fit(DataFile.ReadNpy(path!), 3);
        Assert.True(result.Fit > 0.999, result.Fit.ToString(CultureInfo.InvariantCulture));
        HashSet<int> matched = [];
        for (int r = 0; r < 3; r++)
        {
            double[] scores = [.. Enumerable.Range(0, 3).Select(c => PlantedPositive.Correlation(PlantedPositive.Column(result.Factors[0], r), PlantedPositive.Column(concentrations, c)))];
            Assert.True(scores.Max() > 0.995, scores.Max().ToString(CultureInfo.InvariantCulture));
            matched.Add(Array.IndexOf(scores, scores.Max()));
        }

        Assert.Equal(3, matched.Count);
    }
}
