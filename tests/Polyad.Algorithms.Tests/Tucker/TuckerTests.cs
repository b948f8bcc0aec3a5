using System.Numerics.Tensors;
using Xunit;

namespace Polyad.Decomposition;

public class TuckerTests
{
    [Theory]
    [InlineData(0.3)]
    [InlineData(1e-2)]
    [InlineData(1e-5)]
    [InlineData(1e-9)]
    [InlineData(1e-12)]
    public void The_tolerance_is_honoured(double tolerance)
    {
        // Singular values that fall by steady factors, so that every tolerance cuts somewhere.
        Tensor<double> x = Decaying(20, 18, 16);
        TuckerResult<double> result = new Tucker { Tolerance = tolerance, MaxIterations = 0 }.Fit(x);
        Assert.True(result.RelativeError <= tolerance * (1 + 1e-10), $"{result.RelativeError} with {result.Method}");
        Assert.Equal(result.RelativeError, Planted.Distance(x, result.Reconstruct()), 1e-14);
        Assert.Equal(tolerance >= 1e-5 ? SubspaceMethod.Gram : SubspaceMethod.QrSvd, result.Method);
        Assert.All(result.Factors, static u => Assert.True(Planted.Unorthogonality(u) < 1e-13));
    }

    /// <summary>Their errors, as the core tells them, are rounding: roots of a few eps that never come to rest.</summary>
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public void Exact_tensors_converge_in_single_precision_too(ulong seed)
    {
        Tensor<float> x = Planted.Cp(Planted.Factors<float>(seed, 12, 40, 32, 28));
        TuckerResult<float> fit = new Tucker().Fit(x, [12, 12, 12]);
        Assert.True(fit.Converged && fit.Iterations <= 5, $"{fit.Iterations} sweeps");

        // The rounding of x itself, and of sums of 12 terms.
        Assert.True(fit.RelativeError < 50 * 1.2e-7, $"{fit.RelativeError}");
        Assert.Equal(7, new Tucker { StopTolerance = 0, MaxIterations = 7 }.Fit(x, [12, 12, 12]).Iterations);
    }

    [Fact]
    public void Tolerances_choose_the_ranks_of_a_low_rank_tensor()
    {
        Tensor<double> core = new CounterRandom(1).Normal<double>(2, 3, 4);
        Tensor<double> x = TensorAlgebra.MultiModeProduct<double>(core, [new CounterRandom(2).Normal<double>(9, 2), new CounterRandom(3).Normal<double>(11, 3), new CounterRandom(4).Normal<double>(7, 4)]);
        foreach (SubspaceMethod method in new[] { SubspaceMethod.Gram, SubspaceMethod.QrSvd })
        {
            TuckerResult<double> result = new Tucker { Tolerance = 1e-6, Method = method, MaxIterations = 0 }.Fit(x);
            Assert.Equal([2, 3, 4], result.Ranks);
            Assert.True(result.RelativeError < 1e-13);
            Assert.Equal(9.0 * 11 * 7 / (24 + 18 + 33 + 28), result.CompressionRatio, 1e-12);
        }
    }

    [Fact]
    public void The_error_stays_within_the_higher_order_svd_bound_and_falls_with_every_sweep()
    {
        Tensor<double> x = new CounterRandom(5).Normal<double>(12, 10, 9, 3);
        int[] ranks = [5, 4, 3, 2];
        TuckerResult<double> start = new Tucker { MaxIterations = 0 }.Fit(x, ranks), result = new Tucker { MaxIterations = 30, StopTolerance = 0 }.Fit(x, ranks);
        double bound = 0;
        for (int n = 0; n < 4; n++)
        {
            bound += LeadingTail(x, n, ranks[n]);
        }

        double norm = TensorAlgebra.FrobeniusNorm(x);
        Assert.True(start.RelativeError * start.RelativeError * norm * norm <= bound * (1 + 1e-12));
        Assert.Equal(30, result.Iterations);
        for (int i = 1; i < result.ErrorHistory.Count; i++)
        {
            Assert.True(result.ErrorHistory[i] <= result.ErrorHistory[i - 1] + 1e-13);
        }

        Assert.True(result.RelativeError < start.RelativeError);
        Assert.Equal(result.ErrorHistory[^1], result.RelativeError, 1e-12);
    }

