using System.Numerics.Tensors;
using Xunit;

namespace Polyad.Decomposition;

public class IncompleteTuckerTests
{
    public static TheoryData<MissingDataMethod> Methods => [MissingDataMethod.Weighted, MissingDataMethod.Imputation];

    [Theory]
    [InlineData(new[] { 6, 5 }, new[] { 2, 3 })]
    [InlineData(new[] { 19, 4, 5 }, new[] { 3, 2, 2 })]
    [InlineData(new[] { 4, 3, 5, 2 }, new[] { 2, 3, 1, 2 })]
    public void The_weighted_problems_are_the_definition(int[] shape, int[] ranks)
    {
        nint[] lengths = [.. shape.Select(static n => (nint)n)];
        Tensor<double> x = new CounterRandom(1).Normal<double>(lengths), weights = IncompleteCpTests.Weights(2, lengths);
        IncompleteTensor<double> incomplete = IncompleteTensor.FromWeights(x, weights, allowEmptySlices: true);
        WeightedTuckerTarget<double> target = new(incomplete, DenseInput<double>.Of(incomplete.Values, 2), ManagedBackend.Shared);
        TuckerState<double> state = new(
            [.. lengths.Select((n, k) => new CounterRandom(3, (ulong)k).Normal<double>(n, ranks[k]))], new CounterRandom(4).Normal<double>([.. ranks.Select(static r => (nint)r)]), ManagedBackend.Shared);
        target.Begin(state);

        // f is half the weighted squared error but for a constant: compare differences between two models.
        double start = Error();
        for (int mode = 0; mode < shape.Length; mode++)
        {
            ModeSystem<double> system = target.Factor(state, mode);
            double before = system.Value(state.Factors[mode]);
            Tensor<double> kept = DenseData.Copy(state.Factors[mode]);
            new CounterRandom(5, (ulong)mode).Normal<double>(DenseData.Elements(state.Factors[mode]));
            Assert.Equal(Error() - start, system.Value(state.Factors[mode]) - before, 1e-11 * (1 + start));
            DenseData.Elements(kept).CopyTo(DenseData.Elements(state.Factors[mode]));
        }

        CoreSystem<double> core = target.Core(state);
        double value = core.Value(state.Core);
        new CounterRandom(6).Normal<double>(DenseData.Elements(state.Core));
        Assert.Equal(Error() - start, core.Value(state.Core) - value, 1e-11 * (1 + start));
        core.Minimise(state.Core);
        Assert.True(core.Residual(state.Core, false, 0) < 1e-8);

        double Error()
        {
            double[] m = new TuckerTensor<double>(state.Core, state.Factors).Reconstruct().ToArray(), w = weights.ToArray(), a = x.ToArray();
            return 0.5 * Enumerable.Range(0, w.Length).Sum(i => w[i] * (m[i] - a[i]) * (m[i] - a[i]));
        }
    }

    [Theory]
    [MemberData(nameof(Methods))]
    public void Planted_models_are_recovered_behind_masks(MissingDataMethod method)
    {
        int recovered = 0;
        for (ulong seed = 0; seed < 20; seed++)
        {
            Tensor<double> x = Model(seed, [12, 11, 10], [3, 2, 3]);
            TuckerResult<double> found = new Tucker { MissingData = method, StopTolerance = 1e-13, MaxIterations = 2000 }.Fit(IncompleteTensor.FromMask(x, IncompleteCpTests.Mask(seed, 0.3, 12, 11, 10)), [3, 2, 3]);
            recovered += Planted.Distance(x, found.Reconstruct()) < 1e-5 ? 1 : 0;
            Assert.All(found.Factors, static f => Assert.True(Planted.Unorthogonality(f) < 1e-13));
        }

        Assert.True(recovered >= 18, $"{recovered} of 20");
    }

