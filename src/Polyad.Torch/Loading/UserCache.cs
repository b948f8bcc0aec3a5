namespace Polyad.Torch.Loading;

/// <summary>The user's cache folder for Polyad (XDG Base Directory Specification).</summary>
internal static class UserCache
{
    /// <summary>$XDG_CACHE_HOME/polyad, or ~/.cache/polyad.</summary>
    /// <exception cref="IOException">The user has no home.</exception>
    public static string Folder()
    {
        // The specification says to ignore a relative path.
        if (Environment.GetEnvironmentVariable("XDG_CACHE_HOME") is { Length: > 0 } cache && Path.IsPathRooted(cache))
        {
            return Path.Combine(cache, "polyad");
        }

        return Environment.GetFolderPath(Environment.SpecialFolder.UserProfile) is { Length: > 0 } home
            ? Path.Combine(home, ".cache", "polyad")
            : throw new IOException("the user has no home folder; set XDG_CACHE_HOME.");
    }
}
