using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using System.Xml.Linq;
using Xunit;

namespace Polyad.Tests.Architecture;

/// <summary>Arrows go down only: Cli, Lab, Learning, {Decomposition, Kernels}, Sketching, Polyad; engines know Polyad alone.</summary>
public sealed class FloorsTests
{
    private static readonly Dictionary<string, string[]> Allowed = new()
    {
        ["Polyad"] = [],
        ["Polyad.Sketching"] = ["Polyad"],
        ["Polyad.Decomposition"] = ["Polyad", "Polyad.Sketching"],
        ["Polyad.Kernels"] = ["Polyad", "Polyad.Sketching"],
        ["Polyad.Learning"] = ["Polyad", "Polyad.Sketching", "Polyad.Decomposition", "Polyad.Kernels"],
        ["Polyad.Lab"] = ["Polyad", "Polyad.Sketching", "Polyad.Decomposition", "Polyad.Kernels", "Polyad.Learning"],
        ["Polyad.Lapack"] = ["Polyad"],
        ["Polyad.Torch"] = ["Polyad"],
        ["Polyad.MathNet"] = ["Polyad"],
        ["Polyad.Distributed"] = ["Polyad"],
    };

    public static TheoryData<string> Projects => [.. SourceTree.Files("src", "*.csproj").Select(file => Path.GetFileNameWithoutExtension(file))];

    [Theory]
    [MemberData(nameof(Projects))]
    public void Project_references_point_down(string project)
    {
        if (project == "Polyad.Cli")
        {
            return;
        }

        Assert.True(Allowed.TryGetValue(project, out string[]? below), $"{project} has no floor yet: give it one in this test and in docs/architecture.md");
        string file = Assert.Single(SourceTree.Files("src", project + ".csproj"));
        string[] references = [.. XDocument.Load(file).Descendants("ProjectReference").Select(e => Path.GetFileNameWithoutExtension(((string)e.Attribute("Include")!).Replace('\\', '/')))];
        Assert.Empty(references.Except(below));
    }

    [Theory]
    [MemberData(nameof(Projects))]
    public void Built_assemblies_reference_only_lower_floors(string project)
    {
        string built = Path.Combine(AppContext.BaseDirectory, project + ".dll");
        if (!File.Exists(built) || !Allowed.TryGetValue(project, out string[]? below))
        {
            return;
        }

        using PEReader reader = new(File.OpenRead(built));
        MetadataReader metadata = reader.GetMetadataReader();
        string[] ours = [.. metadata.AssemblyReferences.Select(handle => metadata.GetString(metadata.GetAssemblyReference(handle).Name)).Where(name => name.StartsWith("Polyad", StringComparison.Ordinal))];
        Assert.Empty(ours.Except(below));
    }

    [Fact]
    public void The_ground_floor_depends_on_the_base_library_alone()
    {
        string[] references = [.. typeof(Backend).Assembly.GetReferencedAssemblies().Select(name => name.Name!)];
        Assert.All(references, name => Assert.StartsWith("System", name, StringComparison.Ordinal));
    }
}
