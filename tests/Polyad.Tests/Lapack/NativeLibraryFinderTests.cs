using Polyad.Lapack;
using Xunit;

namespace Polyad.Tests.Lapack;

/// <summary>Which files are considered, in which order, and what is said when there is none. Nothing is loaded here.</summary>
public sealed class NativeLibraryFinderTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("polyad find ").FullName;
    private readonly Dictionary<string, string> _variables = [];

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void A_named_file_is_the_only_candidate_and_not_trusted()
    {
        OnLinux();
        string named = File("named.so");
        File("system/libmkl_rt.so.2");
        _variables["POLYAD_MKL"] = named;
        LibraryCandidate only = Assert.Single(Finder().Mkl().Candidates);
        Assert.Equal(named, Assert.Single(only.Paths));
        Assert.False(only.Trusted);
    }

    [Fact]
    public void A_named_file_that_is_missing_is_said_so()
    {
        _variables["POLYAD_OPENBLAS"] = "/nowhere/lib.so";
        LibrarySearch search = Finder().OpenBlas();
        Assert.Empty(search.Candidates);
        Assert.Contains("/nowhere/lib.so", search.Advice, StringComparison.Ordinal);
    }

    [Fact]
    public void OneMkl_comes_before_libtorch_and_newer_packages_before_older()
    {
        OnLinux();
        string torch(string version) => $"packages/libtorch-cpu-{Rid}/{version}/runtimes/{Rid}/native/libtorch_cpu.so";
        string old = File(torch("2.9.1")), recent = File(torch("2.10.0")), mkl = File("mkl/lib/libmkl_rt.so.2");
        _variables["MKLROOT"] = Path.Combine(_folder, "mkl");
        _variables["NUGET_PACKAGES"] = Path.Combine(_folder, "packages");
        Assert.Equal([mkl, recent, old], Finder().Mkl().Candidates.Select(c => c.Paths[0]).Where(path => path.StartsWith(_folder, StringComparison.Ordinal)));
    }

    [Fact]
    public void Libtorch_beside_the_application_comes_before_the_package_folder()
    {
        OnLinux();
        string beside = File($"app/runtimes/{Rid}/native/libtorch_cpu.so");
        File($"packages/libtorch-cpu-{Rid}/2.10.0/runtimes/{Rid}/native/libtorch_cpu.so");
        _variables["NUGET_PACKAGES"] = Path.Combine(_folder, "packages");
        Assert.Equal(beside, Finder().Mkl().Candidates.Select(c => c.Paths[0]).First(path => path.StartsWith(_folder, StringComparison.Ordinal)));
    }

    [Fact]
    public void A_link_that_leads_nowhere_is_no_library()
    {
        OnLinux();
        string link = File("app/libopenblas.so.0");
        System.IO.File.Delete(link);
        System.IO.File.CreateSymbolicLink(link, Path.Combine(_folder, "removed.so"));
        LibrarySearch search = Finder().OpenBlas();
        Assert.DoesNotContain(search.Candidates, candidate => candidate.Paths.Contains(link));
        Assert.Contains("libopenblas0-pthread", search.Advice, StringComparison.Ordinal);
    }

    [Fact]
    public void None_switches_an_engine_or_libtorch_off()
    {
        OnLinux();
        File($"app/libtorch_cpu.so");
        _variables["POLYAD_LIBTORCH"] = "none";
        LibrarySearch search = Finder().Mkl();
        Assert.DoesNotContain(search.Candidates, c => c.Paths[0].Contains("torch", StringComparison.Ordinal));
        Assert.Contains("POLYAD_LIBTORCH=none", search.Advice, StringComparison.Ordinal);
        _variables["POLYAD_MKL"] = "none";
        Assert.Empty(Finder().Mkl().Candidates);
        Assert.Contains("POLYAD_MKL=none", Finder().Mkl().Advice, StringComparison.Ordinal);
    }

    [Fact]
    public void Libtorch_may_be_named_by_file_or_folder()
    {
        OnLinux();
        string file = File("torch/lib/libtorch_cpu.so");
        foreach (string name in new[] { file, Path.Combine(_folder, "torch"), Path.Combine(_folder, "torch", "lib") })
        {
            _variables["POLYAD_LIBTORCH"] = name;
            Assert.Contains(Finder().Mkl().Candidates, c => c.Paths[0] == file);
        }
    }

    [Fact]
    public void Debian_folders_are_searched_and_the_package_is_named_when_it_is_missing()
    {
        OnLinux();
        Assert.Contains("libopenblas0-pthread", Finder().OpenBlas().Advice, StringComparison.Ordinal);
        string found = File("system/openblas-pthread/libopenblas.so.0");
        Assert.Equal(found, Assert.Single(Finder().OpenBlas().Candidates).Paths[0]);
    }

    [Fact]
    public void Layers_are_joined_by_plus_unless_the_whole_is_a_file()
    {
        string a = File("a.so"), b = File("b.so"), plus = File("c+d.so");
        Assert.Equal([a, b], Assert.Single(NativeLibraryFinder.ByPath($"lapack:{a}+{b}").Candidates).Paths);
        Assert.Equal([plus], Assert.Single(NativeLibraryFinder.ByPath($"lapack:{plus}").Candidates).Paths);
        Assert.Empty(NativeLibraryFinder.ByPath($"lapack:{a}+/nowhere.so").Candidates);
    }

    private static string Rid => $"linux-{System.Runtime.InteropServices.RuntimeInformation.ProcessArchitecture.ToString().ToLowerInvariant()}";

    private static void OnLinux() => Assert.SkipUnless(OperatingSystem.IsLinux(), "the file names are Linux's");

    private NativeLibraryFinder Finder() => new(name => _variables.GetValueOrDefault(name), Path.Combine(_folder, "app"), [Path.Combine(_folder, "system")]);

    private string File(string relative)
    {
        string path = Path.Combine(_folder, relative);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        System.IO.File.WriteAllText(path, "");
        return path;
    }
}
