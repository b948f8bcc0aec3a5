using System.Globalization;
using System.Numerics.Tensors;
using Xunit;

namespace Polyad.Decomposition;

public class IncompleteCpTests
{
    [Theory]
    [InlineData(new[] { 6, 5 }, 2)]
    [InlineData(new[] { 19, 4, 5 }, 3)]
    [InlineData(new[] { 4, 3, 5, 2 }, 4)]
    [InlineData(new[] { 3, 2, 1, 4, 3 }, 2)]
    public void The_problem_of_every_row_is_the_definition(int[] shape, int rank)
    {
        nint[] lengths = [.. shape.Select(static n => (nint)n)];
        Tensor<double> x = new CounterRandom(1).Normal<double>(lengths), weights = Weights(2, lengths);
        Tensor<double>[] factors = Planted.Factors<double>(3, rank, lengths);
        IncompleteTensor<double> incomplete = IncompleteTensor.FromWeights(x, weights, allowEmptySlices: true);
        WeightedTarget<double> target = new(incomplete, DenseInput<double>.Of(incomplete.Values, 2), rank, ManagedBackend.Shared);
        CpState<double> state = CpState<double>.Unscaled(factors, ManagedBackend.Shared);
        target.Begin(state);
        for (int mode = 0; mode < shape.Length; mode++)
        {
            ModeSystem<double> system = target.System(state, mode);
            double[,,] matrices = new double[shape[mode], rank, rank];
            double[,] right = new double[shape[mode], rank];
            int[] at = new int[shape.Length];
            for (int cell = 0; cell < x.FlattenedLength; cell++)
            {
                int rest = cell;
                for (int n = shape.Length - 1; n >= 0; n--)
                {
                    (rest, at[n]) = Math.DivRem(rest, shape[n]);
                }

                double w = weights.ToArray()[cell];
                double[] k = [.. Enumerable.Range(0, rank).Select(r => Enumerable.Range(0, shape.Length).Where(n => n != mode).Aggregate(1.0, (p, n) => p * factors[n][at[n], r]))];
                for (int r = 0; r < rank; r++)
                {
                    right[at[mode], r] += w == 0 ? 0 : w * k[r] * x.ToArray()[cell];
                    for (int s = 0; s < rank; s++)
                    {
                        matrices[at[mode], r, s] += w * k[r] * k[s];
                    }
                }
            }

            double[] matrix = new double[rank * rank];
            for (int i = 0; i < shape[mode]; i++)
            {
                system.Matrix(i, matrix);
                for (int r = 0; r < rank; r++)
                {
                    Assert.Equal(right[i, r], system.Right[i, r], 1e-12);
                    for (int s = 0; s < rank; s++)
                    {
                        Assert.Equal(matrices[i, r, s], matrix[(r * rank) + s], 1e-12);
                    }
                }
            }

            // Twice the value is the weighted squared error but for the constant.
            Assert.Equal(WeightedError(x, weights, factors), Math.Sqrt((target.Norm * target.Norm) + (2 * system.Value(factors[mode]))), 1e-11);
            new CounterRandom(4, (ulong)mode).Normal<double>(DenseData.Elements(factors[mode]));
        }
    }

    [Theory]
    [InlineData(MissingDataMethod.Weighted)]
    [InlineData(MissingDataMethod.Imputation)]
    public void What_stands_in_missing_entries_does_not_change_a_bit(MissingDataMethod method)
    {
        Tensor<double> x = PlantedPositive.Noisy(Planted.Cp(PlantedPositive.Factors(5, 3, 12, 9, 7)), 0.2, 1);
        Tensor<bool> mask = Mask(6, 0.3, 12, 9, 7);
        CpBlockDescent[] methods =
        [
            new NonNegativeCp { MissingData = method, MaxIterations = 12 }, new ConstrainedCp { MissingData = method, MaxIterations = 12 },
            new ConstrainedCp { MissingData = method, MaxIterations = 12, Constraints = [FactorConstraint.L1(0.1), FactorConstraint.Unimodal(), FactorConstraint.NonNegative] },
        ];
        foreach (CpBlockDescent fit in methods)
        {
            ConstrainedCpResult<double> expected = fit.Fit(IncompleteTensor.FromMask(x, mask), 3);
            foreach (double other in new[] { 0, 1e300, double.NaN, double.NegativeInfinity })
            {
                double[] changed = [.. x.ToArray().Zip(mask.ToArray(), (v, m) => m ? other : v)];
                ConstrainedCpResult<double> found = fit.Fit(IncompleteTensor.FromMask(Tensor.Create(changed, x.Lengths), mask), 3);
                Assert.Equal(expected.ErrorHistory, found.ErrorHistory);
                Assert.Equal(expected.RelativeError, found.RelativeError);
                for (int n = 0; n < 3; n++)
                {
                    Assert.Equal(expected.Factors[n].ToArray(), found.Factors[n].ToArray());
                }
            }
        }
    }

