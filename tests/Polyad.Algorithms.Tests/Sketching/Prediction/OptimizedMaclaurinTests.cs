using System.Numerics.Tensors;
using Xunit;

namespace Polyad.Sketching;

public sealed class OptimizedMaclaurinTests
{
    private const int Rows = 60;

    /// <summary>Rows with a mean, of norms around 1.</summary>
    private static Tensor<double> Data(int dimension, double mean = 0.2, double spread = 0.25)
    {
        Tensor<double> rows = new CounterRandom(12).Normal<double>(Rows, dimension);
        Tensor.Multiply<double>(rows, spread, rows);
        return Tensor.Add<double>(rows, mean);
    }

    /// <summary>20 numbers in a row, nearly all of it along five directions.</summary>
    private static Tensor<double> NearPlane()
    {
        Tensor<double> rows = LinearAlgebra.MatMul(new CounterRandom(3).Normal<double>(Rows, 5), new CounterRandom(4).Normal<double>(5, 20)), noise = new CounterRandom(5).Normal<double>(Rows, 20);
        Tensor.Multiply<double>(rows, 0.1, rows);
        Tensor.Multiply<double>(noise, 0.02, noise);
        return Tensor.Add<double>(rows, noise);
    }

    [Fact]
    public void The_predicted_error_of_the_exponential_kernel_is_the_measured_one()
    {
        Tensor<double> data = Data(9);
        MaclaurinPlan plan = new OptimizedMaclaurin().Fit<double>(data, DotProductKernel.Exponential(), 150);
        Measured(data, plan.Create<double>, Gram(data, (x, y) => Math.Exp(TensorPrimitives.Dot(x, y))), plan.Error);
        Assert.Contains(plan.Terms, term => term.Degree == 1 && term.Family is null);
        Assert.InRange(plan.Terms.Sum(term => term.Features), 148, 150);
    }

    [Fact]
    public void The_predicted_error_of_the_Gaussian_kernel_is_the_measured_one()
    {
        Tensor<double> data = Data(12, 0.5);
        MaclaurinPlan plan = new OptimizedMaclaurin().FitGaussian<double>(data, 101);
        Tensor<double> exact = Gram(data, (x, y) => Math.Exp(-plan.Gamma * Math.Pow(TensorPrimitives.Distance(x, y), 2)));
        Measured(data, plan.Create<double>, exact, plan.Error);
    }

    [Theory]
    [InlineData(3, 0.5, true)]
    [InlineData(3, 0.5, false)]
    [InlineData(4, 0, true)]
    public void The_predicted_error_of_a_split_polynomial_kernel_is_the_measured_one(int degree, double constant, bool meanAxis)
    {
        Tensor<double> data = Data(20);
        PolynomialKernel kernel = new(degree, 0.5, constant);
        MaclaurinPlan plan = new OptimizedMaclaurin().FitPolynomial<double>(data, kernel, 90, meanAxis);
        Measured(data, plan.Create<double>, kernel.Matrix<double>(data, data), plan.Error);
    }

    [Fact]
    public void Splitting_along_the_mean_lowers_the_error_of_rows_with_a_mean()
    {
        PolynomialKernel kernel = new(3, 0.5, 0.5);
        Tensor<double> data = Data(20, 0.4, 0.1);
        OptimizedMaclaurin search = new();
        double series = search.FitPolynomial<double>(data, kernel, 90, meanAxis: false).Error.RelativeError, mean = search.FitPolynomial<double>(data, kernel, 90).Error.RelativeError;
        Assert.InRange(mean, 0, 0.5 * series);
    }

