using System.Runtime.CompilerServices;
using Polyad.Torch;

namespace Polyad.Conformance;

/// <summary>Puts the Torch engine into the registry before any test asks which engines there are.</summary>
internal static class TorchEngine
{
    [ModuleInitializer]
    internal static void Register()
    {
        // The children run the managed engine on other instruction sets; libtorch does not change with them.
        if (!ConformanceRuns.IsChild)
        {
            TorchBackend.Register();
        }
    }
}
