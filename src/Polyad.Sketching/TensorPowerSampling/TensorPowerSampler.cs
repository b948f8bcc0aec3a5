using System.Numerics;
using System.Numerics.Tensors;

namespace Polyad.Sketching;

/// <summary>A stage of <see cref="TensorPowerSampler"/>.</summary>
/// <param name="Stage">From 1.</param>
/// <param name="Stages">How many there are.</param>
/// <param name="Ridge">The ridge whose scores were sampled.</param>
/// <param name="Draws">How many entries were drawn.</param>
/// <param name="EffectiveDimension">The estimated sum of the scores.</param>
public readonly record struct TensorPowerProgress(int Stage, int Stages, double Ridge, int Draws, double EffectiveDimension);

/// <summary>
/// Samples rows of the q-th tensor power Z = X^(tensor q) (d^q x n) of n data rows by approximate ridge leverage scores, without forming Z or the kernel matrix K = Z^T Z: the weighted sample S Z satisfies
/// (S Z)^T (S Z) + lambda I within 1 +- epsilon of K + lambda I in the order of positive matrices, with about (effective dimension) log / epsilon^2 samples (Woodruff and Zandieh 2020 and 2022).
/// The time is led by the number of entries of X, once for the sketches and once a stage for the first coordinate, and does not depend on q to leading order; each of s draws takes q - 1 more steps, which cost the rows that the
/// earlier coordinates leave times about the cube root of the entries of a row; the powers' sketches cost n q (sketch dimension), a stage's solve n s min(n, s).
/// </summary>
/// <remarks>
/// From the papers: the recursion over the ridge, halved from the trace of K down; scores through a few random vectors of covariance (K + lambda I)^-1; coordinates drawn one by one, by sketches of the powers
/// that are not drawn yet; factors' projections that share their first part, which alone sees the data; buckets of coordinates. Practical choices here: the coordinates of the longest columns, most of what is drawn, lie beside the buckets; the first stage, where scores are squared lengths, is sampled exactly without sketches;
/// a share of every stage's draws comes from that distribution, so that no weight can be large; probabilities are those with which coordinates were in fact drawn, so that the Gram matrix of the sample is unbiased
/// whatever the sketches' errors; stages before the last take 6 (effective dimension) log samples, not the number that the proof asks for; draws with a common beginning share their work; equal monomials become one feature.
/// </remarks>
public sealed class TensorPowerSampler
{
    // Draws of a stage before the last, by its effective dimension s: this times s log s.
    private const double Oversampling = 6;

    // Their error, about sqrt(2 / probes), is 2 % here: more would buy nothing that later draws could show.
    private const int MostProbes = 4096;

    /// <summary>epsilon, between 0 and 1; default 0.5.</summary>
    public double Epsilon { get; init; } = 0.5;

    /// <summary>The probability of missing it that the number of samples is chosen by; default 0.05.</summary>
    public double FailureProbability { get; init; } = 0.05;

    /// <summary>The number of samples of the last stage; null for (2 + 2 epsilon / 3) s log(4 s / delta) / epsilon^2 with the effective dimension s (the matrix Bernstein inequality of Tropp 2015 for exact scores).</summary>
    public int? Samples { get; init; }

    /// <summary>Random vectors that scores are estimated with, 1 to 4096; default 32; stages before the last take half of them. The relative error of a score falls with their root, memory and time grow with them.</summary>
    public int Probes { get; init; } = 32;

    /// <summary>Features of the sketch of each power; default 256.</summary>
    public int SketchDimension { get; init; } = 256;

    /// <summary>The share of draws by squared length alone, between 0 and 1; default 0.2. It bounds the weight of what the scores underestimate.</summary>
    public double LengthShare { get; init; } = 0.2;

    /// <summary>The factor by which the ridge falls from stage to stage; default 2.</summary>
    public double RidgeRatio { get; init; } = 2;

    /// <summary>The engine; null for the current one.</summary>
    public ILinearAlgebraBackend? Backend { get; init; }