    [Fact]
    public void Threads_do_not_change_a_bit_and_floats_work()
    {
        Tensor<double> x = new CounterRandom(6).Normal<double>(40, 50, 60);
        TuckerResult<double> a = new Tucker { Backend = new ManagedBackend(1), MaxIterations = 3 }.Fit(x, [5, 6, 7]), b = new Tucker { Backend = new ManagedBackend(2), MaxIterations = 3 }.Fit(x, [5, 6, 7]);
        Assert.Equal(a.Core.ToArray(), b.Core.ToArray());
        Tensor<float> y = TensorAlgebra.MultiModeProduct<float>(new CounterRandom(1).Normal<float>(2, 2, 2), [new CounterRandom(2).Normal<float>(9, 2), null, new CounterRandom(4).Normal<float>(7, 2)]);
        Assert.True(new Tucker().Fit(y, [2, 2, 2]).RelativeError < 1e-5);
        Assert.True(new Tucker { Tolerance = 1e-5 }.Fit(y).RelativeError < 1e-5);
    }

    [Fact]
    public void Zero_tensors_and_bad_input()
    {
        TuckerResult<double> zero = new Tucker().Fit(Tensor.CreateFromShape<double>([3, 4, 5]));
        Assert.Equal([1, 1, 1], zero.Ranks);
        Assert.Equal(0, zero.RelativeError);
        Tensor<double> x = new CounterRandom(1).Normal<double>(3, 4, 2);
        Assert.Throws<ArgumentException>(() => new Tucker().Fit(x, [3, 5, 2]));
        Assert.Throws<ArgumentException>(() => new Tucker().Fit(x, [3, 0, 2]));
        Assert.Throws<ArgumentException>(() => new Tucker().Fit(x, [3, 4]));
        Assert.Throws<ArgumentException>(() => new Tucker().Fit(Tensor.CreateFromShape<double>([3, 0])));
        Assert.Throws<OperationCanceledException>(() => new Tucker().Fit(x, null, new CancellationToken(true)));
        x[0, 0, 0] = double.PositiveInfinity;
        Assert.Throws<NonFiniteInputException>(() => new Tucker().Fit(x));
    }

    [Fact]
    public void Huge_and_tiny_tensors_are_decomposed_as_well_as_plain_ones()
    {
        foreach (double scale in new[] { 1e200, 1e-200 })
        {
            Tensor<double> x = Tensor.Create([.. Decaying(6, 5, 4).ToArray().Select(v => v * scale)], [6, 5, 4]);
            TuckerResult<double> result = new Tucker { Tolerance = 1e-3 }.Fit(x);
            Assert.True(result.RelativeError <= 1e-3);
            Assert.Equal(TensorAlgebra.FrobeniusNorm(x) / scale, TensorAlgebra.FrobeniusNorm(result.Core) / scale, 1e-4);
            TensorTrainResult<double> train = new TensorTrain { Tolerance = 1e-3 }.Fit(x);
            Assert.True(train.RelativeError <= 1e-3);
            Assert.Equal(TensorAlgebra.FrobeniusNorm(x) / scale, TensorAlgebra.FrobeniusNorm(train.Reconstruct()) / scale, 1e-4);
        }
    }