    [Fact]
    public void Truncation_bounds_hold_for_all_pairs_and_are_not_far_above()
    {
        Tensor<double> data = Data(6);
        OptimizedMaclaurin search = new() { MaxDegree = 3 };
        MaclaurinPlan dot = search.Fit<double>(data, DotProductKernel.Exponential(1.5), 200), gauss = search.FitGaussian<double>(data, 200, 0.8);
        double[] a = [1, 1.5, 1.125, 0.5625];
        double worst = 0, worstGauss = 0;
        double[] center = [.. Enumerable.Range(0, 6).Select(j => Enumerable.Range(0, Rows).Average(i => data[i, j]))];
        for (int i = 0; i < Rows; i++)
        {
            for (int j = 0; j < Rows; j++)
            {
                double[] x = SketchSpread.Row(data, i), y = SketchSpread.Row(data, j);
                double t = TensorPrimitives.Dot<double>(x, y);
                worst = Math.Max(worst, Math.Abs(Math.Exp(1.5 * t) - (a[0] + (t * (a[1] + (t * (a[2] + (t * a[3]))))))));
                double[] r = [.. x.Zip(center, (p, q) => Math.Sqrt(1.6) * (p - q))], s = [.. y.Zip(center, (p, q) => Math.Sqrt(1.6) * (p - q))];
                double u = TensorPrimitives.Dot<double>(r, s), radial = Math.Exp(-0.5 * (TensorPrimitives.SumOfSquares<double>(r) + TensorPrimitives.SumOfSquares<double>(s)));
                worstGauss = Math.Max(worstGauss, radial * Math.Abs(Math.Exp(u) - (1 + u + (u * u / 2) + (u * u * u / 6))));
            }
        }

        Assert.Equal(3, dot.Terms.Max(term => term.Degree));
        Assert.Equal(3, gauss.Terms.Max(term => term.Degree));

        // The pair of the longest row with itself attains both.
        Assert.InRange(dot.TruncationBound, worst, worst * (1 + 1e-9));
        Assert.InRange(gauss.TruncationBound, worstGauss, worstGauss * (1 + 1e-9));
    }

    /// <summary>Rows near a plane: degree 1 keeps its leading axes only, and the bound counts what they leave.</summary>
    [Fact]
    public void Truncation_bounds_count_what_principal_axes_leave()
    {
        Tensor<double> data = NearPlane(), exact = new GaussianKernel(0.5).Matrix<double>(data, data);
        MaclaurinPlan plan = new OptimizedMaclaurin { MaxDegree = 1, SampleRows = Rows }.FitGaussian<double>(data, 12, 0.5);
        Assert.Contains(plan.Terms, static term => term.IsPrincipal && term.Features < 20);
        Assert.DoesNotContain(plan.Terms, static term => term.Family is not null);

        // Nothing is random then: the error of every pair is what was cut off.
        Tensor<double> found = LinearAlgebra.Gram(plan.Create<double>().Apply(data));
        double worst = exact.ToArray().Zip(found.ToArray(), static (a, b) => Math.Abs(a - b)).Max();
        Assert.InRange(plan.TruncationBound, worst, 2 * worst);

        // Degree 1 alone: the longest part beside the axes, with itself, attains the bound.
        MaclaurinPlan linear = new OptimizedMaclaurin { SampleRows = Rows }.Fit<double>(data, DotProductKernel.FromCoefficients(1, 2), 12);
        Tensor<double> approximate = LinearAlgebra.Gram(linear.Create<double>().Apply(data)), inner = LinearAlgebra.Gram(data);
        double largest = approximate.ToArray().Zip(inner.ToArray(), static (a, b) => Math.Abs(a - (1 + (2 * b)))).Max();
        Assert.InRange(linear.TruncationBound, largest, (largest * (1 + 1e-9)) + 1e-11);
    }

    /// <summary>Far rows: exp(r.s) alone would overflow, and e^(-|r|^2/2) is zero.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(1e6)]
    [InlineData(1e60)]
    public void Narrow_kernels_of_long_rows_have_an_honest_error(double gamma)
    {
        Tensor<double> data = Data(40, spread: 6);
        MaclaurinPlan plan = new OptimizedMaclaurin().FitGaussian<double>(data, 64, gamma);
        Tensor<double> exact = new GaussianKernel(gamma).Matrix(data), found = LinearAlgebra.Gram(plan.Create<double>(3).Apply(data));
        Assert.All(found.ToArray(), static v => Assert.True(double.IsFinite(v)));
        Assert.Equal(1, plan.Error.RelativeError, 1e-6);
        Assert.Equal(1, RelativeError(plan.Create<double>(3), data, exact), 1e-6);
    }

    [Fact]
    public void Kernels_beyond_the_range_of_doubles_are_refused()
    {
        Tensor<double> data = Data(40, spread: 100);
        PolynomialKernel kernel = new(60, 1, 1);
        Assert.Throws<OverflowException>(() => PolynomialFeatures.Choose<double>(data, kernel, 64));
        Assert.Throws<OverflowException>(() => new OptimizedMaclaurin().FitPolynomial<double>(data, kernel, 64));
    }

    [Fact]
    public void A_complete_series_has_no_truncation_error()
        => Assert.Equal(0, new OptimizedMaclaurin().Fit<double>(Data(5), DotProductKernel.FromCoefficients(1, 2, 1), 300).TruncationBound);

