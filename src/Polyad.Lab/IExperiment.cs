namespace Polyad.Lab;

/// <summary>One published system whose experiment runs on this library. Claim and criterion are fixed texts of the source file: they are written before the run and never fitted to it.</summary>
public interface IExperiment
{
    /// <summary>The name on the command line, lower case.</summary>
    string Name { get; }

    /// <summary>Authors, title, venue and year.</summary>
    string Paper { get; }

    /// <summary>What the paper says, in one or two sentences.</summary>
    string Claim { get; }

    /// <summary>What must be measured for the verdict <see cref="Verdict.Reproduced"/>, and what for <see cref="Verdict.Partly"/>.</summary>
    string Criterion { get; }

    /// <summary>Runs the experiment.</summary>
    /// <param name="settings">Size, seed, engine and data.</param>
    /// <param name="progress">Told in words what is done next.</param>
    /// <param name="cancellationToken">Looked at between the parts of the experiment.</param>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    ExperimentOutcome Run(ExperimentSettings settings, IProgress<string>? progress = null, CancellationToken cancellationToken = default);
}