    [Fact]
    public void The_bounds_hold_and_the_error_of_the_sequential_start_is_exactly_its_bound()
    {
        Tensor<double> x = new CounterRandom(5).Normal<double>(12, 10, 9, 3);
        foreach (SubspaceMethod method in new[] { SubspaceMethod.Gram, SubspaceMethod.QrSvd })
        {
            TuckerResult<double> sequential = new Tucker { MaxIterations = 0, Method = method }.Fit(x, [5, 4, 3, 2]), plain = new Tucker { MaxIterations = 0, Sequential = false, Method = method }.Fit(x, [5, 4, 3, 2]);
            TuckerResult<double> best = new Tucker { MaxIterations = 400, StopTolerance = 1e-12 }.Fit(x, [5, 4, 3, 2]);
            Assert.Equal(sequential.ErrorBound!.Value, sequential.RelativeError, 1e-12);
            Assert.True(plain.RelativeError <= plain.ErrorBound + 1e-13);
            foreach (TuckerResult<double> result in new[] { sequential, plain })
            {
                Assert.True(result.BestErrorBound <= best.RelativeError);
                Assert.True(result.RelativeError <= 2 * best.RelativeError);
                for (int n = 0; n < 4; n++)
                {
                    Assert.Equal(x.Lengths[n], result.SingularValues![n].Count);
                }
            }

            // Without truncation before, the values are those of the unfoldings.
            Tensor<double> values = LinearAlgebra.SingularValues(TensorAlgebra.Unfold(x, 2));
            Assert.All(values.ToArray().Zip(plain.SingularValues![2]), static p => Assert.Equal(p.First, p.Second, 1e-11));
        }
    }

    [Fact]
    public void A_matrix_is_cut_as_Eckart_and_Young_say()
    {
        Tensor<double> x = new CounterRandom(3).Normal<double>(30, 45);
        double[] s = LinearAlgebra.SingularValues(x).ToArray();
        double best = Math.Sqrt(s.Skip(7).Sum(static v => v * v) / s.Sum(static v => v * v));
        foreach (SubspaceMethod method in new[] { SubspaceMethod.Gram, SubspaceMethod.QrSvd })
        {
            TuckerResult<double> result = new Tucker { Method = method, MaxIterations = 0 }.Fit(x, [7, 7]);
            Assert.Equal(best, result.RelativeError, 1e-13);
            Assert.Equal(best, result.BestErrorBound!.Value, 1e-12);
        }
    }

    [Theory]
    [InlineData(new[] { 0 })]
    [InlineData(new[] { 1 })]
    [InlineData(new[] { 2 })]
    [InlineData(new[] { 0, 2 })]
    [InlineData(new[] { 2, 1 })]
    public void Modes_that_are_not_compressed_stay_as_they_are(int[] modes)
    {
        Tensor<double> x = Decaying(9, 8, 7);
        TuckerResult<double> result = new Tucker { CompressedModes = modes, Tolerance = 1e-3 }.Fit(x);
        Assert.True(result.RelativeError <= 1e-3);
        Assert.Equal(result.RelativeError, Planted.Distance(x, result.Reconstruct()), 1e-14);
        Assert.Equal(modes.Order(), result.FactorModes);
        for (int n = 0; n < 3; n++)
        {
            Assert.True(modes.Contains(n) ? result.Ranks[n] < x.Lengths[n] : result.Ranks[n] == x.Lengths[n]);
        }

        TuckerResult<double> given = new Tucker { CompressedModes = modes }.Fit(x, [.. modes.Select(static _ => 2)]);
        Assert.All(given.Factors, static f => Assert.Equal(2, f.Lengths[1]));
        Assert.Throws<ArgumentException>(() => new Tucker { CompressedModes = modes }.Fit(x, [2, 2, 2]));
    }

    [Fact]
    public void A_partial_decomposition_is_the_best_one_when_one_mode_is_compressed()
    {
        Tensor<double> x = new CounterRandom(3).Normal<double>(6, 20, 5);
        double[] s = LinearAlgebra.SingularValues(TensorAlgebra.Unfold(x, 1)).ToArray();
        TuckerResult<double> result = new Tucker { CompressedModes = [1] }.Fit(x, [4]);
        Assert.Equal(Math.Sqrt(s.Skip(4).Sum(static v => v * v) / s.Sum(static v => v * v)), result.RelativeError, 1e-13);
        Assert.Equal(0, result.Iterations);
        Assert.True(result.Converged);
    }

