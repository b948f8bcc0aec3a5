using System.Runtime.CompilerServices;
using Polyad.MathNet;

namespace Polyad.Conformance;

/// <summary>
/// Puts the engine mathnet into the registry before any test asks which engines there are; not in the children, whose instruction-set tiers are no business of its scalar loops.
/// </summary>
internal static class MathNetEngine
{
    [ModuleInitializer]
    internal static void Register()
    {
        if (Environment.GetEnvironmentVariable(ConformanceRuns.ChildVariable) != "1")
        {
            MathNetBackend.Register();
        }
    }
}
