using System.Numerics.Tensors;
using Xunit;

namespace Polyad.Sketching;

public sealed class TensorPowerSamplerTests
{
    public static TheoryData<int, double, double, double> Cases
    {
        get
        {
            TheoryData<int, double, double, double> cases = [];
            foreach (int degree in (int[])[1, 2, 3, 5])
            {
                foreach (double density in (double[])[1, 0.15])
                {
                    cases.Add(degree, density, 0, 0.03);
                    cases.Add(degree, density, 0.4, 0.005);
                }
            }

            return cases;
        }
    }

    /// <summary>Generalized eigenvalues of the sampled against the exact Gram, both with the ridge.</summary>
    [Theory]
    [MemberData(nameof(Cases))]
    public void The_sampled_Gram_is_within_epsilon_of_the_exact_one(int degree, double density, double constant, double share)
    {
        Tensor<double> data = Data(120, 24, density);
        PolynomialKernel kernel = new(degree, 1, constant);
        Tensor<double> exact = kernel.Matrix<double>(data, data);
        double ridge = share * Trace(exact);
        for (ulong seed = 1; seed <= 3; seed++)
        {
            TensorPowerSample<double> sample = new TensorPowerSampler { Epsilon = 0.5 }.Fit<double>(data, kernel, ridge, seed);
            (double low, double high) = Spectrum(sample.Apply(data), exact, ridge);
            Assert.InRange(low, 0.5, 1);
            Assert.InRange(high, 1, 1.5);
            Assert.InRange(sample.EffectiveDimension / EffectiveDimension(exact, ridge), 0.5, 2);
        }
    }

    [Fact]
    public void More_samples_bring_it_closer()
    {
        Tensor<double> data = Data(80, 16, 1);
        Tensor<double> exact = new PolynomialKernel(3).Matrix<double>(data, data);
        double ridge = 0.02 * Trace(exact), few = 0, many = 0;
        for (ulong seed = 0; seed < 5; seed++)
        {
            few += Distortion(new TensorPowerSampler { Samples = 400 }.Fit<double>(data, 3, ridge, seed).Apply(data), exact, ridge);
            many += Distortion(new TensorPowerSampler { Samples = 6400 }.Fit<double>(data, 3, ridge, seed).Apply(data), exact, ridge);
        }

        // Four times less at sixteen times as many.
        Assert.InRange(few / many, 2.5, 6.5);
    }

    [Fact]
    public void Scores_find_a_small_direction_that_sampling_by_length_misses()
    {
        // Many long rows along few coordinates, some short ones elsewhere.
        Tensor<double> data = Data(100, 12, 1);
        for (int i = 0; i < 100; i++)
        {
            for (int j = 0; j < 12; j++)
            {
                data[i, j] *= i < 95 ? (j < 2 ? 1 : 0) : j >= 2 ? 0.25 : 0;
            }
        }

        Tensor<double> exact = new PolynomialKernel(2).Matrix<double>(data, data);
        double ridge = 1e-5 * Trace(exact), byScore = 0, byLength = 0;
        for (ulong seed = 0; seed < 5; seed++)
        {
            byScore += Distortion(new TensorPowerSampler { Samples = 2000 }.Fit<double>(data, 2, ridge, seed).Apply(data), exact, ridge);
            byLength += Distortion(new TensorPowerSampler { Samples = 2000, LengthShare = 1 }.Fit<double>(data, 2, ridge, seed).Apply(data), exact, ridge);
        }

        Assert.InRange(byScore / 5, 0, 0.5);
        Assert.True(byLength > 2 * byScore, $"{byLength / 5} against {byScore / 5}");
    }

