using MathNet.Numerics;

namespace Polyad.MathNet;

/// <summary>
/// Carries Math.NET's <see cref="Control.MaxDegreeOfParallelism"/> into one call of an engine. It is read at every call, so a change takes effect at the next one.
/// </summary>
internal readonly struct ThreadLimit : IDisposable
{
    private readonly IDisposable? _scope;

    private ThreadLimit(IDisposable? scope) => _scope = scope;

    /// <summary>Opens a scope only where Math.NET asks for fewer threads than this flow already has.</summary>
    public static ThreadLimit FromControl()
    {
        int most = Control.MaxDegreeOfParallelism;
        return new(most < Parallelism.Current.MaxThreads ? Parallelism.Use(most) : null);
    }

    public void Dispose() => _scope?.Dispose();
}
