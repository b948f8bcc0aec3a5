using Polyad.Torch;
using Polyad.Torch.Loading;
using Xunit;

namespace Polyad.Tests.Torch;

/// <summary>Finding libtorch and mending TorchSharp's native half, on folders and files that the tests make.</summary>
public sealed class LoadingTests : IDisposable
{
    private static readonly LibraryNames Linux = new("linux-x64", "lib", ".so");

    private readonly string _folder = Directory.CreateTempSubdirectory("polyad-torch-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void The_application_comes_before_the_package_cache()
    {
        string cached = Touch("packages", Linux.CpuPackage, "2.10.0", "runtimes", "linux-x64", "native", Linux.TorchCpu);
        string shim = Touch("packages", "torchsharp", "0.107.0", "runtimes", "linux-x64", "native", Linux.Shim);
        LibtorchSearch found = Search(null);
        Assert.Null(found.Reason);
        Assert.Equal(Path.GetDirectoryName(cached), found.Folder);
        Assert.Equal(shim, found.Shim);

        string beside = Touch("app", Linux.TorchCpu), own = Touch("app", "runtimes", "linux-x64", "native", Linux.Shim);
        found = Search(null);
        Assert.Equal(Path.GetDirectoryName(beside), found.Folder);
        Assert.Equal(own, found.Shim);
    }

    [Fact]
    public void The_variable_names_a_folder_a_file_or_nothing_at_all()
    {
        string library = Touch("else", "lib", Linux.TorchCpu);
        Touch("app", Linux.Shim);
        Touch("app", Linux.TorchCpu);
        Assert.Equal(Path.GetDirectoryName(library), Search(Path.Combine(_folder, "else")).Folder);
        Assert.Equal(Path.GetDirectoryName(library), Search(library).Folder);
        Assert.Null(Search("None").Folder);
        Assert.Contains("Unset", Search("none").Reason, StringComparison.Ordinal);
        Assert.Contains(Linux.TorchCpu, Search(Path.Combine(_folder, "nowhere")).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_missing_is_named_with_a_remedy()
    {
        Assert.Contains("TorchSharp-cpu", Search(null).Reason, StringComparison.Ordinal);
        Touch("app", Linux.TorchCpu);
        Assert.Contains(Linux.Shim, Search(null).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void The_patched_copy_is_made_once_and_made_again_when_damaged()
    {
        byte[] original = Shim(out string path);
        string cache = Path.Combine(_folder, "cache"), old = OldStandardLibrary();
        string copy = ShimCopy.Loadable(path, old, () => cache);
        byte[] patched = File.ReadAllBytes(copy);
        Assert.True(ShimCopy.NeedsPatch(original, out int flags));
        Assert.Equal(original[flags] | 2, patched[flags]);
        patched[flags] = original[flags];
        Assert.Equal(original, patched);
        Assert.Equal(original, File.ReadAllBytes(path));

        DateTime written = new(2020, 1, 1, 0, 0, 0, DateTimeKind.Utc);
        File.SetLastWriteTimeUtc(copy, written);
        Assert.Equal(copy, ShimCopy.Loadable(path, old, () => cache));
        Assert.Equal(written, File.GetLastWriteTimeUtc(copy));
        Assert.False(ShimCopy.NeedsPatch(File.ReadAllBytes(copy), out _));

        File.WriteAllBytes(copy, [.. File.ReadAllBytes(copy).Take(1000)]);
        ShimCopy.Loadable(path, old, () => cache);
        Assert.Equal(original.Length, new FileInfo(copy).Length);
        Assert.False(ShimCopy.NeedsPatch(File.ReadAllBytes(copy), out _));
        Assert.Single(Directory.GetFiles(Path.GetDirectoryName(copy)!));
    }

    [Fact]
    public void A_cache_that_cannot_be_written_is_an_error_of_the_file_system()
    {
        Shim(out string path);
        string file = Touch("file");
        Assert.ThrowsAny<IOException>(() => ShimCopy.Loadable(path, OldStandardLibrary(), () => file));
    }

    [Fact]
    public void A_library_cut_anywhere_is_read_or_refused_and_nothing_else()
    {
        byte[] shim = Shim(out _);
        for (int length = 0; length < shim.Length; length += length < 200 ? 1 : 9973)
        {
            Tolerate(shim[..length]);
        }
    }

    [Fact]
    public void A_library_with_wrong_bytes_is_read_or_refused_and_nothing_else()
    {
        byte[] shim = Shim(out _);
        Assert.True(ShimCopy.NeedsPatch(shim, out int flags));
        Random random = new(1);
        int sections = (int)BitConverter.ToInt64(shim, 0x28);
        for (int round = 0; round < 300; round++)
        {
            int from = (round % 3) switch { 0 => 0, 1 => flags - 0x150, _ => sections };
            int at = from + random.Next((round % 3) switch { 0 => 64, 1 => 0x210, _ => Math.Min(2048, shim.Length - sections) });
            byte kept = shim[at];
            shim[at] = (byte)random.Next(256);
            Tolerate(shim);
            shim[at] = kept;
        }
    }

    [Fact]
    public void Swaps_are_read_from_a_permutation()
    {
        int[] pivots = [2, 4, 3], rows = [0, 1, 2, 3, 4];
        for (int i = 0; i < pivots.Length; i++)
        {
            (rows[i], rows[pivots[i]]) = (rows[pivots[i]], rows[i]);
        }

        int[] read = new int[3];
        TorchBackend.ReadSwaps([.. rows.Select(row => (long)row)], read);
        Assert.Equal(pivots, read);
    }

    private static void Tolerate(byte[] file)
    {
        try
        {
            ShimCopy.NeedsPatch(file, out _);
            new ElfVersions(file).Defines("GLIBCXX_3.4.32");
        }
        catch (InvalidDataException)
        {
            // Refused: that is the one allowed exception.
        }
    }

    /// <summary>The real library of the package cache; skipped where the machine has none.</summary>
    private static byte[] Shim(out string path)
    {
        LibtorchSearch found = LibtorchSearch.InThisProcess(Linux);
        Assert.SkipWhen(found.Shim is null, found.Reason ?? "");
        path = found.Shim!;
        byte[] file = File.ReadAllBytes(path);
        Assert.SkipUnless(ShimCopy.NeedsPatch(file, out _), "this TorchSharp runs on an older libstdc++ as it is.");
        return file;
    }

    /// <summary>A library that defines no GLIBCXX_3.4.32: the shim itself defines nothing.</summary>
    private static string OldStandardLibrary()
    {
        Shim(out string path);
        return path;
    }

    private LibtorchSearch Search(string? steering) => new(Linux, steering, Path.Combine(_folder, "app"), [Path.Combine(_folder, "packages")]);

    private string Touch(params string[] path)
    {
        string file = Path.Combine([_folder, .. path]);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(file, "");
        return file;
    }
}