    [Theory]
    [InlineData(2, 0.3)]
    [InlineData(3, 0)]
    public void The_sampled_Gram_is_unbiased(int degree, double constant)
    {
        Tensor<double> data = Data(6, 4, 1);
        PolynomialKernel kernel = new(degree, 0.7, constant);
        Tensor<double> exact = kernel.Matrix<double>(data, data);
        double ridge = 0.2 * Trace(exact);
        const int Seeds = 1500;
        double[] sum = new double[36], square = new double[36];
        TensorPowerSampler sampler = new() { Samples = 40, SketchDimension = 16, Probes = 8 };
        for (int seed = 0; seed < Seeds; seed++)
        {
            Tensor<double> features = sampler.Fit<double>(data, kernel, ridge, (ulong)seed).Apply(data), gram = LinearAlgebra.Gram(features.AsReadOnlyMatrix());
            for (int e = 0; e < 36; e++)
            {
                double error = gram[e / 6, e % 6] - exact[e / 6, e % 6];
                sum[e] += error;
                square[e] += error * error;
            }
        }

        for (int e = 0; e < 36; e++)
        {
            double sigma = Math.Sqrt(square[e] / Seeds / Seeds);
            Assert.True(Math.Abs(sum[e] / Seeds) <= 4.5 * sigma, $"entry {e}: {sum[e] / Seeds / sigma:F1} standard errors");
        }
    }

    [Theory]
    [InlineData(1, 0)]
    [InlineData(2, 1)]
    [InlineData(2, 2)]
    public void Probabilities_of_all_entries_sum_to_one(int arity, int depth)
    {
        using PowerRows rows = PowerRows.Of<double>(Data(9, 7, 0.6), new PolynomialKernel(3));
        const int Probes = 4;
        using RemainderSketch remainder = new(rows, 8, Probes, 1, null);
        double[] probe = new double[9 * Probes];
        new CounterRandom(3).Normal(probe.AsSpan());
        using BucketedRows buckets = new(rows, arity, depth, depth, 7);
        using CoordinateWalk walk = new(rows, probe, Probes, remainder, buckets);
        using TensorPowerRows none = new(0, 9), kept = new(200, 9);
        int[] entries = [.. Enumerable.Range(0, 343).SelectMany(e => (int[])[e / 49, e / 7 % 7, e % 7])];
        bool[] given = [.. Enumerable.Repeat(true, 343)];
        (double[] probabilities, _) = walk.Draw(entries, given, new double[343 * 4], none, default);
        Assert.Equal(1, probabilities.Sum(), 1e-12);

        // Draws come with the probabilities that the same entries have when they are given.
        double[] uniform = new double[200 * 4];
        new CounterRandom(8).Uniform(uniform.AsSpan());
        int[] drawn = new int[600];
        (double[] chances, double[] lengths) = walk.Draw(drawn, new bool[200], uniform, kept, default);
        for (int t = 0; t < 200; t++)
        {
            int e = (drawn[3 * t] * 49) + (drawn[(3 * t) + 1] * 7) + drawn[(3 * t) + 2];
            Assert.Equal(probabilities[e], chances[t], 1e-12);
            double[] power = new double[9];
            Assert.Equal(rows.SquaredLength(drawn.AsSpan(3 * t, 3), power), lengths[t], 1e-12);
            Assert.Equal(TensorPrimitives.SumOfSquares<double>(power), lengths[t], 1e-12);
            Assert.InRange(TensorPrimitives.Distance<double>(power, kept.Row(t)), 0, 1e-14);
        }
    }

    [Fact]
    public void Draws_by_length_follow_the_squared_lengths()
    {
        using PowerRows rows = PowerRows.Of<double>(Data(5, 3, 1), new PolynomialKernel(2));
        const int Draws = 20000;
        double[] uniform = new double[Draws * 3];
        new CounterRandom(8).Uniform(uniform.AsSpan());
        int[] counts = new int[9], entry = new int[2];
        for (int t = 0; t < Draws; t++)
        {
            rows.Draw(uniform.AsSpan(3 * t, 3), entry);
            counts[(3 * entry[0]) + entry[1]]++;
        }

        for (int e = 0; e < 9; e++)
        {
            double p = rows.SquaredLength([e / 3, e % 3]) / rows.Trace;
            Assert.InRange(counts[e] - (Draws * p), -4.5 * Math.Sqrt(Draws * p), 4.5 * Math.Sqrt(Draws * p));
        }
    }