    [Theory]
    [InlineData(MissingDataMethod.Weighted, 0.2)]
    [InlineData(MissingDataMethod.Weighted, 0.6)]
    [InlineData(MissingDataMethod.Imputation, 0.2)]
    [InlineData(MissingDataMethod.Imputation, 0.6)]
    public void Planted_components_are_recovered(MissingDataMethod method, double share)
    {
        int recovered = 0;
        for (ulong seed = 0; seed < 20; seed++)
        {
            Tensor<double>[] planted = Planted.Factors<double>(seed, 3, 14, 12, 10);
            IncompleteTensor<double> x = IncompleteTensor.FromMask(Planted.Cp(planted), Mask(100 + seed, share, 14, 12, 10));
            CpResult<double> result = new CpAls { MissingData = method, Seed = seed, Restarts = 3, Tolerance = 1e-11, MaxIterations = 2000 }.Fit(x, 3);
            recovered += Planted.Match(planted, result.Factors) > 0.9999 ? 1 : 0;
        }

        Assert.True(recovered >= 18, $"{recovered} of 20");
    }

    [Theory]
    [InlineData(MissingDataMethod.Weighted)]
    [InlineData(MissingDataMethod.Imputation)]
    public void Errors_are_those_of_the_seen_entries_and_never_rise(MissingDataMethod method)
    {
        nint[] lengths = [11, 8, 3, 6];
        Tensor<double> x = PlantedPositive.Noisy(Planted.Cp(PlantedPositive.Factors(7, 3, lengths)), 0.4, 5), weights = Weights(8, lengths);
        CpBlockDescent[] methods =
        [
            new NonNegativeCp { MissingData = method, Tolerance = 0, MaxIterations = 60 }, new NonNegativeCp { MissingData = method, Method = NonNegativeMethod.Exact, Tolerance = 0, MaxIterations = 60 },
            new NonNegativeCp { MissingData = method, Method = NonNegativeMethod.MultiplicativeUpdate, Tolerance = 0, MaxIterations = 60 },
            new ConstrainedCp { MissingData = method, Extrapolate = false, Tolerance = 0, MaxIterations = 60 },
            new ConstrainedCp { MissingData = method, Constraints = [FactorConstraint.Orthonormal, FactorConstraint.Smooth(1), FactorConstraint.None, FactorConstraint.Monotone()], Tolerance = 0, MaxIterations = 60 },
        ];
        foreach (CpBlockDescent fit in methods)
        {
            ConstrainedCpResult<double> result = fit.Fit(IncompleteTensor.FromWeights(x, weights), 3);
            for (int i = 1; i < 60; i++)
            {
                Assert.True(result.ObjectiveHistory[i] <= result.ObjectiveHistory[i - 1]);
            }

            Tensor<double>[] factors = [.. result.Distribute().Factors];
            double expected = WeightedError(x, weights, factors) / WeightedError(x, weights, [.. factors.Select(static f => Tensor.CreateFromShape<double>(f.Lengths))]);
            Assert.Equal(expected, result.RelativeError, 1e-12);
            Assert.Equal(expected, result.ErrorHistory[^1], 1e-9);
        }
    }

