using Xunit;

namespace Polyad.Documents;

/// <summary>The examples of the README and of the pages in docs: here they run, and every line of theirs must be found in one of this class's files.</summary>
public sealed partial class DocumentExamplesTests
{
    [Theory]
    [InlineData("README.md")]
    [InlineData("docs/constrained-and-missing.md")]
    [InlineData("docs/cp.md")]
    [InlineData("docs/sketching.md")]
    [InlineData("docs/tucker-and-tensor-train.md")]
    public void Every_line_of_an_example_is_run_here(string document)
    {
        string root = Root();
        HashSet<string> source = [.. Directory.GetFiles(Path.Combine(root, "tests/Polyad.Algorithms.Tests/Documents"), "*.cs").SelectMany(File.ReadLines).Select(static line => line.Trim())];
        string[] examples = [.. File.ReadAllText(Path.Combine(root, document)).Split("```csharp").Skip(1).Select(static part => part.Split("```")[0])];
        Assert.NotEmpty(examples);
        string[] missing = [.. examples.SelectMany(static e => e.Split('\n')).Select(static line => line.Split("  //")[0].Trim()).Where(line => line.Length > 0 && !line.StartsWith("using System", StringComparison.Ordinal) && !line.StartsWith("using Polyad", StringComparison.Ordinal) && !source.Contains(line))];
        Assert.Empty(missing);
    }

    [Theory]
    [InlineData("README.md")]
    [InlineData("native/README.md")]
    [InlineData("docs")]
    public void Every_link_leads_to_a_file_or_a_heading(string where)
    {
        string root = Root();
        string place = Path.Combine(root, where);
        List<string> broken = [];
        foreach (string page in Directory.Exists(place) ? Directory.GetFiles(place, "*.md") : [place])
        {
            foreach (string link in File.ReadAllText(page).Split("](").Skip(1).Select(static part => part.Split(')')[0]).Where(static link => !link.StartsWith("http", StringComparison.Ordinal)))
            {
                string[] parts = link.Split('#');
                string target = parts[0].Length > 0 ? Path.Combine(Path.GetDirectoryName(page)!, parts[0]) : page;
                bool found = parts.Length == 1 ? Path.Exists(target) : File.Exists(target) && File.ReadLines(target).Any(line => line.StartsWith('#') && Anchor(line) == parts[1]);
                if (!found)
                {
                    broken.Add($"{Path.GetFileName(page)}: {link}");
                }
            }
        }

        Assert.Empty(broken);
    }

    /// <summary>The name that a heading has in a link.</summary>
    private static string Anchor(string heading)
        => string.Concat(heading.TrimStart('#').Trim().ToLowerInvariant().Where(static c => char.IsLetterOrDigit(c) || c is ' ' or '-' or '_')).Replace(' ', '-');

    /// <summary>Takes away the file that an example writes.</summary>
    private static void Leaving(string file, Action action)
    {
        try
        {
            action();
        }
        finally
        {
            File.Delete(file);
        }
    }

    /// <summary>The repository; a test that runs outside it is skipped.</summary>
    private static string Root()
    {
        for (DirectoryInfo? at = new(AppContext.BaseDirectory); at is not null; at = at.Parent)
        {
            if (File.Exists(Path.Combine(at.FullName, "Backend.sln")))
            {
                return at.FullName;
            }
        }

        Assert.Skip("the tests run outside the repository");
        return "";
    }
}