    [Fact]
    public void Long_rows_are_projected_and_bucketed()
    {
        // 1200 coordinates, all present: the common projection and the buckets are in use.
        Tensor<double> data = Data(60, 1200, 1);
        Tensor<double> exact = new PolynomialKernel(2).Matrix<double>(data, data);
        double ridge = 0.05 * Trace(exact);
        TensorPowerSample<double> sample = new TensorPowerSampler().Fit<double>(data, 2, ridge, 3), alone;
        Assert.InRange(Distortion(sample.Apply(data), exact, ridge), 0, 0.5);
        using (Parallelism.Use(1))
        {
            alone = new TensorPowerSampler().Fit<double>(data, 2, ridge, 3);
        }

        Assert.Equal(sample.Entries, alone.Entries);
        Assert.Equal(sample.Weights, alone.Weights);
    }

    [Theory]
    [InlineData(1, 0)]
    [InlineData(1, 4)]
    [InlineData(2, 0)]
    [InlineData(2, 3)]
    public void Masses_of_buckets_are_without_bias_and_those_of_coordinates_alone_exact(int depth, int alone)
    {
        const int Rows = 7, Columns = 60, Lanes = 32, Seeds = 600;
        using PowerRows rows = PowerRows.Of<double>(Data(Rows, Columns, 0.8), new PolynomialKernel(2));
        float[] w = new float[Rows * Lanes];
        new CounterRandom(4).Normal(w.AsSpan());
        int[] support = [.. Enumerable.Range(0, Rows)];
        double[] exact = new double[Columns];
        for (int i = 0; i < Columns; i++)
        {
            SparseLine column = rows.Column(i);
            for (int p = 0; p < Lanes; p++)
            {
                double sum = 0;
                for (int e = 0; e < column.Places.Length; e++)
                {
                    sum += column.Values[e] * w[(column.Places[e] * Lanes) + p];
                }

                exact[i] += sum * sum;
            }
        }

        double[] upper = new double[9], lower = new double[9 + alone], error = new double[depth], squares = new double[depth];
        for (int seed = 0; seed < Seeds; seed++)
        {
            using BucketedRows buckets = new(rows, 9, depth, alone, (ulong)seed);
            double[] mass = new double[depth];
            if (depth > 1)
            {
                ProbeLanes.BucketMasses(w, Lanes, support, in buckets.Sums(0, 0), buckets.Stride, upper);
                mass[0] = upper.Sum();
            }

            for (int b = 0; b < (depth > 1 ? 9 : 1); b++)
            {
                ProbeLanes.CoordinateMasses(w, Lanes, support, in buckets.AloneIn(b), buckets.Stride, lower.AsSpan(0, alone));
                ProbeLanes.BucketMasses(w, Lanes, support, in buckets.Sums(b, depth - 1), buckets.Stride, lower.AsSpan(alone));
                mass[^1] += lower.Sum();
                for (int i = 0; i < Columns; i++)
                {
                    if ((depth == 1 || buckets.ChildOf(i, 0) == b) && buckets.ChildOf(i, depth - 1) is int child && child < alone)
                    {
                        Assert.Equal(exact[i], lower[child], 1e-5 * exact[i]);
                    }
                }
            }

            for (int level = 0; level < depth; level++)
            {
                double e = mass[level] - exact.Sum();
                error[level] += e;
                squares[level] += e * e;
            }
        }

        for (int level = 0; level < depth; level++)
        {
            double sigma = Math.Sqrt(squares[level]);
            Assert.InRange(error[level], -4.5 * sigma, 4.5 * sigma);
        }
    }

