using MathNet.Numerics;

namespace Polyad.MathNet;

/// <summary>
/// Lowers <see cref="Control.MaxDegreeOfParallelism"/> while calls run that were asked to use fewer threads. Math.NET has no other way to be told, and its setting is
/// process-wide: the lowest limit of the calls in flight holds, and the last of them puts back what it found.
/// </summary>
internal static class ControlThreads
{
    private static readonly Lock Gate = new();
    private static readonly List<int> Limits = [];
    private static int _found;
    private static bool _setting;

    /// <summary>Limits Math.NET's threads until the result is disposed; null when it is allowed no more already.</summary>
    public static IDisposable? Limit(int threads)
    {
        lock (Gate)
        {
            int allowed = Limits.Count > 0 ? _found : Control.MaxDegreeOfParallelism;
            if (threads >= allowed || _setting)
            {
                return null;
            }

            _found = allowed;
            Limits.Add(threads);
            Set(Limits.Min());
            return new Scope(threads);
        }
    }

    private static void Release(int threads)
    {
        lock (Gate)
        {
            Limits.Remove(threads);
            Set(Limits.Count > 0 ? Limits.Min() : _found);
        }
    }

    /// <summary>The setter initialises Math.NET's provider anew, which may call this engine from inside the lock: such a call takes the setting as it is.</summary>
    private static void Set(int threads)
    {
        if (Control.MaxDegreeOfParallelism == threads)
        {
            return;
        }

        _setting = true;
        try
        {
            Control.MaxDegreeOfParallelism = threads;
        }
        finally
        {
            _setting = false;
        }
    }

    private sealed class Scope(int threads) : IDisposable
    {
        private int _disposed;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _disposed, 1) == 0)
            {
                Release(threads);
            }
        }
    }
}
