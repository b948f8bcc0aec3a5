using System.Globalization;
using System.Numerics.Tensors;
using Polyad.Sketching;

namespace Polyad.Lab;

/// <summary>The Gaussian kernel by optimised Maclaurin features against random Fourier features (Wacker, Kanagawa, Filippone).</summary>
internal sealed class OptimizedSeries : IExperiment
{
    private const string Published = "optimised Maclaurin, CtR ProductSRHT";

    private static readonly (string Name, ProjectionSampling Sampling)[] Rivals =
    [
        ("RFF", ProjectionSampling.Independent), ("ORF", ProjectionSampling.Orthogonal), ("SORF", ProjectionSampling.StructuredOrthogonal),
    ];

    private static readonly (string Name, Func<OptimizedMaclaurin> Search)[] Series =
    [
        ("optimised Maclaurin, real Rademacher", static () => new OptimizedMaclaurin { Families = [SketchFamily.Product(complex: false)], AxisRows = 0 }),
        ("optimised Maclaurin, CtR Rademacher", static () => new OptimizedMaclaurin { Families = [SketchFamily.Product()], AxisRows = 0 }),
        ("optimised Maclaurin, ProductSRHT", static () => new OptimizedMaclaurin { Families = [SketchFamily.ProductSrht(complex: false)], AxisRows = 0 }),
        (Published, static () => new OptimizedMaclaurin { Families = [SketchFamily.ProductSrht()], AxisRows = 0 }),
        ("optimised Maclaurin, the library's choice", static () => new OptimizedMaclaurin()),
    ];

    /// <inheritdoc/>
    public string Name => "maclaurin";

    /// <inheritdoc/>
    public string Paper => "J. Wacker, M. Kanagawa, M. Filippone: Improved Random Features for Dot Product Kernels (arXiv 2022, JMLR 2024)";

    /// <inheritdoc/>
    public string Claim => "Maclaurin features whose split over the degrees is optimised on the data, with complex structured projections, approximate the Gaussian kernel of zero-mean data better than random Fourier features of the same dimension: in the published runs on Fashion-MNIST the error is about a third of theirs at D = 1024.";

    /// <inheritdoc/>
    public string Criterion =>
        "Reproduced: on every data set and at every dimension the mean error of optimised Maclaurin with CtR ProductSRHT is below those of RFF, ORF and SORF by more than two standard errors of the difference, and at most half of RFF's. " +
        "Partly: it is below RFF's so in every setting, or below all three in at least one. Otherwise: not at this size.";

    /// <inheritdoc/>
    public ExperimentOutcome Run(ExperimentSettings settings, IProgress<string>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(settings);
        Plan plan = settings.Size switch
        {
            LabSize.Smoke => new Plan(60, [64, 128], 3),
            LabSize.Quick => new Plan(500, [256, 1024], 10),
            _ => new Plan(1000, [256, 1024, 4096], 20),
        };
        LabRows[] sets = [LabData.Digits(), .. settings.Size == LabSize.Full && settings.Data.Find("fashion_mnist_train_images.npy") is { } fashion ? new[] { fashion } : []];
        LabTable table = new("data", "D", "features", "relative error", "predicted error", "of RFF's");
        List<Measured> errors = [];
        List<string> kernels = [];
        foreach (LabRows set in sets)
        {
            Tensor<double> data = set.First(plan.Rows);
            GaussianKernel kernel = GaussianKernel.FromMedianDistance<double>(data, plan.Rows);
            double gamma = kernel.Gamma!.Value;
            kernels.Add(string.Create(CultureInfo.InvariantCulture, $"{data.Lengths[0]} rows of {set.Name} ({data.Lengths[1]} columns), gamma = {gamma:G4}"));
            KernelMatrixError exact = new(kernel.Matrix<double>(data));
            foreach (int features in plan.Features)
            {
                double baseline = 0;
                void Add(string name, Func<ulong, Tensor<double>> map, double? predicted)
                {
                    progress?.Report($"{set.Name}, D = {features}, {name}");
                    Estimate error = exact.Relative(map, settings.Seed, plan.Seeds, cancellationToken);
                    baseline = name == Rivals[0].Name ? error.Mean : baseline;
                    errors.Add(new Measured(set.Name, features, name, error));
                    table.Add(set.Name, features, name, error, predicted is { } p ? p : "", error.Mean / baseline);
                }

                foreach ((string name, ProjectionSampling sampling) in Rivals)
                {
                    // SORF is biased: it has no closed form.
                    double? predicted = sampling == ProjectionSampling.StructuredOrthogonal ? null
                        : RandomFourierVariance.Predict<double>(data, gamma, features, orthogonal: sampling == ProjectionSampling.Orthogonal, sampleRows: plan.Rows).RelativeError;
                    Add(name, seed => new RandomFourierFeatures<double> { Kernel = kernel, Dimension = features, Sampling = sampling }.Fit(data, seed).Transform(data), predicted);
                }

                foreach ((string name, Func<OptimizedMaclaurin> search) in Series)
                {
                    MaclaurinPlan fitted = search().FitGaussian<double>(data, features, gamma, cancellationToken);
                    Add(name, seed => fitted.Create<double>(seed).Apply(data), fitted.Error.RelativeError);
                }
            }
        }

        (Verdict verdict, string reason) = Judge(errors);
        string setting = $"Gaussian kernel exp(-gamma |x - y|^2), gamma by the median distance: {string.Join("; ", kernels)}; D counts real features; relative Frobenius error of the kernel matrix over {plan.Seeds} seeds.";
        return new ExperimentOutcome(verdict, reason, setting, table, Chart(errors, sets[^1].Name));
    }

    /// <summary>The criterion.</summary>
    internal static (Verdict Verdict, string Reason) Judge(IReadOnlyList<Measured> errors)
    {
        int settings = 0, belowAll = 0, belowFourier = 0;
        double worst = 0, best = double.PositiveInfinity;
        foreach (IGrouping<(string Data, int Features), Measured> group in errors.GroupBy(static e => (e.Data, e.Features)))
        {
            Estimate series = group.Single(static e => e.Map == Published).Error;
            bool[] below = [.. Rivals.Select(r => series.IsClearlyBelow(group.Single(e => e.Map == r.Name).Error))];
            double share = series.Mean / group.Single(static e => e.Map == Rivals[0].Name).Error.Mean;
            settings++;
            belowAll += below.All(static b => b) ? 1 : 0;
            belowFourier += below[0] ? 1 : 0;
            (worst, best) = (Math.Max(worst, share), Math.Min(best, share));
        }

        string reason = string.Create(CultureInfo.InvariantCulture, $"below RFF, ORF and SORF in {belowAll} of {settings} settings, below RFF in {belowFourier}; its error is {best:F2} to {worst:F2} of RFF's");
        return (belowAll == settings && worst <= 0.5 ? Verdict.Reproduced : belowFourier == settings || belowAll > 0 ? Verdict.Partly : Verdict.NotAtThisSize, reason);
    }

    private static LabChart Chart(List<Measured> errors, string data)
        => new($"Gaussian kernel, {data}", "real features D", "relative Frobenius error")
        {
            Series =
            [
                .. errors.Where(e => e.Data == data).GroupBy(static e => e.Map)
                    .Select(static g => new LabSeries(g.Key, [.. g.Select(static e => new LabPoint(e.Features, e.Error.Mean, e.Error.StandardError))])),
            ],
        };

    /// <summary>The error of one map at one dimension.</summary>
    internal sealed record Measured(string Data, int Features, string Map, Estimate Error);

    private sealed record Plan(int Rows, int[] Features, int Seeds);
}
