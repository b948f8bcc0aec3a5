using System.Globalization;
using System.Numerics.Tensors;
using Xunit;

namespace Polyad.Decomposition;

public class NonNegativeTuckerTests
{
    [Theory]
    [InlineData(new[] { 5 })]
    [InlineData(new[] { 3, 4 })]
    [InlineData(new[] { 3, 1, 4 })]
    [InlineData(new[] { 2, 3, 2, 3 })]
    public void A_cycle_over_the_core_is_coordinate_descent_entry_by_entry(int[] shape)
    {
        nint[] ranks = [.. shape.Select(static n => (nint)n)];
        Tensor<double>[] factors = PlantedPositive.Factors(1, 1, ranks), grams = [.. ranks.Select(static (r, n) => LinearAlgebra.Gram(new CounterRandom(2, (ulong)n).Uniform<double>(r, 6)))];
        Tensor<double> right = new CounterRandom(3).Normal<double>(ranks), core = Planted.Cp(factors), expected = DenseData.Copy(core);
        int count = (int)core.FlattenedLength;
        double[] h = Kronecker(grams), g = expected.ToArray(), p = right.ToArray();
        for (int cycle = 0; cycle < 3; cycle++)
        {
            for (int i = 0; i < count; i++)
            {
                double slope = Enumerable.Range(0, count).Sum(k => h[(i * count) + k] * g[k]) - p[i] + 0.125;
                g[i] = Math.Max(0, g[i] - (slope / h[(i * count) + i]));
            }
        }

        KroneckerCore<double> system = new(right, grams, ManagedBackend.Shared);
        system.MinimiseNonNegative(core, new NonNegativeSettings(NonNegativeMethod.Hals, 3, 0, 0.125));
        double[] found = core.ToArray();
        for (int i = 0; i < count; i++)
        {
            // The products have about 3 sum(r) roundings on numbers of the size of H g.
            Assert.Equal(g[i], found[i], 1e-12 * (1 + g.Max()));
            Assert.Equal(h[i * (count + 1)], system.Curvature(i), 1e-12 * h[i * (count + 1)]);
        }
    }

