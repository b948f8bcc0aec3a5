namespace Polyad.Cli;

/// <summary>What the tool tells its caller.</summary>
internal static class ExitCode
{
    public const int Done = 0;

    /// <summary>The check failed: slower, or not converged under --strict.</summary>
    public const int CheckFailed = 1;

    /// <summary>Wrong usage or bad input.</summary>
    public const int Usage = 2;

    public const int EngineNotAvailable = 3;

    public const int NotComparable = 4;

    /// <summary>Ended by the user (128 + SIGINT, as shells report it).</summary>
    public const int Interrupted = 130;
}
