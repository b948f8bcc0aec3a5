namespace Polyad.Sketching;

/// <summary>What a fit is given beside its rows.</summary>
/// <param name="Seed">The seed of every draw.</param>
/// <param name="Backend">The engine.</param>
/// <param name="Progress">Told of steps that can take long; may be null.</param>
/// <param name="CancellationToken">Looked at between steps.</param>
public readonly record struct FitContext(ulong Seed, ILinearAlgebraBackend Backend, IProgress<FeatureProgress>? Progress = null, CancellationToken CancellationToken = default)
{
    /// <summary>Draws of the seed, one stream for each purpose.</summary>
    public CounterRandom Draws(ulong stream) => new(Seed, stream);

    /// <summary>Tells of <paramref name="done"/> of <paramref name="total"/> steps and looks at the token.</summary>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public void Report(int done, int total)
    {
        Progress?.Report(new FeatureProgress(done, total));
        CancellationToken.ThrowIfCancellationRequested();
    }
}

/// <summary>How far an estimator is.</summary>
/// <param name="Done">Rows transformed, landmarks chosen, or stages of a fit.</param>
/// <param name="Total">How many there are.</param>
public readonly record struct FeatureProgress(int Done, int Total);
