using System.Diagnostics;
using System.Globalization;
using System.Numerics.Tensors;
using Polyad.Sketching;

namespace Polyad.SketchExperiments;

/// <summary>
/// Relative Frobenius error of the kernel matrix at equal real dimension, mean and standard error over seeds, beside the predicted error: the polynomial kernel (x.y/2 + 1/2)^p on rows of unit length
/// (Wacker, Ohana, Filippone 2022) and the Gaussian kernel with the median distance as length scale on rows of zero mean (Wacker, Kanagawa, Filippone 2022).
/// </summary>
internal static class KernelErrors
{
    public static void Run(Options options)
    {
        int rows = options.Number("rows", 1000), seeds = options.Number("seeds", 20);
        string only = options.Text("only") ?? "";
        foreach ((string file, string name) in ((string, string)[])[("mnist_images.npy", "MNIST"), ("fashion_mnist_train_images.npy", "Fashion-MNIST")])
        {
            string path = Path.Combine(options.DataFolder, file);
            if (!File.Exists(path))
            {
                Console.WriteLine($"{path} is absent: skipped.");
                continue;
            }

            Tensor<double> data = ImageRows.Read(path, rows);
            if (only is "" or "polynomial")
            {
                foreach ((int degree, int features) in ((int, int)[])[(3, 1024), (3, 4096), (7, 1024), (7, 4096)])
                {
                    Polynomial(name, ImageRows.OfUnitLength(data), degree, features, seeds);
                }
            }

            if (only is "" or "gaussian")
            {
                Gaussian(name, data, 1024, seeds);
                Gaussian(name, data, 5120, seeds);
            }
        }
    }

    private static void Polynomial(string name, Tensor<double> data, int degree, int features, int seeds)
    {
        PolynomialKernel kernel = new(degree, 0.5, 0.5);
        int d = (int)data.Lengths[1];
        Header($"{name}, {data.Lengths[0]} rows of unit length, (x.y/2 + 1/2)^{degree}, D = {features}, {seeds} seeds");
        Tensor<double> exact = kernel.Matrix<double>(data, data);
        SketchFamily[] families =
        [
            SketchFamily.TensorSketch, SketchFamily.Product(ProjectionWeights.Gaussian, complex: false), SketchFamily.Product(complex: false), SketchFamily.Product(),
            SketchFamily.ProductSrht(complex: false), SketchFamily.ProductSrht(), SketchFamily.Tree(new TreeOptions(Complex: false)), SketchFamily.Tree(), SketchFamily.Tree(new TreeOptions(Expansion: 4)),
            SketchFamily.Craft(), SketchFamily.Craft(SketchFamily.TensorSketch), SketchFamily.Craft(SketchFamily.Tree(new TreeOptions(Expansion: 4)), 4),
        ];
        foreach (SketchFamily family in families)
        {
            ErrorPrediction predicted = new VarianceModel(family, kernel, d, features).Predict<double>(data, 200);
            Row(family.Name, data, exact, seed => family.Create<double>(d, kernel, features, seed), predicted, seeds);
        }

        SphericalRandomFeatures<double> spherical = new() { Degree = degree, Dimension = features, Sampling = ProjectionSampling.Orthogonal };
        Row("spherical random features, orthogonal", data, exact, seed => x => spherical.FitTransform(x, seed), null, seeds);
        OptimizedMaclaurin search = new();
        MaclaurinPlan series = search.FitPolynomial<double>(data, kernel, features, meanAxis: false);
        Row("series split", data, exact, series.Create<double>, series.Error, seeds);
        long start = Stopwatch.GetTimestamp();
        PolynomialChoice choice = PolynomialFeatures.Choose<double>(data, kernel, features);
        double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        Row("chosen", data, exact, choice.Create<double>, choice.Error, seeds);
        Console.WriteLine($"  {choice.Reason}; chosen in {seconds.ToString("F1", CultureInfo.InvariantCulture)} s");
    }