    [Fact]
    public void Planted_components_are_recovered()
    {
        // Each column of a factor has a row, and each slice of the core a fibre, to itself: then the model is unique but for order and scale (Donoho, Stodden 2003, mode by mode).
        int recovered = 0;
        for (ulong seed = 0; seed < 20; seed++)
        {
            Tensor<double>[] factors = PlantedPositive.Factors(seed, 3, 20, 18, 16);
            Tensor<double> core = new CounterRandom(seed, 55).Uniform<double>(3, 3, 3);
            for (int i = 0; i < 27; i++)
            {
                (int a, int b, int c) = (i / 9, i / 3 % 3, i % 3);
                bool equal = a == b && b == c, different = a != b && b != c && a != c;
                core[a, b, c] = equal ? 1 + core[a, b, c] : different ? core[a, b, c] : 0;
                factors[0][a, b] = factors[1][a, b] = factors[2][a, b] = a == b ? 1 : 0;
            }

            Tensor<double> x = new TuckerTensor<double>(core, factors).Reconstruct();
            NonNegativeTuckerResult<double> found = new NonNegativeTucker { Restarts = 4, Seed = seed, Tolerance = 1e-11, MaxIterations = 4000 }.Fit(x, [3, 3, 3]);
            bool all = found.RelativeError < 1e-4;
            for (int n = 0; n < 3; n++)
            {
                all &= Planted.Match([factors[n]], [found.Factors[n]]) > 0.9999;
            }

            recovered += all ? 1 : 0;
        }

        Assert.True(recovered >= 18, $"{recovered} of 20");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Sweeps_never_raise_the_error_and_nothing_is_negative(bool extrapolate)
    {
        foreach ((nint[] lengths, int[] ranks) in new[] { ((nint[])[13, 9, 11, 4], (int[])[3, 2, 4, 2]), ([30, 7], [4, 3]), ([5, 1, 6], [2, 1, 3]) })
        {
            Tensor<double> x = PlantedPositive.Noisy(Planted.Cp(PlantedPositive.Factors(2, 3, lengths)), 0.5, 5);
            NonNegativeTuckerResult<double> result = new NonNegativeTucker { Extrapolate = extrapolate, Tolerance = 0, MaxIterations = 60 }.Fit(x, ranks);
            Assert.Equal(60, result.Iterations);
            Assert.False(result.Converged);
            Assert.Equal(result.ErrorHistory, result.ObjectiveHistory);
            for (int i = 1; i <= 60; i++)
            {
                Assert.True(result.ErrorHistory[i] <= result.ErrorHistory[i - 1]);
            }

            Assert.True(result.ErrorHistory[60] < result.ErrorHistory[0]);
            Assert.Equal(result.ErrorHistory[^1], result.RelativeError, 1e-10);
            Assert.Equal(result.RelativeError, Planted.Distance(x, result.Reconstruct()), 1e-13);
            Assert.All(result.Factors.Append(result.Core), static part => Assert.True(part.ToArray().Min() >= 0));
            Assert.All(result.Factors, static f => Assert.All(Enumerable.Range(0, (int)f.Lengths[1]), r => Assert.Equal(1, PlantedPositive.Column(f, r).Sum(static v => v * v), 1e-13)));
            double[] norms = [.. Enumerable.Range(0, ranks[0]).Select(r => result.Core.ToArray().Chunk((int)result.Core.FlattenedLength / ranks[0]).ElementAt(r).Sum(static v => v * v))];
            Assert.Equal(norms.OrderDescending(), norms);
        }
    }

    [Fact]
    public void A_converged_model_satisfies_the_conditions_of_optimality()
    {
        Tensor<double> x = PlantedPositive.Noisy(Planted.Cp(PlantedPositive.Factors(3, 3, 8, 7, 6)), 0.3, 1);
        NonNegativeTuckerResult<double> result = new NonNegativeTucker { Tolerance = 1e-15, MaxIterations = 20000 }.Fit(x, [2, 3, 2]);
        Assert.True(result.Converged);
        Assert.True(result.KktResidual < 1e-5, result.KktResidual.ToString(CultureInfo.InvariantCulture));
        IsStationary(x, Tensor.Create([.. Enumerable.Repeat(1.0, 336)], [8, 7, 6]), result, 1e-5);
    }

    [Fact]
    public void A_diagonal_core_is_non_negative_CP_and_Tucker_is_at_least_as_near()
    {
        Tensor<double> x = PlantedPositive.Noisy(Planted.Cp(PlantedPositive.Factors(4, 3, 12, 11, 10)), 0.2, 2);
        ConstrainedCpResult<double> cp = new NonNegativeCp { Tolerance = 1e-12 }.Fit(x, 3);
        Tensor<double> core = Tensor.CreateFromShape<double>([3, 3, 3]);
        for (int r = 0; r < 3; r++)
        {
            core[r, r, r] = cp.Weights[r];
        }

        NonNegativeTuckerResult<double> result = new NonNegativeTucker().Fit(x, new TuckerTensor<double>(core, cp.Factors));
        Assert.True(result.ErrorHistory[0] <= cp.RelativeError + 1e-12);
        Assert.True(result.RelativeError < cp.RelativeError);
        Assert.True(result.RelativeError >= new Tucker { StopTolerance = 1e-13 }.Fit(x, [3, 3, 3]).RelativeError);
    }

    [Fact]
    public void A_penalty_makes_the_core_sparse_and_is_not_escaped_by_scale()
    {
        Tensor<double> x = PlantedPositive.Noisy(PlantedModel(5, [12, 11, 10], [3, 3, 3]).X, 0.3, 2);
        double norm = TensorAlgebra.FrobeniusNorm(x), penalty = 0.1 * norm;
        NonNegativeTuckerResult<double> plain = new NonNegativeTucker { Tolerance = 1e-10 }.Fit(x, [3, 3, 3]), sparse = new NonNegativeTucker { CoreSparsity = penalty, Tolerance = 1e-13, MaxIterations = 5000 }.Fit(x, [3, 3, 3]);
        Assert.True(Zeros(sparse) > Zeros(plain), $"{Zeros(sparse)} {Zeros(plain)}");
        Assert.All(sparse.Factors, static f => Assert.All(Enumerable.Range(0, 3), r => Assert.True(PlantedPositive.Column(f, r).Sum(static v => v * v) < 1 + 1e-12)));
        for (int i = 1; i < sparse.ObjectiveHistory.Count; i++)
        {
            Assert.True(sparse.ObjectiveHistory[i] <= sparse.ObjectiveHistory[i - 1]);
        }

        double error = norm * Planted.Distance(x, sparse.Reconstruct());
        Assert.Equal(Math.Sqrt((error * error) + (2 * penalty * sparse.Core.ToArray().Sum())) / norm, sparse.ObjectiveHistory[^1], 1e-9);
        Assert.True(sparse.KktResidual < 1e-4, sparse.KktResidual.ToString(CultureInfo.InvariantCulture));

        static int Zeros(TuckerTensor<double> model) => model.Core.ToArray().Count(static v => v == 0);
    }

    [Fact]
    public void Fixed_modes_stay_as_given_and_the_rest_is_found()
    {
        (Tensor<double> x, Tensor<double>[] factors) = PlantedModel(6, [12, 11, 10], [2, 3, 2]);
        TuckerTensor<double> start = new(new CounterRandom(9).Uniform<double>(2, 3, 2), [factors[0], factors[1], new CounterRandom(8).Uniform<double>(10, 2)]);
        double[] before = start.Factors[2].ToArray();
        NonNegativeTuckerResult<double> result = new NonNegativeTucker { FixedModes = [0, 1], Tolerance = 1e-13, InnerCycles = 100, MaxIterations = 3000 }.Fit(x, start);
        Assert.True(result.RelativeError < 1e-5, result.RelativeError.ToString(CultureInfo.InvariantCulture));
        Assert.Equal(factors[0].ToArray(), result.Factors[0].ToArray());
        Assert.Equal(factors[1].ToArray(), result.Factors[1].ToArray());
        Assert.Equal(before, start.Factors[2].ToArray());
    }

    [Fact]
    public void Threads_change_nothing_a_resumed_fit_is_the_uninterrupted_one_and_the_input_is_untouched()
    {
        Tensor<double> x = PlantedPositive.Noisy(Planted.Cp(PlantedPositive.Factors(8, 5, 60, 50, 40)), 0.5, 4);
        double[] before = x.ToArray();
        List<FitCheckpoint> left = [];
        NonNegativeTuckerResult<double> one = new NonNegativeTucker { Backend = new ManagedBackend(1), Restarts = 2, MaxIterations = 9, Tolerance = 0, Seed = 9, Checkpoint = new CheckpointPlan { Every = 4, Callback = left.Add } }.Fit(x, [5, 4, 6]);
        NonNegativeTuckerResult<double> two = new NonNegativeTucker { Backend = new ManagedBackend(2), Restarts = 2, MaxIterations = 9, Tolerance = 0, Seed = 9 }.Fit(x, [5, 4, 6]);
        Assert.Equal(one.ErrorHistory, two.ErrorHistory);
        Assert.Equal(one.Core.ToArray(), two.Core.ToArray());
        Assert.Equal(before, x.ToArray());
        Assert.Equal(4, left.Count);
        foreach (FitCheckpoint checkpoint in left)
        {
            NonNegativeTuckerResult<double> resumed = new NonNegativeTucker { Restarts = 2, MaxIterations = 9, Tolerance = 0, Seed = 9, Resume = checkpoint }.Fit(x, [5, 4, 6]);
            Assert.Equal(one.ErrorHistory, resumed.ErrorHistory);
            Assert.Equal(one.Core.ToArray(), resumed.Core.ToArray());
            Assert.Equal(one.Factors[2].ToArray(), resumed.Factors[2].ToArray());
        }

        Assert.Throws<ArgumentException>(() => new NonNegativeTucker { Restarts = 2, Seed = 9, Resume = left[0] }.Fit(x, [5, 4, 5]));
    }

    [Fact]
    public void Files_hold_the_whole_fit()
    {
        NonNegativeTuckerResult<double> result = new NonNegativeTucker { MaxIterations = 5 }.Fit(PlantedModel(10, [6, 5, 4], [2, 2, 2]).X, [2, 2, 2]);
        string path = Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid():N}.npz");
        try
        {
            result.Save(path);
            NonNegativeTuckerResult<double> read = NonNegativeTuckerResult<double>.Load(path);
            Assert.Equal((result.RelativeError, result.Iterations, result.Converged, result.KktResidual), (read.RelativeError, read.Iterations, read.Converged, read.KktResidual));
            Assert.Equal(result.Core.ToArray(), read.Core.ToArray());
            Assert.Equal(result.ObjectiveHistory, read.ObjectiveHistory);
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public void Awkward_input_is_taken_and_nonsense_refused()
    {
        NonNegativeTuckerResult<double> zero = new NonNegativeTucker().Fit(Tensor.CreateFromShape<double>([3, 4, 5]), [2, 2, 2]);
        Assert.True(zero.Converged && zero.RelativeError == 0 && zero.Core.ToArray().All(static v => v == 0));

        // Nothing non-negative is nearer to a negative tensor than zero.
        NonNegativeTuckerResult<double> none = new NonNegativeTucker().Fit(Tensor.Create([.. Enumerable.Repeat(-1.0, 60)], [3, 4, 5]), [2, 2, 2]);
        Assert.Equal(1, none.RelativeError, 1e-12);

        (Tensor<double> y, _) = PlantedModel(11, [6, 5, 4], [2, 2, 2]);
        foreach (double scale in new[] { 1e200, 1e-200 })
        {
            Tensor<double> x = Tensor.Create([.. y.ToArray().Select(v => v * scale)], y.Lengths);
            NonNegativeTuckerResult<double> scaled = new NonNegativeTucker { Tolerance = 1e-12, MaxIterations = 3000 }.Fit(x, [2, 2, 2]);
            Assert.True(scaled.RelativeError < 1e-4);
            Assert.True(Planted.Distance(y, Tensor.Create([.. scaled.Reconstruct().ToArray().Select(v => v / scale)], y.Lengths)) < 1e-4);
            Assert.Throws<ArgumentException>(() => new NonNegativeTucker { CoreSparsity = 1 }.Fit(x, [2, 2, 2]));
        }

        Tensor<float> single = Tensor.Create([.. y.ToArray().Select(static v => (float)v)], y.Lengths);
        Assert.True(new NonNegativeTucker().Fit(single, [2, 2, 2]).RelativeError < 2e-2);
        Assert.True(new NonNegativeTucker { RandomStart = true, Seed = 1 }.Fit(y, [6, 5, 4]).RelativeError < 0.05);

        Assert.Contains("[6, 5, 4]", Assert.Throws<ArgumentException>(() => new NonNegativeTucker().Fit(y, [2, 2])).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => new NonNegativeTucker().Fit(y, [2, 0, 2]));
        Assert.Throws<ArgumentException>(() => new NonNegativeTucker().Fit(y, [2, 6, 2]));
        Assert.Throws<ArgumentException>(() => new NonNegativeTucker().Fit(Tensor.CreateFromShape<double>([4]), [2]));
        Assert.Throws<ArgumentException>(() => new NonNegativeTucker { FixedModes = [1] }.Fit(y, [2, 2, 2]));
        Assert.Throws<ArgumentOutOfRangeException>(() => new NonNegativeTucker { CoreSparsity = -1 }.Fit(y, [2, 2, 2]));
        Assert.Throws<ArgumentOutOfRangeException>(() => new NonNegativeTucker { InnerCycles = 0 }.Fit(y, [2, 2, 2]));
        Assert.Throws<ArgumentOutOfRangeException>(() => new NonNegativeTucker { Restarts = 0 }.Fit(y, [2, 2, 2]));
        Assert.Throws<ArgumentException>(() => new NonNegativeTucker().Fit(y, new Tucker().Fit(PlantedPositive.Noisy(y, 0.1, 1), [2, 2, 2])));
        y[1, 2, 1] = double.NaN;
        Assert.Throws<NonFiniteInputException>(() => new NonNegativeTucker().Fit(y, [2, 2, 2]));
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
        Assert.Throws<OperationCanceledException>(() => new NonNegativeTucker { Tolerance = 0 }.Fit(new CounterRandom(1).Uniform<double>(5, 6, 7), [3, 2, 2], sink, source.Token));
        Assert.Equal([0, 1, 2, 3], seen);
    }

    /// <summary>A core of which about half the entries are zero, at factors with many zeros.</summary>
    internal static (Tensor<double> X, Tensor<double>[] Factors) PlantedModel(ulong seed, nint[] lengths, int[] ranks)
    {
        Tensor<double>[] factors = [.. lengths.Select((n, k) => PlantedPositive.Factors(seed + (100 * (ulong)k), ranks[k], n)[0])];
        double[] core = new CounterRandom(seed, 55).Uniform<double>([.. ranks.Select(static r => (nint)r)]).ToArray();
        Tensor<double> g = Tensor.Create([.. core.Select(static u => Math.Max(0, (2 * u) - 1))], [.. ranks.Select(static r => (nint)r)]);
        return (new TuckerTensor<double>(g, factors).Reconstruct(), factors);
    }

    /// <summary>The derivative of half the weighted squared error by an entry is 0 where the entry is positive, and not negative where it is 0.</summary>
    internal static void IsStationary(Tensor<double> x, Tensor<double> weights, TuckerTensor<double> model, double tolerance)
    {
        double[] w = weights.ToArray(), m = model.Reconstruct().ToArray(), a = x.ToArray();
        Tensor<double> residual = Tensor.Create([.. Enumerable.Range(0, w.Length).Select(i => w[i] == 0 ? 0 : w[i] * (m[i] - a[i]))], x.Lengths);
        double size = Math.Sqrt(Enumerable.Range(0, w.Length).Sum(i => w[i] == 0 ? 0 : w[i] * a[i] * a[i]));
        Tensor<double>?[] factors = [.. model.Factors];
        Check(TensorAlgebra.MultiModeProduct(residual, factors, transpose: true).ToArray(), model.Core.ToArray());
        for (int n = 0; n < factors.Length; n++)
        {
            Tensor<double>?[] others = [.. factors];
            others[n] = null;
            Tensor<double> inner = LinearAlgebra.MatMul(
                TensorAlgebra.Unfold(residual, n).AsReadOnlyMatrix(), TensorAlgebra.Unfold(TensorAlgebra.MultiModeProduct(model.Core, others), n).AsReadOnlyMatrix().Transpose);
            Check(inner.ToArray(), factors[n]!.ToArray());
        }

        void Check(double[] slope, double[] entries)
        {
            // Columns are 1 long and the core carries the size: derivatives by factors have the size of ||X||^2.
            double scale = tolerance * size * (entries.Length == model.Core.FlattenedLength ? 1 : size);
            for (int i = 0; i < entries.Length; i++)
            {
                Assert.True(entries[i] > 0 ? Math.Abs(slope[i]) < scale : slope[i] > -scale, $"{entries[i]} {slope[i]}");
            }
        }
    }

    private static double[] Kronecker(Tensor<double>[] grams)
    {
        double[] all = [1];
        foreach (Tensor<double> gram in grams)
        {
            int n = (int)Math.Sqrt(all.Length), r = (int)gram.Lengths[0], m = n * r;
            double[] next = new double[m * m], s = gram.ToArray();
            for (int i = 0; i < m; i++)
            {
                for (int j = 0; j < m; j++)
                {
                    next[(i * m) + j] = all[(i / r * n) + (j / r)] * s[(i % r * r) + (j % r)];
                }
            }

            all = next;
        }

        return all;
    }
}
