using System.Numerics.Tensors;
using Xunit;

namespace Polyad.Sketching;

public sealed class VarianceModelTests
{
    private static readonly double[] X = [0.5, -1, 0.25, 2, 0.1], Y = [1, -0.5, 0.75, 1.5, -0.2];

    private static (double N, double K, double S) Statistics
        => (TensorPrimitives.SumOfSquares<double>(X) * TensorPrimitives.SumOfSquares<double>(Y), TensorPrimitives.Dot<double>(X, Y), X.Zip(Y, (a, b) => a * a * b * b).Sum());

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void Product_sketches_have_the_published_variances(int p)
    {
        // Kar and Karnick 2012 and Wacker, Kanagawa, Filippone 2022; d = 5 is padded to 8.
        (double n, double k, double s) = Statistics;
        const int D = 12;
        double k2 = k * k, square = Math.Pow(k2, p), m = D / 2, d = 8;
        Equal((Math.Pow(n + (2 * k2), p) - square) / D, SketchFamily.Product(ProjectionWeights.Gaussian, complex: false));
        Equal((Math.Pow(n + (2 * (k2 - s)), p) - square) / D, SketchFamily.Product(complex: false));
        Equal(0.5 * (Math.Pow(n + k2, p) + Math.Pow(2 * k2, p) - (2 * square)) / m, SketchFamily.Product(ProjectionWeights.Gaussian));
        double complex = 0.5 * (Math.Pow(n + k2 - s, p) + Math.Pow((2 * k2) - s, p) - (2 * square)) / m;
        Equal(complex, SketchFamily.Product());
        double pairs = (Math.Floor(D / d) * d * (d - 1)) + ((D % d) * ((D % d) - 1));
        Equal(((Math.Pow(n + (2 * (k2 - s)), p) - square) / D) + (pairs / (D * D) * (Math.Pow(k2 - ((n + k2 - (2 * s)) / (d - 1)), p) - square)), SketchFamily.ProductSrht(complex: false, HadamardSampling.Blocks));
        pairs = m * (m - 1);
        Equal(complex + (pairs / (2 * m * m) * (Math.Pow(k2 - ((n - s) / (d - 1)), p) + Math.Pow(k2 - ((k2 - s) / (d - 1)), p) - (2 * square))), SketchFamily.ProductSrht());

        void Equal(double expected, SketchFamily family)
            => Assert.Equal(expected, new VarianceModel(family, p, 5, D).Predict(X, Y).Variance, 1e-12 * Math.Abs(expected));
    }

    [Fact]
    public void TensorSketch_of_degree_1_has_the_published_variance()
    {
        (double n, double k, double s) = Statistics;
        Assert.Equal(((k * k) + n - (2 * s)) / 10, new VarianceModel(SketchFamily.TensorSketch, 1, 5, 10).Predict(X, Y).Variance, 1e-12);
        Assert.Equal(PredictionKind.Exact, VarianceModel.TensorSketchApproximation(1, X, Y, 10).Kind);
        Assert.Equal(((k * k) + n - (2 * s)) / 10, VarianceModel.TensorSketchApproximation(1, X, Y, 10).Variance, 1e-12);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(6)]
    public void TensorSketch_above_degree_1_stays_below_its_bound_and_above_its_approximation(int degree)
    {
        VariancePrediction exact = new VarianceModel(SketchFamily.TensorSketch, degree, 5, 64).Predict(X, Y);
        VariancePrediction bound = VarianceModel.TensorSketchBound(degree, X, Y, 64), approximation = VarianceModel.TensorSketchApproximation(degree, X, Y, 64);
        Assert.Equal((PredictionKind.Exact, PredictionKind.Bound, PredictionKind.Approximation), (exact.Kind, bound.Kind, approximation.Kind));
        Assert.InRange(exact.Variance, approximation.Variance, bound.Variance);
    }

    [Fact]
    public void The_approximation_of_TensorSketch_is_far_too_small_for_equal_flat_vectors()
    {
        // Vectors without large entries: the exact variance is (2 * 2^p - 2) / D, the approximation 2 / D.
        double[] flat = [.. Enumerable.Repeat(1 / Math.Sqrt(4096), 4096)];
        double exact = new VarianceModel(SketchFamily.TensorSketch, 3, 4096, 1 << 20).Predict(flat, flat).Variance * (1 << 20), approximation = VarianceModel.TensorSketchApproximation(3, flat, flat, 1 << 20).Variance * (1 << 20);
        Assert.Equal(14, exact, 0.05);
        Assert.Equal(2, approximation, 0.05);
    }

