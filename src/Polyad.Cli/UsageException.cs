namespace Polyad.Cli;

/// <summary>The user asked for something that makes no sense; the message says what.</summary>
internal sealed class UsageException(string message) : Exception(message);