    [Theory]
    [MemberData(nameof(Methods))]
    public void What_stands_in_masked_cells_has_no_influence_on_one_bit(MissingDataMethod method)
    {
        Tensor<double> x = Model(3, [9, 8, 7], [2, 2, 2]);
        double[] clean = x.ToArray();
        Tensor<double> noisy = PlantedPositive.Noisy(x, 0.2, 5);
        bool[] mask = IncompleteCpTests.Mask(4, 0.25, 9, 8, 7).ToArray();
        Tensor<bool> missing = Tensor.Create(mask, x.Lengths);
        List<TuckerResult<double>> found = [];
        List<NonNegativeTuckerResult<double>> positive = [];
        foreach (double garbage in new[] { 0, 1e300, double.NaN, double.NegativeInfinity, -7 })
        {
            IncompleteTensor<double> spoilt = IncompleteTensor.FromMask(Tensor.Create([.. noisy.ToArray().Select((v, i) => mask[i] ? garbage : v)], x.Lengths), missing);
            found.Add(new Tucker { MissingData = method }.Fit(spoilt, [2, 2, 2]));
            positive.Add(new NonNegativeTucker { MissingData = method, MaxIterations = 30 }.Fit(spoilt, [2, 2, 2]));
        }

        IncompleteTensor<double> byNaN = IncompleteTensor.FromNaN(Tensor.Create([.. noisy.ToArray().Select((v, i) => mask[i] ? double.NaN : v)], x.Lengths));
        found.Add(new Tucker { MissingData = method }.Fit(byNaN, [2, 2, 2]));
        positive.Add(new NonNegativeTucker { MissingData = method, MaxIterations = 30 }.Fit(byNaN, [2, 2, 2]));
        Assert.Equal(clean, x.ToArray());
        foreach (TuckerResult<double> other in found)
        {
            Assert.Equal(found[0].ErrorHistory, other.ErrorHistory);
            Assert.Equal(found[0].Core.ToArray(), other.Core.ToArray());
            Assert.Equal(found[0].Factors[1].ToArray(), other.Factors[1].ToArray());
        }

        foreach (NonNegativeTuckerResult<double> other in positive)
        {
            Assert.Equal(positive[0].Core.ToArray(), other.Core.ToArray());
            Assert.Equal(positive[0].Factors[1].ToArray(), other.Factors[1].ToArray());
        }
    }

    [Theory]
    [MemberData(nameof(Methods))]
    public void Sweeps_never_raise_the_error_over_seen_entries_which_is_exact(MissingDataMethod method)
    {
        Tensor<double> x = PlantedPositive.Noisy(Model(5, [9, 8, 7, 3], [2, 2, 3, 2]), 0.3, 5), weights = IncompleteCpTests.Weights(6, [9, 8, 7, 3]);
        IncompleteTensor<double> incomplete = IncompleteTensor.FromWeights(x, weights);
        TuckerResult<double> plain = new Tucker { MissingData = method, StopTolerance = 0, MaxIterations = 50 }.Fit(incomplete, [2, 2, 3, 2]);
        NonNegativeTuckerResult<double> positive = new NonNegativeTucker { MissingData = method, Tolerance = 0, MaxIterations = 50 }.Fit(incomplete, [2, 2, 3, 2]);
        Assert.Equal((50, 50), (plain.Iterations, positive.Iterations));
        Assert.False(plain.Converged || positive.Converged);
        Check(plain, plain.ErrorHistory, plain.RelativeError);
        Check(positive, positive.ErrorHistory, positive.RelativeError);
        Assert.True(positive.RelativeError > plain.RelativeError);
        Assert.All(positive.Factors.Append(positive.Core), static part => Assert.True(part.ToArray().Min() >= 0));

        void Check(TuckerTensor<double> model, IReadOnlyList<double> history, double error)
        {
            for (int i = 1; i < history.Count; i++)
            {
                Assert.True(history[i] <= history[i - 1]);
            }

            double[] m = model.Reconstruct().ToArray(), w = weights.ToArray(), a = x.ToArray();
            double square = Enumerable.Range(0, w.Length).Sum(i => w[i] * (m[i] - a[i]) * (m[i] - a[i])), norm = Enumerable.Range(0, w.Length).Sum(i => w[i] * a[i] * a[i]);
            Assert.Equal(Math.Sqrt(square / norm), error, 1e-12);
            Assert.Equal(error, history[^1], 1e-10);
        }
    }