    /// <summary>Samples for a kernel, a data set and a ridge.</summary>
    /// <param name="data">n x d, finite, not all zero.</param>
    /// <param name="kernel">The kernel; a number is the degree of the homogeneous one.</param>
    /// <param name="ridge">lambda, positive; at least 1e-10 of the trace of K.</param>
    /// <param name="seed">The seed of all draws.</param>
    /// <param name="progress">Told of every stage.</param>
    /// <param name="cancellationToken">Looked at within stages.</param>
    /// <exception cref="ArgumentException">A parameter is out of range, or all rows are zero.</exception>
    /// <exception cref="NonFiniteInputException">A row holds NaN or infinity.</exception>
    public TensorPowerSample<T> Fit<T>(in FeatureRows<T> data, PolynomialKernel kernel, double ridge, ulong seed = 0, IProgress<TensorPowerProgress>? progress = null, CancellationToken cancellationToken = default)
        where T : unmanaged, INumberBase<T>
        => Fit(data, kernel, ridge, seed, Backend ?? Polyad.Backend.Current, progress, cancellationToken);

    internal TensorPowerSample<T> Fit<T>(
        in FeatureRows<T> data, PolynomialKernel kernel, double ridge, ulong seed, ILinearAlgebraBackend engine, IProgress<TensorPowerProgress>? progress, CancellationToken cancellationToken)
        where T : unmanaged, INumberBase<T>
    {
        kernel.Defined();
        data.Check(nameof(data));
        Check(ridge);
        using PowerRows rows = PowerRows.Of(data, kernel);
        double scale = Math.Pow(rows.Scale, 2 * kernel.Degree), target = ridge / scale;
        if (!double.IsFinite(scale) || target < 1e-10 * rows.Trace)
        {
            throw new ArgumentOutOfRangeException(nameof(ridge), ridge, $"The ridge must be at least 1e-10 of the trace of the kernel matrix, {rows.Trace * scale:G4}.");
        }

        using RemainderSketch remainder = new(rows, SketchDimension, Probes, SketchStream.Seed(seed, 1), engine);
        using BucketedRows buckets = BucketedRows.For(rows, SketchStream.Seed(seed, 2));

        // At the trace of K the scores are squared lengths up to a factor 2.
        double current = rows.Trace;
        int stages = 2 + (int)Math.Max(0, Math.Ceiling(Math.Log(current / target) / Math.Log(RidgeRatio)));
        SampledEntries sampled = ByLength(rows, Count(RidgeRatio), SketchStream.Seed(seed, 3));
        try
        {
            progress?.Report(new(1, stages, current * scale, sampled.Draws, 1));
            for (int stage = 2; stage <= stages; stage++)
            {
                cancellationToken.ThrowIfCancellationRequested();
                bool last = stage == stages;
                ulong draw = SketchStream.Seed(seed, 10 + stage);

                // Scores of stages before the last may be coarser.
                int count = last ? Probes : (Probes + 1) / 2;
                Tensor<double> probes = RidgeProbes.Draw(sampled.Features, last ? target : current, count, draw, engine);
                double dimension = RidgeProbes.EffectiveDimension(sampled.Features, probes, engine);
                using CoordinateWalk walk = new(rows, LinearAlgebra.Elements(probes), count, remainder, buckets);
                current = Math.Max(target, current / RidgeRatio);
                int draws = last ? Samples ?? LastCount(dimension) : Count(RidgeRatio * dimension);
                sampled.Dispose();
                sampled = ByScore(rows, walk, dimension, draws, draw, !last, cancellationToken);
                progress?.Report(new(stage, stages, (last ? target : current) * scale, draws, dimension));
            }

            return new TensorPowerSample<T>(data.Columns, kernel, sampled.Entries, sampled.Weights, seed) { Ridge = ridge, EffectiveDimension = sampled.Mass, Draws = sampled.Draws };
        }
        finally
        {
            sampled.Dispose();
        }
    }