    [Fact]
    public void Sketches_find_a_low_rank_exactly_and_come_close_to_the_best()
    {
        Tensor<double> low = TensorAlgebra.MultiModeProduct<double>(
            new CounterRandom(1).Normal<double>(3, 4, 2), [new CounterRandom(2).Normal<double>(60, 3), new CounterRandom(3).Normal<double>(70, 4), new CounterRandom(4).Normal<double>(80, 2)]);
        foreach (int[]? ranks in new[] { null, new[] { 3, 4, 2 } })
        {
            Tucker method = new() { Method = SubspaceMethod.Randomized, MaxIterations = 0, Tolerance = 1e-5, Oversampling = 5 };
            TuckerResult<double> result = ranks is null ? method.Fit(low) : method.Fit(low, ranks);
            Assert.Equal([3, 4, 2], result.Ranks);
            Assert.True(result.RelativeError < 1e-13);
            Assert.Equal(SubspaceMethod.Randomized, result.Method);
            Assert.Null(result.BestErrorBound);
        }

        double[] noise = new CounterRandom(9).Normal<double>(60, 70, 80).ToArray();
        Tensor<double> x = Tensor.Create([.. low.ToArray().Zip(noise, static (a, b) => a + b)], low.Lengths);
        TuckerResult<double> exact = new Tucker { MaxIterations = 0 }.Fit(x, [3, 4, 2]), sketched = new Tucker { Method = SubspaceMethod.Randomized, MaxIterations = 0 }.Fit(x, [3, 4, 2]);
        Assert.InRange(sketched.RelativeError, exact.RelativeError * 0.999, exact.RelativeError * 1.001);
        TuckerResult<double> within = new Tucker { Method = SubspaceMethod.Randomized, MaxIterations = 0, Tolerance = 1.01 * exact.RelativeError }.Fit(x);
        Assert.True(within.RelativeError <= 1.01 * exact.RelativeError);
        Assert.Equal(sketched.Core.ToArray(), new Tucker { Method = SubspaceMethod.Randomized, MaxIterations = 0, Backend = new ManagedBackend(1) }.Fit(x, [3, 4, 2]).Core.ToArray());
    }

    [Fact]
    public void Iteration_from_given_factors_reaches_the_same_fit_and_fixed_ones_stay_exactly()
    {
        Tensor<double> x = Noisy(7);
        TuckerResult<double> free = new Tucker { StopTolerance = 1e-13, MaxIterations = 200 }.Fit(x, [2, 3, 2]);
        Tensor<double>[] random = [new CounterRandom(1).Normal<double>(12, 2), new CounterRandom(2).Normal<double>(10, 3), new CounterRandom(3).Normal<double>(9, 2)];
        double[] before = random[1].ToArray();
        TuckerResult<double> given = new Tucker { StopTolerance = 1e-13, MaxIterations = 200 }.Fit(x, random);
        Assert.Equal(free.RelativeError, given.RelativeError, 1e-9);
        Assert.True(given.Iterations > 1);

        // Mode 1 fixed, not orthonormal: the rest is the best for that basis.
        TuckerResult<double> fixedMode = new Tucker { FixedModes = [1], StopTolerance = 1e-13, MaxIterations = 200 }.Fit(x, random);
        Assert.Equal(before, fixedMode.Factors[1].ToArray());
        Assert.Equal(fixedMode.RelativeError, Planted.Distance(x, fixedMode.Reconstruct()), 1e-13);
        Assert.True(fixedMode.RelativeError > free.RelativeError);
        TuckerResult<double> ofProjection = new Tucker { StopTolerance = 1e-13, MaxIterations = 200, CompressedModes = [0, 2] }.Fit(
            TensorAlgebra.ModeProduct(x, LinearAlgebra.MatMul(random[1], LinearAlgebra.Pinv(random[1])), 1), [2, 2]);
        Assert.True(TensorAlgebra.FrobeniusNorm(Difference(ofProjection.Reconstruct(), fixedMode.Reconstruct())) < 1e-4 * TensorAlgebra.FrobeniusNorm(x));

        // All fixed: the core is least squares, no sweep is made.
        TuckerResult<double> allFixed = new Tucker { FixedModes = [0, 1, 2] }.Fit(x, random);
        Assert.Equal(0, allFixed.Iterations);
        TtTensorTests.Same(allFixed.Core, new TuckerTensor<double>(allFixed.Core, random).Project(x).ToArray());
        Assert.Throws<ArgumentException>(() => new Tucker { FixedModes = [1] }.Fit(x, [2, 3, 2]));
        Assert.Throws<ArgumentException>(() => new Tucker().Fit(x, [random[0], random[1]]));
        Assert.Throws<ArgumentException>(() => new Tucker().Fit(x, [random[0], Tensor.CreateFromShape<double>([10, 3]), random[2]]));
    }

