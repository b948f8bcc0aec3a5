using System.Globalization;
using System.Numerics.Tensors;
using Polyad.Sketching;

namespace Polyad.Lab;

/// <summary>Complex-to-real sketches of the polynomial kernel against real ones, TensorSketch and trees (Wacker, Ohana, Filippone).</summary>
internal sealed class ComplexToReal : IExperiment
{
    private const double MostStandardErrors = 4;

    private static readonly Contender[] Contenders =
    [
        new(SketchFamily.TensorSketch),
        new(SketchFamily.Product(ProjectionWeights.Gaussian, complex: false)),
        new(SketchFamily.Product(complex: false)),
        new(SketchFamily.Product()) { RealForm = SketchFamily.Product(complex: false).Name },
        new(SketchFamily.ProductSrht(complex: false)),
        new(SketchFamily.ProductSrht()) { RealForm = SketchFamily.ProductSrht(complex: false).Name },
        new(SketchFamily.Tree(new TreeOptions(Complex: false))),
        new(SketchFamily.Tree()) { RealForm = SketchFamily.Tree(new TreeOptions(Complex: false)).Name },
        new(SketchFamily.Craft()),
    ];

    /// <inheritdoc/>
    public string Name => "ctr";

    /// <inheritdoc/>
    public string Paper => "J. Wacker, R. Ohana, M. Filippone: Complex-to-Real Sketches for Tensor Products with Applications to the Polynomial Kernel (arXiv 2022, AISTATS 2023)";

    /// <inheritdoc/>
    public string Claim => "Complex-to-real (CtR) sketches of p-fold tensor products need fewer real features than real ones for the same error, O(2^p) instead of O(3^p), the structured ones (ProductSRHT, CRAFT) fewer still, and reach the state of the art in accuracy.";

    /// <inheritdoc/>
    public string Criterion =>
        "Reproduced: (1) on every data set, at every degree from 3 and every dimension, the mean error of the CtR sketch with Rademacher weights and of the CtR ProductSRHT is below that of its real form by more than two standard errors of the difference; " +
        "(2) at the largest dimension of every degree the smallest mean error is that of a CtR sketch (product, tree or CRAFT); " +
        "(3) the measured variance of every sketch and pair is within 4 standard errors of the closed form. Partly: (1) holds. Otherwise: not at this size.";

    /// <inheritdoc/>
    public ExperimentOutcome Run(ExperimentSettings settings, IProgress<string>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(settings);
        Plan plan = settings.Size switch
        {
            LabSize.Smoke => new Plan(40, [2, 3], [32, 64], 3, [2], 32, 200),
            LabSize.Quick => new Plan(400, [3, 7], [256, 1024], 40, [2, 3], 128, 1280),
            _ => new Plan(400, [3, 7], [256, 1024, 4096], 100, [2, 3, 4], 128, 12_800),
        };
        LabRows[] sets = [LabData.Digits(), .. settings.Size == LabSize.Full && settings.Data.Find("mnist_images.npy") is { } mnist ? new[] { mnist } : []];
        LabTable table = new("data", "degree", "D", "sketch", "relative error", "predicted error", "variance: measured / predicted", "furthest pair (standard errors)");
        List<Measured> errors = [];
        foreach (LabRows set in sets)
        {
            Tensor<double> data = set.UnitRows(plan.Rows);
            foreach (int degree in plan.Degrees)
            {
                PolynomialKernel kernel = Kernel(degree);
                KernelMatrixError exact = new(kernel.Matrix<double>(data));
                foreach (int features in plan.Features)
                {
                    progress?.Report($"{set.Name}, degree {degree}, D = {features}");
                    foreach (SketchFamily family in Contenders.Select(static c => c.Family))
                    {
                        int d = (int)data.Lengths[1];
                        Estimate error = exact.Relative(seed => family.Create<double>(d, kernel, features, seed).Apply(data), settings.Seed, plan.Seeds, cancellationToken);
                        double predicted = new VarianceModel(family, kernel, d, features).Predict<double>(data, plan.Rows).RelativeError;
                        errors.Add(new Measured(set.Name, degree, features, family.Name, error));
                        table.Add(set.Name, degree, features, family.Name, error, predicted, "", "");
                    }
                }
            }
        }

        double furthest = 0;
        Tensor<double> rows = sets[0].UnitRows(VarianceTrial.Rows);
        foreach (int degree in plan.VarianceDegrees)
        {
            foreach (Contender contender in Contenders)
            {
                progress?.Report($"variance of {contender.Family.Name}, degree {degree}, {plan.VarianceRuns} seeds");
                VarianceTrial trial = Variance(contender.Family, Kernel(degree), rows, plan.VarianceFeatures, settings.Seed, plan.VarianceRuns, cancellationToken);
                furthest = Math.Max(furthest, trial.Furthest);
                table.Add(sets[0].Name, degree, plan.VarianceFeatures, contender.Family.Name, "", "", trial.Ratio, trial.Furthest);
            }
        }

        (Verdict verdict, string reason) = Judge(errors, furthest);
        string setting = $"kernel (x.y/2 + 1/2)^p on rows of unit length: {string.Join(", ", sets.Select(s => $"{Math.Min(plan.Rows, (int)s.Features.Lengths[0])} rows of {s.Name} ({s.Features.Lengths[1]} columns)"))}; relative Frobenius error of the kernel matrix over {plan.Seeds} seeds; variances over {plan.VarianceRuns} seeds for {VarianceTrial.Pairs.Length} pairs of rows.";
        return new ExperimentOutcome(verdict, reason, setting, table, Chart(errors, sets[0].Name, plan.Degrees[^1]));
    }

