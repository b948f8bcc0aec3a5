using System.Runtime.InteropServices;

namespace Polyad.Lapack;

/// <summary>Files to load together, the first layer first.</summary>
/// <param name="Paths">One path for each layer.</param>
/// <param name="Trusted">False for a library that somebody named: it is tried in a child process first.</param>
internal sealed record LibraryCandidate(IReadOnlyList<string> Paths, bool Trusted);

/// <summary>Where to look for a library, in order, and what a person can do when nothing is there.</summary>
internal sealed record LibrarySearch(IReadOnlyList<LibraryCandidate> Candidates, string Advice);

/// <summary>
/// Finds MKL and OpenBLAS on this machine. It only looks at which files exist and loads nothing.
/// </summary>
/// <param name="variable">Reads an environment variable.</param>
/// <param name="appFolder">The folder of the application.</param>
/// <param name="systemFolders">Where the system keeps its libraries; null for this system's.</param>
internal sealed class NativeLibraryFinder(Func<string, string?> variable, string appFolder, IReadOnlyList<string>? systemFolders = null)
{
    /// <summary>The finder of this process.</summary>
    public static NativeLibraryFinder ForProcess { get; } = new(Environment.GetEnvironmentVariable, AppContext.BaseDirectory);

    private static string Platform => OperatingSystem.IsWindows() ? "win" : OperatingSystem.IsMacOS() ? "osx" : "linux";

    private static string RuntimeIdentifier => $"{Platform}-{RuntimeInformation.ProcessArchitecture.ToString().ToLowerInvariant()}";

    /// <summary>Debian's name for the folder of this architecture, for example "x86_64-linux-gnu".</summary>
    private static string Multiarch => RuntimeInformation.ProcessArchitecture switch
    {
        Architecture.X64 => "x86_64-linux-gnu",
        Architecture.Arm64 => "aarch64-linux-gnu",
        Architecture.Ppc64le => "powerpc64le-linux-gnu",
        Architecture.RiscV64 => "riscv64-linux-gnu",
        _ => "",
    };

    private IReadOnlyList<string> SystemFolders => systemFolders ?? (OperatingSystem.IsLinux()
        ? [.. Split(Value("LD_LIBRARY_PATH")), $"/usr/lib/{Multiarch}", "/usr/local/lib", "/usr/lib64", "/usr/lib", "/lib64"]
        : OperatingSystem.IsMacOS() ? ["/usr/local/lib", "/opt/homebrew/lib", "/opt/homebrew/opt/openblas/lib", "/usr/local/opt/openblas/lib"]
        : [.. Split(Value("PATH"))]);

    /// <summary>MKL: POLYAD_MKL, else an installed oneMKL, else the one inside libtorch (POLYAD_LIBTORCH, beside the application, in the NuGet folder).</summary>
    public LibrarySearch Mkl()
    {
        if (Named("POLYAD_MKL", "Intel oneMKL") is { } named)
        {
            return named;
        }

        string[] runtime = OperatingSystem.IsWindows() ? ["mkl_rt.2.dll", "mkl_rt.1.dll", "mkl_rt.dll"]
            : OperatingSystem.IsMacOS() ? ["libmkl_rt.2.dylib", "libmkl_rt.dylib"]
            : ["libmkl_rt.so.2", "libmkl_rt.so.1", "libmkl_rt.so"];
        List<string> folders = [];
        foreach (string? root in (ReadOnlySpan<string?>)[Value("MKLROOT"), "/opt/intel/oneapi/mkl/latest", "/opt/intel/mkl", Value("CONDA_PREFIX")])
        {
            if (root is not null)
            {
                folders.AddRange([Path.Combine(root, "lib"), Path.Combine(root, "lib", "intel64"), Path.Combine(root, "bin"), Path.Combine(root, "redist", "intel64")]);
            }
        }

        IEnumerable<string> found = Existing([appFolder, .. folders, .. SystemFolders], runtime).Concat(Libtorch());
        string torch = IsNone("POLYAD_LIBTORCH") ? "POLYAD_LIBTORCH=none keeps the one inside libtorch out of the search" : "no libtorch beside the application or in the NuGet folder";
        return new LibrarySearch(
            [.. found.Select(static path => new LibraryCandidate([path], Trusted: true))],
            $"no MKL was found: no {runtime[0]} (MKLROOT, /opt/intel/oneapi, system folders) and {torch}. Install oneMKL, or restore the NuGet package libtorch-cpu-{RuntimeIdentifier} (its libtorch_cpu holds MKL), or set POLYAD_MKL=/path/to/{runtime[0]}.");
    }

