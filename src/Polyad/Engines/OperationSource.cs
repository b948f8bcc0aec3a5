namespace Polyad;

/// <summary>Whose code an engine runs for an operation.</summary>
public enum OperationSource
{
    /// <summary>The engine's own routine for just this operation.</summary>
    Native,

    /// <summary>Built from other routines of the same engine.</summary>
    Composed,

    /// <summary>Filled in by the managed engine.</summary>
    Managed,
}