    [Fact]
    public void Both_methods_find_the_same_minimum()
    {
        Tensor<double> x = PlantedPositive.Noisy(Model(7, [10, 9, 8], [2, 3, 2]), 0.1, 5);
        IncompleteTensor<double> incomplete = IncompleteTensor.FromMask(x, IncompleteCpTests.Mask(8, 0.2, 10, 9, 8));
        TuckerResult<double> weighted = new Tucker { MissingData = MissingDataMethod.Weighted, StopTolerance = 1e-14, MaxIterations = 3000 }.Fit(incomplete, [2, 3, 2]);
        TuckerResult<double> imputed = new Tucker { MissingData = MissingDataMethod.Imputation, StopTolerance = 1e-14, MaxIterations = 3000 }.Fit(incomplete, [2, 3, 2]);
        Assert.True(weighted.Converged && imputed.Converged);
        Assert.Equal(weighted.RelativeError, imputed.RelativeError, 1e-9);
        Assert.True(Planted.Distance(weighted.Reconstruct(), imputed.Reconstruct()) < 1e-4);

        // Signs and order are settled: the core is all-orthogonal with descending slices.
        Assert.True(Planted.Distance(weighted.Factors[0], imputed.Factors[0]) < 1e-3);
    }

    [Theory]
    [MemberData(nameof(Methods))]
    public void A_converged_non_negative_model_satisfies_the_conditions_of_optimality_over_seen_entries(MissingDataMethod method)
    {
        Tensor<double> x = PlantedPositive.Noisy(NonNegativeTuckerTests.PlantedModel(9, [8, 7, 6], [2, 2, 2]).X, 0.2, 1), weights = IncompleteCpTests.Weights(10, [8, 7, 6]);
        NonNegativeTuckerResult<double> result = new NonNegativeTucker { MissingData = method, Tolerance = 1e-15, MaxIterations = 20000 }.Fit(IncompleteTensor.FromWeights(x, weights), [2, 2, 2]);
        Assert.True(result.Converged);
        NonNegativeTuckerTests.IsStationary(x, weights, result, 1e-5);
    }

    [Fact]
    public void Without_missing_entries_it_is_the_fit_without_a_mask_and_equal_weights_come_near_it()
    {
        Tensor<double> x = PlantedPositive.Noisy(Model(11, [9, 8, 7], [2, 2, 2]), 0.1, 5), halves = Tensor.Create([.. Enumerable.Repeat(0.5, 504)], x.Lengths);
        Tucker method = new() { StopTolerance = 1e-13, MaxIterations = 1000 };
        TuckerResult<double> plain = method.Fit(x, [2, 2, 2]), ones = method.Fit(IncompleteTensor.FromNaN(x), [2, 2, 2]), half = method.Fit(IncompleteTensor.FromWeights(x, halves), [2, 2, 2]);
        Assert.Equal(plain.Core.ToArray(), ones.Core.ToArray());
        Assert.Equal(plain.RelativeError, half.RelativeError, 1e-9);
        Assert.True(Planted.Distance(plain.Reconstruct(), half.Reconstruct()) < 1e-4);
    }

    [Theory]
    [MemberData(nameof(Methods))]
    public void Some_modes_may_stay_uncompressed(MissingDataMethod method)
    {
        Tensor<double> x = Model(12, [10, 4, 9], [2, 4, 3]);
        TuckerResult<double> found = new Tucker { CompressedModes = [0, 2], MissingData = method, StopTolerance = 1e-13, MaxIterations = 2000 }.Fit(IncompleteTensor.FromMask(x, IncompleteCpTests.Mask(13, 0.2, 10, 4, 9)), [2, 3]);
        Assert.Equal([0, 2], found.FactorModes);
        Assert.Equal([2, 4, 3], found.Ranks);
        Assert.True(Planted.Distance(x, found.Reconstruct()) < 1e-5);
    }

    [Theory]
    [MemberData(nameof(Methods))]
    public void Threads_change_nothing_and_a_resumed_fit_is_the_uninterrupted_one(MissingDataMethod method)
    {
        Tensor<double> x = PlantedPositive.Noisy(Model(14, [40, 30, 20], [3, 4, 2]), 0.3, 3);
        IncompleteTensor<double> incomplete = IncompleteTensor.FromMask(x, IncompleteCpTests.Mask(15, 0.25, 40, 30, 20));
        List<FitCheckpoint> left = [];
        TuckerResult<double> one = new Tucker { Backend = new ManagedBackend(1), MissingData = method, MaxIterations = 9, StopTolerance = 0, Checkpoint = new CheckpointPlan { Every = 4, Callback = left.Add } }.Fit(incomplete, [3, 4, 2]);
        TuckerResult<double> two = new Tucker { Backend = new ManagedBackend(2), MissingData = method, MaxIterations = 9, StopTolerance = 0 }.Fit(incomplete, [3, 4, 2]);
        Assert.Equal(one.ErrorHistory, two.ErrorHistory);
        Assert.Equal(one.Core.ToArray(), two.Core.ToArray());
        Assert.Equal(2, left.Count);
        foreach (FitCheckpoint checkpoint in left)
        {
            TuckerResult<double> resumed = new Tucker { MissingData = method, MaxIterations = 9, StopTolerance = 0, Resume = checkpoint }.Fit(incomplete, [3, 4, 2]);
            Assert.Equal(one.ErrorHistory, resumed.ErrorHistory);
            Assert.Equal(one.Core.ToArray(), resumed.Core.ToArray());
        }
    }