    [Fact]
    public void Exact_monomials_leave_no_error()
    {
        Tensor<double> data = Data(4);
        PolynomialKernel kernel = new(3, 0.5, 0.7);
        PolynomialChoice choice = PolynomialFeatures.Choose<double>(data, kernel, 40);
        Assert.Equal(35, choice.OutputDimension);
        Assert.Equal(0, choice.Error.RelativeError);
        Tensor<double> exact = kernel.Matrix<double>(data, data);
        Assert.InRange(RelativeError(choice.Create<double>(), data, exact), 0, 1e-14);
    }

    [Theory]
    [InlineData(2, 128)]
    [InlineData(3, 128)]
    [InlineData(7, 128)]
    public void The_choice_has_the_least_predicted_error_and_it_is_the_measured_one(int degree, int features)
    {
        Tensor<double> data = Data(30, 0.03, 0.18);
        PolynomialKernel kernel = new(degree, 0.5, 0.5);
        PolynomialChoice choice = PolynomialFeatures.Choose<double>(data, kernel, features);
        Assert.All(choice.Candidates, c => Assert.True(choice.Error.RelativeError <= c.Error.RelativeError / 0.98));
        Assert.Contains(choice.Candidates[0].Name, choice.Reason, StringComparison.Ordinal);
        Measured(data, choice.Create<double>, kernel.Matrix<double>(data, data), choice.Error);
    }

    [Fact]
    public void Products_win_at_low_degree_and_trees_at_high_degree()
    {
        Tensor<double> data = Data(30, 0, 0.18);
        double Of(int degree, SketchFamily family) => new VarianceModel(family, degree, 30, 512).Predict<double>(data).RelativeError;
        Assert.True(Of(2, SketchFamily.ProductSrht()) < Of(2, SketchFamily.Tree(new TreeOptions(Complex: false))));
        Assert.True(Of(9, SketchFamily.Tree()) < 0.5 * Of(9, SketchFamily.ProductSrht()));
    }

    [Fact]
    public void A_choice_tells_of_its_candidates_and_a_search_of_its_dimensions()
    {
        Tensor<double> data = Data(30, 0.03, 0.18);
        PolynomialKernel kernel = new(3, 0.5, 0.5);
        Recorder<PolynomialCandidate> candidates = new();
        PolynomialChoice choice = PolynomialFeatures.Choose<double>(data, kernel, 128, progress: candidates);
        Assert.Equal(choice.Candidates.Select(static c => c.Name).Order(), candidates.Reports.Select(static c => c.Name).Order());

        Recorder<PolynomialChoice> tried = new();
        PolynomialChoice small = PolynomialFeatures.ChooseForError<double>(data, kernel, 0.05, maxDimension: 1000, progress: tried);
        Assert.Equal(1000, tried.Reports[0].OutputDimension);
        Assert.Contains(small, tried.Reports);
        Assert.InRange(tried.Reports.Count, 2, 15);

        using CancellationTokenSource source = new();
        Recorder<PolynomialChoice> stopping = new() { Then = source.Cancel };
        Assert.Throws<OperationCanceledException>(() => PolynomialFeatures.ChooseForError<double>(data, kernel, 0.05, maxDimension: 1000, progress: stopping, cancellationToken: source.Token));
        Assert.Single(stopping.Reports);
    }

    [Fact]
    public void A_dimension_is_found_for_an_error()
    {
        Tensor<double> data = Data(30, 0.03, 0.18);
        PolynomialKernel kernel = new(3, 0.5, 0.5);
        PolynomialChoice choice = PolynomialFeatures.ChooseForError<double>(data, kernel, 0.08, 4096);
        Assert.InRange(choice.Error.RelativeError, 0, 0.08);
        Assert.InRange(PolynomialFeatures.Choose<double>(data, kernel, choice.OutputDimension * 9 / 10).Error.RelativeError, 0.08, 1);
        Assert.Throws<ArgumentException>(() => PolynomialFeatures.ChooseForError<double>(data, kernel, 1e-6, 64));
    }

