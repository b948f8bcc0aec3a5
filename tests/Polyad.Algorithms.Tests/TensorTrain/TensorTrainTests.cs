using System.Numerics;
using System.Numerics.Tensors;
using Xunit;

namespace Polyad.Decomposition;

public class TensorTrainTests
{
    private static readonly SubspaceMethod[] Methods = [SubspaceMethod.Automatic, SubspaceMethod.Gram, SubspaceMethod.QrSvd, SubspaceMethod.Randomized];

    [Theory]
    [InlineData(new[] { 6, 7, 5 }, new[] { 3, 2 })]
    [InlineData(new[] { 3, 4, 5, 4, 3 }, new[] { 2, 3, 4, 3 })]
    [InlineData(new[] { 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2 }, new[] { 2, 3, 3, 3, 3, 3, 3, 3, 3, 3, 2 })]
    [InlineData(new[] { 20, 1, 30 }, new[] { 4, 4 })]
    [InlineData(new[] { 1, 5, 1, 1, 6 }, new[] { 1, 3, 3, 3 })]
    [InlineData(new[] { 9, 8 }, new[] { 5 })]
    [InlineData(new[] { 2, 300 }, new[] { 2 })]
    [InlineData(new[] { 40, 5, 40, 3 }, new[] { 9, 11, 3 })]
    public void A_train_is_found_again_to_rounding(int[] lengths, int[] ranks)
    {
        Tensor<double> x = Planted.Train<double>(1, [.. lengths.Select(static n => (nint)n)], ranks);
        foreach (SubspaceMethod method in Methods)
        {
            TensorTrainResult<double> result = new TensorTrain { Method = method }.Fit(x, ranks);
            Assert.True(result.RelativeError < 1e-13, $"{method}: {result.RelativeError}");
            Assert.Equal(ranks, result.Ranks);
            Assert.Equal(result.RelativeError, Planted.Distance(x, result.Reconstruct()), 1e-14);
        }

        TensorTrainResult<double> chosen = new TensorTrain { Tolerance = 1e-10 }.Fit(x);
        Assert.True(chosen.RelativeError < 1e-13);
        Assert.Equal(ranks, chosen.Ranks);
        Assert.True(chosen.Converged);
        Assert.Equal(ranks.Length, chosen.Iterations);
        Assert.Equal([chosen.RelativeError], chosen.ErrorHistory);
        Assert.Equal(SubspaceMethod.QrSvd, chosen.Method);
        Assert.Equal(x.FlattenedLength / (double)chosen.Cores.Sum(static c => c.FlattenedLength), chosen.CompressionRatio, 1e-12);
    }

    [Theory]
    [InlineData(new[] { 6, 7, 5 }, new[] { 3, 2 })]
    [InlineData(new[] { 4, 5, 6, 5, 4 }, new[] { 2, 3, 4, 3 })]
    [InlineData(new[] { 2, 2, 2, 2, 2, 2, 2, 2 }, new[] { 2, 3, 3, 3, 3, 3, 2 })]
    public void A_complex_train_is_found_again_to_rounding(int[] lengths, int[] ranks)
    {
        TtTensor<Complex> planted = TtTensor<Complex>.Random(new CounterRandom(2), [.. lengths.Select(static n => (nint)n)], ranks);
        Tensor<Complex> x = planted.Reconstruct();
        foreach (SubspaceMethod method in Methods)
        {
            TensorTrainResult<Complex> result = new TensorTrain { Method = method }.Fit(x, ranks);
            Assert.True(result.RelativeError < 1e-13, $"{method}: {result.RelativeError}");
            Assert.Equal(result.RelativeError, Planted.Distance(x, result.Reconstruct()), 1e-14);
        }

        TensorTrainResult<Complex> chosen = new TensorTrain { Tolerance = 1e-10 }.Fit(x);
        Assert.Equal(ranks, chosen.Ranks);
        foreach (Tensor<Complex> core in chosen.Cores.Skip(1))
        {
            AssertOrthonormalRows(core, 1e-13);
        }
    }

