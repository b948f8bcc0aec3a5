using MathNet.Numerics;

namespace Polyad.MathNet;

/// <summary>
/// Carries Math.NET's <see cref="Control.MaxDegreeOfParallelism"/> into one call of an engine. It is read at every call, so a change takes effect at the next one.
/// </summary>
internal readonly struct ThreadLimit : IDisposable
{
    /// <summary>Engines give smaller work one thread by themselves, and a scope would cost more than the work.</summary>
    private const double SharedFlops = 1e6;

    private readonly IDisposable? _scope;

    private ThreadLimit(IDisposable? scope) => _scope = scope;

    /// <summary>Opens a scope only where Math.NET asks for fewer threads than this flow already has, and the work is worth sharing.</summary>
    /// <param name="flops">About how many floating-point operations the call will take.</param>
    public static ThreadLimit FromControl(double flops)
    {
        if (flops < SharedFlops)
        {
            return default;
        }

        int most = Control.MaxDegreeOfParallelism;
        return new(most < Parallelism.Current.MaxThreads ? Parallelism.Use(most) : null);
    }

    public void Dispose() => _scope?.Dispose();
}
