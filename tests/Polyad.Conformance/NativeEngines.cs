using System.Runtime.CompilerServices;
using Polyad.Lapack;

namespace Polyad.Conformance;

/// <summary>Puts the native engines into the registry before any test asks which engines there are.</summary>
internal static class NativeEngines
{
    /// <summary>Names one more library to run, as in "lapack:": a path, or layers joined by '+'.</summary>
    private const string LibraryVariable = "POLYAD_CONFORMANCE_LAPACK";

    [ModuleInitializer]
    internal static void Register()
    {
        LapackBackends.Register();
        if (Environment.GetEnvironmentVariable(LibraryVariable) is { Length: > 0 } path)
        {
            Backend.Register(new BackendRegistration("lapack", () => Backend.Get("lapack:" + path), () => Backend.Get("lapack:" + path).Describe() with { Id = "lapack" }));
        }
    }
}
