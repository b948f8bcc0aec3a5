using System.Diagnostics;
using System.Reflection;

namespace Polyad.Cli.Commands;

/// <summary>Times of a Debug build mean nothing.</summary>
internal static class OptimizedBuild
{
    public static bool Is(Assembly assembly) => assembly.GetCustomAttribute<DebuggableAttribute>() is not { IsJITOptimizerDisabled: true };

    /// <exception cref="UsageException">Polyad was built without optimisation.</exception>
    public static void Require()
    {
        if (!Is(typeof(Backend).Assembly))
        {
            throw new UsageException("this is a Debug build, whose times mean nothing; build with '-c Release'.");
        }
    }
}