    [Theory]
    [InlineData(8, false, HadamardSampling.Shared)]
    [InlineData(24, false, HadamardSampling.Shared)]
    [InlineData(16, true, HadamardSampling.Shared)]
    [InlineData(16, false, HadamardSampling.Blocks)]
    [InlineData(48, true, HadamardSampling.Blocks)]
    public void Hadamard_sketches_of_degree_1_with_a_multiple_of_the_padded_length_are_isometries(int features, bool complex, HadamardSampling sampling)
    {
        SketchFamily family = SketchFamily.ProductSrht(complex, sampling);
        Assert.InRange(new VarianceModel(family, 1, 5, features).Predict(X, Y).Variance, 0, 1e-14);
        Tensor<double> rows = Tensor.Create<double>([.. X, .. Y], [2, 5]);
        for (ulong seed = 0; seed < 20; seed++)
        {
            Assert.Equal(TensorPrimitives.Dot<double>(X, Y), SketchSpread.Inner(family.Create<double>(5, 1, features, seed).Apply(rows), [(0, 1)])[0], 1e-14);
        }
    }

    [Theory]
    [InlineData("product")]
    [InlineData("blocks")]
    [InlineData("replacement")]
    public void More_features_keep_the_earlier_ones_up_to_their_scale(string name)
    {
        SketchFamily family = name switch
        {
            "product" => SketchFamily.Product(),
            "blocks" => SketchFamily.ProductSrht(sampling: HadamardSampling.Blocks),
            _ => SketchFamily.ProductSrht(sampling: HadamardSampling.WithReplacement),
        };
        Tensor<double> rows = new CounterRandom(1).Normal<double>(3, 5);
        double[] few = SketchSpread.Row(family.Create<double>(5, 3, 20, 4).Apply(rows), 1), many = SketchSpread.Row(family.Create<double>(5, 3, 60, 4).Apply(rows), 1);
        for (int t = 0; t < 10; t++)
        {
            Assert.Equal(few[t] / Math.Sqrt(3), many[t], 1e-14 * few.Max(Math.Abs));
            Assert.Equal(few[10 + t] / Math.Sqrt(3), many[30 + t], 1e-14 * few.Max(Math.Abs));
        }
    }

    [Fact]
    public void Complex_variance_and_pseudo_variance_are_those_of_complex_estimates()
    {
        SketchFamily family = SketchFamily.ProductSrht();
        VariancePrediction predicted = new VarianceModel(family, 2, 5, 12).Predict(X, Y);
        Assert.Equal(predicted.Variance, 0.5 * (predicted.ComplexVariance + predicted.PseudoVariance), 1e-12);
        Tensor<double> rows = Tensor.Create<double>([.. X, .. Y], [2, 5]);
        double k = Math.Pow(Statistics.K, 2);

        // The imaginary part has mean 0 and the other half of the variance.
        SketchSpread.Holds(
            seed =>
            {
                Tensor<System.Numerics.Complex> z = ((PolynomialSketch<double>)family.Create<double>(5, 2, 12, seed)).ApplyComplex(rows);
                System.Numerics.Complex inner = 0;
                for (int t = 0; t < 6; t++)
                {
                    inner += z[0, t] * System.Numerics.Complex.Conjugate(z[1, t]);
                }

                return [inner.Real, inner.Imaginary];
            },
            [k, 0],
            [predicted.Variance, 0.5 * (predicted.ComplexVariance - predicted.PseudoVariance)],
            3000);
    }

    [Theory]
    [InlineData(FourierForm.SineCosine, false, 3, 8)]
    [InlineData(FourierForm.Offset, false, 3, 8)]
    [InlineData(FourierForm.SineCosine, true, 3, 6)]
    [InlineData(FourierForm.SineCosine, true, 4, 20)]
    [InlineData(FourierForm.SineCosine, true, 2, 10)]
    public void Fourier_features_spread_as_predicted(FourierForm form, bool orthogonal, int d, int features)
    {
        double[] t = [.. Enumerable.Range(0, d).Select(i => 0.9 - (0.5 * i))];
        const double Gamma = 0.7;
        double square = TensorPrimitives.SumOfSquares<double>(t), k = Math.Exp(-Gamma * square);
        SketchSpread.Holds(seed => [Fourier(form, orthogonal, t, Gamma, features, seed)], [k], [RandomFourierVariance.Predict(square, Gamma, features, form, orthogonal ? d : 0).Variance], 20000);
    }