    [Theory]
    [InlineData(0.5)]
    [InlineData(0.1)]
    [InlineData(1e-3)]
    [InlineData(1e-6)]
    [InlineData(1e-9)]
    [InlineData(1e-12)]
    public void The_tolerance_is_honoured_by_every_method_that_can(double tolerance)
    {
        // Singular values that fall by steady factors, so that every tolerance cuts somewhere.
        Tensor<double> x = Decaying(2, 5, 6, 7, 6, 5);
        foreach (SubspaceMethod method in Methods)
        {
            if (method == SubspaceMethod.Gram && tolerance < 1e-6)
            {
                continue;
            }

            TensorTrainResult<double> result = new TensorTrain { Tolerance = tolerance, Method = method }.Fit(x);
            Assert.True(result.RelativeError <= tolerance, $"{method}: {result.RelativeError}");
            Assert.Equal(result.RelativeError, Planted.Distance(x, result.Reconstruct()), 1e-14);
            Assert.True(tolerance < 1e-3 || result.CompressionRatio > 1);
        }

        Assert.All(new TensorTrain { Tolerance = 0, MaxRank = 2 }.Fit(x).Ranks, static r => Assert.True(r <= 2));
    }

    [Fact]
    public void A_matrix_is_cut_as_Eckart_and_Young_say()
    {
        Tensor<double> x = new CounterRandom(3).Normal<double>(60, 45);
        double[] s = LinearAlgebra.SingularValues(x).ToArray();
        double best = Math.Sqrt(s.Skip(7).Sum(static v => v * v) / s.Sum(static v => v * v));
        foreach (SubspaceMethod method in Methods.Take(3))
        {
            Assert.Equal(best, new TensorTrain { Method = method }.Fit(x, [7]).RelativeError, 1e-13);
        }

        Assert.InRange(new TensorTrain { Method = SubspaceMethod.Randomized, PowerIterations = 2 }.Fit(x, [7]).RelativeError, best * (1 - 1e-12), best * 1.02);
    }

    [Fact]
    public void A_sketch_comes_close_to_the_best_and_finds_a_low_rank_exactly()
    {
        // Modes long enough that the sketch is used: 4 (rank + oversampling) columns.
        Check(TtTensor<double>.Random(new CounterRandom(14), [60, 70, 80], [4, 5]).Reconstruct());
        Check(TtTensor<Complex>.Random(new CounterRandom(15), [60, 70, 80], [4, 5]).Reconstruct());

        static void Check<T>(Tensor<T> x)
            where T : unmanaged, INumberBase<T>
        {
            TensorTrainResult<T> given = new TensorTrain { Method = SubspaceMethod.Randomized }.Fit(x, [4, 5]), chosen = new TensorTrain { Method = SubspaceMethod.Randomized, Tolerance = 1e-10, Oversampling = 4 }.Fit(x);
            Assert.Equal(SubspaceMethod.Randomized, given.Method);
            Assert.True(given.RelativeError < 1e-13);
            Assert.Equal([4, 5], chosen.Ranks);
            Assert.True(chosen.RelativeError < 1e-13);

            T[] noise = Chain.Normal<T>(new CounterRandom(16), x.Lengths, 0.1).ToArray(), elements = x.ToArray();
            Tensor<T> y = Tensor.Create([.. elements.Zip(noise, static (a, b) => a + b)], x.Lengths);
            double best = new TensorTrain().Fit(y, [4, 5]).RelativeError;
            TensorTrainResult<T> near = new TensorTrain { Method = SubspaceMethod.Randomized }.Fit(y, [4, 5]);
            Assert.InRange(near.RelativeError, best * (1 - 1e-9), best * 1.001);
            Assert.Equal(near.RelativeError, Planted.Distance(y, near.Reconstruct()), 1e-13);
            TensorTrainResult<T> within = new TensorTrain { Method = SubspaceMethod.Randomized, Tolerance = 1.01 * best, Oversampling = 4 }.Fit(y);
            Assert.True(within.RelativeError <= 1.01 * best);
        }
    }