    [Fact]
    public void Awkward_input_is_taken_and_nonsense_refused()
    {
        Tensor<double> x = Model(16, [7, 6, 5], [2, 2, 2]);
        IncompleteTensor<double> incomplete = IncompleteTensor.FromMask(x, IncompleteCpTests.Mask(17, 0.2, 7, 6, 5));
        foreach (double scale in new[] { 1e200, 1e-200 })
        {
            Tensor<double> far = Tensor.Create([.. x.ToArray().Select(v => v * scale)], x.Lengths);
            TuckerResult<double> found = new Tucker { StopTolerance = 1e-12 }.Fit(IncompleteTensor.FromMask(far, IncompleteCpTests.Mask(17, 0.2, 7, 6, 5)), [2, 2, 2]);
            Assert.True(Planted.Distance(x, Tensor.Create([.. found.Reconstruct().ToArray().Select(v => v / scale)], x.Lengths)) < 1e-4);
        }

        Tensor<float> single = Tensor.Create([.. x.ToArray().Select(static v => (float)v)], x.Lengths);
        Assert.True(new Tucker().Fit(IncompleteTensor.FromMask(single, IncompleteCpTests.Mask(17, 0.2, 7, 6, 5)), [2, 2, 2]).RelativeError < 1e-3);
        Assert.Equal(0, new Tucker().Fit(IncompleteTensor.FromMask(Tensor.CreateFromShape<double>([7, 6, 5]), IncompleteCpTests.Mask(17, 0.2, 7, 6, 5)), [2, 2, 2]).RelativeError);

        // An empty slice: its row becomes zero where each row has normal equations of its own.
        bool[] slice = [.. Enumerable.Range(0, 210).Select(static i => i / 30 == 3)];
        IncompleteTensor<double> empty = IncompleteTensor.FromMask(x, Tensor.Create(slice, x.Lengths), allowEmptySlices: true);
        TuckerResult<double> without = new Tucker { MissingData = MissingDataMethod.Weighted, StopTolerance = 1e-13 }.Fit(empty, [2, 2, 2]);
        Assert.True(without.RelativeError < 1e-6);
        Assert.Equal([0.0, 0.0], [without.Factors[0][3, 0], without.Factors[0][3, 1]]);

        Assert.Contains("[7, 6, 5]", Assert.Throws<ArgumentException>(() => new Tucker().Fit(incomplete, [2, 2])).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => new Tucker().Fit(incomplete, [2, 9, 2]));
        Assert.Throws<ArgumentException>(() => new Tucker { FixedModes = [0] }.Fit(incomplete, [2, 2, 2]));
        Tensor<double> large = new CounterRandom(1).Normal<double>(16, 15, 14);
        Assert.Contains("Imputation", Assert.Throws<ArgumentException>(() => new Tucker { MissingData = MissingDataMethod.Weighted }.Fit(IncompleteTensor.FromMask(large, IncompleteCpTests.Mask(1, 0.1, 16, 15, 14)), [14, 14, 14])).Message, StringComparison.Ordinal);
        using CancellationTokenSource source = new();
        source.Cancel();
        Assert.Throws<OperationCanceledException>(() => new Tucker().Fit(incomplete, [2, 2, 2], null, source.Token));
    }

    private static Tensor<double> Model(ulong seed, nint[] lengths, int[] ranks)
        => new TuckerTensor<double>(
            new CounterRandom(seed, 50).Normal<double>([.. ranks.Select(static r => (nint)r)]), [.. lengths.Select((n, k) => new CounterRandom(seed, (ulong)k).Normal<double>(n, ranks[k]))]).Reconstruct();
}