    [Fact]
    public void Single_precision_and_sparse_data_have_the_same_plan()
    {
        CsrMatrix<double> sparse = SketchContractTests.Sparse(50, 37);
        OptimizedMaclaurin search = new() { SampleRows = 30 };
        MaclaurinPlan dense = search.FitPolynomial<double>(sparse.ToDense(), new PolynomialKernel(3, 1, 1), 200), direct = search.FitPolynomial<double>(sparse, new PolynomialKernel(3, 1, 1), 200);
        Assert.Equal(dense.Terms.Select(t => (t.Degree, t.Features, t.Family)), direct.Terms.Select(t => (t.Degree, t.Features, t.Family)));
        Tensor<double> expected = dense.Create<double>(4).Apply(sparse.ToDense());
        Tensor<float> single = direct.Create<float>(4).Apply(Tensor.ConvertTruncating<double, float>(sparse.ToDense()));
        double scale = ((double[])[.. expected]).Max(Math.Abs);
        Assert.All(((double[])[.. expected]).Zip((float[])[.. single]), p => Assert.InRange(p.Second - p.First, -2e-5 * scale, 2e-5 * scale));
    }

    [Fact]
    public void Bad_input_is_refused()
    {
        OptimizedMaclaurin search = new();
        Assert.Throws<ArgumentException>(() => search.Fit<double>(Tensor.CreateFromShape<double>([1, 3]), DotProductKernel.Exponential(), 10));
        Assert.Throws<ArgumentException>(() => search.FitGaussian<double>(Tensor.CreateFromShape<double>([5, 3]), 10));
        Assert.Throws<ArgumentOutOfRangeException>(() => search.FitGaussian<double>(Data(3), 10, -1));
        Assert.Throws<ArgumentOutOfRangeException>(() => search.FitGaussian<double>(Data(3), 2));
        Assert.Throws<ArgumentException>(() => DotProductKernel.FromCoefficients(1, -1));
        Assert.Throws<ArgumentOutOfRangeException>(() => DotProductKernel.Exponential(0));
        DotProductKernel geometric = DotProductKernel.FromSeries("1 / (1 - t)", static _ => 1, static t => t < 1 ? 1 / (1 - t) : double.PositiveInfinity);
        Assert.Contains("scale the rows down", Assert.Throws<ArgumentOutOfRangeException>(() => search.Fit<double>(Tensor.Multiply<double>(Data(3), 10), geometric, 20)).Message, StringComparison.Ordinal);
        Assert.Throws<OperationCanceledException>(() => search.FitGaussian<double>(Data(3), 40, cancellationToken: new CancellationToken(true)));
        Assert.Throws<ArgumentException>(() => PolynomialFeatures.Choose<double>(Data(3), 2, 2));
        Assert.Throws<NonFiniteInputException>(() => PolynomialFeatures.Choose<double>(Tensor.Create([1.0, double.NaN, 2, 3], [2, 2]), 2, 20));
    }

    /// <summary>All rows are sampled, so the prediction is exact: the mean squared error over seeds is it, within 4 standard errors.</summary>
    private static void Measured(Tensor<double> data, Func<ulong, RowSketch<double>> create, Tensor<double> exact, ErrorPrediction predicted)
    {
        Assert.Equal(PredictionKind.Exact, predicted.Kind);
        const int Seeds = 60;
        double[] squares = [.. Enumerable.Range(0, Seeds).Select(seed => Math.Pow(RelativeError(create((ulong)seed), data, exact), 2))];
        double mean = squares.Average(), deviation = Math.Sqrt(squares.Sum(s => Math.Pow(s - mean, 2)) / (Seeds - 1) / Seeds), expected = predicted.RelativeError * predicted.RelativeError;
        Assert.True(Math.Abs(mean - expected) <= (4 * deviation) + (1e-9 * expected), $"measured {Math.Sqrt(mean):G4}, predicted {predicted.RelativeError:G4}: {(mean - expected) / deviation:F1} standard errors");
    }

    private static double RelativeError(RowSketch<double> sketch, Tensor<double> data, Tensor<double> exact)
    {
        Tensor<double> features = sketch.Apply(data), approximate = LinearAlgebra.MatMul(features.AsReadOnlyMatrix(), features.AsReadOnlyMatrix().Transpose);
        return TensorAlgebra.FrobeniusNorm(Tensor.Subtract<double>(approximate, exact)) / TensorAlgebra.FrobeniusNorm(exact);
    }

    private static Tensor<double> Gram(Tensor<double> data, Func<double[], double[], double> kernel)
    {
        Tensor<double> gram = Tensor.CreateFromShape<double>([Rows, Rows]);
        for (int i = 0; i < Rows; i++)
        {
            for (int j = 0; j < Rows; j++)
            {
                gram[i, j] = kernel(SketchSpread.Row(data, i), SketchSpread.Row(data, j));
            }
        }

        return gram;
    }
}