    [Fact]
    public void Both_methods_find_the_same_optimum_and_it_is_one()
    {
        nint[] lengths = [9, 8, 7];
        Tensor<double> x = PlantedPositive.Noisy(Planted.Cp(PlantedPositive.Factors(9, 2, lengths)), 0.2, 3), weights = Weights(10, lengths);
        IncompleteTensor<double> incomplete = IncompleteTensor.FromWeights(x, weights);
        ConstrainedCpResult<double>[] found =
        [
            .. new[] { MissingDataMethod.Weighted, MissingDataMethod.Imputation }.Select(m => new NonNegativeCp { MissingData = m, Tolerance = 1e-14, MaxIterations = 5000 }.Fit(incomplete, 2)),
        ];
        Assert.Equal(found[0].RelativeError, found[1].RelativeError, 1e-9);
        Assert.True(Planted.Match([.. found[0].Factors], found[1].Factors) > 1 - 1e-6);
        Assert.All(found, static f => Assert.True(f.KktResidual < 1e-5, f.KktResidual.ToString(CultureInfo.InvariantCulture)));

        // By the definition: W .* (M - X) times the other factors is 0 where an entry is positive, and not negative where it is 0.
        double[] residual = [.. found[0].Reconstruct().ToArray().Select((m, i) => weights.ToArray()[i] == 0 ? 0 : weights.ToArray()[i] * (m - x.ToArray()[i]))];
        double norm = TensorAlgebra.FrobeniusNorm(x);
        for (int mode = 0; mode < 3; mode++)
        {
            double[] slope = TensorAlgebra.Mttkrp(Tensor.Create(residual, x.Lengths), [.. found[0].Factors], mode).ToArray(), entries = found[0].Factors[mode].ToArray();
            for (int i = 0; i < entries.Length; i++)
            {
                Assert.True(entries[i] > 0 ? Math.Abs(slope[i]) < 1e-5 * norm : slope[i] > -1e-5 * norm, $"{entries[i]} {slope[i]}");
            }
        }
    }

    [Theory]
    [InlineData(MissingDataMethod.Weighted)]
    [InlineData(MissingDataMethod.Imputation)]
    public void Equal_weights_give_the_fit_without_weights(MissingDataMethod method)
    {
        Tensor<double> x = PlantedPositive.Noisy(Planted.Cp(PlantedPositive.Factors(11, 3, 9, 8, 7)), 0.1, 3);
        ConstrainedCpResult<double> plain = new NonNegativeCp { Tolerance = 1e-13 }.Fit(x, 3), ones = new NonNegativeCp { Tolerance = 1e-13, MissingData = method }.Fit(IncompleteTensor.FromNaN(x), 3);
        ConstrainedCpResult<double> halves = new NonNegativeCp { Tolerance = 1e-13, MissingData = method }.Fit(IncompleteTensor.FromWeights(x, Tensor.Create([.. Enumerable.Repeat(0.5, 504)], x.Lengths)), 3);
        Assert.Equal(plain.Factors[1].ToArray(), ones.Factors[1].ToArray());
        Assert.Equal(plain.RelativeError, halves.RelativeError, 1e-8);
        Assert.True(Planted.Match([.. plain.Factors], halves.Factors) > 1 - 1e-6);
    }

    [Fact]
    public void A_row_of_an_empty_slice_becomes_zero_where_it_is_allowed()
    {
        Tensor<double> x = Planted.Cp(PlantedPositive.Factors(12, 2, 6, 5, 4));
        for (int j = 0; j < 5; j++)
        {
            for (int k = 0; k < 4; k++)
            {
                x[3, j, k] = double.NaN;
            }
        }

        IncompleteTensor<double> incomplete = IncompleteTensor.FromNaN(x, allowEmptySlices: true);
        CpResult<double>[] found = [new CpAls { MissingData = MissingDataMethod.Weighted }.Fit(incomplete, 2), new NonNegativeCp { MissingData = MissingDataMethod.Weighted }.Fit(incomplete, 2)];
        Assert.All(found, static f => Assert.True(f.RelativeError < 1e-4));
        Assert.Equal([0.0, 0.0], [found[0].Factors[0][3, 0], found[0].Factors[0][3, 1]]);
        Assert.All(new[] { MissingDataMethod.Weighted, MissingDataMethod.Imputation }, m => Assert.True(new NonNegativeCp { MissingData = m }.Fit(incomplete, 2).Factors[0].ToArray().All(double.IsFinite)));
    }

