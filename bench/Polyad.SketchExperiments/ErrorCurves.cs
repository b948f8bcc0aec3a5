using System.Globalization;
using System.Numerics.Tensors;
using Polyad.Sketching;
using ScottPlot;

namespace Polyad.SketchExperiments;

/// <summary>The relative Frobenius error of the kernel matrix as the number of features grows, mean and standard error over seeds, as a table and, with --plots, as pictures.</summary>
internal static class ErrorCurves
{
    private const int Width = 800;
    private const int Height = 420;

    private static readonly ScottPlot.Palettes.Category10 Colours = new();

    public static void Run(Options options)
    {
        int rows = options.Number("rows", 2000), seeds = options.Number("seeds", 20);
        string path = Path.Combine(options.DataFolder, "fashion_mnist_train_images.npy");
        if (!File.Exists(path))
        {
            Console.WriteLine($"{path} is absent: nothing to measure.");
            return;
        }

        Tensor<double> data = ImageRows.Read(path, rows), unit = ImageRows.OfUnitLength(data);
        int[] dimensions = [128, 256, 512, 1024, 2048, 4096];
        foreach (int degree in (int[])[3, 7])
        {
            Curve($"Fashion-MNIST, {rows} rows of unit length, (x.y/2 + 1/2)^{degree}", $"sketch-degree-{degree}.png", unit, new PolynomialKernel(degree, 0.5, 0.5), OfPolynomial(degree), dimensions, seeds, options);
        }

        GaussianKernel gaussian = GaussianKernel.FromMedianDistance<double>(data);
        Curve($"Fashion-MNIST, {rows} rows, Gaussian kernel at the median distance", "sketch-gaussian.png", data, gaussian, OfGaussian(gaussian), dimensions, seeds, options);
    }

    private static (string Name, Func<int, FeatureMap<double>> Map)[] OfPolynomial(int degree)
    {
        PolynomialKernel kernel = new(degree, 0.5, 0.5);
        Func<int, FeatureMap<double>> By(SketchFamily? family) => d => new PolynomialFeatures<double> { Kernel = kernel, Dimension = d, Family = family };
        return
        [
            ("TensorSketch (scikit-learn)", By(SketchFamily.TensorSketch)),
            ("Rademacher products", By(SketchFamily.Product(complex: false))),
            ("complex-to-real ProductSRHT", By(SketchFamily.ProductSrht())),
            ("complex-to-real tree", By(SketchFamily.Tree())),
            ("CRAFT", By(SketchFamily.Craft())),
            ("Nystrom, uniform", d => new Nystroem<double> { Kernel = kernel, NComponents = d }),
            ("Nystrom, RPCholesky", d => new Nystroem<double> { Kernel = kernel, NComponents = d, Sampling = LandmarkSampling.RandomlyPivotedCholesky }),
            ("chosen for the data", By(null)),
        ];
    }

    private static (string Name, Func<int, FeatureMap<double>> Map)[] OfGaussian(GaussianKernel kernel)
    {
        Func<int, FeatureMap<double>> By(ProjectionSampling sampling) => d => new RandomFourierFeatures<double> { Kernel = kernel, Dimension = d, Sampling = sampling };
        return
        [
            ("RBFSampler (scikit-learn)", d => new RbfSampler<double> { Gamma = kernel.Gamma, NComponents = d }),
            ("random Fourier, pairs", By(ProjectionSampling.Independent)),
            ("random Fourier, orthogonal", By(ProjectionSampling.Orthogonal)),
            ("random Fourier, structured", By(ProjectionSampling.StructuredOrthogonal)),
            ("Nystrom, uniform", d => new Nystroem<double> { Kernel = kernel, NComponents = d }),
            ("Nystrom, ridge leverage", d => new Nystroem<double> { Kernel = kernel, NComponents = d, Sampling = LandmarkSampling.RidgeLeverage }),
            ("Nystrom, RPCholesky", d => new Nystroem<double> { Kernel = kernel, NComponents = d, Sampling = LandmarkSampling.RandomlyPivotedCholesky }),
            ("optimised Maclaurin", d => new GaussianMaclaurinFeatures<double> { Gamma = kernel.Gamma, Dimension = d }),
        ];
    }