    [Fact]
    public void The_sample_does_not_depend_on_threads_or_on_how_rows_are_stored_and_serves_other_rows()
    {
        CsrMatrix<double> sparse = SketchContractTests.Sparse(50, 37);
        TensorPowerSampler sampler = new() { Samples = 300 };
        PolynomialKernel kernel = new(3, 0.5, 0.2);
        TensorPowerSample<double> a = sampler.Fit<double>(sparse, kernel, 0.1, 4), b;
        using (Parallelism.Use(1))
        {
            b = sampler.Fit<double>(sparse.ToDense(), kernel, 0.1, 4);
        }

        Assert.Equal(a.Entries, b.Entries);
        Assert.Equal(a.Weights, b.Weights);
        Assert.Equal((double[])[.. a.Apply(sparse)], (double[])[.. a.Apply(sparse.ToDense())]);
        Tensor<double> other = new CounterRandom(1).Normal<double>(2, 37), features = a.Apply(other);
        for (int t = 0; t < a.OutputDimension; t++)
        {
            double product = a.Weights[t];
            foreach (int i in a.Entries[t].Where(i => i < 37))
            {
                product *= other[1, i];
            }

            Assert.Equal(product, features[1, t], 1e-13 * Math.Abs(product));
        }
    }

    [Fact]
    public void Progress_tells_of_every_stage_and_a_token_stops_it()
    {
        List<TensorPowerProgress> stages = [];
        new TensorPowerSampler().Fit<double>(Data(20, 5, 1), 2, 1, 0, new Recorder(stages));
        Assert.Equal(stages[0].Stages, stages.Count);
        Assert.Equal(Enumerable.Range(1, stages.Count), stages.Select(s => s.Stage));
        Assert.Throws<OperationCanceledException>(() => new TensorPowerSampler().Fit<double>(Data(20, 5, 1), 2, 1, 0, null, new CancellationToken(true)));
    }

    [Fact]
    public void As_a_map_it_is_the_sample_of_its_ridge_and_learns_from_sparse_rows()
    {
        CsrMatrix<double> rows = Operators.Families.Sparse<double>(3, 200, 40, 15);
        PolynomialKernel kernel = new(3, 0.2, 1);
        TensorPowerFeatures<double> map = new TensorPowerFeatures<double> { Kernel = kernel, Ridge = 5 }.Fit(rows, seed: 4);
        Assert.Equal(new TensorPowerSampler().Fit<double>(rows, kernel, 5, seed: 4).Apply(rows).ToArray(), map.Transform(rows).ToArray());
        Assert.Equal((5.0, map.OutputDimension), (map.Sample.Ridge, map.Sample.Entries.Count));

        // A hundredth of the trace bounds the effective dimension by 100: sum k / (k + r) is at most the trace over r.
        TensorPowerFeatures<double> free = new TensorPowerFeatures<double> { Kernel = kernel }.Fit(rows, seed: 4);
        Assert.Equal(kernel.Diagonal<double>(rows).Sum() / 100, free.Sample.Ridge, 1e-12 * free.Sample.Ridge);

        // Predictions at the rows learnt are y - r A^-1 y with A = K + r I; those of B within 1 +- epsilon of A differ by r |A^-1 - B^-1| |y| <= epsilon / (1 - epsilon) |y|.
        Tensor<double> y = new CounterRandom(8).Normal<double>(200, 1), k = kernel.Matrix<double>(rows), shifted = k.AsReadOnlyMatrix().ToTensor();
        for (int i = 0; i < 200; i++)
        {
            shifted[i, i] += 5;
        }

        Tensor<double> exact = LinearAlgebra.MatMul(k, LinearAlgebra.Solve(shifted, y));
        SketchedRidge<double> model = new SketchedRidge<double>(new TensorPowerFeatures<double> { Kernel = kernel, Ridge = 5, Sampler = new() { Epsilon = 0.25 } }) { Alpha = 5, FitIntercept = false }.Fit(rows, y, seed: 4);
        Assert.InRange(LowRank.Spectra.FrobeniusDistance(exact, model.Predict(rows)), 0, LinearAlgebra.Norm(y) / 3);

        Assert.Throws<ArgumentException>(() => new TensorPowerFeatures<double> { Kernel = new(2) }.Fit(Tensor.CreateFromShape<double>([3, 4])));
        Assert.Throws<ArgumentOutOfRangeException>(() => new TensorPowerFeatures<double> { Ridge = -1 }.Fit(rows));
    }

