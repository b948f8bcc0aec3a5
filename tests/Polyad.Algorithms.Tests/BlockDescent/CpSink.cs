namespace Polyad.Decomposition;

/// <summary>Progress that arrives on the thread of the fit.</summary>
internal sealed class CpSink(Action<DecompositionProgress> report) : IProgress<DecompositionProgress>
{
    public void Report(DecompositionProgress value) => report(value);
}