    private static SampledEntries ByLength(PowerRows rows, int draws, ulong seed)
    {
        int q = rows.Degree;
        double[] uniform = Uniform(seed, draws, q);
        int[] entries = new int[draws * q];
        double[] probabilities = new double[draws];
        TensorPowerRows kept = new(draws, rows.Rows);
        for (int t = 0; t < draws; t++)
        {
            Span<int> entry = entries.AsSpan(t * q, q);
            rows.Draw(uniform.AsSpan(t * (q + 1), q + 1), entry);
            probabilities[t] = rows.SquaredLength(entry, kept.Row(t)) / rows.Trace;
        }

        return new SampledEntries(entries, probabilities, kept, 1);
    }

    private SampledEntries ByScore(PowerRows rows, CoordinateWalk walk, double dimension, int draws, ulong seed, bool keep, CancellationToken cancellationToken)
    {
        int q = rows.Degree;
        double[] uniform = Uniform(seed, draws, q), kinds = new double[draws];
        SketchStream.Of(seed, StreamRole.Axis, 0).Uniform(kinds.AsSpan());
        bool[] given = new bool[draws];
        int[] entries = new int[draws * q];
        for (int t = 0; t < draws; t++)
        {
            given[t] = kinds[t] < LengthShare;
            if (given[t])
            {
                rows.Draw(uniform.AsSpan(t * (q + 1), q + 1), entries.AsSpan(t * q, q));
            }
        }

        TensorPowerRows kept = new(keep ? draws : 0, rows.Rows);
        try
        {
            (double[] byWalk, double[] lengths) = walk.Draw(entries, given, uniform, kept, cancellationToken);
            double[] probabilities = new double[draws];
            for (int t = 0; t < draws; t++)
            {
                probabilities[t] = ((1 - LengthShare) * byWalk[t]) + (LengthShare * lengths[t] / rows.Trace);
            }

            return new SampledEntries(entries, probabilities, kept, dimension);
        }
        catch
        {
            kept.Dispose();
            throw;
        }
    }

    private static double[] Uniform(ulong seed, int draws, int degree)
    {
        double[] uniform = new double[draws * (degree + 1)];
        SketchStream.Of(seed, StreamRole.Place, 0).Uniform(uniform.AsSpan());
        return uniform;
    }

    private static int Count(double dimension) => 32 + (int)Math.Min(int.MaxValue / 64, Math.Ceiling(Oversampling * dimension * Math.Log(dimension + Math.E)));

    private int LastCount(double dimension)
    {
        double s = Math.Max(1, dimension);
        return (int)Math.Min(int.MaxValue / 64, Math.Ceiling((2 + (2 * Epsilon / 3)) * s * Math.Log(4 * s / FailureProbability) / (Epsilon * Epsilon)));
    }

    private void Check(double ridge)
    {
        if (!(ridge > 0) || !double.IsFinite(ridge))
        {
            throw new ArgumentOutOfRangeException(nameof(ridge), ridge, $"The ridge must be finite and positive; given {ridge}.");
        }

        Hyperparameter.Require(Epsilon is > 0 and < 1, Epsilon, "above 0 and below 1");
        Hyperparameter.Require(FailureProbability is > 0 and < 1, FailureProbability, "above 0 and below 1");
        Hyperparameter.Require(LengthShare is >= 0 and <= 1, LengthShare, "from 0 to 1");
        Hyperparameter.Require(RidgeRatio > 1 && double.IsFinite(RidgeRatio), RidgeRatio, "a finite number above 1");
        Hyperparameter.Require(Samples is null or >= 1, Samples, "at least 1");
        Hyperparameter.Require(Probes is >= 1 and <= MostProbes, Probes, $"from 1 to {MostProbes}");
        Hyperparameter.Require(SketchDimension >= 2 && SketchDimension % 2 == 0, SketchDimension, "even and at least 2");
    }
}
