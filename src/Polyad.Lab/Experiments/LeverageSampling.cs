using System.Diagnostics;
using System.Globalization;
using System.Numerics.Tensors;
using Polyad.Sketching;

namespace Polyad.Lab;

/// <summary>Tensor powers sampled by ridge leverage scores (Woodruff and Zandieh).</summary>
internal sealed class LeverageSampling : IExperiment
{
    private const double Epsilon = 0.5, FailureProbability = 0.05, Dimension = 20;

    /// <inheritdoc/>
    public string Name => "tensorsketch-leverage";

    /// <inheritdoc/>
    public string Paper => "D. P. Woodruff, A. Zandieh: Leverage Score Sampling for Tensor Product Matrices in Input Sparsity Time (ICML 2022)";

    /// <inheritdoc/>
    public string Claim => "About s log s / epsilon^2 rows of the q-th tensor power, s the effective dimension, drawn by approximate ridge leverage scores keep the Gram matrix with the ridge within 1 +- epsilon in the order of positive matrices, in a time whose leading term is the number of entries of X and does not depend on q.";

    /// <inheritdoc/>
    public string Criterion =>
        "Reproduced: (1) with epsilon = 0.5 and failure probability 0.05, the runs whose distortion is above epsilon are no more than that share and two standard deviations of its count, in every setting; (2) the exponent of the time against the entries is at most 1.1; " +
        "(3) the exponent of the time against q, at equal effective dimension, is at most 0.25. Partly: (1) and (2) hold and the exponent against q is below 1. Otherwise: not at this size.";

    /// <inheritdoc/>
    public ExperimentOutcome Run(ExperimentSettings settings, IProgress<string>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(settings);
        Plan plan = settings.Size switch
        {
            LabSize.Smoke => new Plan(60, 500, [20, 40], [2, 4], [2], 2, 1),
            LabSize.Quick => new Plan(400, 40_000, [200, 800, 3200], [2, 4, 8], [2, 3], 10, 5),
            _ => new Plan(400, 100_000, [200, 800, 3200, 12_800], [2, 4, 8, 16], [2, 3, 4], 60, 10),
        };
        LabTable table = new("data", "entries", "q", "ridge / trace", "effective dimension", "draws", "features", "distortion", "above epsilon", "seconds");
        List<Setting> measured = [];
        foreach (int q in plan.Degrees)
        {
            Tensor<double> digits = LabData.Digits().UnitRows(plan.Rows);
            int entries = digits.Count(static v => v != 0);
            measured.Add(Sample(settings, table, "digits", digits, null, entries, q, plan.Runs, Purpose.Guarantee, progress, cancellationToken));
        }

        foreach (int words in plan.Words)
        {
            CsrMatrix<double> data = TopicDocuments.Draw(plan.Rows, plan.Vocabulary, words, settings.Seed);
            measured.Add(Sample(settings, table, "documents", null, data, data.Values.Length, 3, plan.Repeats, Purpose.Entries, progress, cancellationToken));
        }

        foreach ((int words, Purpose purpose) in ((int, Purpose)[])[(plan.Words[1], Purpose.Power), (plan.Words[^1], Purpose.PowerOfMost)])
        {
            CsrMatrix<double> data = TopicDocuments.Draw(plan.Rows, plan.Vocabulary, words, settings.Seed);
            foreach (int q in plan.Powers)
            {
                measured.Add(Sample(settings, table, "documents", null, data, data.Values.Length, q, plan.Repeats, purpose, progress, cancellationToken));
            }
        }

        (Verdict verdict, string reason) = Judge(measured);
        string setting = string.Create(CultureInfo.InvariantCulture, $"{plan.Rows} rows of unit length of digits and of made-up documents ({plan.Vocabulary} words, 12 topics); the ridge of each setting gives the effective dimension {Dimension}; epsilon {Epsilon}, failure probability {FailureProbability}, numbers of draws as the sampler chooses; {plan.Runs} seeds on digits, {plan.Repeats} on documents.");
        return new ExperimentOutcome(verdict, reason, setting, table, Chart(measured));
    }

