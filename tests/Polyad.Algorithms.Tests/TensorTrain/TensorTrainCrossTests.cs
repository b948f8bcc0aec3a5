using System.Numerics;
using System.Numerics.Tensors;
using Xunit;

namespace Polyad.Decomposition;

public class TensorTrainCrossTests
{
    [Fact]
    public void The_cube_of_a_sum_has_rank_four_and_is_found_to_rounding()
    {
        nint[] lengths = [11, 11, 11, 11];
        TensorTrainCrossResult<double> result = new TensorTrainCross().Fit<double>(lengths, static x => Math.Pow(x[0] + x[1] + x[2] + x[3], 3));
        Assert.True(result.Converged);
        Assert.Equal([4, 4, 4], result.Ranks);
        Assert.True(Planted.Distance(Full(lengths, static x => Math.Pow(x[0] + x[1] + x[2] + x[3], 3)), result.Reconstruct()) < 1e-13);
        Assert.True(result.Evaluations < 11 * 11 * 11 * 11, $"{result.Evaluations}");
    }

    [Fact]
    public void Planted_trains_are_found_from_a_part_of_their_elements()
    {
        Check<double>(1e-10);
        Check<Complex>(1e-10);

        static void Check<T>(double tolerance)
            where T : unmanaged, INumberBase<T>
        {
            TtTensor<T> planted = TtTensor<T>.Random(new CounterRandom(1), [20, 30, 20, 25, 20], [3, 5, 4, 2]);
            TensorTrainCrossResult<T> result = new TensorTrainCross().Fit<T>(planted.Lengths, (indices, values) => planted.Elements(indices).CopyTo(values));
            Assert.True(result.Converged);
            Assert.Equal([3, 5, 4, 2], result.Ranks);
            Assert.True(result.Distance(planted) < tolerance * planted.Norm(), $"{result.Distance(planted) / planted.Norm()}");
            Assert.True(result.Evaluations < 6_000_000 / 50, $"{result.Evaluations}");
        }
    }

    [Theory]
    [InlineData(1e-4)]
    [InlineData(1e-8)]
    [InlineData(1e-11)]
    public void A_smooth_function_is_met_to_the_tolerance_everywhere(double tolerance)
    {
        // 1 / (1 + sum of x^2): ranks grow with the logarithm of the accuracy.
        nint[] lengths = [24, 24, 24, 24];
        static double Function(ReadOnlySpan<int> x)
        {
            double sum = 1;
            foreach (int i in x)
            {
                sum += i * i / 576.0;
            }

            return 1 / sum;
        }

        TensorTrainCrossResult<double> result = new TensorTrainCross { Tolerance = tolerance }.Fit<double>(lengths, Function);
        Assert.True(result.Converged);
        Assert.True(result.SampledError <= tolerance);
        Assert.True(Planted.Distance(Full(lengths, Function), result.Reconstruct()) < 3 * tolerance);
        Assert.InRange(result.Ranks.Max(), 2, 13);
    }

    [Fact]
    public void A_plane_wave_on_a_million_points_has_rank_one_in_binary_digits()
    {
        nint[] twos = [.. Enumerable.Repeat((nint)2, 20)];
        static Complex Wave(ReadOnlySpan<int> bits)
        {
            int x = 0;
            foreach (int bit in bits)
            {
                x = (2 * x) + bit;
            }

            return Complex.FromPolarCoordinates(1, 2 * Math.PI * 37 * x / (1 << 20));
        }

        TensorTrainCrossResult<Complex> result = new TensorTrainCross().Fit<Complex>(twos, Wave);
        Assert.True(result.Converged);
        Assert.All(result.Ranks, static r => Assert.Equal(1, r));
        Assert.True(result.SampledError < 1e-13);
        Assert.True(result.Evaluations < 20000, $"{result.Evaluations}");
    }

    [Fact]
    public void A_peak_beside_a_smooth_part_is_found_where_samples_see_it()
    {
        // Rank 1 nearly everywhere, and a bump of width 3 in 30 that only some samples meet.
        nint[] lengths = [30, 30, 30];
        static double Function(ReadOnlySpan<int> x) => Math.Sin(x[0] + x[1] + x[2]) + Math.Exp(-0.2 * (((x[0] - 7) * (x[0] - 7)) + ((x[1] - 21) * (x[1] - 21)) + ((x[2] - 13) * (x[2] - 13)) + ((x[0] - 7) * (x[1] - 21))));
        TensorTrainCrossResult<double> result = new TensorTrainCross { Samples = 4000 }.Fit<double>(lengths, Function);
        Assert.True(result.Converged);
        Assert.True(Planted.Distance(Full(lengths, Function), result.Reconstruct()) < 1e-9);
    }

    [Fact]
    public void A_tensor_without_structure_does_not_converge_under_a_limit_of_the_rank_and_says_so()
    {
        double[] noise = new CounterRandom(5).Normal<double>(12, 12, 12).ToArray();
        TensorTrainCrossResult<double> result = new TensorTrainCross { MaxRank = 5, MaxIterations = 4 }.Fit<double>([12, 12, 12], x => noise[(((x[0] * 12) + x[1]) * 12) + x[2]]);
        Assert.False(result.Converged);
        Assert.Equal(4, result.Iterations);
        Assert.True(result.SampledError > 0.1);
        Assert.All(result.Ranks, static r => Assert.True(r <= 5));

        // Without the limit it is found whole.
        TensorTrainCrossResult<double> whole = new TensorTrainCross().Fit<double>([12, 12, 12], x => noise[(((x[0] * 12) + x[1]) * 12) + x[2]]);
        Assert.True(whole.Converged);
        Assert.Equal([12, 12], whole.Ranks);
    }