    [Fact]
    public void The_error_is_within_the_bounds_of_the_unfoldings()
    {
        // Oseledets 2011, theorem 2.2: the square of the error is at most the sum over bonds of what the best approximation of the unfolding drops; each of these is a lower bound for any train of the ranks.
        Tensor<double> x = new CounterRandom(4).Normal<double>(6, 5, 4, 5, 6);
        int[] ranks = [3, 6, 7, 3];
        double norm = TensorAlgebra.FrobeniusNorm(x), sum = 0, most = 0;
        for (int bond = 1; bond < 5; bond++)
        {
            int rows = x.Lengths[..bond].ToArray().Aggregate(1, static (p, n) => p * (int)n);
            double[] s = LinearAlgebra.SingularValues(Tensor.Create(x.ToArray(), [rows, x.FlattenedLength / rows])).ToArray();
            double tail = s.Skip(ranks[bond - 1]).Sum(static v => v * v) / (norm * norm);
            sum += tail;
            most = Math.Max(most, tail);
        }

        TensorTrainResult<double> result = new TensorTrain().Fit(x, ranks);
        Assert.InRange(result.RelativeError, Math.Sqrt(most) * (1 - 1e-12), Math.Sqrt(sum) * (1 + 1e-12));
        Assert.Equal(result.RelativeError / 2, result.BestErrorBound, 1e-15);
    }

    [Fact]
    public void Cores_after_the_first_have_orthonormal_rows_whichever_end_was_cut_first()
    {
        AssertRows(new TensorTrain { Tolerance = 0.5 }.Fit(new CounterRandom(4).Normal<double>(2, 3, 2, 2, 3, 2, 2, 2, 3, 2)));

        // The right end grows to 20 x 30 columns: the left one is taken first.
        TensorTrainResult<double> wide = new TensorTrain().Fit(new CounterRandom(5).Normal<double>(12, 25, 30, 30), [5, 16, 20]);
        AssertRows(wide);
        Assert.Equal([5, 16, 20], wide.Ranks);

        static void AssertRows(TensorTrainResult<double> result) => Assert.All(result.Cores.Skip(1), static core => AssertOrthonormalRows(core, 1e-13));
    }

    [Fact]
    public void A_Gram_matrix_that_would_lose_digits_gives_way_to_QR()
    {
        // Kept directions down to 1e-9 of the largest: their squares drown in the rounding of a Gram matrix.
        Tensor<double> u = LinearAlgebra.Qr(new CounterRandom(6).Normal<double>(200, 10)).Q, v = LinearAlgebra.Qr(new CounterRandom(7).Normal<double>(40, 10)).Q;
        double[] scaled = u.ToArray();
        for (int i = 0; i < scaled.Length; i++)
        {
            scaled[i] *= Math.Pow(10, -(i % 10));
        }

        Tensor<double> x = LinearAlgebra.MatMul(Tensor.Create(scaled, [200, 10]), TensorAlgebra.Permute(v, [1, 0]));
        TensorTrainResult<double> automatic = new TensorTrain().Fit(x, [10]), gram = new TensorTrain { Method = SubspaceMethod.Gram }.Fit(x, [10]);
        Assert.True(automatic.RelativeError < 1e-14, $"{automatic.RelativeError}");
        Assert.Equal(SubspaceMethod.QrSvd, automatic.Method);
        Assert.Equal(SubspaceMethod.Gram, gram.Method);
        Assert.True(gram.RelativeError > 1e-12, $"{gram.RelativeError}");
    }

