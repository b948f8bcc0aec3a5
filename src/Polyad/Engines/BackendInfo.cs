namespace Polyad;

/// <summary>What is known of an engine on this machine.</summary>
public sealed record BackendInfo
{
    /// <summary>The id by which it is chosen, for example "managed".</summary>
    public required string Id { get; init; }

    /// <summary>Whether it can be used now.</summary>
    public required bool Available { get; init; }

    /// <summary>Who made the code that runs.</summary>
    public string Vendor { get; init; } = "";

    /// <summary>Its version.</summary>
    public string Version { get; init; } = "";

    /// <summary>The instruction set or core type that it really runs.</summary>
    public string Isa { get; init; } = "";

    /// <summary>The file it was loaded from; null for managed code.</summary>
    public string? Path { get; init; }

    /// <summary>The most threads it would use.</summary>
    public int Threads { get; init; }

    /// <summary>"passed", "failed: ..." or "not run".</summary>
    public string SelfTest { get; init; } = "not run";

    /// <summary>Operations or symbols that are the engine's own.</summary>
    public IReadOnlyList<string> NativeSymbols { get; init; } = [];

    /// <summary>Operations or symbols composed from other routines of the engine.</summary>
    public IReadOnlyList<string> ComposedSymbols { get; init; } = [];

    /// <summary>Operations or symbols filled in by the managed engine.</summary>
    public IReadOnlyList<string> ManagedSymbols { get; init; } = [];

    /// <summary>Why it cannot be used, or falls short of what it could do, and what a person can do about it; null when all is well.</summary>
    public string? Reason { get; init; }
}