    [Theory]
    [InlineData(MissingDataMethod.Weighted)]
    [InlineData(MissingDataMethod.Imputation)]
    public void Threads_change_nothing_and_a_resumed_fit_is_the_uninterrupted_one(MissingDataMethod method)
    {
        Tensor<double> x = PlantedPositive.Noisy(Planted.Cp(PlantedPositive.Factors(13, 4, 60, 50, 40)), 0.3, 3);
        IncompleteTensor<double> incomplete = IncompleteTensor.FromMask(x, Mask(14, 0.25, 60, 50, 40));
        List<FitCheckpoint> left = [];
        ConstrainedCpResult<double> one = new NonNegativeCp { Backend = new ManagedBackend(1), MissingData = method, MaxIterations = 9, Tolerance = 0, Checkpoint = new CheckpointPlan { Every = 4, Callback = left.Add } }.Fit(incomplete, 4);
        ConstrainedCpResult<double> two = new NonNegativeCp { Backend = new ManagedBackend(2), MissingData = method, MaxIterations = 9, Tolerance = 0 }.Fit(incomplete, 4);
        Assert.Equal(one.ErrorHistory, two.ErrorHistory);
        Assert.Equal(one.Factors[2].ToArray(), two.Factors[2].ToArray());
        foreach (FitCheckpoint checkpoint in left)
        {
            ConstrainedCpResult<double> resumed = new NonNegativeCp { MissingData = method, MaxIterations = 9, Tolerance = 0, Resume = checkpoint }.Fit(incomplete, 4);
            Assert.Equal(one.ErrorHistory, resumed.ErrorHistory);
            Assert.Equal(one.Factors[2].ToArray(), resumed.Factors[2].ToArray());
        }
    }

    [Theory]
    [InlineData(MissingDataMethod.Weighted)]
    [InlineData(MissingDataMethod.Imputation)]
    public void The_scenario_of_TensorLy_outliers_behind_a_mask_is_met(MissingDataMethod method)
    {
        // tests/test_cp: a rank 1 tensor, nine entries masked and set to 10000; the model is within 1e-3 of the tensor.
        Tensor<double>[] planted = Planted.Factors<double>(15, 1, 4, 4, 4);
        Tensor<double> x = Planted.Cp(planted), spoilt = DenseData.Copy(x);
        Tensor<bool> mask = Tensor.CreateFromShape<bool>([4, 4, 4]);
        foreach (int cell in new[] { 0, 5, 11, 18, 27, 36, 42, 49, 63 })
        {
            (int i, int j, int k) = (cell / 16, cell / 4 % 4, cell % 4);
            (mask[i, j, k], spoilt[i, j, k]) = (true, 10000);
        }

        Assert.True(Planted.Distance(x, new CpAls { MissingData = method, Tolerance = 1e-13 }.Fit(IncompleteTensor.FromMask(spoilt, mask), 1).Reconstruct()) < 1e-6);
    }

    [Fact]
    public void A_ridge_and_single_precision_are_taken()
    {
        Tensor<double> x = PlantedPositive.Noisy(Planted.Cp(PlantedPositive.Factors(16, 2, 9, 8, 7)), 0.2, 3);
        IncompleteTensor<double> incomplete = IncompleteTensor.FromMask(x, Mask(17, 0.2, 9, 8, 7));
        CpResult<double> plain = new CpAls { Tolerance = 1e-12 }.Fit(incomplete, 2), ridge = new CpAls { Ridge = 1, Tolerance = 1e-12 }.Fit(incomplete, 2);
        Assert.True(ridge.Weights[0] < plain.Weights[0]);
        Assert.Equal(1, PlantedPositive.Column(ridge.Factors[0], 0).Sum(static v => v * v), 1e-12);
        Tensor<float> single = Tensor.Create([.. x.ToArray().Select(static v => (float)v)], x.Lengths);
        foreach (MissingDataMethod method in new[] { MissingDataMethod.Weighted, MissingDataMethod.Imputation })
        {
            Assert.Equal(plain.RelativeError, new CpAls { MissingData = method }.Fit(IncompleteTensor.FromMask(single, Mask(17, 0.2, 9, 8, 7)), 2).RelativeError, 1e-5);
        }

        Assert.Throws<ArgumentOutOfRangeException>(() => new CpAls().Fit(incomplete, 0));
        Assert.Throws<ArgumentException>(() => new CpAls().Fit(incomplete, [x]));
    }

