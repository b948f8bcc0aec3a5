using System.Runtime.CompilerServices;
using Polyad.Lapack;

namespace Polyad.Conformance;

/// <summary>Puts the native engines into the registry before any test asks which engines there are.</summary>
internal static class NativeEngines
{
    [ModuleInitializer]
    internal static void Register() => LapackBackends.Register();
}