    [Fact]
    public void Threads_do_not_change_a_bit_and_floats_work()
    {
        foreach (SubspaceMethod method in Methods)
        {
            Tensor<double> x = new CounterRandom(5).Normal<double>(30, 20, 30, 10);
            TensorTrainResult<double> a = new TensorTrain { Method = method, Backend = new ManagedBackend(1), MaxRank = 6, Tolerance = 0 }.Fit(x),
                b = new TensorTrain { Method = method, Backend = new ManagedBackend(2), MaxRank = 6, Tolerance = 0 }.Fit(x);
            Assert.All(a.Cores.Zip(b.Cores), static p => Assert.Equal(p.First.ToArray(), p.Second.ToArray()));
            Assert.Equal(a.RelativeError, b.RelativeError);
            Assert.True(new TensorTrain { Method = method }.Fit(Planted.Train<float>(6, [15, 16, 17], [2, 3]), [2, 3]).RelativeError < 1e-5);
        }
    }

    [Fact]
    public void Scaling_scales_the_first_core_and_nothing_else()
    {
        Tensor<double> x = new CounterRandom(8).Normal<double>(6, 7, 8);
        TensorTrainResult<double> a = new TensorTrain().Fit(x, [3, 4]), b = new TensorTrain().Fit(Tensor.Create([.. x.ToArray().Select(static v => 4 * v)], x.Lengths), [3, 4]);
        Assert.Equal(a.RelativeError, b.RelativeError, 1e-15);
        Assert.Equal(a.Cores[0].ToArray().Select(static v => 4 * v), b.Cores[0].ToArray());
        Assert.Equal(a.Cores[2].ToArray(), b.Cores[2].ToArray());
    }

    [Fact]
    public void An_orthogonal_change_of_a_mode_does_not_change_the_error()
    {
        Tensor<double> x = new CounterRandom(9).Normal<double>(6, 7, 8, 5), q = LinearAlgebra.Qr(new CounterRandom(10).Normal<double>(7, 7)).Q;
        TensorTrainResult<double> a = new TensorTrain().Fit(x, [3, 4, 2]), b = new TensorTrain().Fit(TensorAlgebra.ModeProduct(x, q, 1), [3, 4, 2]);
        Assert.Equal(a.RelativeError, b.RelativeError, 1e-13);
    }

    [Fact]
    public void A_slice_is_decomposed_without_being_written_to()
    {
        Tensor<double> all = new CounterRandom(11).Normal<double>(8, 9, 10), part = all.Slice([1..7, 2..9, 0..10]);
        double[] before = all.ToArray();
        TensorTrainResult<double> result = new TensorTrain { Tolerance = 0.3 }.Fit(part);
        Assert.Equal(before, all.ToArray());
        Assert.Equal(result.RelativeError, Planted.Distance(Tensor.Create(part.ToArray(), part.Lengths), result.Reconstruct()), 1e-14);
    }

    [Fact]
    public void Every_core_is_reported()
    {
        List<DecompositionProgress> reports = [];
        Tensor<double> x = new CounterRandom(12).Normal<double>(2, 2, 2, 2, 2, 2, 2, 2, 2, 2);
        TensorTrainResult<double> result = new TensorTrain { Tolerance = 0.5 }.Fit(x, new Recorder(reports));
        Assert.Equal(Enumerable.Range(1, 9), reports.Select(static r => r.Iteration));
        Assert.True(reports.Zip(reports.Skip(1)).All(static p => p.Second.RelativeError >= p.First.RelativeError));
        Assert.Equal(result.RelativeError, reports[^1].RelativeError, 1e-15);
    }

