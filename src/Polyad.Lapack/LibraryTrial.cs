using System.Diagnostics;

namespace Polyad.Lapack;

/// <summary>
/// Loads a library that somebody named into a child process first, so that one whose constructor crashes or hangs takes that child with it and not this process.
/// The child is <c>/bin/true</c> under LD_PRELOAD: the loader maps the library and runs its constructors, nothing else happens. Linux only; elsewhere a named
/// library is loaded on trust (macOS strips the variable for system programs, Windows has none).
/// </summary>
internal static class LibraryTrial
{
    private static readonly string[] HarmlessPrograms = ["/bin/true", "/usr/bin/true"];

    /// <summary>Long enough for the largest library from a cold disk.</summary>
    private static readonly TimeSpan LongestLoad = TimeSpan.FromSeconds(10);

    /// <summary>Why the library must not be loaded, or null when the trial passed or cannot be held.</summary>
    public static string? Refusal(string path, TimeSpan? patience = null)
    {
        string? program = OperatingSystem.IsLinux() ? HarmlessPrograms.FirstOrDefault(File.Exists) : null;
        if (program is null)
        {
            return null;
        }

        // LD_PRELOAD separates names by blanks and colons and knows no quoting.
        string? link = path.AsSpan().IndexOfAny(' ', ':') >= 0 ? Path.Combine(Path.GetTempPath(), Path.GetRandomFileName()) : null;
        try
        {
            if (link is not null)
            {
                File.CreateSymbolicLink(link, path);
            }

            return Run(program, link ?? path, path, patience ?? LongestLoad);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or System.ComponentModel.Win32Exception)
        {
            return $"'{path}' could not be tried in a child process: {e.Message}";
        }
        finally
        {
            if (link is not null)
            {
                File.Delete(link);
            }
        }
    }

    private static string? Run(string program, string preload, string path, TimeSpan patience)
    {
        ProcessStartInfo start = new(program) { RedirectStandardError = true, RedirectStandardOutput = true, UseShellExecute = false };
        start.Environment["LD_PRELOAD"] = preload;
        using Process child = Process.Start(start)!;
        Task<string> errors = child.StandardError.ReadToEndAsync();
        if (!child.WaitForExit(patience))
        {
            child.Kill();
            return $"'{path}' does not come back from being loaded (tried for {patience.TotalSeconds} s in a child process).";
        }

        // A library that the loader cannot map is only reported, and the program runs on: the real load then gives the loader's words.
        return child.ExitCode == 0
            ? null
            : $"'{path}' ends the process that loads it (a child process ended with code {child.ExitCode}{Said(errors)}); it was not loaded here.";
    }

    private static string Said(Task<string> errors)
    {
        string text = errors.Wait(TimeSpan.FromSeconds(1)) ? errors.Result.Trim() : "";
        return text.Length == 0 ? "" : $": {(text.Length > 200 ? text[..200] : text).ReplaceLineEndings(" ")}";
    }
}
