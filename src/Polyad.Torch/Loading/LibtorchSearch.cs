namespace Polyad.Torch.Loading;

/// <summary>Looks for libtorch and for TorchSharp's native half: where POLYAD_LIBTORCH points, beside the application, in the package cache.</summary>
internal sealed class LibtorchSearch
{
    /// <summary>Steers the search: "none", a folder, or a file in it.</summary>
    public const string Variable = "POLYAD_LIBTORCH";

    private readonly List<string> _looked = [];

    /// <summary>Looks in places given by the caller.</summary>
    /// <param name="names">The platform's names.</param>
    /// <param name="steering">The value of POLYAD_LIBTORCH.</param>
    /// <param name="application">The application's folder.</param>
    /// <param name="packages">The roots of package caches, best first.</param>
    public LibtorchSearch(LibraryNames names, string? steering, string application, IReadOnlyList<string> packages)
    {
        string[] beside = [Path.Combine(application, "runtimes", names.Rid, "native"), application];
        IEnumerable<string> cached = packages.Select(root => Path.Combine(root, names.CpuPackage, LibraryNames.LibtorchVersion, "runtimes", names.Rid, "native"));
        if (string.Equals(steering, "none", StringComparison.OrdinalIgnoreCase))
        {
            Reason = $"{Variable} is 'none'. Unset it to use libtorch.";
            return;
        }

        IEnumerable<string> folders = [.. beside, .. cached];
        if (!string.IsNullOrWhiteSpace(steering))
        {
            string given = File.Exists(steering) ? Path.GetDirectoryName(Path.GetFullPath(steering))! : Path.GetFullPath(steering);
            folders = [given, Path.Combine(given, "lib")];
        }

        Folder = First(folders, names.TorchCpu);
        if (Folder is null)
        {
            string looked = string.Join(", ", _looked.Select(folder => $"'{folder}'"));
            Reason = string.IsNullOrWhiteSpace(steering)
                ? $"libtorch was not found: no {names.TorchCpu} in {looked}. Add the package TorchSharp-cpu {LibraryNames.TorchSharpVersion} to the application, restore the package "
                  + $"{names.CpuPackage} {LibraryNames.LibtorchVersion}, or set {Variable} to the folder of a libtorch {LibraryNames.LibtorchVersion}."
                : $"{Variable} is '{steering}', but there is no {names.TorchCpu} in {looked}.";
            return;
        }

        _looked.Clear();
        IEnumerable<string> shims = packages.Select(root => Path.Combine(root, "torchsharp", LibraryNames.TorchSharpVersion, "runtimes", names.Rid, "native"));
        if (First([Folder, .. beside, .. shims], names.Shim) is { } shimFolder)
        {
            Shim = Path.Combine(shimFolder, names.Shim);
            return;
        }

        Reason = $"libtorch is in '{Folder}', but {names.Shim} was not found in {string.Join(", ", _looked.Select(folder => $"'{folder}'"))}. "
            + $"Add the package TorchSharp-cpu {LibraryNames.TorchSharpVersion} to the application.";
    }

    /// <summary>The folder that holds libtorch.</summary>
    public string? Folder { get; }

    /// <summary>The path of TorchSharp's native half.</summary>
    public string? Shim { get; }

    /// <summary>Why something is missing; null when both were found.</summary>
    public string? Reason { get; }

    /// <summary>Looks in this process's own places.</summary>
    public static LibtorchSearch InThisProcess(LibraryNames names)
    {
        List<string> packages = [];
        if (Environment.GetEnvironmentVariable("NUGET_PACKAGES") is { Length: > 0 } given)
        {
            packages.Add(given);
        }

        if (Environment.GetFolderPath(Environment.SpecialFolder.UserProfile) is { Length: > 0 } home)
        {
            packages.Add(Path.Combine(home, ".nuget", "packages"));
        }

        return new LibtorchSearch(names, Environment.GetEnvironmentVariable(Variable)?.Trim(), AppContext.BaseDirectory, packages);
    }

    private string? First(IEnumerable<string> folders, string file)
    {
        foreach (string folder in folders)
        {
            if (File.Exists(Path.Combine(folder, file)))
            {
                return folder;
            }

            _looked.Add(folder);
        }

        return null;
    }
}
