using System.Runtime.CompilerServices;
using Polyad.Lapack;
using Polyad.MathNet;
using Polyad.Torch;

namespace Polyad.Conformance;

/// <summary>Puts every engine into the registry before any test asks which engines there are.</summary>
internal static class NativeEngines
{
    /// <summary>Names one more library to run, as in "lapack:": a path, or layers joined by '+'.</summary>
    private const string LibraryVariable = "POLYAD_CONFORMANCE_LAPACK";

    [ModuleInitializer]
    internal static void Register()
    {
        // The children run the managed engine on other instruction sets; the others do not change with them.
        if (ConformanceRuns.IsChild)
        {
            return;
        }

        LapackBackends.Register();
        TorchBackend.Register();
        MathNetBackend.Register();
        if (Environment.GetEnvironmentVariable(LibraryVariable) is { Length: > 0 } path)
        {
            Backend.Register(new BackendRegistration("lapack", () => Backend.Get("lapack:" + path), () => Backend.Get("lapack:" + path).Describe() with { Id = "lapack" }));
        }
    }
}
