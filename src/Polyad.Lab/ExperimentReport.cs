using System.Diagnostics;

namespace Polyad.Lab;

/// <summary>One run of one experiment, ready to print.</summary>
public sealed record ExperimentReport(string Name, string Paper, string Claim, string Criterion, ExperimentOutcome Outcome, double Seconds)
{
    /// <summary>Runs an experiment and times it.</summary>
    /// <inheritdoc cref="IExperiment.Run"/>
    /// <param name="experiment">What to run.</param>
    /// <param name="settings">Size, seed, engine and data.</param>
    /// <param name="progress">Told in words what is done next.</param>
    /// <param name="cancellationToken">Looked at between the parts of the experiment.</param>
    public static ExperimentReport Of(IExperiment experiment, ExperimentSettings settings, IProgress<string>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(experiment);
        ArgumentNullException.ThrowIfNull(settings);
        long start = Stopwatch.GetTimestamp();
        using IDisposable scope = Backend.Use(settings.Backend ?? Backend.Current);
        ExperimentOutcome outcome = experiment.Run(settings, progress, cancellationToken);
        return new ExperimentReport(
            experiment.Name, experiment.Paper, experiment.Claim, experiment.Criterion, outcome, Stopwatch.GetElapsedTime(start).TotalSeconds);
    }
}