    [Fact]
    public void A_fit_that_goes_on_from_a_checkpoint_ends_as_the_uninterrupted_one()
    {
        Tensor<double> x = new CounterRandom(5).Normal<double>(12, 10, 9);
        FitCheckpoint? third = null;
        TuckerResult<double> whole = new Tucker { MaxIterations = 8, StopTolerance = 0, Checkpoint = new CheckpointPlan { Every = 3, Callback = c => third ??= c } }.Fit(x, [3, 3, 3]);
        TuckerResult<double> resumed = new Tucker { MaxIterations = 8, StopTolerance = 0, Resume = third }.Fit(x, [3, 3, 3]);
        Assert.Equal(whole.ErrorHistory, resumed.ErrorHistory);
        Assert.Equal(whole.Core.ToArray(), resumed.Core.ToArray());
        Assert.Equal(whole.BestErrorBound, resumed.BestErrorBound);
        Assert.Throws<ArgumentException>(() => new Tucker { Resume = third }.Fit(x, [3, 3, 2]));
    }

    [Fact]
    public void Kept_directions_that_drown_in_a_Gram_matrix_are_found_by_QR()
    {
        // Core entries fall to 1e-10: a Gram matrix sees only half of that.
        double[] core = new double[27];
        for (int i = 0; i < 3; i++)
        {
            core[i * 13] = Math.Pow(10, -5 * i);
        }

        Tensor<double> x = TensorAlgebra.MultiModeProduct<double>(Tensor.Create(core, [3, 3, 3]), [.. Enumerable.Range(0, 3).Select(static n => LinearAlgebra.Qr(new CounterRandom((ulong)n).Normal<double>(20, 3)).Q)]);
        TuckerResult<double> automatic = new Tucker { MaxIterations = 0 }.Fit(x, [3, 3, 3]), gram = new Tucker { Method = SubspaceMethod.Gram, MaxIterations = 0 }.Fit(x, [3, 3, 3]);
        Assert.Equal(SubspaceMethod.QrSvd, automatic.Method);
        Assert.True(automatic.RelativeError < 2e-15, $"{automatic.RelativeError}");
        Assert.Equal(SubspaceMethod.Gram, gram.Method);
        Assert.True(gram.RelativeError > 1e-12);
    }

    [Fact]
    public void Permuting_modes_permutes_the_model_and_scaling_scales_the_core()
    {
        Tensor<double> x = Noisy(3);
        TuckerResult<double> a = new Tucker { StopTolerance = 1e-13, MaxIterations = 300 }.Fit(x, [2, 3, 2]), b = new Tucker { StopTolerance = 1e-13, MaxIterations = 300 }.Fit(TensorAlgebra.Permute(x, [2, 0, 1]), [2, 2, 3]);
        Assert.Equal(a.RelativeError, b.RelativeError, 1e-10);
        Assert.True(a.Permute(2, 0, 1).Distance(b) < 1e-4 * a.Norm());
        TuckerResult<double> c = new Tucker().Fit(Tensor.Create([.. x.ToArray().Select(static v => -8 * v)], x.Lengths), [2, 3, 2]), d = new Tucker().Fit(x, [2, 3, 2]);
        Assert.Equal(d.Core.ToArray().Select(static v => -8 * v), c.Core.ToArray());
        Assert.All(d.Factors.Zip(c.Factors), static p => Assert.Equal(p.First.ToArray(), p.Second.ToArray()));
        Tensor<double> q = LinearAlgebra.Qr(new CounterRandom(10).Normal<double>(10, 10)).Q;
        Assert.Equal(a.RelativeError, new Tucker { StopTolerance = 1e-13, MaxIterations = 300 }.Fit(TensorAlgebra.ModeProduct(x, q, 1), [2, 3, 2]).RelativeError, 1e-10);
    }