    [Fact]
    public void Zero_constant_and_short_functions()
    {
        TensorTrainCrossResult<double> zero = new TensorTrainCross().Fit<double>([5, 6, 7], static _ => 0);
        Assert.True(zero.Converged);
        Assert.All(zero.Reconstruct().ToArray(), static v => Assert.Equal(0, v));
        TensorTrainCrossResult<float> constant = new TensorTrainCross { Tolerance = 1e-5 }.Fit<float>([5, 1, 7], static _ => 3);
        Assert.Equal([1, 1], constant.Ranks);
        Assert.All(constant.Reconstruct().ToArray(), static v => Assert.Equal(3, v, 1e-5));
        TensorTrainCrossResult<double> vector = new TensorTrainCross().Fit<double>([9], static x => x[0]);
        Assert.Equal(Enumerable.Range(0, 9).Select(static i => (double)i), vector.Reconstruct().ToArray());
    }

    [Fact]
    public void A_fit_that_goes_on_from_a_checkpoint_ends_as_the_uninterrupted_one()
    {
        static double Function(ReadOnlySpan<int> x) => 1 / (1.0 + x[0] + (2 * x[1]) + (3 * x[2]) + x[3]);
        nint[] lengths = [15, 15, 15, 15];
        FitCheckpoint? first = null;
        TensorTrainCrossResult<double> whole = new TensorTrainCross { Tolerance = 1e-12, Checkpoint = new CheckpointPlan { Every = 1, Callback = c => first ??= c } }.Fit<double>(lengths, Function);
        Assert.True(whole.Iterations > 1);
        TensorTrainCrossResult<double> resumed = new TensorTrainCross { Tolerance = 1e-12, Resume = first }.Fit<double>(lengths, Function);
        Assert.Equal(whole.ErrorHistory, resumed.ErrorHistory);
        Assert.All(whole.Cores.Zip(resumed.Cores), static p => Assert.Equal(p.First.ToArray(), p.Second.ToArray()));
        Assert.Throws<ArgumentException>(() => new TensorTrainCross { Tolerance = 1e-12, Seed = 1, Resume = first }.Fit<double>(lengths, Function));
    }

    [Fact]
    public void Functions_that_are_not_finite_and_bad_options_are_refused()
    {
        Assert.Throws<NonFiniteInputException>(() => new TensorTrainCross().Fit<double>([4, 4], static x => x[0] == 3 ? double.NaN : 1));
        Assert.Throws<ArgumentException>(() => new TensorTrainCross().Fit<double>([], static _ => 1));
        Assert.Throws<ArgumentException>(() => new TensorTrainCross().Fit<double>([4, 0], static _ => 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new TensorTrainCross { Samples = 0 }.Fit<double>([4], static _ => 1));
        Assert.Throws<OperationCanceledException>(() => new TensorTrainCross().Fit<double>([4, 4], static _ => 1, null, new CancellationToken(true)));
        string path = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName() + ".npz");
        try
        {
            TensorTrainCrossResult<double> fit = new TensorTrainCross().Fit<double>([4, 5], static x => x[0] * x[1]);
            fit.Save(path);
            TensorTrainCrossResult<double> read = TensorTrainCrossResult<double>.Load(path);
            Assert.Equal((fit.SampledError, fit.Evaluations, fit.Converged), (read.SampledError, read.Evaluations, read.Converged));
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public void The_chosen_rows_have_coefficients_of_about_one_at_most()
    {
        Check<double>();
        Check<Complex>();

        static void Check<T>()
            where T : unmanaged, INumberBase<T>
        {
            T[] a = Chain.Normal<T>(new CounterRandom(3), [80, 9], 1).ToArray();
            (int[] rows, T[] b) = MaximumVolume.Of<T>(a, 80, 9);
            Assert.Equal(9, rows.Distinct().Count());
            Assert.All(b, static v => Assert.True(Scalar.Magnitude(v) <= 1.0501));
            for (int i = 0; i < 80; i++)
            {
                for (int j = 0; j < 9; j++)
                {
                    T sum = T.Zero;
                    for (int k = 0; k < 9; k++)
                    {
                        sum += b[(i * 9) + k] * a[(rows[k] * 9) + j];
                    }

                    TtTensorTests.Close(a[(i * 9) + j], sum);
                }
            }
        }
    }

    private static Tensor<double> Full(nint[] lengths, Func<ReadOnlySpan<int>, double> function)
    {
        double[] values = new double[lengths.Aggregate(static (p, n) => p * n)];
        int[] index = new int[lengths.Length];
        for (int i = 0; i < values.Length; i++)
        {
            nint rest = i;
            for (int k = lengths.Length - 1; k >= 0; k--)
            {
                (rest, nint at) = Math.DivRem(rest, lengths[k]);
                index[k] = (int)at;
            }

            values[i] = function(index);
        }

        return Tensor.Create(values, lengths);
    }
}