    /// <summary>The criterion.</summary>
    internal static (Verdict Verdict, string Reason) Judge(IReadOnlyList<Measured> errors, double furthest)
    {
        string[] published = [SketchFamily.Product().Name, SketchFamily.ProductSrht().Name];
        (Measured Complex, Measured Real)[] pairs = [.. errors.Where(e => e.Degree >= 3 && published.Contains(e.Sketch)).Select(e => (e, errors.Single(r => r.At == e.At && r.Sketch == RealForm(e.Sketch))))];
        int below = pairs.Count(static p => p.Complex.Error.IsClearlyBelow(p.Real.Error));
        Measured[] best = [.. errors.GroupBy(static e => (e.Data, e.Degree)).Select(static g => g.Where(e => e.Features == g.Max(static m => m.Features)).MinBy(static e => e.Error.Mean)!)];
        int won = best.Count(static b => Contenders.Single(c => c.Family.Name == b.Sketch).IsComplex);
        bool first = pairs.Length > 0 && below == pairs.Length, second = won == best.Length, third = furthest <= MostStandardErrors;
        double factor = pairs.Length == 0 ? double.NaN : pairs.Max(static p => p.Real.Error.Mean / p.Complex.Error.Mean);
        string reason = string.Create(CultureInfo.InvariantCulture, $"CtR below its real form in {below} of {pairs.Length} settings (by a factor of up to {factor:F2}); the smallest error is a CtR sketch's in {won} of {best.Length}; the furthest measured variance is {furthest:F1} standard errors from its closed form");
        return (first && second && third ? Verdict.Reproduced : first ? Verdict.Partly : Verdict.NotAtThisSize, reason);
    }

    private static VarianceTrial Variance(SketchFamily family, PolynomialKernel kernel, Tensor<double> rows, int features, ulong first, int runs, CancellationToken cancellationToken)
    {
        int d = (int)rows.Lengths[1];
        VarianceModel model = new(family, kernel, d, features);
        double[] all = [.. rows];
        return VarianceTrial.Of(seed => family.Create<double>(d, kernel, features, seed).Apply(rows), Predicted, first, runs, cancellationToken);

        PredictedPair Predicted(int i, int j)
        {
            ReadOnlySpan<double> x = all.AsSpan(i * d, d), y = all.AsSpan(j * d, d);
            return new PredictedPair(i, j, kernel.Value(x, y), model.Predict(x, y).Variance);
        }
    }

    private static PolynomialKernel Kernel(int degree) => new(degree, 0.5, 0.5);

    private static LabChart Chart(List<Measured> errors, string data, int degree)
        => new($"Polynomial kernel of degree {degree}, {data}", "real features D", "relative Frobenius error")
        {
            Series =
            [
                .. errors.Where(e => e.Data == data && e.Degree == degree).GroupBy(static e => e.Sketch)
                    .Select(static g => new LabSeries(g.Key, [.. g.Select(static e => new LabPoint(e.Features, e.Error.Mean, e.Error.StandardError))])),
            ],
        };

    private static string? RealForm(string sketch) => Contenders.Single(c => c.Family.Name == sketch).RealForm;

    /// <summary>An error of one sketch at one size.</summary>
    internal sealed record Measured(string Data, int Degree, int Features, string Sketch, Estimate Error)
    {
        public (string, int, int) At => (Data, Degree, Features);
    }

    private sealed record Contender(SketchFamily Family)
    {
        public string? RealForm { get; init; }

        /// <summary>CRAFT too, whose sketch to more features is one.</summary>
        public bool IsComplex => RealForm is not null || Family == SketchFamily.Craft();
    }

    private sealed record Plan(int Rows, int[] Degrees, int[] Features, int Seeds, int[] VarianceDegrees, int VarianceFeatures, int VarianceRuns);
}
