namespace Polyad;

/// <summary>
/// How many threads an operation may use: never more than <see cref="MaxThreads"/>, and one for work too small to share.
/// The count changes the time of a managed operation, not one bit of its result.
/// </summary>
/// <param name="MaxThreads">The most threads to use, at least 1.</param>
public readonly record struct Parallelism(int MaxThreads)
{
    /// <summary>Below this many floating-point operations a second thread costs more than it brings.</summary>
    internal const double FlopsPerThread = 2e6;

    /// <summary>Below this many bytes moved a second thread costs more than it brings.</summary>
    internal const double BytesPerThread = 1 << 20;

    /// <summary>As <see cref="BytesPerThread"/> for one of the many short steps of a factorization: its matrix lies in caches, and its helpers are awake.</summary>
    internal const double StepBytesPerThread = 1 << 17;

    private static readonly AsyncLocal<Scope?> Ambient = new();

    /// <summary>One thread.</summary>
    public static Parallelism Sequential => new(1);

    /// <summary>As many threads as the process may run on.</summary>
    public static Parallelism Default => new(Environment.ProcessorCount);

    /// <summary>The innermost <see cref="Use(int)"/> scope of this asynchronous flow, or <see cref="Default"/>.</summary>
    public static Parallelism Current => Ambient.Value is { } scope ? new(scope.MaxThreads) : Default;

    /// <summary>Limits the threads of every operation until the scope is disposed; flows across <c>await</c>, touches no other flow.</summary>
    /// <param name="maxThreads">The most threads, at least 1.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="maxThreads"/> is below 1.</exception>
    public static IDisposable Use(int maxThreads)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(maxThreads, 1);
        Scope scope = new(Ambient.Value, maxThreads);
        Ambient.Value = scope;
        return scope;
    }

    /// <summary>The smaller of two limits.</summary>
    internal Parallelism Min(Parallelism other) => new(Math.Max(1, Math.Min(MaxThreads, other.MaxThreads)));

    /// <summary>Threads for compute-bound work of so many floating-point operations.</summary>
    internal int ThreadsForFlops(double flops) => Share(flops / FlopsPerThread);

    /// <summary>Threads for memory-bound work that moves so many bytes.</summary>
    internal int ThreadsForBytes(double bytes) => Share(bytes / BytesPerThread);

    /// <summary>Threads for one step of a factorization that reads so many bytes.</summary>
    internal int ThreadsForStep(double bytes) => Share(bytes / StepBytesPerThread);

    /// <summary>The limit for a whole factorization of so many floating-point operations, of which each thread must find as many as given: its steps wait for each other, the more often the smaller they are.</summary>
    internal Parallelism ForFactorization(double flops, double flopsPerThread) => new(Share(flops / flopsPerThread));

    private int Share(double useful) => MaxThreads <= 1 || useful < 2 ? 1 : (int)Math.Min(MaxThreads, useful);

    private sealed class Scope(Scope? outer, int maxThreads) : IDisposable
    {
        private bool _disposed;

        public int MaxThreads { get; } = maxThreads;

        public void Dispose()
        {
            if (_disposed)
            {
                return;
            }

            if (Ambient.Value != this)
            {
                throw new InvalidOperationException("Parallelism scopes must be disposed innermost first, in the flow that opened them.");
            }

            _disposed = true;
            Ambient.Value = outer;
        }
    }
}