    /// <summary>OpenBLAS: POLYAD_OPENBLAS, else beside the application, else the system's.</summary>
    public LibrarySearch OpenBlas()
    {
        if (Named("POLYAD_OPENBLAS", "OpenBLAS") is { } named)
        {
            return named;
        }

        string[] names = OperatingSystem.IsWindows() ? ["libopenblas.dll", "openblas.dll"]
            : OperatingSystem.IsMacOS() ? ["libopenblas.0.dylib", "libopenblas.dylib"]
            : ["libopenblas.so.0", "libopenblas.so"];
        List<string> folders = [appFolder];
        foreach (string folder in SystemFolders)
        {
            // Debian keeps each build in a folder of its own and links one of them by its alternatives.
            folders.AddRange([folder, Path.Combine(folder, "openblas-pthread"), Path.Combine(folder, "openblas-openmp"), Path.Combine(folder, "openblas-serial")]);
        }

        string package = OperatingSystem.IsMacOS() ? "brew install openblas" : OperatingSystem.IsWindows() ? "put libopenblas.dll beside the application" : "apt-get install libopenblas0-pthread (Fedora: dnf install openblas-threads)";
        return new LibrarySearch(
            [.. Existing(folders, names).Select(static path => new LibraryCandidate([path], Trusted: true))],
            $"no {names[0]} was found beside the application or in the system folders. Install it ({package}), or set POLYAD_OPENBLAS=/path/to/{names[0]}.");
    }

    /// <summary>The files that an id such as "lapack:/path/libblis.so.4+/path/liblapack.so.3" names: layers joined by '+', the first that has a routine gives it.</summary>
    public static LibrarySearch ByPath(string id)
    {
        string list = id[(id.IndexOf(':', StringComparison.Ordinal) + 1)..].Trim();
        const string Syntax = "name a library: lapack:/path/to/lib.so, or layers joined by '+', the first that has a routine gives it: lapack:/path/libblis.so.4+/path/liblapack.so.3.";
        if (list.Length == 0)
        {
            return new LibrarySearch([], Syntax);
        }

        // A path may hold a '+' itself.
        string[] paths = File.Exists(list) ? [list] : list.Split('+', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        string? missing = paths.FirstOrDefault(static path => !File.Exists(path));
        return missing is null
            ? new LibrarySearch([new LibraryCandidate([.. paths.Select(Path.GetFullPath)], Trusted: false)], "")
            : new LibrarySearch([], $"there is no file '{missing}'; {Syntax}");
    }

    private IEnumerable<string> Libtorch()
    {
        string name = OperatingSystem.IsWindows() ? "torch_cpu.dll" : OperatingSystem.IsMacOS() ? "libtorch_cpu.dylib" : "libtorch_cpu.so";
        if (Value("POLYAD_LIBTORCH") is { } named)
        {
            return IsNone("POLYAD_LIBTORCH") ? [] : File.Exists(named) ? [named] : Existing([named, Path.Combine(named, "lib")], [name]);
        }

        List<string> folders = [appFolder, Path.Combine(appFolder, "runtimes", RuntimeIdentifier, "native")];
        string? home = Value("HOME") ?? Value("USERPROFILE");
        if ((Value("NUGET_PACKAGES") ?? (home is null ? null : Path.Combine(home, ".nuget", "packages"))) is { } packages)
        {
            string package = Path.Combine(packages, $"libtorch-cpu-{RuntimeIdentifier}");
            if (Directory.Exists(package))
            {
                folders.AddRange(Directory.EnumerateDirectories(package)
                    .OrderByDescending(static folder => Version.TryParse(Path.GetFileName(folder), out Version? version) ? version : new Version(0, 0))
                    .Select(static folder => Path.Combine(folder, "runtimes", RuntimeIdentifier, "native")));
            }
        }

        return Existing(folders, [name]);
    }

    private LibrarySearch? Named(string name, string what)
    {
        if (Value(name) is not { } value)
        {
            return null;
        }

        return IsNone(name) ? new LibrarySearch([], $"{name}=none switches {what} off; unset it, or set it to the path of the library.")
            : File.Exists(value) ? new LibrarySearch([new LibraryCandidate([Path.GetFullPath(value)], Trusted: false)], "")
            : new LibrarySearch([], $"{name} names '{value}', and there is no such file; set it to the path of the library.");
    }

    private bool IsNone(string name) => string.Equals(Value(name), "none", StringComparison.OrdinalIgnoreCase);

    private string? Value(string name) => variable(name)?.Trim() is { Length: > 0 } value ? value : null;

    private static string[] Split(string? list) => list?.Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) ?? [];

    private static IEnumerable<string> Existing(IEnumerable<string> folders, IReadOnlyList<string> names)
        => folders.SelectMany(folder => names.Select(name => Path.Combine(folder, name))).Where(IsFile).Distinct(StringComparer.Ordinal);

    /// <summary>A link that leads nowhere is what a removed package may leave behind.</summary>
    private static bool IsFile(string path) => File.Exists(path) && File.ResolveLinkTarget(path, returnFinalTarget: true) is null or { Exists: true };
}