    [Fact]
    public void Bad_input_is_refused()
    {
        Tensor<double> data = Data(5, 3, 1);
        Assert.Contains("given 0", Assert.Throws<ArgumentOutOfRangeException>(() => new TensorPowerSampler().Fit<double>(data, 2, 0)).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => new TensorPowerSampler().Fit<double>(data, 2, double.NaN));
        Assert.Throws<ArgumentOutOfRangeException>(() => new TensorPowerSampler().Fit<double>(data, 2, 1e-30));
        Assert.Throws<ArgumentException>(() => new TensorPowerSampler().Fit<double>(Tensor.CreateFromShape<double>([3, 3]), 2, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new TensorPowerSampler { Epsilon = 1 }.Fit<double>(data, 2, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new TensorPowerSampler { RidgeRatio = 1 }.Fit<double>(data, 2, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new TensorPowerSampler { Samples = 0 }.Fit<double>(data, 2, 1));
        Assert.Contains("from 1 to 4096", Assert.Throws<ArgumentOutOfRangeException>(() => new TensorPowerSampler { Probes = 1_000_000 }.Fit<double>(data, 2, 1)).Message, StringComparison.Ordinal);
        data[1, 1] = double.NaN;
        Assert.Throws<NonFiniteInputException>(() => new TensorPowerSampler().Fit<double>(data, 2, 1));
    }

    /// <summary>Rows of decaying spectrum and of uneven lengths.</summary>
    private static Tensor<double> Data(int rows, int columns, double density)
    {
        Tensor<double> data = new CounterRandom(6).Normal<double>(rows, columns), keep = new CounterRandom(7).Uniform<double>(rows, columns);
        for (int i = 0; i < rows; i++)
        {
            for (int j = 0; j < columns; j++)
            {
                data[i, j] = keep[i, j] < density ? data[i, j] * (1 + (i % 7 == 0 ? 1 : 0)) / Math.Sqrt(1 + j) : 0;
            }
        }

        return data;
    }

    private static double Trace(Tensor<double> a) => Enumerable.Range(0, (int)a.Lengths[0]).Sum(i => a[i, i]);

    private static double EffectiveDimension(Tensor<double> exact, double ridge)
        => ((double[])[.. LinearAlgebra.SymmetricEigen(exact).Values]).Sum(v => v / (v + ridge));

    private static double Distortion(Tensor<double> features, Tensor<double> exact, double ridge)
    {
        (double low, double high) = Spectrum(features, exact, ridge);
        return Math.Max(1 - low, high - 1);
    }

    private static (double Low, double High) Spectrum(Tensor<double> features, Tensor<double> exact, double ridge)
    {
        int n = (int)exact.Lengths[0];
        EigenResult<double> eigen = LinearAlgebra.SymmetricEigen(exact);
        Tensor<double> whitened = eigen.Vectors.AsReadOnlyMatrix().ToTensor();
        for (int i = 0; i < n; i++)
        {
            for (int c = 0; c < n; c++)
            {
                whitened[i, c] /= Math.Sqrt(Math.Max(0, eigen.Values[c]) + ridge);
            }
        }

        // (K + ridge)^(-1/2) (Phi Phi^T + ridge) (K + ridge)^(-1/2) in the eigenvectors' basis.
        Tensor<double> gram = LinearAlgebra.Gram(features.AsReadOnlyMatrix());
        for (int i = 0; i < n; i++)
        {
            gram[i, i] += ridge;
        }

        Tensor<double> product = LinearAlgebra.MatMul(whitened.AsReadOnlyMatrix().Transpose, LinearAlgebra.MatMul(gram.AsReadOnlyMatrix(), whitened.AsReadOnlyMatrix()).AsReadOnlyMatrix());
        Tensor<double> values = LinearAlgebra.SymmetricEigen(product).Values;
        return (values[0], values[n - 1]);
    }

    private sealed class Recorder(List<TensorPowerProgress> stages) : IProgress<TensorPowerProgress>
    {
        public void Report(TensorPowerProgress value) => stages.Add(value);
    }
}