    [Fact]
    public void Long_modes_beside_few_others_need_no_square_of_their_length()
    {
        // A Gram matrix of mode 0 would hold 9 10^8 numbers.
        Tensor<double> x = TensorAlgebra.MultiModeProduct<double>(new CounterRandom(1).Normal<double>(3, 2, 2), [new CounterRandom(2).Normal<double>(30000, 3), new CounterRandom(3).Normal<double>(4, 2), null]);
        TuckerResult<double> result = new Tucker { Tolerance = 1e-8 }.Fit(x);
        Assert.Equal([3, 2, 2], result.Ranks);
        Assert.True(result.RelativeError < 1e-13);

        // More columns than the unfolding has: any orthonormal completion.
        TuckerResult<double> wide = new Tucker().Fit(new CounterRandom(4).Normal<double>(9, 2, 2), [7, 2, 2]);
        Assert.True(wide.RelativeError < 1e-14);
        Assert.True(Planted.Unorthogonality(wide.Factors[0]) < 1e-13);
    }

    [Fact]
    public void A_fit_survives_the_disk()
    {
        string path = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName() + ".npz");
        try
        {
            TuckerResult<double> fit = new Tucker { CompressedModes = [0, 2] }.Fit(Noisy(1), [2, 2]) with { Modes = ModeLabel.Names("a", "b", "c") };
            fit.Save(path);
            TuckerResult<double> read = TuckerResult<double>.Load(path);
            Assert.Equal(fit.Core.ToArray(), read.Core.ToArray());
            Assert.Equal([0, 2], read.FactorModes);
            Assert.Equal((fit.RelativeError, fit.Iterations, fit.Method, fit.ErrorBound, fit.BestErrorBound), (read.RelativeError, read.Iterations, read.Method, read.ErrorBound, read.BestErrorBound));
            Assert.Equal(fit.SingularValues![1], read.SingularValues![1]);
            Assert.Equal("c", TuckerTensor<double>.Load(path).Modes![2].Name);
            Assert.Throws<InvalidDataException>(() => TuckerTensor<float>.Load(path));
        }
        finally
        {
            File.Delete(path);
        }
    }

    private static Tensor<double> Noisy(ulong seed)
    {
        Tensor<double> low = TensorAlgebra.MultiModeProduct<double>(
            new CounterRandom(seed).Normal<double>(2, 3, 2),
            [new CounterRandom(seed + 1).Normal<double>(12, 2), new CounterRandom(seed + 2).Normal<double>(10, 3), new CounterRandom(seed + 3).Normal<double>(9, 2)]);
        double[] noise = new CounterRandom(seed + 4).Normal<double>(12, 10, 9).ToArray();
        return Tensor.Create([.. low.ToArray().Zip(noise, static (a, b) => a + (0.3 * b))], low.Lengths);
    }

    private static Tensor<double> Difference(Tensor<double> a, Tensor<double> b) => Tensor.Create([.. a.ToArray().Zip(b.ToArray(), static (p, q) => p - q)], a.Lengths);

    private static Tensor<double> Decaying(params nint[] lengths)
    {
        Tensor<double> x = new CounterRandom(11).Normal<double>(lengths);
        double[] data = x.ToArray();
        for (int i = 0; i < data.Length; i++)
        {
            nint rest = i;
            for (int k = lengths.Length - 1; k >= 0; k--)
            {
                data[i] *= Math.Pow(10, -(double)(rest % lengths[k]));
                rest /= lengths[k];
            }
        }

        return Tensor.Create(data, lengths);
    }

    private static double LeadingTail(Tensor<double> x, int mode, int rank)
    {
        Tensor<double> gram = TensorAlgebra.ModeGram(x, mode);
        double[] values = new double[gram.Lengths[0]];
        ManagedBackend.Shared.SymmetricEigenvalues(gram.AsReadOnlyMatrix(), values);
        return values.Take(values.Length - rank).Sum();
    }
}
