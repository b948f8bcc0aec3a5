using System.Diagnostics;
using System.Text.RegularExpressions;
using Xunit;

namespace Polyad.Tests.Architecture;

public sealed partial class SourceRulesTests
{
    private static readonly string[] VagueNames = ["Utils", "Utilities", "Helper", "Helpers", "Manager", "Common", "Misc"];

    public static IEnumerable<string> Sources => SourceTree.Files("src", "*.cs");

    [Fact]
    public void No_file_folder_or_namespace_has_a_vague_name()
    {
        string[] vague = [.. Sources.Where(file => SourceTree.Relative(file).Split('/', '.').Any(VagueNames.Contains)
            || Namespace().Match(File.ReadAllText(file)).Groups[1].Value.Split('.').Any(VagueNames.Contains)).Select(SourceTree.Relative)];
        Assert.Empty(vague);
    }

    [Fact]
    public void No_source_file_is_over_450_lines()
        => Assert.DoesNotContain(Sources, file => File.ReadLines(file).Count() > 450);

    [Fact]
    public void Nothing_in_src_is_left_for_later()
        => Assert.DoesNotContain(Sources, file => Unfinished().IsMatch(File.ReadAllText(file)));

    [Fact]
    public void No_source_file_has_regions()
        => Assert.DoesNotContain(Sources, file => File.ReadLines(file).Any(line => line.TrimStart().StartsWith("#region", StringComparison.Ordinal)));

    [Fact]
    public void Tracked_files_name_no_machine_path_and_no_registry()
    {
        if (Tracked() is not { } tracked)
        {
            return;
        }

        string[] offending =
        [
            .. tracked.Where(path => Path.GetExtension(path) is not (".png" or ".npy" or ".npz" or ".snupkg" or ".nupkg"))
                .Where(path => File.Exists(Path.Combine(SourceTree.Root, path)))
                .Where(path => MachinePath().IsMatch(File.ReadAllText(Path.Combine(SourceTree.Root, path)))),
        ];
        Assert.Empty(offending);
    }

    /// <summary>What git tracks; null outside a clone.</summary>
    private static string[]? Tracked()
    {
        try
        {
            using Process git = Process.Start(new ProcessStartInfo("git", ["ls-files"]) { WorkingDirectory = SourceTree.Root, RedirectStandardOutput = true, RedirectStandardError = true })!;
            string listed = git.StandardOutput.ReadToEnd();
            git.WaitForExit();
            return git.ExitCode == 0 ? listed.Split('\n', StringSplitOptions.RemoveEmptyEntries) : null;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return null;
        }
    }

    [GeneratedRegex(@"^namespace ([\w.]+)", RegexOptions.Multiline)]
    private static partial Regex Namespace();

    // Spelt with classes so that this file does not match itself.
    [GeneratedRegex(@"NotImplemented[E]xception|\bTOD[O]\b|\bFIXM[E]\b|\bHAC[K]\b")]
    private static partial Regex Unfinished();

    [GeneratedRegex(@"/wor[k]/|/hom[e]/\w|/roo[t]/|[A-Z]:\\User[s]\\|api\.nuge[t]\.org|packageSource[s]|localhos[t]:\d|artifactor[y]", RegexOptions.IgnoreCase)]
    private static partial Regex MachinePath();
}