    private static void Gaussian(string name, Tensor<double> data, int features, int seeds)
    {
        OptimizedMaclaurin complex = new(), real = new() { Families = [SketchFamily.ProductSrht(complex: false)] };
        long start = Stopwatch.GetTimestamp();
        MaclaurinPlan plan = complex.FitGaussian<double>(data, features);
        double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        MaclaurinPlan realPlan = real.FitGaussian<double>(data, features, plan.Gamma);
        Header($"{name}, {data.Lengths[0]} rows, Gaussian kernel, gamma {plan.Gamma:G4} (median distance), D = {features}, {seeds} seeds");
        Tensor<double> exact = new GaussianKernel(plan.Gamma).Matrix(data);
        Row("random Fourier, offsets (scikit-learn)", data, exact, seed => x => new RbfSampler<double> { Gamma = plan.Gamma, NComponents = features }.FitTransform(x, seed), RandomFourierVariance.Predict<double>(data, plan.Gamma, features, FourierForm.Offset), seeds);
        foreach ((ProjectionSampling sampling, ErrorPrediction? predicted) in ((ProjectionSampling, ErrorPrediction?)[])
        [
            (ProjectionSampling.Independent, RandomFourierVariance.Predict<double>(data, plan.Gamma, features)),
            (ProjectionSampling.Orthogonal, RandomFourierVariance.Predict<double>(data, plan.Gamma, features, orthogonal: true)),
            (ProjectionSampling.StructuredOrthogonal, null),
            (ProjectionSampling.Fastfood, null),
        ])
        {
            RandomFourierFeatures<double> fourier = new() { Kernel = new GaussianKernel(plan.Gamma), Dimension = features, Sampling = sampling };
            Row($"random Fourier, pairs, {sampling}", data, exact, seed => x => fourier.FitTransform(x, seed), predicted, seeds);
        }

        Row("optimised Maclaurin, real SRHT", data, exact, realPlan.Create<double>, realPlan.Error, seeds);
        Row("optimised Maclaurin", data, exact, plan.Create<double>, plan.Error, seeds);
        Console.WriteLine($"  features by degree: {string.Join(", ", plan.Terms.Select(t => $"{t.Degree}: {t.Features} {t.Family?.Name ?? "exact"}"))}; truncation at most {plan.TruncationBound:G3}; fitted in {seconds.ToString("F1", CultureInfo.InvariantCulture)} s");
    }

    private static void Header(string text)
    {
        Console.WriteLine();
        Console.WriteLine(text);
        Console.WriteLine($"{"sketch",-68} {"error",8} {"+-",8} {"predicted",10} {"us/row",9}");
    }

    private static void Row(string name, Tensor<double> data, Tensor<double> exact, Func<ulong, RowSketch<double>> create, ErrorPrediction? predicted, int seeds)
        => Row(name, data, exact, seed =>
        {
            RowSketch<double> sketch = create(seed);
            return x => sketch.Apply(x);
        }, predicted, seeds);

    private static void Row(string name, Tensor<double> data, Tensor<double> exact, Func<ulong, Func<Tensor<double>, Tensor<double>>> create, ErrorPrediction? predicted, int seeds)
    {
        double norm = TensorAlgebra.FrobeniusNorm(exact), seconds = 0;
        double[] errors = new double[seeds];
        for (int seed = 0; seed < seeds; seed++)
        {
            Func<Tensor<double>, Tensor<double>> map = create((ulong)seed);
            long start = Stopwatch.GetTimestamp();
            Tensor<double> features = map(data);
            seconds += Stopwatch.GetElapsedTime(start).TotalSeconds;
            Tensor<double> gram = LinearAlgebra.Gram(features.AsReadOnlyMatrix());
            Tensor.Subtract<double>(gram, exact, gram);
            errors[seed] = TensorAlgebra.FrobeniusNorm(gram) / norm;
        }

        double mean = errors.Average(), deviation = Math.Sqrt(errors.Sum(e => (e - mean) * (e - mean)) / Math.Max(1, seeds - 1) / seeds);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{name,-68} {mean,8:F4} {deviation,8:F4} {predicted?.RelativeError,10:F4} {seconds / seeds / data.Lengths[0] * 1e6,9:F1}"));
    }
}