    [Fact]
    public void Zero_tensors_vectors_and_bad_input()
    {
        TensorTrainResult<double> zero = new TensorTrain().Fit(Tensor.CreateFromShape<double>([3, 4, 5]));
        Assert.Equal([1, 1], zero.Ranks);
        Assert.Equal(0, zero.RelativeError);
        Assert.Equal(new double[60], zero.Reconstruct().ToArray());
        Tensor<double> x = new CounterRandom(1).Normal<double>(3, 4, 2);
        Assert.Equal(0, new TensorTrain().Fit(new CounterRandom(1).Normal<double>(7)).RelativeError);
        Assert.Equal([1, 2], new TensorTrain { MaxRank = 100, Tolerance = 0 }.Fit(Tensor.Create(x.ToArray(), [1, 12, 2])).Ranks);
        Assert.Throws<ArgumentException>(() => new TensorTrain().Fit(x, [4, 2]));
        Assert.Throws<ArgumentException>(() => new TensorTrain().Fit(x, [3]));
        Assert.Throws<ArgumentException>(() => new TensorTrain().Fit(x, [0, 2]));
        Assert.Throws<ArgumentException>(() => new TensorTrain().Fit(Tensor.CreateFromShape<double>([0, 3])));
        Assert.Throws<ArgumentOutOfRangeException>(() => new TensorTrain { Tolerance = double.NaN }.Fit(x));
        Assert.Throws<ArgumentOutOfRangeException>(() => new TensorTrain { MaxRank = 0 }.Fit(x));
        Assert.Throws<OperationCanceledException>(() => new TensorTrain().Fit(x, null, new CancellationToken(true)));
        Assert.Throws<NotSupportedException>(() => new TensorTrain().Fit(Tensor.Create([1, 2, 3, 4], [2, 2])));
        x[2, 3, 1] = double.NaN;
        Assert.Throws<NonFiniteInputException>(() => new TensorTrain().Fit(x));
        x[2, 3, 1] = double.NegativeInfinity;
        Assert.Throws<NonFiniteInputException>(() => new TensorTrain { Method = SubspaceMethod.QrSvd }.Fit(x));
        Tensor<Complex> z = Tensor.Create([Complex.One, new Complex(0, double.NaN), Complex.One, Complex.One], [2, 2]);
        Assert.Throws<NonFiniteInputException>(() => new TensorTrain().Fit(z));
    }

    [Fact]
    public void A_fit_survives_the_disk()
    {
        string path = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName() + ".npz");
        try
        {
            TensorTrainResult<Complex> fit = new TensorTrain().Fit(TtTensor<Complex>.Random(new CounterRandom(13), [4, 3, 5], [2, 2]).Reconstruct(), [2, 2]) with { Modes = ModeLabel.Names("a", "b", "c") };
            fit.Save(path);
            TensorTrainResult<Complex> read = TensorTrainResult<Complex>.Load(path);
            Assert.All(fit.Cores.Zip(read.Cores), static p => Assert.Equal(p.First.ToArray(), p.Second.ToArray()));
            Assert.Equal((fit.RelativeError, fit.Iterations, fit.Method), (read.RelativeError, read.Iterations, read.Method));
            Assert.Equal("b", read.Modes![1].Name);
            Assert.Equal([2, 2], TtTensor<Complex>.Load(path).Ranks);
            Assert.Throws<InvalidDataException>(() => TtTensor<double>.Load(path));
        }
        finally
        {
            File.Delete(path);
        }
    }

    internal static void AssertOrthonormalRows<T>(Tensor<T> core, double tolerance)
        where T : unmanaged, INumberBase<T>
    {
        int rows = (int)core.Lengths[0], columns = (int)(core.FlattenedLength / rows);
        T[] elements = core.ToArray();
        for (int a = 0; a < rows; a++)
        {
            for (int b = 0; b <= a; b++)
            {
                T dot = a == b ? -T.One : T.Zero;
                for (int j = 0; j < columns; j++)
                {
                    dot += elements[(a * columns) + j] * Scalar.Conjugate(elements[(b * columns) + j]);
                }

                Assert.True(double.CreateChecked(T.Abs(dot)) < tolerance);
            }
        }
    }

    private static Tensor<double> Decaying(ulong seed, params nint[] lengths)
    {
        double[] data = new CounterRandom(seed).Normal<double>(lengths).ToArray();
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

    private sealed class Recorder(List<DecompositionProgress> reports) : IProgress<DecompositionProgress>
    {
        public void Report(DecompositionProgress value) => reports.Add(value);
    }
}