    [Fact]
    public void The_sugar_data_are_explained_on_what_was_seen()
    {
        string? path = DataFile.Find("sugar_fluorescence_X.npy");
        Assert.SkipWhen(path is null, "The data folder is not beside the repository.");
        IncompleteTensor<double> x = IncompleteTensor.FromNaN(DataFile.ReadNpy(path!));
        Assert.InRange(x.MissingShare, 0.04, 0.05);
        Assert.Equal(16, x.EmptyFibres(0));
        foreach ((MissingDataMethod method, double least) in new[] { (MissingDataMethod.Automatic, 0.9967), (MissingDataMethod.Imputation, 0.9965) })
        {
            CpAls fit = new() { MissingData = method, Restarts = 5 };
            double three = fit.Fit(x, 3).Fit, four = fit.Fit(x, 4).Fit;
            Assert.True(three > least, $"{method} {three}");
            Assert.True(four > 0.9990, $"{method} {four}");
        }
    }

    [Fact]
    public void The_kinetic_data_of_order_four_are_explained_on_what_was_seen()
    {
        string? path = DataFile.Find("kinetic_fluorescence_X.npy"), holes = DataFile.Find("kinetic_fluorescence_missing.npy");
        Assert.SkipWhen(path is null || holes is null, "The data folder is not beside the repository.");

        // Every fourth time, as the figures of the data's README.
        Tensor<double> whole = DataFile.ReadNpy(path!);
        bool[] missing = [.. File.ReadAllBytes(holes!)[^(int)whole.FlattenedLength..].Select(static b => b != 0)];
        int[] kept = [.. Enumerable.Range(0, (int)whole.FlattenedLength).Where(static i => i % 60 % 4 == 0)];
        double[] all = whole.ToArray();
        IncompleteTensor<double> x = IncompleteTensor.FromMask(Tensor.Create([.. kept.Select(i => all[i])], [64, 12, 10, 15]), Tensor.Create([.. kept.Select(i => missing[i])], [64, 12, 10, 15]));
        foreach (MissingDataMethod method in new[] { MissingDataMethod.Weighted, MissingDataMethod.Imputation })
        {
            double one = new CpAls { MissingData = method }.Fit(x, 1).Fit, three = new CpAls { MissingData = method, Restarts = 2 }.Fit(x, 3).Fit;
            Assert.True(one > 0.9845, $"{method} {one}");
            Assert.True(three > 0.9987, $"{method} {three}");
        }
    }

    internal static Tensor<bool> Mask(ulong seed, double share, params nint[] lengths) => Tensor.Create([.. new CounterRandom(seed).Uniform<double>(lengths).ToArray().Select(u => u < share)], lengths);

    /// <summary>A fifth zeros, a fifth ones, the rest between.</summary>
    internal static Tensor<double> Weights(ulong seed, nint[] lengths)
        => Tensor.Create([.. new CounterRandom(seed).Uniform<double>(lengths).ToArray().Select(static u => Math.Clamp((1.6 * u) - 0.3, 0, 1))], lengths);

    private static double WeightedError(Tensor<double> x, Tensor<double> weights, Tensor<double>[] factors)
    {
        double[] model = Planted.Cp(factors).ToArray(), values = x.ToArray(), w = weights.ToArray();
        return Math.Sqrt(Enumerable.Range(0, w.Length).Sum(i => w[i] == 0 ? 0 : w[i] * (values[i] - model[i]) * (values[i] - model[i])));
    }
}
