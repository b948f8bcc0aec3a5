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

    /// <summary>Factors determine the core, so those of a fit that has converged are all of it.</summary>
    [Theory]
    [MemberData(nameof(Methods))]
    public void A_fit_from_the_factors_of_a_converged_one_ends_there_at_once(MissingDataMethod method)
    {
        Tensor<double> x = PlantedPositive.Noisy(Model(18, [11, 10, 9], [3, 2, 3]), 0.1, 5);
        IncompleteTensor<double> incomplete = IncompleteTensor.FromWeights(x, IncompleteCpTests.Weights(19, [11, 10, 9]));
        foreach (int[]? modes in new[] { null, new[] { 0, 2 } })
        {
            TuckerResult<double> first = new Tucker { MissingData = method, CompressedModes = modes, StopTolerance = 1e-14, MaxIterations = 5000 }.Fit(incomplete, modes is null ? [3, 2, 3] : [3, 3]);
            TuckerResult<double> again = new Tucker { MissingData = method, CompressedModes = modes }.Fit(incomplete, first.Factors);
            Assert.True(first.Converged && again.Converged);
            Assert.InRange(again.Iterations, 1, 3);
            Assert.Equal(first.RelativeError, again.ErrorHistory[0], 1e-12);
            Assert.Equal(first.RelativeError, again.RelativeError, 1e-10);
            Assert.Equal(first.FactorModes, again.FactorModes);
            Assert.True(Planted.Distance(first.Reconstruct(), again.Reconstruct()) < 1e-5);
            Assert.All(again.Factors, static f => Assert.True(Planted.Unorthogonality(f) < 1e-13));
        }
    }

    /// <summary>Only the span of a given factor counts, and after a cut short fit the sweeps that are left come nearer to where a long one ends.</summary>
    [Theory]
    [MemberData(nameof(Methods))]
    public void A_fit_goes_on_from_given_factors_of_any_basis(MissingDataMethod method)
    {
        Tensor<double> x = Model(20, [12, 11, 10], [3, 2, 3]);
        IncompleteTensor<double> incomplete = IncompleteTensor.FromMask(x, IncompleteCpTests.Mask(21, 0.3, 12, 11, 10));
        TuckerResult<double> begun = new Tucker { MissingData = method, MaxIterations = 3, StopTolerance = 0 }.Fit(incomplete, [3, 2, 3]);
        Tensor<double>[] turned = [.. begun.Factors.Select(static (f, n) => LinearAlgebra.MatMul(f, new CounterRandom(22, (ulong)n).Normal<double>(f.Lengths[1], f.Lengths[1])))];
        double[][] kept = [.. turned.Select(static f => f.ToArray())];

        Tucker method2000 = new() { MissingData = method, StopTolerance = 1e-13, MaxIterations = 2000 };
        TuckerResult<double> ended = method2000.Fit(incomplete, turned);

        Assert.Equal(method2000.Fit(incomplete, begun.Factors).ErrorHistory[0], ended.ErrorHistory[0], 1e-11);
        Assert.InRange(ended.ErrorHistory[0], 0, begun.RelativeError + 1e-11);
        Assert.True(Planted.Distance(x, ended.Reconstruct()) < 1e-5);
        Assert.Equal(kept, turned.Select(static f => f.ToArray()));
    }

    [Theory]
    [MemberData(nameof(Methods))]
    public void Fixed_factors_stay_as_given_and_the_core_belongs_to_them(MissingDataMethod method)
    {
        Tensor<double> x = PlantedPositive.Noisy(Model(23, [9, 8, 7], [2, 3, 2]), 0.1, 5);
        bool[] mask = IncompleteCpTests.Mask(24, 0.2, 9, 8, 7).ToArray();
        IncompleteTensor<double> incomplete = IncompleteTensor.FromMask(x, Tensor.Create(mask, x.Lengths));
        Tensor<double>[] given = [.. x.Lengths.ToArray().Select(static (n, k) => new CounterRandom(25, (ulong)k).Normal<double>(n, k == 1 ? 3 : 2))];
        foreach (int[] modes in new[] { new[] { 1 }, new[] { 0, 2 }, new[] { 0, 1, 2 } })
        {
            TuckerResult<double> found = new Tucker { MissingData = method, FixedModes = modes }.Fit(incomplete, given);
            double[] m = found.Reconstruct().ToArray(), a = x.ToArray();
            double square = 0, norm = 0;
            for (int i = 0; i < a.Length; i++)
            {
                square += mask[i] ? 0 : (a[i] - m[i]) * (a[i] - m[i]);
                norm += mask[i] ? 0 : a[i] * a[i];
            }

            Assert.Equal(Math.Sqrt(square / norm), found.RelativeError, 1e-12);
            for (int n = 0; n < 3; n++)
            {
                if (modes.Contains(n))
                {
                    Assert.Equal(given[n].ToArray(), found.Factors[n].ToArray());
                }
                else
                {
                    Assert.True(Planted.Unorthogonality(found.Factors[n]) < 1e-13);
                }
            }
        }
    }

    [Fact]
    public void Given_factors_that_do_not_fit_are_refused_with_both_shapes()
    {
        Tensor<double> x = Model(26, [7, 6, 5], [2, 2, 2]);
        IncompleteTensor<double> incomplete = IncompleteTensor.FromMask(x, IncompleteCpTests.Mask(27, 0.2, 7, 6, 5));
        Tensor<double> a = Draw(7, 2), b = Draw(6, 2), c = Draw(5, 2);
        Refused([a, c, b], "[7, 6, 5]", "[5, 2]");
        Refused([a, b], "[7, 6, 5]", "[6, 2]");
        Refused([Draw(7, 8), b, c], "[7, 6, 5]", "[7, 8]");
        Refused([a, b, Draw(5)], "[7, 6, 5]", "[5]");
        Refused([a, LinearAlgebra.MatMul(Draw(6, 1), Draw(1, 2)), c], "6 x 2", "mode 1");
        Tensor<double> hole = Draw(6, 2);
        hole[3, 1] = double.NaN;
        Assert.Throws<NonFiniteInputException>(() => new Tucker().Fit(incomplete, [a, hole, c]));
        Assert.Throws<ArgumentException>(() => new Tucker { FixedModes = [3] }.Fit(incomplete, [a, b, c]));

        // Without a missing entry it is the fit of a complete tensor; and a tensor of zeros has a core of zeros.
        Assert.Equal(new Tucker().Fit(x, [a, b, c]).Core.ToArray(), new Tucker().Fit(IncompleteTensor.FromNaN(x), [a, b, c]).Core.ToArray());
        Assert.Equal(0, new Tucker { MissingData = MissingDataMethod.Imputation }.Fit(IncompleteTensor.FromMask(Tensor.CreateFromShape<double>([7, 6, 5]), IncompleteCpTests.Mask(17, 0.2, 7, 6, 5)), [a, b, c]).RelativeError);

        static Tensor<double> Draw(params nint[] shape) => new CounterRandom(28, (ulong)shape[0]).Normal<double>(shape);

        void Refused(Tensor<double>[] given, params string[] words)
        {
            string message = Assert.Throws<ArgumentException>(() => new Tucker().Fit(incomplete, given)).Message;
            Assert.All(words, word => Assert.Contains(word, message, StringComparison.Ordinal));
        }
    }

    [Theory]
    [MemberData(nameof(Methods))]
    public void A_resumed_fit_from_given_factors_is_the_uninterrupted_one_and_knows_its_start(MissingDataMethod method)
    {
        Tensor<float> x = Tensor.Create([.. PlantedPositive.Noisy(Model(29, [10, 9, 8], [2, 2, 2]), 0.2, 3).ToArray().Select(static v => (float)v)], [10, 9, 8]);
        IncompleteTensor<float> incomplete = IncompleteTensor.FromMask(x, IncompleteCpTests.Mask(30, 0.2, 10, 9, 8));
        Tensor<float>[] given = [.. x.Lengths.ToArray().Select(static (n, k) => new CounterRandom(31, (ulong)k).Normal<float>(n, 2))];
        FitCheckpoint? fourth = null;
        Tucker fit = new() { MissingData = method, MaxIterations = 6, StopTolerance = 0, FixedModes = [2], Checkpoint = new CheckpointPlan { Every = 4, Callback = c => fourth = c } };
        TuckerResult<float> whole = fit.Fit(incomplete, given), resumed = new Tucker { MissingData = method, MaxIterations = 6, StopTolerance = 0, FixedModes = [2], Resume = fourth }.Fit(incomplete, given);
        Assert.Equal(whole.ErrorHistory, resumed.ErrorHistory);
        Assert.Equal(whole.Core.ToArray(), resumed.Core.ToArray());
        Assert.Throws<ArgumentException>(() => new Tucker { MissingData = method, MaxIterations = 6, StopTolerance = 0, Resume = fourth }.Fit(incomplete, given));
        Assert.Throws<ArgumentException>(() => new Tucker { MissingData = method, MaxIterations = 6, StopTolerance = 0, Resume = fourth }.Fit(incomplete, [2, 2, 2]));
    }

    private static Tensor<double> Model(ulong seed, nint[] lengths, int[] ranks)
        => new TuckerTensor<double>(
            new CounterRandom(seed, 50).Normal<double>([.. ranks.Select(static r => (nint)r)]), [.. lengths.Select((n, k) => new CounterRandom(seed, (ulong)k).Normal<double>(n, ranks[k]))]).Reconstruct();
}
