using Polyad.Lapack;
using Polyad.MathNet;
using Polyad.Torch;

namespace Polyad.Cli;

/// <summary>The one place of the tool that knows engines by type.</summary>
internal static class EngineRegistration
{
    private static readonly Lazy<bool> Done = new(static () =>
    {
        LapackBackends.Register();
        TorchBackend.Register();
        MathNetBackend.Register();
        return true;
    });

    /// <summary>Adds the engines that the tool ships with to the registry, once in a process; the managed engine and 'auto' are there from the start.</summary>
    public static void Ensure() => _ = Done.Value;
}
