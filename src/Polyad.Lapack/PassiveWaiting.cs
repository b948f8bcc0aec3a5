using System.Runtime.InteropServices;

namespace Polyad.Lapack;

/// <summary>
/// While a library loads, tells a GNU OpenMP runtime that comes with it to let idle threads sleep. By default they spin between parallel regions, and on a machine
/// with other work each region of a factorization then waits for the scheduler: an SVD of order 400 on two threads took 200 times as long as on one.
/// </summary>
/// <remarks>The runtime reads its variables once, in its constructor. What the user has set is respected, and nothing stays in the environment.</remarks>
internal static partial class PassiveWaiting
{
    private const string Policy = "OMP_WAIT_POLICY";

    /// <summary>Runs <paramref name="load"/> with the policy in the environment that native code reads.</summary>
    public static nint During(Func<nint> load)
    {
        bool own = OperatingSystem.IsLinux() && Environment.GetEnvironmentVariable(Policy) is null && Environment.GetEnvironmentVariable("GOMP_SPINCOUNT") is null;
        if (!own)
        {
            return load();
        }

        _ = SetVariable(Policy, "PASSIVE", 0);
        try
        {
            return load();
        }
        finally
        {
            _ = RemoveVariable(Policy);
        }
    }

    [LibraryImport("libc", EntryPoint = "setenv", StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int SetVariable(string name, string value, int overwrite);

    [LibraryImport("libc", EntryPoint = "unsetenv", StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int RemoveVariable(string name);
}