    /// <summary>The criterion.</summary>
    internal static (Verdict Verdict, string Reason) Judge(IReadOnlyList<Setting> settings)
    {
        bool guarantee = settings.All(static s => s.Above <= Allowed(s.Runs));
        double entries = Exponent(Purpose.Entries, static s => s.Entries), power = Exponent(Purpose.Power, static s => s.Power), most = Exponent(Purpose.PowerOfMost, static s => s.Power);
        string reason = string.Create(CultureInfo.InvariantCulture, $"{settings.Sum(static s => s.Above)} of {settings.Sum(static s => s.Runs)} runs are above epsilon; the time grows as entries^{entries:F2} and as q^{power:F2}, with the most entries as q^{most:F2}");
        return (guarantee && entries <= 1.1 && power <= 0.25 ? Verdict.Reproduced : guarantee && entries <= 1.1 && power < 1 ? Verdict.Partly : Verdict.NotAtThisSize, reason);

        double Exponent(Purpose purpose, Func<Setting, double> size)
        {
            Setting[] sweep = [.. settings.Where(s => s.Purpose == purpose)];
            return PowerLaw.Exponent([.. sweep.Select(size)], [.. sweep.Select(static s => s.Seconds)]);
        }
    }

    /// <summary>The number of failures that chance explains.</summary>
    internal static double Allowed(int runs) => (FailureProbability * runs) + (2 * Math.Sqrt(FailureProbability * (1 - FailureProbability) * runs));

    private static Setting Sample(ExperimentSettings settings, LabTable table, string name, Tensor<double>? dense, CsrMatrix<double>? sparse, int entries, int q, int runs, Purpose purpose, IProgress<string>? progress, CancellationToken cancellationToken)
    {
        progress?.Report($"{name}, {entries} entries, q = {q}");
        FeatureRows<double> rows = sparse is null ? dense! : sparse;
        SpectralDistortion distortion = new(new PolynomialKernel(q).Matrix(rows));
        double ridge = distortion.Ridge(Dimension);
        List<double> distances = [], seconds = [];
        int draws = 0, features = 0;

        // The first run warms up and is not counted.
        for (int run = -1; run < runs; run++)
        {
            long start = Stopwatch.GetTimestamp();
            TensorPowerSample<double> sample = new TensorPowerSampler { Epsilon = Epsilon, FailureProbability = FailureProbability }.Fit(rows, q, ridge, settings.Seed + (ulong)(run + 1), null, cancellationToken);
            double taken = Stopwatch.GetElapsedTime(start).TotalSeconds;
            if (run >= 0)
            {
                seconds.Add(taken);
                distances.Add(distortion.Of(sample.Apply(rows), ridge));
                (draws, features) = (sample.Draws, sample.OutputDimension);
            }
        }

        int above = distances.Count(static d => d > Epsilon);
        table.Add(name, entries, q, ridge / rows.Rows, distortion.EffectiveDimension(ridge), draws, features, Estimate.Of(distances), $"{above} of {runs}", Estimate.Of(seconds));
        return new Setting(purpose, entries, q, runs, above, Estimate.Of(seconds).Mean);
    }

    private static LabChart Chart(List<Setting> settings)
    {
        return new("Sampling of tensor powers: time", "size, of the smallest", "time, of that of the smallest")
        {
            Series = [Curve("entries of X, q = 3", Purpose.Entries, static s => s.Entries), Curve("q, equal entries", Purpose.Power, static s => s.Power), Curve("q, most entries", Purpose.PowerOfMost, static s => s.Power)],
        };

        LabSeries Curve(string name, Purpose purpose, Func<Setting, double> size)
        {
            Setting[] sweep = [.. settings.Where(s => s.Purpose == purpose)];
            return new(name, [.. sweep.Select(s => new LabPoint(size(s) / size(sweep[0]), s.Seconds / sweep[0].Seconds))]);
        }
    }

    /// <summary>What a setting tells.</summary>
    internal enum Purpose
    {
        Guarantee,
        Entries,
        Power,

        /// <summary>As <see cref="Power"/>, where the entries lead the time; told beside the criterion.</summary>
        PowerOfMost,
    }

    /// <summary>The runs of one setting.</summary>
    internal sealed record Setting(Purpose Purpose, int Entries, int Power, int Runs, int Above, double Seconds);

    private sealed record Plan(int Rows, int Vocabulary, int[] Words, int[] Powers, int[] Degrees, int Runs, int Repeats);
}