    private static void Curve(string title, string file, Tensor<double> data, Kernel kernel, (string Name, Func<int, FeatureMap<double>> Map)[] ways, int[] dimensions, int seeds, Options options)
    {
        Tensor<double> exact = kernel.Matrix(data);
        Console.WriteLine();
        Console.WriteLine($"{title}, {seeds} seeds");
        Console.WriteLine($"{"D",-28} {string.Join(' ', dimensions.Select(static d => $"{d,16}"))}");
        Plot plot = new();
        for (int way = 0; way < ways.Length; way++)
        {
            List<double> x = [], means = [];
            string line = "";
            foreach (int dimension in dimensions)
            {
                // Landmarks are rows: half of them as features would be no approximation to speak of.
                FeatureMap<double> map = ways[way].Map(dimension);
                if (map is Nystroem<double> && dimension > data.Lengths[0] / 2)
                {
                    line += $"{"-",17}";
                    continue;
                }

                (double mean, double error) = Measure(map, data, exact, seeds);
                line += string.Create(CultureInfo.InvariantCulture, $" {mean,8:F4} +-{error:F4}");
                x.Add(Math.Log2(dimension));
                means.Add(Math.Log10(mean));
            }

            Console.WriteLine($"{ways[way].Name,-28}{line}");
            ScottPlot.Plottables.Scatter scatter = plot.Add.Scatter(x.ToArray(), means.ToArray());
            (scatter.LegendText, scatter.LineWidth, scatter.MarkerSize, scatter.Color) = (ways[way].Name, 2, 7, Colours.GetColor(way));
        }

        if (options.Text("plots") is { } folder)
        {
            Save(plot, title, Path.Combine(folder, file), dimensions);
        }
    }

    /// <summary>The mean relative error over seeds and its standard error.</summary>
    private static (double Mean, double Error) Measure(FeatureMap<double> map, Tensor<double> data, Tensor<double> exact, int seeds)
    {
        double norm = TensorAlgebra.FrobeniusNorm(exact);
        double[] errors = new double[seeds];
        for (int seed = 0; seed < seeds; seed++)
        {
            Tensor<double> gram = LinearAlgebra.Gram(map.FitTransform(data, (ulong)seed));
            Tensor.Subtract<double>(gram, exact, gram);
            errors[seed] = TensorAlgebra.FrobeniusNorm(gram) / norm;
        }

        double mean = errors.Average();
        return (mean, Math.Sqrt(errors.Sum(e => (e - mean) * (e - mean)) / Math.Max(1, seeds - 1) / seeds));
    }

    private static void Save(Plot plot, string title, string path, int[] dimensions)
    {
        plot.Axes.Bottom.SetTicks([.. dimensions.Select(static d => Math.Log2(d))], [.. dimensions.Select(static d => $"{d}")]);
        plot.Axes.AutoScale();
        AxisLimits limits = plot.Axes.GetLimits();
        double[] decades = [.. Enumerable.Range(-6, 8).SelectMany(static k => (double[])[k, k + Math.Log10(2), k + Math.Log10(5)]).Where(v => v > limits.Bottom - 0.3 && v < limits.Top + 0.3)];
        plot.Axes.Left.SetTicks(decades, [.. decades.Select(static v => Math.Pow(10, v).ToString("G2", CultureInfo.InvariantCulture))]);
        plot.Title(title, 13);
        plot.XLabel("features", 13);
        plot.YLabel("relative error of the kernel matrix", 13);
        plot.ShowLegend(Edge.Right);
        plot.SavePng(path, Width, Height);
    }
}
