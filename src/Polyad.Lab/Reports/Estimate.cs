using System.Globalization;

namespace Polyad.Lab;

/// <summary>A mean over independent runs.</summary>
/// <param name="Mean">The mean.</param>
/// <param name="StandardError">The standard error of the mean: s / sqrt(n), 0 for one run.</param>
/// <param name="Runs">n.</param>
public readonly record struct Estimate(double Mean, double StandardError, int Runs)
{
    /// <summary>The mean of samples, with its standard error.</summary>
    /// <exception cref="ArgumentException">There is no sample.</exception>
    public static Estimate Of(IReadOnlyCollection<double> samples)
    {
        ArgumentNullException.ThrowIfNull(samples);
        if (samples.Count == 0)
        {
            throw new ArgumentException("A mean needs at least one sample.", nameof(samples));
        }

        double mean = samples.Average();
        double variance = samples.Count > 1 ? samples.Sum(x => (x - mean) * (x - mean)) / (samples.Count - 1) : 0;
        return new Estimate(mean, Math.Sqrt(variance / samples.Count), samples.Count);
    }

    /// <summary>Whether the mean is below another one by more than two standard errors of the difference of independent estimates.</summary>
    internal bool IsClearlyBelow(Estimate other)
        => other.Mean - Mean > 2 * Math.Sqrt((StandardError * StandardError) + (other.StandardError * other.StandardError));

    /// <summary>Mean and standard error to the digits that the error leaves.</summary>
    public override string ToString()
        => StandardError > 0
            ? string.Create(CultureInfo.InvariantCulture, $"{Mean:G3} ± {StandardError:G2}")
            : Mean.ToString("G4", CultureInfo.InvariantCulture);
}
