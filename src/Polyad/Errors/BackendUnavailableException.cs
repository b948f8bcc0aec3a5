namespace Polyad;

/// <summary>An engine was asked for that is not registered or cannot run on this machine.</summary>
public sealed class BackendUnavailableException : InvalidOperationException
{
    /// <summary>Creates the exception without details.</summary>
    public BackendUnavailableException()
        : this("The engine is not available.")
    {
    }

    /// <summary>Creates the exception with a message.</summary>
    public BackendUnavailableException(string message)
        : base(message)
    {
    }

    /// <summary>Creates the exception with a message and a cause.</summary>
    public BackendUnavailableException(string message, Exception innerException)
        : base(message, innerException)
    {
    }

    /// <summary>Creates the exception for an engine's id with the reason.</summary>
    public BackendUnavailableException(string id, string reason, Exception? innerException)
        : base($"The engine '{id}' is not available: {reason}", innerException)
    {
        Id = id;
        Reason = reason;
    }

    /// <summary>The id that was asked for.</summary>
    public string? Id { get; }

    /// <summary>Why it cannot be had, and what a person can do about it.</summary>
    public string? Reason { get; }
}
