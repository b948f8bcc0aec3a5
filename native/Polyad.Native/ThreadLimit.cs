using System.Globalization;

namespace Polyad.Native;

/// <summary>
/// The thread limit of the process, as C libraries have it: POLYAD_NUM_THREADS at first, else all processors. Results do not depend on it.
/// One immutable engine is replaced by another, so calls that run meanwhile keep the limit they began with.
/// </summary>
internal static class ThreadLimit
{
    private static ManagedBackend _engine = new(FromEnvironment());

    public static ManagedBackend Engine => Volatile.Read(ref _engine);

    public static Parallelism Parallelism => Engine.Parallelism;

    /// <summary>Sets the limit; below 1 restores the one of the start.</summary>
    public static void Set(int threads) => Volatile.Write(ref _engine, new ManagedBackend(threads < 1 ? FromEnvironment() : threads));

    private static int? FromEnvironment()
        => int.TryParse(Environment.GetEnvironmentVariable("POLYAD_NUM_THREADS"), NumberStyles.None, CultureInfo.InvariantCulture, out int threads) && threads > 0 ? threads : null;
}