    [Fact]
    public void Orthogonal_frequencies_are_better_at_moderate_distance_in_high_dimension()
    {
        Assert.True(RandomFourierVariance.Predict(0.5, 0.5, 128, orthogonalDimension: 64).Variance < 0.5 * RandomFourierVariance.Predict(0.5, 0.5, 128).Variance);
        Assert.InRange(RandomFourierVariance.Predict(60, 0.5, 128, orthogonalDimension: 64).Variance, 0, 1.01 / 128);
    }

    [Fact]
    public void A_sample_of_all_rows_is_exact_and_a_part_of_them_an_estimate()
    {
        Tensor<double> data = new CounterRandom(1).Uniform<double>(80, 6);
        VarianceModel model = new(SketchFamily.ProductSrht(), new PolynomialKernel(2, 1, 1), 6, 32);
        ErrorPrediction all = model.Predict<double>(data), part = model.Predict<double>(data, sampleRows: 40);
        double error = 0, total = 0;
        for (int i = 0; i < 80; i++)
        {
            for (int j = 0; j < 80; j++)
            {
                double[] x = SketchSpread.Row(data, i), y = SketchSpread.Row(data, j);
                error += model.Predict(x, y).Variance;
                total += Math.Pow(TensorPrimitives.Dot<double>(x, y) + 1, 4);
            }
        }

        Assert.Equal((PredictionKind.Exact, PredictionKind.Approximation), (all.Kind, part.Kind));
        Assert.Equal(Math.Sqrt(error / total), all.RelativeError, 1e-12);
        Assert.InRange(part.RelativeError / all.RelativeError, 0.9, 1.1);
    }

    [Fact]
    public void Bad_input_is_refused()
    {
        VarianceModel model = new(SketchFamily.TensorSketch, 2, 5, 8);
        Assert.Contains("5 numbers; given 4 and 5", Assert.Throws<ArgumentException>(() => model.Predict(X.AsSpan(0, 4), Y)).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => model.PredictProduct([X], [Y]));
        Assert.Throws<ArgumentOutOfRangeException>(() => new VarianceModel(SketchFamily.TensorSketch, 2, 0, 8));
        Assert.Throws<ArgumentException>(() => model.Predict<double>(Tensor.CreateFromShape<double>([3, 4])));
        Assert.Throws<ArgumentException>(() => RandomFourierVariance.Predict(1, 1, 7));
        Assert.Throws<ArgumentOutOfRangeException>(() => RandomFourierVariance.Predict(1, 0, 8));
        Assert.Throws<ArgumentException>(() => RandomFourierVariance.Predict(1, 1, 8, FourierForm.Offset, 4));
    }

    /// <summary>One estimate of k for x - y = t, by its definition.</summary>
    private static double Fourier(FourierForm form, bool orthogonal, double[] t, double gamma, int features, ulong seed)
    {
        int d = t.Length, m = form == FourierForm.Offset ? features : features / 2;
        double scale = Math.Sqrt(2 * gamma), sum = 0;
        for (int block = 0; block * d < m; block++)
        {
            Tensor<double> w = new CounterRandom(seed, (ulong)block).Normal<double>(d, d), lengths = new CounterRandom(seed, (ulong)(1000 + block)).Normal<double>(d, d);
            Tensor<double> q = orthogonal ? LinearAlgebra.Qr(w).Q : w;
            double[] offsets = new double[d];
            new CounterRandom(seed, (ulong)(2000 + block)).Uniform(offsets.AsSpan());
            for (int r = 0; r < d && (block * d) + r < m; r++)
            {
                double length = orthogonal ? TensorPrimitives.Norm<double>(SketchSpread.Row(lengths, r)) : 1;

                // Rows of Q of a QR with positive diagonal are Haar distributed like its columns.
                double phase = scale * length * TensorPrimitives.Dot<double>(SketchSpread.Row(q, r), t);
                sum += form == FourierForm.Offset ? 2 * Math.Cos(phase + (2 * Math.PI * offsets[r])) * Math.Cos(2 * Math.PI * offsets[r]) : Math.Cos(phase);
            }
        }

        return sum / m;
    }
}
