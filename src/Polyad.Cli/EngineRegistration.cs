namespace Polyad.Cli;

/// <summary>The one place of the tool that knows engines by type.</summary>
internal static class EngineRegistration
{
    private static readonly Lazy<bool> Done = new(static () =>
    {
        // The managed engine and 'auto' are in the registry from the start.
        return true;
    });

    /// <summary>Puts every engine that the tool ships with into the registry, once; an id that somebody has registered again since stays his.</summary>
    public static void Ensure() => _ = Done.Value;
}
